"""Every message keeps why it was answered as it was."""

import orjson
import pytest

from bot.understanding import Understander
from bot.values import Kind
from bot.why import Place, Rule, Weighed, Why
from models.conversations import Conversation, Hold, Message
from tests.bot import talks
from tests.bot.talks import Resident


@pytest.fixture
def resident(database: str, understander: Understander) -> Resident:
    return Resident(talks.pipeline(understander))


async def why() -> Why:
    """Of the newest message that was heard: it stands with the answer, or with the message when there is none."""
    heard = await Message.filter(answers_id=None).order_by("-id").first()
    assert heard
    row = await Message.get_or_none(answers_id=heard.id) or heard
    return Why.of(row.body.get("why", {}))


async def test_an_intent_tells_what_was_understood_and_where_it_led(resident: Resident) -> None:
    await resident.says("我想知道物业费还欠多少")
    found = await why()
    assert found.rule == Rule.INTENT
    assert (found.ranking[0][0], found.action) == ("fee_query", "answer")
    assert 0.5 < found.ranking[0][1] <= 1
    assert len(found.ranking) == 3


async def test_an_answer_tells_the_step_before_and_after(resident: Resident) -> None:
    await resident.says("记一条")
    assert (await why()).rule == Rule.KEYWORD
    await resident.says("门口灯坏了")
    found = await why()
    assert found.rule == Rule.ANY_WORDS
    assert found.readings[0] == Weighed(Rule.ANY_WORDS, found.readings[0].score, found.readings[0].words)
    assert (found.before, found.after) == (Place("note", 1, "text"), Place("note", 1, "room"))


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ("取消", Rule.COMMAND),
        ("火星", Rule.UNFIT),
        ("算了不办了", Rule.GIVES_UP),
        ("查费用", Rule.KEYWORD),
        ("记一条", Rule.ONCE_MORE),
        ("我的电话13800001234", Rule.TOLD_EARLY),
        ("3栋1单元501", Rule.ANSWER),
    ],
)
async def test_words_in_the_middle_of_a_talk(resident: Resident, said: str, rule: Rule) -> None:
    await resident.says("记一条")
    await resident.says("门口灯坏了")
    await resident.says(said)
    assert (await why()).rule == rule


@pytest.mark.parametrize("kind", [Kind.VOICE, Kind.LINK, Kind.OTHER])
async def test_what_has_no_words(resident: Resident, kind: Kind) -> None:
    await resident.does(kind)
    assert await why() == Why(rule=Rule.NO_WORDS)


async def test_what_is_kept_of_a_message_stays_beside_the_reason(resident: Resident) -> None:
    await resident.sends_photo()
    heard = await Message.get(answers_id=None)
    assert heard.body["media_id"] == "o_test-photo-0"
    assert Why.of(heard.body["why"]).rule == Rule.PHOTO


async def test_what_people_answer_is_theirs(resident: Resident) -> None:
    await resident.says("记一条")
    await Conversation.all().update(hold=Hold.STAFF)
    await resident.says("有人吗")
    assert (await why()).rule == Rule.HELD


async def test_a_push_that_nobody_waits_for_has_no_reason(resident: Resident) -> None:
    await resident.does(Kind.SILENT)
    assert "why" not in (await Message.get(answers_id=None)).body


async def test_a_failed_turn_says_so(resident: Resident) -> None:
    await resident.pipeline.apologise(resident.inbound(Kind.TEXT, text="你好"))
    assert (await why()).rule == Rule.FAILED


def test_the_number_of_the_matter_that_is_followed_stands_with_the_place() -> None:
    found = Why("option", before=Place("a", 2, "b"), after=Place("a", 2, "c", "T1024"))
    row = orjson.loads(orjson.dumps(found.row()))
    assert (row["before"], row["after"]["number"]) == ({"script": "a", "version": 2, "step": "b"}, "T1024")
    assert Why.of(row) == found


def test_readings_that_were_weighed_are_kept() -> None:
    found = Why("answer", readings=[Weighed("time", 0.7, "明天"), Weighed("repair", 0.2)])
    assert Why.of(orjson.loads(orjson.dumps(found.row()))) == found
    assert found.told() == "answer; - -> -; time 0.70 明天; repair 0.20"


def test_what_another_release_stored_is_no_hindrance() -> None:
    row = {"rule": "guessed", "mood": 1, "before": {"script": "a", "version": 2, "step": "b", "deep": True}}
    assert Why.of(row) == Why("guessed", before=Place("a", 2, "b"))
