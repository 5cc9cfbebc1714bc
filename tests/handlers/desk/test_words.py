"""Staff read Chinese words for everything that the program has a name for."""

import re

import pytest

from bot.understanding import examples
from bot.why import Rule
from dialogs import shipped
from handlers.desk import intents, words
from handlers.today import words as today
from handlers.web import errors
from services import clock
from services.desk.entries import Entry, Speaker
from services.desk.heard import Heard
from services.desk.waiting_talks import LeftTask
from services.errors import NotFound
from wechat.errors import Reason


@pytest.mark.parametrize("rule", [one for one in Rule if one])
def test_every_way_of_taking_a_message_has_words(rule: Rule) -> None:
    assert words.rule(rule) not in ("", rule)


@pytest.mark.parametrize("intent", sorted({intent for _, intent in examples.shipped()}))
def test_every_intent_reads_in_words(intent: str) -> None:
    shown = intents.title(intent)
    assert shown and not re.search(r"[a-z_]", shown)
    assert (shown == "没听懂") == (intent == "unknown")


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_of_the_platform_has_a_sentence_below_the_message(reason: Reason) -> None:
    assert words.why(reason) not in ("", reason)


@pytest.mark.parametrize(
    ("speaker", "shown"),
    [(Speaker.BOT, "138****1234"), (Speaker.RESIDENT, "13800001234"), (Speaker.STAFF, "13800001234")],
)
def test_what_the_bot_said_shows_no_whole_number(speaker: Speaker, shown: str) -> None:
    entry = Entry("m", 1, clock.now(), speaker, "text", "打 13800001234")
    assert words.said(entry) == f"打 {shown}"


def test_what_was_told_reads_by_its_label_and_without_whole_numbers() -> None:
    told = {"danger": "gas", "where": "3栋，打13800001234"}
    heard = Heard(1, "漏气", "", "emergency", 0.9, "hazard", "place", "hazard", told)
    assert words.filled(heard) == ["地点：3栋，打138****1234"]


def test_a_template_message_reads_as_the_phone_shows_it() -> None:
    kind, shape = next((kind, one) for kind, one in shipped.template_kinds().items() if len(one.values) > 1)
    values = dict.fromkeys(shape.values, "打 13800001234")
    card = {"kind": kind, "values": {**values, "gone": "x"}}
    lines = [f"{one.label}：打 138****1234" for one in shape.values.values()]
    entry = Entry("o", 1, clock.now(), Speaker.BOT, "text", "师傅已接单，点下面看进度", card=card)
    assert words.said(entry).splitlines() == [shape.title, *lines]
    gone = Entry("o", 1, clock.now(), Speaker.BOT, "text", "师傅已接单", card={"kind": "gone", "values": {}})
    assert words.said(gone) == "师傅已接单"


def test_a_task_shows_no_number_of_ours_but_the_one_that_a_resident_left() -> None:
    said = {"said": "业主 13800001234\nhttps://x.cn/job/1-2-0af", "why": "blocked"}
    drawn = today.task(LeftTask(1, "undelivered", said, "", 0))
    assert "138****1234" in drawn
    assert "/job/" not in drawn
    left = LeftTask(1, "left_message", {"text": "打 13800001234 找我妈"}, "", 0)
    assert "13800001234" in today.task(left)


def test_staff_read_no_sentence_that_sends_a_resident_to_their_own() -> None:
    keys = shipped.phrases().keys()
    raised = sorted(one for one in keys if one.endswith(".not_found"))
    said = {one: errors.sentence(NotFound(one, number="")) for one in raised}
    assert said["complaint.not_found"] == "没有找到这一页，或者它不归您管。"
    assert [one for one, text in said.items() if re.search("说「|您报的|给您|您家|看看别家|（）", text)] == []
