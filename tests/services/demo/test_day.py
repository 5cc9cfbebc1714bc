"""The day that has begun in the demo: everything that staff do stands somewhere, and no phone rings for it."""

from collections import Counter

import pytest

from models.complaints import Complaint
from models.events import Event, SubjectKind
from models.outbox import Outbox, OutboxStatus
from models.people import Person, Staff
from models.promises import Promise
from models.tasks import StaffTask
from models.tickets import Ticket, TicketStatus
from models.timers import Timer
from services import actors, clock
from services.demo import day, loading
from services.estate import homes
from services.repairs import listing
from services.repairs.listing import Group, Wanted


@pytest.mark.usefixtures("demo")
async def test_there_is_one_of_everything() -> None:
    assert await day.load()
    by_state = Counter(one.status for one in await Ticket.all())
    assert set(by_state) == set(TicketStatus)
    assert by_state[TicketStatus.DUPLICATE] == 2
    rated = await Ticket.get(rated_at__isnull=False)
    assert (rated.status, rated.rating_quality, rated.cost_fen) == (TicketStatus.CLOSED, 5, 3500)
    leader = await actors.staff((await Staff.get(login="leader")).id)
    late = await listing.rows(Wanted(group=Group.ALL, overdue=True), actor=leader)
    assert [one.status for one in late.rows if one.status is TicketStatus.CONFIRMED] == ["confirmed"]
    answered = await Complaint.filter(answered_at__isnull=False)
    overdue = await Complaint.filter(answered_at=None, deadline_at__lt=clock.now())
    assert (len(answered), len(overdue), await Promise.all().count()) == (1, 1, 1)


@pytest.mark.usefixtures("demo")
async def test_it_happened_in_order_and_everybody_was_told_when_it_did() -> None:
    before = clock.now()
    await day.load()
    happened = await Event.filter(subject_kind__in=[SubjectKind.TICKET, SubjectKind.COMPLAINT]).order_by("id")
    assert [one.at for one in happened] == sorted(one.at for one in happened)
    assert happened[-1].at < before
    sent = await Outbox.filter(key__startswith="ticket:")
    assert sent
    assert {one.status for one in sent} == {OutboxStatus.SENT}
    assert all(one.sent_at == one.created_at < before for one in sent)
    assert not await Timer.filter(due_at__lte=before).exists(), "nothing rings at the first start"
    assert {one.reason for one in await StaffTask.filter(done_at=None)} >= {
        "late",
        "complaint_overdue",
        "manual",
    }


@pytest.mark.usefixtures("demo")
async def test_its_people_have_phones_and_homes_once_it_has_begun() -> None:
    assert await loading.neighbours_with_phones() == []
    await day.load()
    neighbours = await loading.neighbours_with_phones()
    assert sum("转人工" in one["says"] for one in neighbours) == 1
    for one in neighbours:
        assert await homes.find((await Person.get(channel_id=one["openid"])).id)


@pytest.mark.usefixtures("demo")
async def test_it_begins_once_and_nowhere_else() -> None:
    await day.load()
    count = await Ticket.all().count()
    assert not await day.load()
    assert await Ticket.all().count() == count


@pytest.mark.usefixtures("database")
async def test_it_begins_in_no_database_of_a_company() -> None:
    assert not await day.load()
    assert not await Ticket.exists()
