"""What residents say to people about one of the staff: that one reads only what is said to their face."""

from collections.abc import Collection, Mapping, Sequence

from models.conversations import Conversation, Hold
from models.tasks import StaffTask, TaskKind
from services import accused, accusing, staff_tasks
from services.accusing import Accused, Known
from services.desk.entries import Entry, Speaker
from services.desk.veil import Reader, Veils
from services.estate import homes

_KEPT_BY = (TaskKind.HANDOVER, TaskKind.LEFT_MESSAGE)


async def about_reader(read: Sequence[tuple[Entry, Veils]]) -> set[str]:
    """The ids of those entries. Asked is only where somebody's words complain, which is seldom."""
    spoken = [
        (one, veils)
        for one, veils in read
        if one.table == "m" and one.speaker is Speaker.RESIDENT and accusing.complains(one.text)
    ]
    people = {veils.person_id for _, veils in spoken}
    if not people:
        return set()
    known, kept, held = await _known(people), await _kept(people), await _held(people)
    return {
        one.id
        for one, veils in spoken
        if any(
            one.text in text and veils.reader.is_among(whom) for text, whom in kept.get(veils.person_id, ())
        )
        or _is_about(one.text, veils.reader, known[veils.person_id], held.get(veils.person_id))
    }


def _is_about(text: str, reader: Reader, known: Known, holder_id: int | None) -> bool:
    """Who has the talk is called by name in it, and scolded: that they read, but nothing said against them."""
    if holder_id is not None and holder_id == reader.staff_id:
        return known.speaks_against(holder_id, text)
    return reader.is_among(known.named("", text))


async def _kept(people: Collection[int]) -> Mapping[int, list[tuple[str, Accused]]]:
    """The words on the list that are hidden from somebody, and from whom, by who said them."""
    found: dict[int, list[tuple[str, Accused]]] = {}
    tasks = StaffTask.filter(kind__in=_KEPT_BY, person_id__in=list(people))
    for one in await tasks.only("id", "person_id", "values"):
        if one.person_id and (whom := staff_tasks.hidden_from(one.values)):
            found.setdefault(one.person_id, []).append((str(one.values.get("text", "")), Accused(whom)))
    return found


async def _held(people: Collection[int]) -> Mapping[int, int]:
    """Who has the talk of each, where somebody has."""
    talks = Conversation.filter(person_id__in=list(people), hold=Hold.STAFF, held_by_id__isnull=False)
    return {one.person_id: one.held_by_id or 0 for one in await talks.only("id", "person_id", "held_by_id")}


async def _known(people: Collection[int]) -> Mapping[int, Known]:
    """Who works for the community of each."""
    living = await homes.of(people)
    where = {person: living[person].community_id if person in living else None for person in people}
    works = {one: await accused.known(one) for one in set(where.values())}
    return {person: works[community] for person, community in where.items()}
