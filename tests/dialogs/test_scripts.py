"""Every shipped script checks clean, and every transcript in it comes out as written."""

import pytest

from bot.rehearsal.transcript import play
from bot.scripts.bot import Bot
from bot.scripts.check import problems
from bot.scripts.format import read
from bot.understanding import Understander
from dialogs import shipped
from dialogs.registry import registry
from tests.world.taps import FULL, WAYS, returns

SCRIPTS = {name: read(source, name=name) for name, source in shipped.scripts()}
TRANSCRIPTS = [(script, test) for script in SCRIPTS.values() for test in script.tests]
PLAYED = [
    pytest.param(script, test, way, id=f"{script.script}: {test.name}-{way}")
    for script, test in TRANSCRIPTS
    for way in (
        WAYS if any(line.tap for line in test.talk) else [FULL]
    )  # without a tap they are the same talk
]


@pytest.fixture(scope="session")
def bot() -> Bot:
    return shipped.bot(registry, company="安居物业")


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_checks_clean(name: str) -> None:
    assert problems(SCRIPTS[name], registry, set(SCRIPTS)) == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_file_is_named_after_its_script_and_has_transcripts(name: str) -> None:
    assert SCRIPTS[name].script == name
    assert SCRIPTS[name].tests, f"{name} has no tests"


@pytest.mark.parametrize(("script", "test", "way"), PLAYED)
async def test_transcript(
    script: object, test: object, way: str, bot: Bot, understander: Understander
) -> None:
    found, player = await play(script, test, bot, understander, returns=returns(way))  # type: ignore[arg-type]  # parametrize is untyped
    talk = "\n".join(f"{who}: {text}" for who, text in player.log)
    assert not found, "\n".join(found) + "\n--- talk ---\n" + talk
