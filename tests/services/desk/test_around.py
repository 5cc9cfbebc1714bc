"""A talk opened at what a search found: with what is around it, wherever in the talk that is."""

from datetime import timedelta

import pytest

from models.conversations import Message
from models.desk import Note
from models.outbox import Outbox, OutboxStatus
from services import clock
from services.desk import around
from services.errors import NotFound
from tests.services.desk.conftest import Desk

pytestmark = pytest.mark.usefixtures("monday")


async def _talk_of(desk: Desk, count: int) -> list[Message]:
    """One message a minute, a note after each fifth."""
    made = []
    for number in range(count):
        at = clock.now() - timedelta(minutes=count - number)
        one = await Message.create(conversation_id=desk.talk_id, kind="text", text=str(number))
        await Message.filter(id=one.id).update(created_at=at)
        made.append(one)
        if number % 5 == 4:
            await Note.create(
                conversation_id=desk.talk_id, staff_id=desk.clerk.staff_id or 0, key=f"n{number}",
                text=f"备注{number}", created_at=at + timedelta(seconds=30),
            )  # fmt: skip
    return made


@pytest.mark.parametrize(("number", "behind", "at_end"), [(0, 15, False), (100, 15, False), (199, 1, True)])
async def test_what_is_around_it_is_shown_on_both_sides(
    desk: Desk, number: int, behind: int, at_end: bool
) -> None:
    made = await _talk_of(desk, 200)
    found = await around.page(desk.talk_id, f"m{made[number].id}", actor=desk.clerk)
    shown = [one.id for one in found.page.entries]
    place = shown.index(f"m{made[number].id}")
    assert len(shown) - place - 1 == behind
    assert found.at_end is at_end
    assert (found.page.older is None) == (number == 0)
    assert [one.at for one in found.page.entries] == sorted(one.at for one in found.page.entries)


async def test_a_note_and_a_reply_are_opened_at_too(desk: Desk) -> None:
    await _talk_of(desk, 30)
    note = await Note.all().order_by("id").first()
    sent = await Outbox.create(
        key="staff:1",
        person_id=desk.resident.id,
        payload={"reply": {"text": "好"}, "staff": 1},
        not_before=clock.now(),
    )
    assert note is not None
    for entry in (f"n{note.id}", f"o{sent.id}"):
        found = await around.page(desk.talk_id, entry, actor=desk.clerk)
        assert entry in [one.id for one in found.page.entries]
    await Outbox.all().update(status=OutboxStatus.CANCELLED)
    with pytest.raises(NotFound):
        await around.page(desk.talk_id, f"o{sent.id}", actor=desk.clerk)


@pytest.mark.parametrize("entry", ["m999", "x1", "m", "m1;", "e1", "m99999999999999999999"])
async def test_what_is_not_in_this_talk_is_not_there(desk: Desk, entry: str) -> None:
    await desk.hears()
    with pytest.raises(NotFound):
        await around.page(desk.talk_id, entry, actor=desk.clerk)
