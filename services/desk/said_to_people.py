"""What residents say about one of the staff: kept from that one, but for who is spoken to in a talk of their own."""

from collections.abc import Collection, Mapping, Sequence

from models.conversations import Conversation, Hold
from models.tasks import StaffTask, TaskKind
from services import accused, accusing, staff_tasks
from services.accusing import Known
from services.desk.entries import Entry, Speaker
from services.desk.veil import Veils
from services.estate import homes

_KEPT_BY = (TaskKind.HANDOVER, TaskKind.LEFT_MESSAGE)


async def about_reader(read: Sequence[tuple[Entry, Veils]]) -> set[str]:
    """The ids of those entries. Asked is only where somebody's words complain, which is seldom."""
    spoken = [
        (one, veils)
        for one, veils in read
        if one.table == "m" and one.speaker is Speaker.RESIDENT and accusing.complains(one.text)
    ]
    known = await _known({veils.person_id for _, veils in spoken})
    about = [
        (one, veils)
        for one, veils in spoken
        if veils.person_id in known and veils.reader.is_among(known[veils.person_id].named("", one.text))
    ]
    if not about:
        return set()
    people = {veils.person_id for _, veils in about}
    kept, held = await _kept(people), await _held(people)
    return {
        one.id
        for one, veils in about
        if held.get(veils.person_id) != veils.reader.staff_id
        or any(one.text in text for text in kept.get(veils.person_id, ()))
    }


async def _kept(people: Collection[int]) -> Mapping[int, list[str]]:
    """The words on the list that are hidden from somebody, by who said them."""
    found: dict[int, list[str]] = {}
    tasks = StaffTask.filter(kind__in=_KEPT_BY, person_id__in=list(people))
    for one in await tasks.only("id", "person_id", "values"):
        if one.person_id and staff_tasks.hidden_from(one.values):
            found.setdefault(one.person_id, []).append(str(one.values.get("text", "")))
    return found


async def _held(people: Collection[int]) -> Mapping[int, int]:
    """Who has the talk of each, where somebody has."""
    talks = Conversation.filter(person_id__in=list(people), hold=Hold.STAFF, held_by_id__isnull=False)
    return {one.person_id: one.held_by_id or 0 for one in await talks.only("id", "person_id", "held_by_id")}


async def _known(people: Collection[int]) -> Mapping[int, Known]:
    """Who works for the community of each."""
    living = await homes.of(people) if people else {}
    works = {one: await accused.known(one) for one in {home.community_id for home in living.values()}}
    return {person: works[home.community_id] for person, home in living.items()}
