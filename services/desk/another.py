"""A resident speaks against whoever has their talk: another goes on with it, and whoever leads hears the words."""

from enum import StrEnum

from models.conversations import Conversation, Hold
from models.events import Event, SubjectKind
from models.people import Role, Staff
from services import accused, accusing, clock, duty, worktime
from services.accusing import Accused
from services.actors import Actor
from services.desk import holding, silence
from services.estate import homes
from services.scope import working_for

_VERB = "given_to_another"


class Goes(StrEnum):
    """Where a talk goes whose holder is spoken against: the phrase that says so to the resident."""

    ON = "human.against_holder_on"  # to a colleague, now
    LATER = "human.against_holder_later"  # to a colleague, when the office opens
    UP = "human.against_holder_up"  # nowhere, for there is no colleague; whoever leads hears of it all the same


async def heard(conversation_id: int, text: str, *, actor: Actor) -> Goes | None:
    """The resident wrote this in a talk that staff hold. None where it is not against its holder."""
    if not accusing.complains(text):
        return None
    conversation = await holding.lock_id(conversation_id)
    holder = await Staff.filter(id=conversation.held_by_id).first()
    if holder is None or conversation.hold is not Hold.STAFF:
        return None
    community_id = await homes.community_of(conversation.person_id)
    if not (await accused.known(community_id)).speaks_against(holder.id, text):
        return None
    hidden = await accused.hidden_from(Accused(frozenset({holder.id})))
    colleagues = Staff.filter(await working_for(community_id), active=True, role=Role.SERVICE)
    goes = Goes.UP
    if await colleagues.exclude(id__in=sorted(hidden)).exists():
        await silence.back_to_queue(
            conversation, _VERB, actor=actor, pressing=True, said=text, hidden_from=hidden
        )
        goes = Goes.ON if (await worktime.of_desk()).is_open(clock.now()) else Goes.LATER
    else:
        await holding.record(conversation, "told_leading", actor=actor, body={"from": holder.id})
    await _tell_leading(conversation, text, holder.name, hidden)
    return goes


async def wanted_instead_of(conversation: Conversation, staff_id: int) -> bool:
    """Whether the talk stands in the queue because its resident spoke against this one, who had it."""
    if conversation.hold is not Hold.QUEUED or conversation.held_since is None:
        return False
    given = Event.filter(
        subject_kind=SubjectKind.CONVERSATION,
        subject_id=conversation.id,
        verb=_VERB,
        at__gte=conversation.held_since,
        body__contains={"from": staff_id},
    )
    return await given.exists()


async def _tell_leading(conversation: Conversation, text: str, holder: str, hidden: set[int]) -> None:
    home = await homes.find(conversation.person_id)
    told = {
        "name": home.name if home else "",
        "house": home.house_label if home else "",
        "staff": holder,
        "text": text[:200],
    }
    for person_id in await duty.leading(home.community_id if home else None, besides=hidden):
        key = f"against:{conversation.id}:{clock.now().isoformat()}:{person_id}"
        await duty.tell(person_id, "staff.against_holder", told, key=key)
