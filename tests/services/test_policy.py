"""What a company decides itself, over the defaults of the settings."""

import time as clocks
from dataclasses import replace
from datetime import time

import pytest

from models.events import Event
from services import actors, policy, worktime
from services.actors import OPERATOR
from services.errors import Invalid, NotAllowed

pytestmark = pytest.mark.usefixtures("database")


async def test_the_settings_rule_where_nothing_was_decided() -> None:
    assert await policy.current() == policy.defaults()


async def test_a_decision_holds_and_leaves_its_trace() -> None:
    await policy.change("urge_minutes", 5, actor=OPERATOR)
    assert (await policy.current()).urge_minutes == 5
    event = await Event.get(subject_kind="policy")
    assert (event.verb, event.note, event.body) == ("changed", "urge_minutes", {"before": 60, "after": 5})
    await policy.change("urge_minutes", None, actor=OPERATOR)
    assert await policy.current() == policy.defaults()


async def test_another_process_sees_it_within_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    await policy.current()
    await policy.PolicyValue.create(key="urge_minutes", value=7)  # as written by somebody else
    seconds = policy._current._seconds
    assert 0 < seconds <= 2
    later = clocks.monotonic() + seconds
    monkeypatch.setattr("services.cache.time.monotonic", lambda: later)
    assert (await policy.current()).urge_minutes == 7


async def test_staff_answer_in_several_periods_of_a_day() -> None:
    await policy.change("office_hours", [["09:00", "12:00"], ["13:30", "18:00"]], actor=OPERATOR)
    hours = await worktime.of_desk()
    assert hours.periods == ((time(9), time(12)), (time(13, 30), time(18)))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("urge_minutes", "soon"),
        ("office_hours", "always"),
        ("no_such_thing", 1),
        # Without working time every clock would look for it for ever.
        ("office_hours", []),
        ("working_hours", [["18:00", "09:00"]]),
        ("working_hours", [["09:00", "09:00"]]),
        ("office_hours", [["13:30", "18:00"], ["09:00", "12:00"]]),
        ("office_hours", [["09:00", "12:00"], ["11:00", "18:00"]]),
        ("working_days", []),
        ("working_days", [0, 8]),
        ("max_photos", 0),
        ("reopen_days", -1),
        ("complaint_hours", 10**9),
        ("follow_up_percent", 101),
    ],
)
async def test_what_cannot_be_is_refused(key: str, value: object) -> None:
    with pytest.raises(Invalid):
        await policy.change(key, value, actor=OPERATOR)
    assert await policy.current() == policy.defaults()


async def test_what_was_decided_once_and_cannot_be_any_more_leaves_the_default(
    caplog: pytest.LogCaptureFixture,
) -> None:
    await policy.PolicyValue.create(key="working_days", value=[])
    await policy.PolicyValue.create(key="urge_minutes", value=7)
    assert await policy.current() == replace(policy.defaults(), urge_minutes=7)
    assert "working_days" in caplog.text


async def test_only_who_may_decides() -> None:
    with pytest.raises(NotAllowed):
        await policy.change("urge_minutes", 1, actor=actors.person(1))
