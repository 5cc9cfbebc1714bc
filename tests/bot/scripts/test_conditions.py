"""Conditions see what they name, their patterns are those of CEL, and what cannot be read is told."""

import pytest

from bot.scripts import conditions
from bot.scripts.conditions import ConditionError
from bot.values import Plain

NAMES: dict[str, dict[str, Plain]] = {
    "slots": {"place": "厨房", "time": None, "photos": []},
    "vars": {"said": "水管还在漏，第3次了", "can": ["cancel", "urge"]},
    "person": {"bound": True},
}


@pytest.mark.parametrize(
    ("expression", "amounts_to"),
    [
        ("slots.place == '厨房' && person.bound", True),
        ("vars.said.matches('还.{0,2}漏') && !vars.said.matches('好了')", True),
        ('vars.said.matches("^水管") ? "" : vars.said', ""),
        (r"vars.said.matches('第\\d次')", True),
        ("'urge' in vars.can && slots.time == null", True),
        ("'place' in slots && size(slots) == 3", True),
        ("slots.time != null && slots.time.matches('三点')", False),
        ("vars.said.matches('漏') == vars.said.contains('漏')", True),
    ],
)
def test_what_it_amounts_to(expression: str, amounts_to: Plain) -> None:
    assert conditions.value(expression, NAMES) == amounts_to


@pytest.mark.parametrize(
    "expression",
    ["slots.nobody == 1", "slots.time.matches('三点')", "vars.can.matches('a')", "visitors.name == ''"],
)
def test_what_is_not_there_fails(expression: str) -> None:
    with pytest.raises(ConditionError, match="fails"):
        conditions.value(expression, NAMES)


@pytest.mark.parametrize(
    "expression", ["slots.place ==", "vars.said.matches('(漏')", "vars.said.matches('a(?=b)')"]
)
def test_what_cannot_be_read_is_told_before_it_runs(expression: str) -> None:
    with pytest.raises(ConditionError, match="cannot be read"):
        conditions.check(expression)


def test_a_pattern_takes_linear_time() -> None:
    """A backtracking matcher would not come back from this one."""
    assert not conditions.holds("vars.said.matches('(a+)+$')", {"vars": {"said": "a" * 900 + "b"}})
