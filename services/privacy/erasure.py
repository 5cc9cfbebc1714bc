"""Forgetting a person: what they wrote and sent goes, what happened stays without their name."""

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise.expressions import Q
from tortoise.models import Model

from models.community import Occupant
from models.complaints import Complaint, ComplaintStatus
from models.events import Event, SubjectKind
from models.media import MediaFile
from models.people import Binding, BindingStatus, Person, Staff, Technician
from models.requests import RequestStatus, ServiceRequest
from models.tasks import StaffTask
from models.tickets import Ticket, TicketStatus
from services import clock, events, spelling, work
from services.actors import Actor, ActorKind
from services.errors import NotAllowed, NotFound
from services.events import Subject
from services.privacy.holdings import HOLDINGS, Holding
from services.repairs.moves import OPEN, Verb
from services.scope import Field

_BATCH = 1000
_ENDED = (ComplaintStatus.CLOSED, ComplaintStatus.WITHDRAWN)
_WAITING = (RequestStatus.SUBMITTED, RequestStatus.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """`files` are the hashes of photos that nobody has any more; `listed` counts rows of the company's own list."""

    rows: int
    files: list[str]
    listed: int


async def check(person_id: int, *, actor: Actor) -> int:
    """How many rows forgetting would touch. Raises what `forget` raises."""
    actor.doing(Field.POLICY)
    if not await Person.exists(id=person_id):
        raise NotFound("person.not_found")
    await _refuse_staff(person_id)
    await _refuse_open(person_id)
    return sum([len(await _ids(one, person_id)) for one in HOLDINGS])


async def forget(person_id: int, *, actor: Actor, from_list: bool = False) -> Forgotten:
    """Whoever writes from the same account afterwards is somebody new. Photos are for the caller to delete, after
    the commit. `from_list` takes them off the company's list of occupants too.

    Raises NotFound, and NotAllowed for staff, for what is still open, and for an actor who may not.
    """
    await check(person_id, actor=actor)
    await work.lock(Person.filter(id=person_id))
    listed = await _listed(person_id)
    files = await MediaFile.filter(person_id=person_id).exclude(sha256="").values_list("sha256", flat=True)
    await _blank_events(person_id)
    rows = sum([await _forget(one, person_id) for one in HOLDINGS])
    await Person.filter(id=person_id).update(channel_id=f"forgotten:{person_id}")
    ended = Binding.filter(person_id=person_id, ended_at=None)
    await ended.update(status=BindingStatus.ENDED, ended_at=clock.now())
    await StaffTask.filter(person_id=person_id, done_at=None).update(done_at=clock.now())
    if from_list:
        await _blank_lines(listed)
        await Occupant.filter(id__in=listed).delete()
    await events.record(Subject(SubjectKind.PERSON, person_id), "forgotten", actor=actor)
    kept = set(
        await MediaFile.filter(sha256__in=[str(one) for one in files]).values_list("sha256", flat=True)
    )
    return Forgotten(rows, sorted({str(one) for one in files} - kept), 0 if from_list else len(listed))


async def _refuse_staff(person_id: int) -> None:
    for model in (Technician, Staff):
        if await model.filter(person_id=person_id, active=True).exists():
            raise NotAllowed("privacy.staff")


async def _refuse_open(person_id: int) -> None:
    """What somebody is about to come for needs a name and a phone; so does what was merged into such a repair."""
    open_ = Q(status__in=list(OPEN))
    merged = Q(status=TicketStatus.DUPLICATE, duplicate_of__status__in=list(OPEN), withdrawn_at=None)
    found = [
        *await Ticket.filter(open_ | merged, reporter_id=person_id).values_list("number", flat=True),
        *await Complaint.filter(person_id=person_id)
        .exclude(status__in=_ENDED)
        .values_list("number", flat=True),
        *await ServiceRequest.filter(person_id=person_id, status__in=_WAITING).values_list(
            "number", flat=True
        ),
    ]
    if found:
        raise NotAllowed("privacy.still_open", numbers="、".join(str(one) for one in found))


async def _listed(person_id: int) -> list[int]:
    """Their rows of the company's list: the same name and phone in a house that they were bound to."""
    bound = await Binding.filter(person_id=person_id)
    listed = await Occupant.filter(house_id__in=[one.house_id for one in bound])
    return [
        row.id
        for row in listed
        if any(spelling.same_person((row.name, row.phone), (one.name, one.phone)) for one in bound)
    ]


_OF_WORDS = (Verb.CORRECT, Verb.APPOINT)  # verbs of repairs whose events keep what the reporter had said


async def _blank_events(person_id: int) -> None:
    """Events are append-only but for this: the trigger asks whether somebody is being forgotten."""
    bindings = await _all_ids(Binding, person_id=person_id)
    tickets = await _all_ids(Ticket, reporter_id=person_id)
    theirs = (
        Q(actor_kind=ActorKind.PERSON, actor_id=person_id)
        | Q(subject_kind=SubjectKind.PERSON, subject_id=person_id)
        | Q(subject_kind=SubjectKind.BINDING, subject_id__in=bindings)
        | Q(subject_kind=SubjectKind.TICKET, subject_id__in=tickets, verb__in=_OF_WORDS)
    )
    await _blank(theirs)


async def _blank_lines(occupants: Sequence[int]) -> None:
    """What staff did with their lines of the company's list stands with the house, and names them."""
    lines = await Occupant.filter(id__in=list(occupants))
    found = Event.filter(subject_kind=SubjectKind.HOUSE, subject_id__in=[one.house_id for one in lines])
    theirs = [one.id for one in await found if one.body.get("occupant") in occupants]
    await _blank(Q(id__in=theirs))


async def _blank(theirs: Q) -> None:
    connection = Event._meta.db
    await connection.execute_query("SELECT set_config('guanjia.erasing', 'on', true)")
    await Event.filter(theirs).update(note="", body={})
    await connection.execute_query("SELECT set_config('guanjia.erasing', 'off', true)")


async def _forget(holding: Holding, person_id: int) -> int:
    found = await _ids(holding, person_id)
    for start in range(0, len(found), _BATCH):
        some = holding.model.filter(id__in=found[start : start + _BATCH])
        if holding.becomes is None:
            await some.delete()
        elif holding.becomes:
            await some.update(**holding.becomes)
    return len(found)


async def _ids(holding: Holding, person_id: int) -> list[int]:
    return await _all_ids(holding.model, **{holding.owner: person_id})


async def _all_ids(model: type[Model], **owner: int) -> list[int]:
    rows: Sequence[dict[str, int]] = await model.filter(**owner).values("id")
    return [row["id"] for row in rows]
