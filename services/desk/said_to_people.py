"""What residents say to people about one of the staff: kept from that one where colleagues have it on their list."""

from collections.abc import Collection, Mapping, Sequence

from models.tasks import StaffTask, TaskKind
from services import accused
from services.accused import Known
from services.desk.entries import Entry, Speaker
from services.desk.veil import Veils
from services.estate import homes
from services.staff_tasks import HIDDEN_FROM

_KEPT_BY = (TaskKind.HANDOVER, TaskKind.LEFT_MESSAGE)


async def about_reader(read: Sequence[tuple[Entry, Veils]]) -> set[str]:
    """The ids of those entries. Asked is only where somebody's words complain, which is seldom."""
    spoken = [
        (one, veils)
        for one, veils in read
        if one.table == "m" and one.speaker is Speaker.RESIDENT and accused.complains(one.text)
    ]
    people = {veils.person_id for _, veils in spoken}
    kept = await _kept(people)
    known = await _known(people & kept.keys())
    return {
        one.id
        for one, veils in spoken
        if veils.person_id in known
        and veils.reader.is_among(known[veils.person_id].meant("", one.text))
        and any(one.text in text for text in kept[veils.person_id])
    }


async def _kept(people: Collection[int]) -> Mapping[int, list[str]]:
    """The words on the list that are hidden from somebody, by who said them."""
    found: dict[int, list[str]] = {}
    if people:
        tasks = StaffTask.filter(kind__in=_KEPT_BY, person_id__in=list(people))
        for one in await tasks.only("id", "person_id", "values"):
            if one.person_id and one.values.get(HIDDEN_FROM):
                found.setdefault(one.person_id, []).append(str(one.values.get("text", "")))
    return found


async def _known(people: Collection[int]) -> Mapping[int, Known]:
    """Who works for the community of each."""
    living = await homes.of(people) if people else {}
    works = {one: await accused.known(one) for one in {home.community_id for home in living.values()}}
    return {person: works[home.community_id] for person, home in living.items()}
