"""Staff read Chinese words for everything that the program has a name for."""

import pytest

from bot.why import Rule
from handlers.desk import words
from wechat.errors import Reason


@pytest.mark.parametrize("rule", [one for one in Rule if one])
def test_every_way_of_taking_a_message_has_words(rule: Rule) -> None:
    assert words.rule(rule) not in ("", rule)


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_of_the_platform_has_a_sentence_below_the_message(reason: Reason) -> None:
    assert words.why(reason) not in ("", reason)
