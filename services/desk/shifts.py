"""在岗, 离开, 下班: set by people themselves, over after twelve hours; whoever goes leaves no talk behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.conversations import Conversation, Hold
from models.desk import HeldReply, HeldStatus
from models.events import SubjectKind
from models.people import Duty, Role, Staff
from services import clock, duty, events, timers, work, worktime
from services.actors import Actor
from services.desk import holding, promises, silence, taking, tallies
from services.desk.promises import PromiseLine
from services.errors import NotAllowed, NotFound
from services.estate import homes
from services.events import Subject

KIND = "shift_end"
LONGEST = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Shift:
    duty: Duty
    until: datetime | None


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A talk of somebody who goes. `waits` says that the resident waits for an answer."""

    conversation_id: int
    name: str
    house: str
    waits: bool
    snoozed_until: datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """交接单: what this person has in hand, left to be sent and promised, and how many wait in the queue."""

    mine: list[SheetLine]
    held_replies: int
    queued: int
    promises: list[PromiseLine]


async def of(*, actor: Actor) -> Shift:
    staff = await Staff.get(id=_staff(actor))
    return Shift(staff.duty, staff.duty_until)


async def set_duty(chosen: Duty, *, actor: Actor) -> Shift:
    """在岗 and 离开; 下班 is `leave`, which gives the talks away."""
    staff = await _lock(_staff(actor))
    until = clock.now() + LONGEST if chosen is not Duty.OFF else None
    await _write(staff, chosen, until, actor)
    if until is not None:
        await timers.set_timer(KIND, staff.id, until)
    return Shift(chosen, until)


async def sheet(*, actor: Actor) -> Sheet:
    mine = await _talks(_staff(actor))
    living = await homes.of([one.person_id for one in mine])
    lines = [
        SheetLine(
            one.id,
            living[one.person_id].name if one.person_id in living else one.person.name,
            living[one.person_id].house_label if one.person_id in living else "",
            one.waiting_since is not None,
            one.snoozed_until if one.snoozed else None,
        )
        for one in mine
    ]
    waiting = HeldReply.filter(staff_id=_staff(actor), status=HeldStatus.WAITING)
    queued, promised = (await tallies.counts(actor=actor)).waiting, await promises.mine(actor=actor)
    return Sheet(lines, await waiting.count(), queued, promised)


async def leave(*, actor: Actor, to_staff_id: int | None = None) -> Sheet:
    """下班, and the talks go on in one step: to a colleague, or those that wait to the queue, the others to the bot.

    What could not be taken by the colleague goes to the queue. Raises NotFound for a colleague who is not there.
    """
    found = await sheet(actor=actor)
    staff = await _lock(_staff(actor))
    if to_staff_id is not None and not await Staff.exists(id=to_staff_id, active=True):
        raise NotFound("staff.not_found")
    for one in found.mine:
        await _give_away(one.conversation_id, to_staff_id, actor)
    body = {
        "talks": [one.conversation_id for one in found.mine],
        "to": to_staff_id,
        "queued": found.queued,
        "promises": [one.id for one in found.promises],
    }
    await _write(staff, Duty.OFF, None, actor, body=body)
    await timers.clear(KIND, staff.id)
    await _alert_if_alone(staff)
    return found


async def end_due(staff_id: int, *, actor: Actor) -> None:
    """After so long nobody is still there: they are off, and who waits for them waits for anybody."""
    staff = await _lock(staff_id)
    if staff.duty is Duty.OFF or staff.duty_until is None or staff.duty_until > clock.now():
        return
    talks = await _talks(staff_id)
    body = {
        "expired": True,
        "talks": [one.id for one in talks],
        "promises": await promises.open_ids(staff_id),
    }
    await _write(staff, Duty.OFF, None, actor, body=body)
    for one in talks:
        conversation = await holding.lock_id(one.id)
        if conversation.waiting_since is not None:
            await silence.back_to_queue(conversation, "released", actor=actor)
    await _alert_if_alone(staff)


async def _give_away(conversation_id: int, to_staff_id: int | None, actor: Actor) -> None:
    conversation = await holding.held(conversation_id, actor)
    if to_staff_id is not None:
        try:
            await taking.transfer(conversation_id, to_staff_id=to_staff_id, actor=actor)
        except NotAllowed:
            await silence.back_to_queue(conversation, "released", actor=actor)
    elif conversation.waiting_since is not None:
        await silence.back_to_queue(conversation, "released", actor=actor)
    else:
        await taking.hand_back(conversation_id, actor=actor)


async def _alert_if_alone(gone: Staff) -> None:
    """Nobody serves any more although the office is open: whoever answers for the service hears of it."""
    if not (await worktime.of_desk()).is_open(clock.now()):
        return
    there = Staff.filter(active=True, duty=Duty.ON, role__in=[Role.SERVICE, Role.ADMIN])
    if await (there.filter(office_id=gone.office_id) if gone.office_id else there).exists():
        return
    for person_id in await duty.leading(None):
        key = f"nobody_on_duty:{gone.id}:{clock.now().isoformat()}:{person_id}"
        await duty.tell(person_id, "staff.nobody_on_duty", {"staff": gone.name}, key=key)


async def _talks(staff_id: int) -> list[Conversation]:
    found = Conversation.filter(hold=Hold.STAFF, held_by_id=staff_id).order_by("waiting_since", "id")
    return await found.select_related("person")


async def _lock(staff_id: int) -> Staff:
    staff = await work.lock(Staff.filter(id=staff_id, active=True))
    if staff is None:
        raise NotFound("staff.not_found")
    return staff


async def _write(
    staff: Staff,
    chosen: Duty,
    until: datetime | None,
    actor: Actor,
    *,
    body: Mapping[str, object] | None = None,
) -> None:
    before = staff.duty
    staff.duty, staff.duty_until, staff.on_duty = chosen, until, chosen is Duty.ON
    await staff.save(update_fields=["duty", "duty_until", "on_duty"])
    subject = Subject(SubjectKind.STAFF, staff.id)
    await events.record(subject, "duty", actor=actor, before=before, after=chosen, body=body)


def _staff(actor: Actor) -> int:
    if actor.staff_id is None:
        raise NotAllowed("may_not.talks")
    return actor.staff_id
