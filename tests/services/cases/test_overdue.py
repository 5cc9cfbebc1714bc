"""What is late on 今日, however many others are open."""

from datetime import timedelta

import pytest

from models.complaints import Complaint, ComplaintStatus
from models.people import Person
from models.requests import RequestStatus, ServiceRequest
from services import actors, clock
from services.cases import complaints, overdue, requests
from services.cases.complaints import ComplaintKind
from tests.world import places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database", "monday")


async def test_a_late_complaint_is_not_hidden_by_many_that_wait_for_an_objection(
    resident: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overdue, "_MOST", 2)
    clerk, me = await places.clerk(), actors.person(resident.id)
    made = [
        await within(complaints.submit(ComplaintKind.COMPLAINT, "噪音", f"第{number}件", actor=me))
        for number in range(4)
    ]
    for number, one in enumerate(made):
        status = ComplaintStatus.SUBMITTED if number == 3 else ComplaintStatus.ANSWERED
        due = clock.now() - timedelta(hours=9 - number)
        await Complaint.filter(id=one.id).update(status=status, deadline_at=due)
    assert [one.number for one in await overdue.complaints(actor=clerk)] == [made[3].number]


async def test_a_wish_whose_time_has_passed_is_not_hidden_by_older_ones(
    resident: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overdue, "_MOST", 2)
    clerk, me = await places.clerk(), actors.person(resident.id)
    made = [
        await within(requests.submit("viewing", "看房", [("看哪套", "两居")], actor=me)) for _ in range(5)
    ]
    for hours, one in zip((5, 3, -1, -2, -3), made, strict=True):
        wanted = clock.now() + timedelta(hours=hours)
        await ServiceRequest.filter(number=one).update(wanted_at=wanted, status=RequestStatus.ACCEPTED)
    assert [one.number for one in await overdue.requests(actor=clerk)] == [made[4], made[3]]
