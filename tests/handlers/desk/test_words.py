"""Staff read Chinese words for everything that the program has a name for."""

import pytest

from bot.why import Rule
from handlers.desk import words
from handlers.today import words as today
from services import clock
from services.desk.sources import Entry, Speaker
from services.desk.waiting_talks import LeftTask
from wechat.errors import Reason


@pytest.mark.parametrize("rule", [one for one in Rule if one])
def test_every_way_of_taking_a_message_has_words(rule: Rule) -> None:
    assert words.rule(rule) not in ("", rule)


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


def test_a_task_shows_no_number_of_ours_but_the_one_that_a_resident_left() -> None:
    said = {"said": "业主 13800001234\nhttps://x.cn/job/1-2-0af", "why": "blocked"}
    drawn = today.task(LeftTask(1, "undelivered", said, "", 0))
    assert "138****1234" in drawn
    assert "/job/" not in drawn
    left = LeftTask(1, "left_message", {"text": "打 13800001234 找我妈"}, "", 0)
    assert "13800001234" in today.task(left)
