"""Staff read Chinese words for everything that the program has a name for."""

import pytest

from bot.why import Rule
from handlers.desk import words


@pytest.mark.parametrize("rule", [one for one in Rule if one])
def test_every_way_of_taking_a_message_has_words(rule: Rule) -> None:
    assert words.rule(rule) not in ("", rule)
