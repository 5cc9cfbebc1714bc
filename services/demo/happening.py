"""What can happen in the demo's day: each act of its file, done by the verb of whoever does it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from models.complaints import ComplaintKind
from models.events import SubjectKind
from models.people import Person, Staff, Technician
from models.tickets import Area, Ticket
from models.values import Json
from services import actors, clock
from services.actors import Actor
from services.cases import complaint_desk, complaints
from services.desk import promises
from services.desk.promised_in import Matter
from services.estate import homes
from services.repairs import dispatch, handling, jobs, merging, ratings, reporting
from services.repairs.insertion import Report

_DISPATCHER, _CLERK = "gao", "xu"  # the first of all communities, the second of one office


@dataclass(slots=True)
class Day:
    """Who acts, and which row each key of the story has become."""

    now: datetime
    dispatcher: Actor
    clerk: Actor
    technicians: Mapping[str, int]
    tickets: dict[str, int] = field(default_factory=dict)
    complaints: dict[str, int] = field(default_factory=dict)

    @classmethod
    async def begin(cls) -> Self:
        crew = {one.name: one.id for one in await Technician.all()}
        dispatcher, clerk = [
            await actors.staff((await Staff.get(login=one)).id) for one in (_DISPATCHER, _CLERK)
        ]
        return cls(clock.now(), dispatcher, clerk, crew)

    def ago(self, minutes: int) -> datetime:
        """So many minutes before the start; ahead where there are fewer than none."""
        return self.now - timedelta(minutes=minutes)

    async def report(self, told: Json) -> None:
        person = await Person.get(channel_id=told["by"])
        home = await homes.require(person.id)
        area = Area(told.get("area", Area.HOME))
        report = Report(
            person.id,
            home.community_id,
            told["category"],
            house_id=home.house_id,
            area=area,
            place=told["place"],
            description=told["what"],
            contact_name=home.name,
            contact_phone=home.phone,
        )
        made = await reporting.submit(report, actor=actors.person(person.id))
        self.tickets[told["key"]] = made.id

    async def work(self, act: str, key: str, given: Json) -> None:
        await _WORK[act](self, self.tickets[key], given)

    async def complain(self, told: Json) -> None:
        person = await Person.get(channel_id=told["by"])
        promised = await complaints.submit(
            ComplaintKind.COMPLAINT,
            told["topic"],
            told["story"],
            place=told["place"],
            actor=actors.person(person.id),
        )
        self.complaints[told["key"]] = await complaint_desk.find(promised.number, actor=self.clerk)

    async def answer(self, act: str, key: str, given: Json) -> None:
        await _ANSWERS[act](self, self.complaints[key], given)

    async def promise(self, told: Json) -> None:
        matter = Matter(SubjectKind.TICKET, self.tickets[told["ticket"]])
        await promises.make(
            matter, told["text"], self.ago(told["due"]), key=f"demo:{told['ticket']}", actor=self.clerk
        )


Doing = Callable[[Day, int, Json], Awaitable[object]]


async def _technician(ticket_id: int) -> Actor:
    return actors.technician((await Ticket.get(id=ticket_id)).technician_id or 0)


async def _reporter(ticket_id: int) -> Actor:
    return actors.person((await Ticket.get(id=ticket_id)).reporter_id)


async def _confirm(day: Day, ticket_id: int, given: Json) -> None:
    await jobs.confirm(ticket_id, eta=day.ago(given["eta"]), actor=await _technician(ticket_id))


async def _arrive(day: Day, ticket_id: int, given: Json) -> None:
    await jobs.arrive(ticket_id, actor=await _technician(ticket_id))


async def _hold(day: Day, ticket_id: int, given: Json) -> None:
    until = day.ago(given["until"])
    await jobs.hold(ticket_id, reason=given["reason"], until=until, actor=await _technician(ticket_id))


async def _finish(day: Day, ticket_id: int, given: Json) -> None:
    told = {"materials": given["materials"], "cost_fen": given["cost"], "note": given["note"]}
    await jobs.finish(ticket_id, **told, actor=await _technician(ticket_id))


async def _rate(day: Day, ticket_id: int, given: Json) -> None:
    await ratings.rate(ticket_id, **given, actor=await _reporter(ticket_id))


async def _cancel(day: Day, ticket_id: int, given: Json) -> None:
    await reporting.cancel(ticket_id, reason=given["reason"], actor=await _reporter(ticket_id))


async def _urge(day: Day, ticket_id: int, given: Json) -> None:
    await reporting.urge(ticket_id, actor=await _reporter(ticket_id))


def _dispatch(day: Day, ticket_id: int, given: Json) -> Awaitable[object]:
    return dispatch.assign(ticket_id, technician_id=day.technicians[given["to"]], actor=day.dispatcher)


def _merge(day: Day, ticket_id: int, given: Json) -> Awaitable[object]:
    others = [day.tickets[one] for one in given["others"]]
    return merging.merge_all(others, into_id=ticket_id, actor=day.dispatcher)


_WORK: Mapping[str, Doing] = {
    "accept": lambda day, ticket_id, given: handling.accept(ticket_id, actor=day.dispatcher),
    "decline": lambda day, ticket_id, given: handling.decline(
        ticket_id, reason=given["reason"], actor=day.dispatcher
    ),
    "offer": lambda day, ticket_id, given: dispatch.run(ticket_id, {}),
    "dispatch": _dispatch,
    "merge": _merge,
    "confirm": _confirm,
    "arrive": _arrive,
    "hold": _hold,
    "finish": _finish,
    "rate": _rate,
    "cancel": _cancel,
    "urge": _urge,
}
_ANSWERS: Mapping[str, Doing] = {
    "accept": lambda day, complaint_id, given: complaint_desk.accept(complaint_id, actor=day.clerk),
    "answer": lambda day, complaint_id, given: complaint_desk.answer(
        complaint_id, given["text"], actor=day.clerk
    ),
}
