"""Every talk of dialogs/talks, acted on the real pipeline, worker parts and database, ends as written."""

from datetime import datetime

import pytest

from bot.understanding import Understander
from commands.rehearsal import page, scenes, theatre
from commands.rehearsal.play import Played, Stage
from dialogs import shipped
from models.complaints import Complaint
from models.conversations import Message
from settings import Settings
from tests.world.taps import FULL, WAYS, returns

SCENES = scenes.load()


@pytest.fixture
async def stage(demo_morning: datetime, test_settings: Settings, understander: Understander) -> Stage:
    return theatre.stage(test_settings, understander)


@pytest.mark.parametrize("way", WAYS)
async def test_every_talk_ends_as_written(stage: Stage, way: str) -> None:
    stage.returns = returns(way)
    played = [await stage.play(scene) for scene in SCENES if way == FULL or _taps(scene)]
    faults = [_fault(one, fault) for one in played for fault in one.problems]
    assert not faults, "\n".join(faults)


async def test_the_page_shows_what_was_said(stage: Stage) -> None:
    played = [await stage.play(next(scene for scene in SCENES if scene.script == "complaint"))]
    text = page.page(played, {"complaint": "投诉"})
    assert "## 投诉（`complaint`）" in text
    assert "**王秀兰**　匿名" in text
    assert "> 1. 留我的名字  " in text


async def test_a_talk_leaves_the_demo_as_it_was(stage: Stage) -> None:
    await stage.play(next(scene for scene in SCENES if scene.script == "complaint"))
    assert await Complaint.all().count() == 0
    assert await Message.all().count() == 0


def test_every_script_has_a_good_and_a_clumsy_talk() -> None:
    acted = {(scene.script, scene.kind) for scene in SCENES}
    wanted = {(name, kind) for name, _ in shipped.scripts() for kind in ("good", "clumsy")}
    assert wanted - acted == set()


async def test_a_talk_that_goes_otherwise_is_told(stage: Stage) -> None:
    wrong = scenes.Scene(
        script="smalltalk", kind="good", title="?", talk=(scenes.Line(me="你好", bot=["晚安"]),)
    )
    played = await stage.play(wrong)
    assert any("晚安" in fault for fault in played.problems)


def _taps(scene: scenes.Scene) -> bool:
    """Without a tap it is the same talk whatever comes back of one."""
    return any(line.tap for line in (*scene.before, *scene.talk))


def _fault(played: Played, fault: str) -> str:
    return f"{played.scene.script}, {played.scene.title}: {fault}"
