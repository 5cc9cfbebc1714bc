"""An option's id comes from a phone: it carries what we could have offered, or nothing."""

import pytest

from bot.scripts.format import Script, read
from bot.talk.links import carried
from dialogs import shipped

SCRIPTS: dict[str, Script] = {name: read(source, name=name) for name, source in shipped.scripts()}


@pytest.mark.parametrize(
    ("script", "values"),
    [
        ("progress", {"ticket": "12"}),
        ("complaint_progress", {"number": "T1024"}),
        ("fee_why", {"month": "2026-10-01"}),
        ("merchants", {"tag": "送水"}),
        ("notices", {"kind": "urgent"}),
        ("faq", {"question": "垃圾几点收？\n周末呢", "unsure": "yes"}),
    ],
)
def test_what_our_options_carry_fits(script: str, values: dict[str, str]) -> None:
    assert carried(SCRIPTS[script], values) == values


@pytest.mark.parametrize(
    ("script", "values"),
    [
        ("repair", {"photos": "12"}),
        ("repair", {"time": "明天"}),
        ("repair", {"house": "1-1-101"}),
        ("repair", {"area": "moon"}),
        ("rating", {"speed": "9"}),
        ("rating", {"speed": "²"}),
        ("progress", {"ticket": "1 OR 1=1"}),
        ("progress", {"ticket": "\x00"}),
        ("faq", {"question": "问\x00"}),
        ("human", {"reason": "长" * 600}),
    ],
)
def test_what_no_option_of_ours_carries_is_refused(script: str, values: dict[str, str]) -> None:
    assert carried(SCRIPTS[script], values) is None


def test_names_of_no_slot_are_dropped() -> None:
    forged = {"known_id": "1", "_guarded": "1", "said": "x", "ticket": "3"}
    assert carried(SCRIPTS["progress"], forged) == {"ticket": "3"}
