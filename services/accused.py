"""Whom of those who work here a complaint is about, so that it never reaches that person."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tortoise.expressions import Q, Subquery

from models.community import Community
from models.complaints import Complaint
from models.people import Staff, Technician
from services.actors import Actor

_OF_PEOPLE = re.compile("员工|师傅|人员|客服|保安|保洁员|态度")  # topics
_TITLES = "师傅|主管|经理|客服|前台|保安|管家|工程师|工|总"
_TITLED = re.compile(f"^(?:{_TITLES})|(?:{_TITLES})$")
_COMPLAINING = "(?:投诉|举报|反映)[^，。！？；]{0,8}"


@dataclass(frozen=True, slots=True)
class Accused:
    staff_id: int | None = None
    technician_id: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Who works for a community, with their names."""

    staff: Sequence[tuple[int, str]]
    technicians: Sequence[tuple[int, str]]

    def meant(self, topic: str, story: str) -> Accused:
        """Who is named, or is the only one of that surname and title; nobody where that is not clear."""
        anywhere = bool(_OF_PEOPLE.search(topic))
        return Accused(
            _meant(self.staff, story, anywhere=anywhere), _meant(self.technicians, story, anywhere=anywhere)
        )


def complains(text: str) -> bool:
    """Whether words say that somebody complains; about whom is for `Known.meant`."""
    return bool(re.search(_COMPLAINING, text))


async def known(community_id: int) -> Known:
    office_id = (await Community.get(id=community_id)).office_id
    staff = await Staff.filter(Q(office_id=office_id) | Q(office_id__isnull=True), active=True)
    technicians = await Technician.filter(active=True, communities__contains=[community_id])
    return Known([(one.id, one.name) for one in staff], [(one.id, one.name) for one in technicians])


async def find(community_id: int, topic: str, story: str) -> Accused:
    return (await known(community_id)).meant(topic, story)


def _meant(people: Sequence[tuple[int, str]], story: str, *, anywhere: bool) -> int | None:
    """By name, else by surname and title if that is one person's alone."""
    for spelled in (_by_name, _by_title):
        found = [one for one, name in people if _mentions(story, spelled(name), anywhere=anywhere)]
        if len(found) == 1:
            return found[0]
    return None


def _mentions(story: str, spelling: str, *, anywhere: bool) -> bool:
    return bool(re.search(spelling if anywhere else _COMPLAINING + spelling, story))


def _by_name(name: str) -> str:
    bare = _TITLED.sub("", name)
    return re.escape(bare if len(bare) > 1 else name)


def _by_title(name: str) -> str:
    return f"{re.escape(name[0])}(?:{_TITLES})"


async def not_about(actor: Actor) -> Q:
    """Of complaints, all but those about whoever of the staff looks, be it as a clerk or as a technician."""
    if actor.staff_id is None:
        return Q()
    same = await as_technicians(actor)
    not_staff = Q(about_staff_id__isnull=True) | ~Q(about_staff_id=actor.staff_id)
    not_technician = Q(about_technician_id__isnull=True) | ~Q(about_technician_id__in=[0, *same])
    return not_staff & not_technician


async def as_technicians(actor: Actor) -> set[int]:
    """The technicians who are the same person as whoever of the staff looks."""
    if actor.staff_id is None:
        return set()
    themselves = Staff.filter(id=actor.staff_id, person_id__isnull=False)
    same = Technician.filter(person_id__in=Subquery(themselves.values("person_id")))
    return {one.id for one in await same.only("id")}


async def theirs(actor: Actor) -> set[int]:
    """The ids of the complaints about whoever of the staff looks, for leaving out what was made of them elsewhere."""
    if actor.staff_id is None:
        return set()
    technician_ids = sorted(await as_technicians(actor))
    about = Q(about_staff_id=actor.staff_id) | Q(about_technician_id__in=[0, *technician_ids])
    rows = await Complaint.filter(about).only("id")
    return {row.id for row in rows}


async def as_staff(technician_id: int | None) -> int | None:
    """The member of staff who is this technician, if one is both."""
    technician = await Technician.filter(id=technician_id or 0).first()
    if technician is None or technician.person_id is None:
        return None
    same = await Staff.filter(person_id=technician.person_id).first()
    return same.id if same else None
