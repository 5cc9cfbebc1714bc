"""What a turn looked at is kept until an action of it may have changed it."""

from datetime import UTC, datetime
from typing import cast

import pytest

from bot.effects import DatabaseEffects, HalfDoneError
from bot.scripts.actions import Outcome, Registry
from bot.store import Connection, Pushed
from bot.turn import Heard, Turn, Who
from bot.values import Kind, Plain
from models.events import Event, SubjectKind
from services import events, work
from services.actors import SYSTEM
from services.errors import Invalid
from services.events import Subject

pytestmark = pytest.mark.usefixtures("database")

registry = Registry()


@registry.action("rows.look", reads=True)
async def look(turn: Turn) -> Outcome:
    async def count() -> int:
        _Rows.asked += 1
        return _Rows.asked

    return Outcome(values={"asked": await turn.once("rows", count)})


@registry.action("rows.change")
async def change(turn: Turn) -> Outcome:
    return Outcome()


@registry.action("rows.refuse")
async def refuse(turn: Turn) -> Outcome:
    await look(turn)
    raise Invalid("bot.error")


@registry.action("rows.refuse_first", refuses_first=True)
async def refuse_first(turn: Turn) -> Outcome:
    raise Invalid("bot.error")


@registry.action("rows.refuse_late", refuses_first=True)
async def refuse_late(turn: Turn) -> Outcome:
    await events.record(Subject(SubjectKind.PERSON, 1), "changed", actor=SYSTEM)
    raise Invalid("bot.error")


@registry.action("rows.refuse_photos", refuses_first=True, unless_given=("photos",))
async def refuse_photos(turn: Turn, *, photos: Plain) -> Outcome:
    return await refuse_late(turn)


class _Rows:
    asked = 0


async def test_rows_are_looked_up_once_a_turn_and_again_after_a_change_even_one_that_failed() -> None:
    _Rows.asked = 0
    turn = Turn(Who(1), Heard(Kind.TEXT), datetime.now(UTC))
    effects = DatabaseEffects(registry, cast(Connection, None), Pushed())
    steps = ("rows.look", "rows.look", "rows.change", "rows.look", "rows.refuse", "rows.look")
    seen = [(await effects.run(name, turn, {})).values.get("asked") for name in steps]
    assert seen == [1, 1, None, 2, None, 3]


async def test_what_refuses_after_a_change_without_a_savepoint_ends_the_turn() -> None:
    turn = Turn(Who(1), Heard(Kind.TEXT), datetime.now(UTC))
    effects = DatabaseEffects(registry, cast(Connection, None), Pushed())
    async with work.unit():
        assert (await effects.run("rows.refuse_first", turn, {})).error == "bot.error"
    with pytest.raises(HalfDoneError):
        async with work.unit():
            await effects.run("rows.refuse_late", turn, {})
    assert not await Event.exists(verb="changed")


async def test_what_may_refuse_late_with_an_argument_is_taken_back_alone() -> None:
    turn = Turn(Who(1), Heard(Kind.TEXT), datetime.now(UTC))
    effects = DatabaseEffects(registry, cast(Connection, None), Pushed())
    async with work.unit():
        assert (await effects.run("rows.refuse_photos", turn, {"photos": [1]})).error == "bot.error"
    with pytest.raises(HalfDoneError):
        async with work.unit():
            await effects.run("rows.refuse_photos", turn, {"photos": []})
    assert not await Event.exists(verb="changed")
