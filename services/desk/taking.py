"""What staff do with a talk as a whole: taking it, giving it on, laying it aside, ending it."""

from datetime import datetime

from models.community import Community, ManagementOffice
from models.conversations import Conversation, Hold
from models.people import Staff
from models.tasks import TaskKind
from services import clock, duty, staff_tasks, timers
from services.actors import Actor
from services.desk import another, handover, holding, silence
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import homes

SNOOZE = "desk_snooze"
_LONGEST_REASON = 200


async def take(conversation_id: int, *, actor: Actor) -> None:
    """接入: this member of staff talks from now on. Raises NotAllowed when a colleague does already."""
    conversation = await holding.lock_by_staff(conversation_id, actor)
    if actor.staff_id is None:
        raise NotAllowed("may_not.talks")
    if conversation.hold is Hold.STAFF:
        if conversation.held_by_id == actor.staff_id:
            return
        raise NotAllowed("human.taken")
    if await another.wanted_instead_of(conversation, actor.staff_id):
        raise NotAllowed("human.another_wanted")
    await _given(conversation, actor.staff_id, "taken", actor)
    await staff_tasks.settle_person(conversation.person_id, TaskKind.HANDOVER, actor=actor)
    staff = await Staff.get(id=actor.staff_id)
    await holding.tell(conversation, "human.taken_over", {"staff": staff.name})


async def take_over(conversation_id: int, reason: str, *, actor: Actor) -> None:
    """From a colleague, who reads the reason. Raises Invalid without one."""
    conversation = await holding.lock_by_staff(conversation_id, actor)
    if actor.staff_id is None:
        raise NotAllowed("may_not.talks")
    if conversation.hold is not Hold.STAFF or conversation.held_by_id == actor.staff_id:
        raise NotAllowed("human.nobody_has_it")
    reason = reason.strip()[:_LONGEST_REASON]
    if not reason:
        raise Invalid("human.reason_needed")
    former = await Staff.get(id=conversation.held_by_id)
    await _given(conversation, actor.staff_id, "taken_over", actor, note=reason, former=former.id)
    if former.person_id is not None:
        me = await Staff.get(id=actor.staff_id)
        told = {"staff": me.name, "reason": reason, **await _whose(conversation)}
        key = f"taken_over:{conversation.id}:{clock.now().isoformat()}"
        await duty.tell(former.person_id, "staff.talk_taken_over", told, key=key)


async def transfer(conversation_id: int, *, to_staff_id: int, actor: Actor, note: str = "") -> None:
    """转接 to a colleague; the person need not notice."""
    conversation = await holding.held(conversation_id, actor)
    colleague = await holding.refuse_stranger(conversation, to_staff_id)
    note = note.strip()[:_LONGEST_REASON]
    await _given(conversation, to_staff_id, "transferred", actor, note=note, former=actor.staff_id)
    if colleague.person_id is not None and actor.staff_id is not None:
        me = await Staff.get(id=actor.staff_id)
        told = {"staff": me.name, "reason": note, **await _whose(conversation)}
        key = f"transferred:{conversation.id}:{clock.now().isoformat()}"
        await duty.tell(colleague.person_id, "staff.talk_given", told, key=key)


async def to_office(conversation_id: int, *, office_id: int, actor: Actor, note: str = "") -> None:
    """转接 to the queue of an office, with the time for which the resident has waited."""
    conversation = await holding.held(conversation_id, actor)
    office = await ManagementOffice.filter(id=office_id).first()
    if office is None:
        raise NotFound("human.no_such_office")
    community_id = await homes.community_of(conversation.person_id)
    if community_id is not None and (await Community.get(id=community_id)).office_id != office.id:
        raise NotAllowed("human.office_cannot", office=office.name)
    await silence.back_to_queue(conversation, "to_office", actor=actor, office_id=office.id)


async def release(conversation_id: int, *, actor: Actor) -> None:
    """Back into the queue, for whoever is free."""
    conversation = await holding.held(conversation_id, actor)
    await silence.back_to_queue(conversation, "released", actor=actor)


async def hand_back(conversation_id: int, *, actor: Actor) -> None:
    """The bot speaks again; the person is told."""
    conversation = await holding.held(conversation_id, actor)
    phrase = "human.handed_back_draft" if holding.has_draft(conversation) else "human.handed_back"
    await holding.tell(conversation, phrase, {})
    await holding.to_bot(conversation, "handed_back", actor=actor)


async def snooze(conversation_id: int, until: datetime | None, *, actor: Actor) -> None:
    """搁置 until that moment, or until the resident writes, whichever is first; None for their word alone."""
    conversation = await holding.held(conversation_id, actor)
    if until is not None and until <= clock.now():
        raise Invalid("human.snooze_past")
    change: holding.Change = {
        "snoozed": True,
        "snoozed_until": until,
        "waiting_since": None,
        "pressing": False,
    }
    until_told = until.isoformat() if until else ""
    await holding.write(conversation, "snoozed", actor=actor, change=change, body={"until": until_told})
    for kind in (holding.TIME_OUT, holding.SILENCE):
        await timers.clear(kind, conversation.id)
    if until is not None:
        await timers.set_timer(SNOOZE, conversation.id, until)


async def wake(conversation_id: int, *, actor: Actor) -> None:
    """The end of 搁置 before its time."""
    conversation = await holding.held(conversation_id, actor)
    if conversation.snoozed:
        await _wake(conversation, actor)


async def wake_due(conversation_id: int, *, actor: Actor) -> None:
    """The time of 搁置 is over."""
    conversation = await holding.lock_id(conversation_id)
    if conversation.snoozed and conversation.snoozed_until and conversation.snoozed_until <= clock.now():
        await _wake(conversation, actor)


async def _wake(conversation: Conversation, actor: Actor) -> None:
    """It stands in the list again, and its holder is reminded when nothing comes of it."""
    change: holding.Change = {"snoozed": False, "waiting_since": conversation.waiting_since or clock.now()}
    await holding.write(conversation, "woken", actor=actor, change=change)
    await timers.clear(SNOOZE, conversation.id)
    await silence.heard(conversation.id)


async def _given(
    conversation: Conversation,
    staff_id: int,
    verb: str,
    actor: Actor,
    *,
    note: str = "",
    former: int | None = None,
) -> None:
    change: holding.Change = {
        "hold": Hold.STAFF,
        "held_by_id": staff_id,
        "held_since": clock.now(),
        "pressing": False,
        "queue_office_id": None,
        "snoozed": False,
        "snoozed_until": None,
    }
    body = {"from": former} if former is not None else {}
    await holding.write(conversation, verb, actor=actor, change=change, note=note, body=body)
    await handover.watch(conversation)
    await timers.clear(holding.SILENCE, conversation.id)
    if conversation.waiting_since is not None:
        await silence.heard(conversation.id)


async def _whose(conversation: Conversation) -> dict[str, str]:
    home = await homes.find(conversation.person_id)
    return {"name": home.name if home else "", "house": home.house_label if home else ""}
