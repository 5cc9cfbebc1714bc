"""One append-only table of everything that happened."""

import asyncpg
import pytest
from tortoise.exceptions import OperationalError

from models.events import Event, SubjectKind
from services import actors, events
from services.events import Subject

pytestmark = pytest.mark.usefixtures("database")


async def test_an_event_says_who_did_what_to_what() -> None:
    await events.record(
        Subject(SubjectKind.TICKET, 7, 3),
        "accept",
        actor=actors.technician(5),
        before="a",
        after="b",
        note="好",
    )
    await events.record(Subject(SubjectKind.TICKET, 7, 3), "remind", actor=actors.SYSTEM)
    await events.record(Subject(SubjectKind.TICKET, 8, 3), "accept", actor=actors.SYSTEM)
    first, second = await events.of(SubjectKind.TICKET, 7)
    assert (first.verb, first.actor_kind, first.actor_id, first.before, first.after, first.note) == (
        "accept",
        "technician",
        5,
        "a",
        "b",
        "好",
    )
    assert (second.verb, second.actor_kind, second.actor_id) == ("remind", "system", None)
    assert [one.id for one in await events.of(SubjectKind.TICKET, 7, verbs=["remind"])] == [second.id]


@pytest.mark.parametrize("statement", ["UPDATE event SET note = 'other'", "DELETE FROM event"])
async def test_what_happened_cannot_be_changed(statement: str) -> None:
    await events.record(Subject(SubjectKind.TICKET, 7), "accept", actor=actors.SYSTEM)
    with pytest.raises((OperationalError, asyncpg.PostgresError), match="append-only"):
        await Event._meta.db.execute_query(statement)
    assert await Event.get(subject_id=7)
