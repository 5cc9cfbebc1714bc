"""A script edited in a file, checked, published and set back, while a web process and a worker keep running."""

import hashlib
from pathlib import Path

import pytest

from bot.pipeline import OtherReleaseError, Pipeline
from bot.scripts import library
from bot.scripts.bot import Bot
from bot.scripts.editions import Editions
from bot.understanding import Understander
from bot.values import Kind
from commands import StartError, scripts
from dialogs import shipped
from dialogs.registry import registry
from models.conversations import Conversation
from models.events import Event, SubjectKind
from models.people import Role, Staff
from models.scripts import ScriptVersion
from services.errors import NotAllowed
from tests.bot import talks
from tests.bot.talks import Resident
from tests.world.units import within
from wechat.render import split

SHIPPED = dict(shipped.scripts())
GREETING = "点一下：现在接不接单？"
DUTY = SHIPPED["duty"].replace("您要上班还是下班？", "今天上班吗？").replace(GREETING, "上班还是下班？")


@pytest.fixture
async def admin(database: str) -> Staff:
    await library.load(registry, shipped.everything(), company="青禾物业")
    return await Staff.create(login="admin", name="管理员", role=Role.ADMIN)


@pytest.mark.usefixtures("admin")
async def test_what_checks_clean_and_tests_well_is_published(capsys: pytest.CaptureFixture[str]) -> None:
    assert await scripts.check({"duty.yaml": DUTY}) == 0
    assert await ScriptVersion.filter(name="duty").count() == 1
    assert await within(scripts.publish({"duty.yaml": DUTY}, by="admin")) == 0
    capsys.readouterr()
    await scripts.listed("duty")
    newest, first = capsys.readouterr().out.splitlines()
    assert newest.split()[:3] == ["duty", "version", "2"]
    assert newest.endswith("admin    changed here")
    assert first.endswith("shipped  as shipped")


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (DUTY.replace("to: stop}", "to: nowhere}"), "nowhere, which does not exist"),
        (DUTY.replace("今天上班吗？", "今天{weather}吗？"), "names {weather}, which nothing fills"),
        (DUTY.replace("您现在当班", "您现在在岗").replace("新单", "新活"), "“单” is missing"),
        (DUTY.partition("tests:")[0], "has no tests"),
        (DUTY.replace("quick: true", "quick: [true"), "is not YAML"),
        ("", "duty.yaml: : Input should be"),
        (DUTY.replace("name: 打字上班", "name: 打字上班\n    now: soon"), "打字上班: Invalid isoformat"),
        (DUTY.replace("technician_id: 1", "technicain: 1"), "a person has no technicain"),
    ],
    ids=["target", "name", "test", "untested", "yaml", "empty", "date", "person"],
)
async def test_faults_are_named_and_keep_it_out(
    text: str, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await within(scripts.publish({"duty.yaml": text}, by="admin")) == 1
    assert fault in capsys.readouterr().err
    assert await ScriptVersion.filter(name="duty").count() == 1


@pytest.mark.usefixtures("admin")
async def test_two_new_scripts_that_call_each_other_are_tried_together() -> None:
    first = NOTE.format(name="first", verb="{id: go, call: second}", keyword="头一个")
    second = NOTE.format(name="second", verb="{id: go, say: 到这里了}", keyword="第二个")
    assert await scripts.check({"first.yaml": first}) == 1
    assert await within(scripts.publish({"first.yaml": first, "second.yaml": second}, by="admin")) == 0
    assert await ScriptVersion.filter(name__in=["first", "second"]).count() == 2


NOTE = """
script: {name}
title: 试试
triggers: {{keywords: [{keyword}]}}
steps: [{verb}]
tests: [{{name: 说一声, talk: [{{me: {keyword}, bot: 到这里了, done: true}}]}}]
"""


@pytest.mark.usefixtures("admin")
async def test_a_script_is_set_back_to_the_shipped_text_or_an_earlier_one() -> None:
    await within(scripts.publish({"duty.yaml": DUTY}, by="admin"))
    await within(scripts.reset("duty", version=None, by="admin"))
    assert (await ScriptVersion.get(name="duty", version=3)).source == SHIPPED["duty"]
    await within(scripts.reset("duty", version=2, by="admin"))
    assert (await ScriptVersion.get(name="duty", version=4)).source == DUTY
    admin = await Staff.get(login="admin")
    happened = await Event.filter(subject_kind=SubjectKind.SCRIPT).order_by("id")
    assert [(one.verb, one.body["version"], one.body["as"]) for one in happened] == [
        ("published", 2, None),
        ("rolled_back", 3, 1),
        ("rolled_back", 4, 2),
    ]
    assert {(one.actor_kind, one.actor_id) for one in happened} == {("staff", admin.id)}


@pytest.mark.usefixtures("admin")
async def test_all_are_set_back_at_once_after_they_were_listed(capsys: pytest.CaptureFixture[str]) -> None:
    await within(scripts.publish({"duty.yaml": DUTY}, by="admin"))
    older = SHIPPED["join"].replace("现在算当班", "现在当班了")
    await ScriptVersion.filter(name="join").update(
        source=older, sha256=hashlib.sha256(older.encode()).hexdigest()
    )
    capsys.readouterr()
    assert await within(scripts.reset_all(dry_run=True, by="admin")) == 0
    changed, old = capsys.readouterr().out.splitlines()
    assert (changed.split()[0], old.split()[0]) == ("duty", "join")
    assert changed.endswith("changed here") and old.endswith("an older release's text")
    assert await ScriptVersion.filter(version__gt=1).count() == 1
    assert await within(scripts.reset_all(dry_run=False, by="admin")) == 0
    assert (await ScriptVersion.get(name="duty", version=3)).source == SHIPPED["duty"]
    assert (await ScriptVersion.get(name="join", version=2)).source == SHIPPED["join"]
    capsys.readouterr()
    assert await within(scripts.reset_all(dry_run=False, by="admin")) == 0
    assert capsys.readouterr().out == "every script is as shipped\n"


@pytest.mark.usefixtures("admin")
async def test_what_was_set_back_is_an_older_release_after_the_next(
    capsys: pytest.CaptureFixture[str],
) -> None:
    await within(scripts.publish({"duty.yaml": DUTY}, by="admin"))
    await within(scripts.reset("duty", version=None, by="admin"))
    await ScriptVersion.filter(name="duty", version=3).update(sha256="of an older text")
    capsys.readouterr()
    await scripts.listed("duty")
    newest = capsys.readouterr().out.splitlines()[0]
    assert newest.endswith("shipped/admin  an older release's text")


@pytest.mark.usefixtures("admin")
async def test_names_that_there_are_not_are_told_in_a_sentence() -> None:
    with pytest.raises(StartError, match="no script dance"):
        await scripts.listed("dance")
    with pytest.raises(StartError, match="no script duty version 9"):
        await within(scripts.reset("duty", version=9, by="admin"))
    with pytest.raises(StartError, match="No script dance is shipped"):
        await within(scripts.reset("dance", version=None, by="admin"))
    with pytest.raises(StartError, match="nobody"):
        await within(scripts.publish({"duty.yaml": DUTY}, by="nobody"))


@pytest.mark.usefixtures("admin")
async def test_only_admins_change_scripts() -> None:
    await Staff.create(login="xu", name="小徐", role=Role.SERVICE)
    with pytest.raises(NotAllowed, match=r"may_not\.scripts"):
        await within(scripts.publish({"duty.yaml": DUTY}, by="xu"))
    assert await ScriptVersion.filter(name="duty").count() == 1


def _house(bot: Bot, understander: Understander) -> tuple[Pipeline, Editions]:
    def take(newer: Bot) -> None:
        pipeline.bot = newer

    editions = Editions(bot, take)
    pipeline = Pipeline(
        bot,
        understander,
        split=split,
        allowances=talks.ALLOWANCES,
        wake=lambda names: None,
        renew=editions.look,
    )
    return pipeline, editions


@pytest.mark.usefixtures("admin")
async def test_new_talks_take_the_new_version_and_running_ones_stay(understander: Understander) -> None:
    bot = await library.load(registry, shipped.everything(), company="青禾物业")
    here, editions = _house(bot, understander)
    there, _ = _house(bot, understander)
    text = NOTE.format(
        name="tea", verb="{id: ask, choose: tea, ask: [ASK, 再说一遍？], options: [OPTIONS]}", keyword="喝茶"
    )
    text = text.replace("OPTIONS", "{text: 绿茶, to: $end}, {text: 红茶, to: $end}").replace(
        "done: true", "done: false"
    )
    old, new = (
        text.replace("ASK", words).replace("到这里了", words) for words in ("喝什么茶？", "绿茶还是红茶？")
    )
    assert await within(scripts.publish({"tea.yaml": old}, by="admin")) == 0
    assert await editions.look() == 1
    early = Resident(here, "o_early")
    assert "喝什么茶？" in await early.says("喝茶")
    assert await within(scripts.publish({"tea.yaml": new}, by="admin")) == 0
    assert await editions.look() == 1
    assert await editions.look() == 0
    late = Resident(here, "o_late")
    assert "绿茶还是红茶？" in await late.says("喝茶")
    # A process that has not looked yet is asked next: it reads the version, and nobody starts again.
    late.pipeline = there
    assert "再说一遍" in await late.says("嗯嗯啊啊呢")
    assert "再说一遍" in await early.says("嗯嗯啊啊呢")
    assert there.bot.catalogue.version("tea", 2) is not None


OF_ANOTHER = {
    "an action": ("duty.set", "duty.dance"),
    "an argument": ("with: {", "with: {mood: '1', "),
}


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize("lacks", OF_ANOTHER)
async def test_a_version_of_another_release_is_left_out(lacks: str, caplog: pytest.LogCaptureFixture) -> None:
    here, there = OF_ANOTHER[lacks]
    assert here in SHIPPED["duty"]
    unknown = SHIPPED["duty"].replace(here, there)
    await ScriptVersion.create(name="duty", version=2, source=unknown, sha256="", published=True)
    bot = await library.load(registry, shipped.everything(), company="青禾物业")
    assert bot.catalogue.newest("duty").version == 1
    assert bot.catalogue.leaves_out("duty", 2)
    assert ("duty.dance" if lacks == "an action" else "duty version 2 does not fit") in caplog.text


@pytest.mark.usefixtures("admin")
async def test_a_version_that_lacks_what_this_release_needs_serves_the_talks_on_it_and_where_nothing_else_is() -> (
    None
):
    lacking = SHIPPED["duty"].replace("with: {on: ", "with: {why: ")
    await ScriptVersion.create(name="duty", version=2, source=lacking, sha256="", published=True)
    await ScriptVersion.filter(name="duty", version=1).delete()
    bot = await library.load(registry, shipped.everything(), company="青禾物业")
    assert bot.catalogue.newest("duty").version == 2  # nothing else is there
    missing = SHIPPED["duty"].replace('    with: {on: "false"}\n', "")
    assert missing != SHIPPED["duty"]
    await ScriptVersion.create(name="duty", version=3, source=missing, sha256="", published=True)
    await ScriptVersion.create(name="duty", version=1, source=SHIPPED["duty"], sha256="", published=True)
    bot = await library.load(registry, shipped.everything(), company="青禾物业")
    assert bot.catalogue.newest("duty").version == 1
    assert bot.catalogue.version("duty", 3) is not None
    assert not bot.catalogue.leaves_out("duty", 3)


@pytest.mark.usefixtures("admin")
async def test_a_talk_of_another_release_is_passed_on_once_and_then_answered(
    understander: Understander,
) -> None:
    bot = await library.load(registry, shipped.everything(), company="青禾物业")
    older, _ = _house(bot, understander)
    resident = Resident(older, "o_moved")
    await resident.says("你好")
    frame = {"script": "repair", "version": 9, "at": "place", "talk": 1}
    talk = await Conversation.get(person__channel_id="o_moved")
    await Conversation.filter(id=talk.id).update(state={**talk.state, "stack": [frame]})
    source = SHIPPED["repair"].replace("with: {", "with: {mood: '1', ")
    await ScriptVersion.create(name="repair", version=9, source=source, sha256="", published=True)
    push = resident.inbound(Kind.TEXT, text="厨房")
    with pytest.raises(OtherReleaseError, match="repair 9"):
        await older.handle(push)
    assert (await Conversation.get(id=talk.id)).state["stack"] == [frame]  # as the newer one left it
    assert (await older.handle(push)).reply is not None
    assert older.bot.catalogue.newest("repair").version == 1
    assert await resident.says("厨房水龙头漏水") != ""  # and nothing of it stands in the way any more


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("é".encode("latin-1"))
    for name in ("latin.yaml", "none.yaml"):
        with pytest.raises(StartError, match=f"Cannot read .*{name}"):
            scripts._read(tmp_path / name)
