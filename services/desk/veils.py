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
from models.values import Json
from services import accused, clock
from services.accused import Accused
from services.actors import Actor
from services.desk.entries import Entry, Speaker
from services.estate import homes
from services.staff_tasks import HIDDEN_FROM

_MAKING = frozenset({"complaint", "suggestion"})  # scripts
_FOLLOWING = frozenset({"complaint_add", "complaint_progress", "complaint_rate", "complaint_reopen"})
_ROUND = timedelta(hours=1)  # before a complaint, in which other words are of it too
_LONGEST = timedelta(days=3)  # that a script waits for an answer
_LIKELY = 0.1  # chance that words are meant as a complaint, from where they may be
_OF_TURN = re.compile(r"(?:turn|photos:\d+):(\d+)")  # keys of the later parts of an answer
_OF_PEOPLE = "员工"  # taken for the topic until it is told: rather kept from one too many
# Only asked of a few people's talks, which are found by the person.
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
class _Reader:
    """Who reads, as one of the staff and as the technicians they are too. `anybody` of the staff may be it."""

    staff_id: int
    technician_ids: Collection[int]
    anybody: bool

    def is_among(self, whom: Accused) -> bool:
        if self.anybody:
            return bool(whom.staff_id or whom.technician_id)
        return whom.staff_id == self.staff_id or whom.technician_id in self.technician_ids


@dataclass(frozen=True, slots=True)
class _Turn:
    """What the bot made of something that was said: no scripts where it took no part, or stood in none.

    `at` is when it was heard. `follows` is the number of the complaint that was followed, "" for one not told yet,
    None for none. `complains` says whether it may be meant as a complaint, None where nobody asked that.
    """

    at: datetime
    scripts: Collection[str] = ()
    follows: str | None = None
    complains: bool | None = None


@dataclass(frozen=True, slots=True)
class _Made:
    """A complaint in its talk. `since` is when it can have begun, `until` when something was last of it.

    `number` is "" for one that is not made yet: what is said to people meanwhile may be of anything.
    """

    number: str
    since: datetime
    at: datetime
    until: datetime
    nameless: bool
    about: bool

    def has(self, entry: Entry, turn: _Turn) -> bool:
        if not _MAKING.isdisjoint(turn.scripts):
            return self.since < turn.at <= self.at
        if not self.number:
            return False
        if turn.follows is not None and turn.at > self.at:
            return turn.follows in ("", self.number)
        if entry.table == "o" and entry.speaker is Speaker.BOT:
            return False  # of something else
        if entry.table == "e" and not entry.values.get("note"):
            return False
        if self.at - _ROUND < entry.at <= self.at:
            return self._has_before(entry, turn)
        return self.about and not turn.scripts and self.at < entry.at <= self.until

    def _has_before(self, entry: Entry, turn: _Turn) -> bool:
        """Whether something that was said in other ways just before it is of it."""
        if turn.complains is not None:
            return turn.complains
        return self.about or (not turn.scripts and entry.speaker is Speaker.RESIDENT)


@dataclass(frozen=True, slots=True)
class Veils:
    """Of one person's talk, for one reader; false where nothing that was said there is kept from them."""

    person_id: int
    reader: _Reader
    made: Sequence[_Made]

    def __bool__(self) -> bool:
        return bool(self.made)

    @property
    def running(self) -> bool:
        """Whether such a complaint is being made."""
        return any(not one.number for one in self.made)

    def over(self, entry: Entry, turn: _Turn) -> Veil | None:
        found = [one for one in self.made if one.has(entry, turn)]
        if not found:
            return None
        return Veil.NAMELESS if any(one.nameless for one in found) else Veil.ABOUT_READER

    def over_told(self, entry: Entry, complaint: Complaint | None) -> Veil | None:
        """Of what left by itself, and tells of this complaint or of words that one of the staff is not to read."""
        hidden_from = entry.values.get(HIDDEN_FROM)
        if hidden_from and self.reader.is_among(Accused(staff_id=int(hidden_from))):
            return Veil.ABOUT_READER
        if complaint is None:
            return None
        if complaint.anonymous and complaint.person_id == self.person_id:
            return Veil.NAMELESS
        return Veil.ABOUT_READER if self.reader.is_among(_whom(complaint)) else None


async def of_people(
    person_ids: Collection[int], *, actor: Actor, anybody: bool = False
) -> Mapping[int, Veils]:
    """By whose talk it is. `anybody` may read it: then a complaint about any of the staff is kept from all."""
    reader = _Reader(actor.staff_id or 0, await accused.as_technicians(actor), anybody)
    rows = await Complaint.filter(person_id__in=list(person_ids)).order_by("created_at")
    about = {one.id for one in rows if reader.is_among(_whom(one))}
    ends = await _ends(about)
    own: dict[int, list[Complaint]] = {number: [] for number in person_ids}
    for row in rows:
        own[row.person_id].append(row)
    last = {number: theirs[-1].created_at for number, theirs in own.items() if theirs}
    running = await _running(person_ids, reader, last)
    return {
        number: Veils(number, reader, [*_made(theirs, about, ends), *running.get(number, [])])
        for number, theirs in own.items()
    }


async def drawn(entries: Sequence[Entry], person_id: int, *, actor: Actor) -> list[Entry]:
    """With one line instead of what is kept from them, as often as it begins."""
    return lines(entries, await of_entries(entries, person_id, actor=actor))


def lines(entries: Sequence[Entry], over: Mapping[str, Veil]) -> list[Entry]:
    """`over` are the veils over some of them."""
    found: list[Entry] = []
    for veil, group in groupby(entries, key=lambda one: over.get(one.id)):
        first, *others = group
        found += [_line(first, veil)] if veil else [first, *others]
    return found


async def of_entries(entries: Sequence[Entry], person_id: int, *, actor: Actor) -> Mapping[str, Veil]:
    """Of the entries of one talk those that are kept from them, by id."""
    if not entries:
        return {}
    veils = (await of_people([person_id], actor=actor))[person_id]
    return await over([(one, veils) for one in entries])


async def over(read: Iterable[tuple[Entry, Veils]]) -> Mapping[str, Veil]:
    """Of entries of several talks, each with the veils of its own. What somebody wrote they may read."""
    looked_at = [
        (one, veils) for one, veils in read if not one.staff_id or one.staff_id != veils.reader.staff_id
    ]
    told = await _told([one for one, _ in looked_at])
    heard = {one.id: _heard(one) for one, veils in looked_at if veils}
    turns = await _turns([number for number in heard.values() if number])
    found: dict[str, Veil] = {}
    for one, veils in looked_at:
        veil = veils.over_told(one, told.get(one.id)) if one.table == "o" else None
        if veil := veil or veils.over(one, turns.get(heard.get(one.id, 0), _Turn(one.at))):
            found[one.id] = veil
    return found


def _heard(entry: Entry) -> int:
    """The message of whose turn it is, 0 for what left by itself."""
    if entry.table == "m":
        return entry.number
    found = _OF_TURN.match(entry.key) if entry.table == "o" else None
    return int(found[1]) if found else 0


def _line(entry: Entry, veil: Veil) -> Entry:
    return Entry(entry.table, entry.number, entry.at, Speaker.NEWS, f"veil_{veil}")


def _whom(row: Complaint) -> Accused:
    return Accused(row.about_staff_id, row.about_technician_id)


async def _told(entries: Iterable[Entry]) -> dict[str, Complaint]:
    """The complaints that are told of by their numbers, by the entry."""
    numbers = {
        one.id: str(one.values["number"]) for one in entries if one.table == "o" and one.values.get("number")
    }
    if not numbers:
        return {}
    rows = {one.number: one for one in await Complaint.filter(number__in=sorted(set(numbers.values())))}
    return {own: rows[number] for own, number in numbers.items() if number in rows}


def _made(rows: Sequence[Complaint], about: Collection[int], ends: Mapping[int, datetime]) -> list[_Made]:
    """Those that are kept from them; each began when the one before was made, at the earliest."""
    found: list[_Made] = []
    before: datetime | None = None
    for row in rows:
        since = max(row.created_at - _LONGEST, before or row.created_at - _LONGEST)
        before = row.created_at
        if row.anonymous or row.id in about:
            until = ends.get(row.id, row.created_at)
            found.append(_Made(row.number, since, row.created_at, until, row.anonymous, row.id in about))
    return found


async def _running(
    person_ids: Collection[int], reader: _Reader, last: Mapping[int, datetime]
) -> dict[int, list[_Made]]:
    """Those that are being made, as far as it is told already. `last` is when each person made one before."""
    talks = await Conversation.filter(_IN_MAKING, person_id__in=list(person_ids)).only(
        "id", "person_id", "state"
    )
    if not talks:
        return {}
    living = await homes.of([one.person_id for one in talks])
    known = {number: await accused.known(number) for number in {one.community_id for one in living.values()}}
    found: dict[int, list[_Made]] = {}
    now = clock.now()
    for talk in talks:
        home, told = living.get(talk.person_id), _draft(talk.state)
        about = home is not None and reader.is_among(known[home.community_id].meant(told.topic, told.story))
        if told.nameless or about:
            since = max(now - _LONGEST, last.get(talk.person_id, now - _LONGEST))
            found[talk.person_id] = [_Made("", since, now, now, told.nameless, about)]
    return found


@dataclass(frozen=True, slots=True)
class _Draft:
    topic: str
    story: str
    nameless: bool


def _draft(state: Json) -> _Draft:
    """What is told already of complaints that are being made."""
    parked = [frame for one in state.get("parked", ()) for frame in one["frames"]]
    frames = [one for one in (*parked, *state.get("stack", ())) if one["script"] in _MAKING]
    slots = [one.get("slots", {}) for one in frames]
    told = [str(one.get("vars", {}).get("said") or "") for one in frames]
    told += [str(one.get("story") or "") for one in slots]
    topic = next((str(one["topic"]) for one in slots if one.get("topic")), _OF_PEOPLE)
    return _Draft(topic, "，".join(told), any(one.get("anonymous") == "yes" for one in slots))


async def _ends(complaint_ids: Collection[int]) -> dict[int, datetime]:
    """When the last thing of each of these happened."""
    if not complaint_ids:
        return {}
    found = Event.filter(subject_kind=SubjectKind.COMPLAINT, subject_id__in=list(complaint_ids))
    return {one.subject_id: one.at for one in await found.order_by("at").only("id", "subject_id", "at")}


async def _turns(message_ids: Collection[int]) -> dict[int, _Turn]:
    """What the bot made of what was heard, by the message and by its answer."""
    if not message_ids:
        return {}
    ids = list(message_ids)
    found: dict[int, _Turn] = {}
    for row in await Message.filter(Q(id__in=ids) | Q(answers_id__in=ids)).select_related("answers"):
        if why := row.body.get("why"):
            turn = _turn(row.answers.created_at if row.answers else row.created_at, why)
            found |= {number: turn for number in (row.id, row.answers_id) if number}
    return found


def _turn(at: datetime, why: Json) -> _Turn:
    """What was said while a complaint was followed is not of it once it leads to another script."""
    places = [why[part] for part in ("before", "after") if why.get(part)]
    scripts = {one["script"] for one in places}
    follows = places[-1].get("number", "") if places and places[-1]["script"] in _FOLLOWING else None
    ranking = why.get("ranking")
    complains = any(intent in _MAKING and score >= _LIKELY for intent, score in ranking) if ranking else None
    return _Turn(at, scripts, follows, complains)
