"""Complaints and service requests are read and worked on from the command line."""

import argparse
from collections.abc import Awaitable, Callable

import pytest

from commands import StartError, complaints, requests
from models.complaints import Complaint, ComplaintKind, ComplaintStatus
from models.outbox import Outbox
from models.people import Role, Staff
from models.requests import RequestStatus, ServiceRequest
from services import actors
from services.cases import complaints as residents
from services.cases import requests as forms
from services.errors import NotFound
from tests.world import offices
from tests.world.offices import Town
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
async def town(database: str) -> Town:
    built = await offices.build()
    await Staff.create(login="admin", name="管理员", role=Role.ADMIN)
    await Staff.create(login="xu", name="客服小徐", role=Role.SERVICE, office=built.place.office)
    await Staff.create(login="far", name="远处", role=Role.SERVICE, office_id=built.far.office_id)
    return built


@pytest.fixture
def out(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    return lambda: capsys.readouterr().out


def chosen(number: str | list[str], **what: object) -> argparse.Namespace:
    facts = {
        "number": number, "accept": False, "answer": None, "close": None, "decline": None, "finish": False,
        "note": "", "all": False, "limit": 50, "by": "xu", **what,
    }  # fmt: skip
    return argparse.Namespace(**facts)


async def _complaint(town: Town) -> str:
    me = actors.person(town.place.resident.id)
    made = await within(
        residents.submit(ComplaintKind.COMPLAINT, "噪音扰民", "楼上\n半夜装修", actor=me, place="楼道")
    )
    return made.number


async def test_a_complaint_is_listed_read_and_answered(town: Town, out: Callable[[], str]) -> None:
    number = await _complaint(town)
    await within(complaints.listed(everything=False, limit=9, by="xu"))
    listed = out()
    assert all(word in listed for word in (number, "噪音扰民", "青禾一期", "1-101", "王芳", "due"))
    await within(complaints.shown(f"{number[0].lower()} {number[1:]}", "xu"))
    shown = out()
    assert all(word in shown for word in ("楼上 半夜装修", "13800000001", "楼道"))
    await within(complaints.act(chosen(number, accept=True)))
    await within(complaints.act(chosen(number.lower(), answer="已约谈。")))
    assert (await Complaint.get()).status is ComplaintStatus.ANSWERED
    told = await Outbox.filter(person_id=town.place.resident.id).order_by("-id").first()
    assert told and told.payload["values"] | {"days": 0} == {
        "number": number, "staff": "客服小徐", "text": "已约谈。", "days": 0,
    }  # fmt: skip
    await within(complaints.shown(number, "xu"))
    assert "已约谈。" in out()
    await within(complaints.act(chosen(number, close="办结", by=None)))
    await within(complaints.listed(everything=False, limit=9, by=None))
    assert out().endswith("none\n")
    await within(complaints.listed(everything=True, limit=9, by=None))
    assert number in out()


async def test_what_another_office_has_is_not_there(town: Town, out: Callable[[], str]) -> None:
    number = await _complaint(town)
    me = actors.person(town.place.resident.id)
    form = await within(forms.submit("cleaning", "家政预约", [("几点？", "上午")], actor=me))
    refused: list[Awaitable[None]] = [
        complaints.shown(number, "far"),
        complaints.act(chosen(number, answer="x", by="far")),
        requests.shown(form, "far"),
        requests.act(chosen(form, accept=True, by="far")),
    ]
    for verb in refused:
        with pytest.raises(NotFound):
            await within(verb)
    await within(complaints.listed(everything=True, limit=9, by="far"))
    await within(requests.listed(everything=True, limit=9, by="far"))
    assert out() == "none\nnone\n"


async def test_a_request_is_listed_read_and_settled(town: Town, out: Callable[[], str]) -> None:
    me = actors.person(town.place.resident.id)
    number = await within(forms.submit("cleaning", "家政预约", [("几点？", "上午")], actor=me))
    await within(requests.listed(everything=False, limit=9, by="xu"))
    listed = out()
    assert all(word in listed for word in (number, "家政预约", "王芳"))
    await within(requests.shown(number.lower(), "xu"))
    shown = out()
    assert all(word in shown for word in ("13800000001", "几点？", "上午", "submitted"))
    await within(requests.act(chosen(number, accept=True, note="十点到")))
    await within(requests.act(chosen(number, finish=True)))
    assert (await ServiceRequest.get()).status is RequestStatus.DONE
    told = await Outbox.filter(person_id=town.place.resident.id).order_by("id")
    assert [row.payload["phrase"] for row in told] == ["request.accepted", "request.done"]
    other = await within(forms.submit("cleaning", "家政预约", [("几点？", "下午")], actor=me))
    await within(requests.act(chosen(other, decline="没有人手")))
    assert (await ServiceRequest.get(number=other)).status is RequestStatus.DECLINED


@pytest.mark.parametrize("command", [complaints, requests])
def test_acting_needs_a_number(command: object) -> None:
    with pytest.raises(StartError, match="Which"):
        command.run(chosen([], accept=True))  # type: ignore[attr-defined]  # each is a command's module
