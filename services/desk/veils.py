"""What of a talk is kept from who reads it: a complaint about the reader, and one made without a name.

Services/accused knows whom a complaint is about. What belongs to a complaint are the turns of the scripts in which
it was made and followed, and what was told of it; for whom it is about also what was said round it in other ways.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import reduce
from itertools import groupby
from operator import or_

from tortoise.expressions import Q

from models.complaints import Complaint
from models.conversations import Conversation, Message
from models.events import Event, SubjectKind
from services import accused, clock
from services.actors import Actor
from services.desk.sources import Entry, Speaker
from services.estate import homes

_MAKING = frozenset({"complaint", "suggestion"})  # scripts
_FOLLOWING = frozenset({"complaint_add", "complaint_progress", "complaint_rate", "complaint_reopen"})
_ROUND = timedelta(hours=1)  # before a complaint, in which other words are of it too
_LONGEST = timedelta(days=3)  # that a script waits for an answer
_TURN = timedelta(seconds=10)  # in which the turn that made it is written down
_OF_TURN = re.compile(r"(?:turn|photos:\d+):(\d+)")  # keys of the later parts of an answer
_OF_PEOPLE = "员工"  # taken for the topic until it is told: rather kept from one too many
_IN_MAKING = reduce(
    or_,
    (
        Q(state__contains=stored)
        for name in sorted(_MAKING)
        for stored in ({"stack": [{"script": name}]}, {"parked": [{"frames": [{"script": name}]}]})
    ),
)


class Veil(StrEnum):
    """Why something is not shown: the line `desk.veil_<value>` stands for it."""

    ABOUT_READER = "about_reader"
    NAMELESS = "nameless"


@dataclass(frozen=True, slots=True)
class _Made:
    """A complaint in its talk. `since` is when it can have begun, `until` when something was last of it."""

    since: datetime
    at: datetime
    until: datetime
    nameless: bool
    about: bool
    running: bool = False  # not made yet: what is said to people meanwhile may be of anything

    def has(self, entry: Entry, scripts: Collection[str]) -> bool:
        at, ended = entry.at, self.at + _TURN
        if not _MAKING.isdisjoint(scripts):
            return self.since < at <= ended
        if self.running:
            return False
        if not _FOLLOWING.isdisjoint(scripts) and at > self.at:
            return True
        if entry.table == "o" and entry.speaker is Speaker.BOT:
            return False  # of something else
        if entry.table == "e" and not entry.values.get("note"):
            return False
        if self.about and self.at - _ROUND < at <= ended:
            return True
        if scripts:
            return False
        if self.about:
            return ended < at <= self.until
        return entry.speaker is Speaker.RESIDENT and self.at - _ROUND < at <= ended


@dataclass(frozen=True, slots=True)
class Veils:
    """Of one talk, for one reader; false where nothing is kept from them."""

    reader: int
    made: Sequence[_Made]
    numbers: Mapping[str, Veil]

    def __bool__(self) -> bool:
        return bool(self.numbers) or any(one.nameless or one.about for one in self.made)

    @property
    def running(self) -> bool:
        """Whether such a complaint is being made."""
        return any(one.running for one in self.made)

    def over(self, entry: Entry, scripts: Collection[str]) -> Veil | None:
        """`scripts` are those in which it was said; none where the bot took no part."""
        if entry.staff_id and entry.staff_id == self.reader:
            return None
        if entry.table == "o" and (told := self.numbers.get(str(entry.values.get("number", "")))):
            return told
        found = [one for one in self.made if (one.nameless or one.about) and one.has(entry, scripts)]
        if not found:
            return None
        return Veil.NAMELESS if any(one.nameless for one in found) else Veil.ABOUT_READER


async def of_people(
    person_ids: Collection[int], *, actor: Actor, anybody: bool = False
) -> Mapping[int, Veils]:
    """By whose talk it is. `anybody` may read it: then a complaint about any of the staff is kept from all."""
    rows = await Complaint.filter(person_id__in=list(person_ids)).order_by("created_at")
    about = {one.id for one in rows if one.about_staff_id or one.about_technician_id} if anybody else set()
    of_reader = await accused.theirs(actor)
    about |= of_reader
    ends = await _ends([one.id for one in rows if one.id in about])
    numbers = {one.number: Veil.ABOUT_READER for one in await Complaint.filter(id__in=sorted(of_reader))}
    running = await _running(
        person_ids, actor, {one.person_id: one.created_at for one in rows}, anybody=anybody
    )
    found = {}
    for person_id in person_ids:
        own = [one for one in rows if one.person_id == person_id]
        told = {one.number: Veil.ABOUT_READER for one in own if one.id in about}
        told |= {one.number: Veil.NAMELESS for one in own if one.anonymous}
        made = [*_made(own, about, ends), *running.get(person_id, [])]
        found[person_id] = Veils(actor.staff_id or 0, made, {**numbers, **told})
    return found


async def drawn(entries: Sequence[Entry], person_id: int, *, actor: Actor) -> list[Entry]:
    """With one line instead of what is kept from them, as often as it begins."""
    over = await of_entries(entries, person_id, actor=actor)
    if not over:
        return list(entries)
    found: list[Entry] = []
    for veil, group in groupby(entries, key=lambda one: over.get(one.id)):
        first, *others = group
        found += [_line(first, veil)] if veil else [first, *others]
    return found


async def of_entries(entries: Sequence[Entry], person_id: int, *, actor: Actor) -> Mapping[str, Veil]:
    """Of the entries of one talk those that are kept from them, by id."""
    veils = (await of_people([person_id], actor=actor))[person_id]
    return await over([(one, veils) for one in entries])


async def over(read: Iterable[tuple[Entry, Veils]]) -> Mapping[str, Veil]:
    """Of entries of several talks, each with the veils of its own."""
    looked_at = [(one, veils) for one, veils in read if veils]
    heard = {one.id: _heard(one) for one, _ in looked_at}
    scripts = await _scripts([number for number in heard.values() if number])
    found = {one.id: veils.over(one, scripts.get(heard[one.id], set())) for one, veils in looked_at}
    return {number: veil for number, veil in found.items() if veil}


def _heard(entry: Entry) -> int:
    """The message of whose turn it is, 0 for what left by itself."""
    if entry.table == "m":
        return entry.number
    found = _OF_TURN.match(entry.key) if entry.table == "o" else None
    return int(found[1]) if found else 0


def _line(entry: Entry, veil: Veil) -> Entry:
    return Entry(entry.table, entry.number, entry.at, Speaker.NEWS, f"veil_{veil}")


def _made(rows: Sequence[Complaint], about: Collection[int], ends: Mapping[int, datetime]) -> list[_Made]:
    found: list[_Made] = []
    for row in rows:
        since = row.created_at - _LONGEST
        since = max(since, found[-1].at + _TURN) if found else since
        until = ends.get(row.id, row.created_at)
        found.append(_Made(since, row.created_at, until, row.anonymous, row.id in about))
    return found


async def _running(
    person_ids: Collection[int], actor: Actor, last: Mapping[int, datetime], *, anybody: bool
) -> dict[int, list[_Made]]:
    """Those that are being made, as far as it is told already. `last` is when each person made one before."""
    found: dict[int, list[_Made]] = {}
    now = clock.now()
    for talk in await Conversation.filter(_IN_MAKING, person_id__in=list(person_ids)):
        parked = [frame for one in talk.state.get("parked", ()) for frame in one["frames"]]
        frames = [one for one in (*parked, *talk.state.get("stack", ())) if one["script"] in _MAKING]
        slots = [one.get("slots", {}) for one in frames]
        told = [str(one.get("vars", {}).get("said") or "") for one in frames]
        told += [str(one.get("story") or "") for one in slots]
        nameless = any(one.get("anonymous") == "yes" for one in slots)
        topic = next((str(one["topic"]) for one in slots if one.get("topic")), "")
        about = await _is_about(talk.person_id, topic, "，".join(told), actor, anybody=anybody)
        if nameless or about:
            since = max(now - _LONGEST, last.get(talk.person_id, now - _LONGEST) + _TURN)
            found[talk.person_id] = [_Made(since, now, now, nameless, about, running=True)]
    return found


async def _is_about(person_id: int, topic: str, story: str, actor: Actor, *, anybody: bool) -> bool:
    community_id = await homes.community_of(person_id)
    if community_id is None:
        return False
    whom = await accused.find(community_id, topic or _OF_PEOPLE, story)
    staff = {whom.staff_id, await accused.as_staff(whom.technician_id)} - {None}
    return bool(staff) if anybody else actor.staff_id in staff


async def _ends(complaint_ids: Sequence[int]) -> dict[int, datetime]:
    """When the last thing of each of these happened."""
    if not complaint_ids:
        return {}
    found = Event.filter(subject_kind=SubjectKind.COMPLAINT, subject_id__in=list(complaint_ids))
    return {one.subject_id: one.at for one in await found.order_by("at").only("id", "subject_id", "at")}


async def _scripts(message_ids: Sequence[int]) -> dict[int, set[str]]:
    """Where the bot stood before and after what was heard, for it and for its answer."""
    if not message_ids:
        return {}
    ids = list(message_ids)
    found: dict[int, set[str]] = {}
    for row in await Message.filter(Q(id__in=ids) | Q(answers_id__in=ids)):
        why = row.body.get("why") or {}
        names = {(why.get(part) or {}).get("script", "") for part in ("before", "after")} - {""}
        for number in (row.id, row.answers_id):
            if number:
                found.setdefault(number, set()).update(names)
    return found
