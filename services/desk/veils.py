"""What of a talk is kept from who reads it: a complaint about the reader, and one made without a name.

Services/accused knows whom a complaint is about. What belongs to a complaint are the turns of the scripts in which
it was made and followed, and what was told of it; for whom it is about also what was said round it in other ways.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import groupby
from operator import or_

from tortoise.expressions import Q

from models import rows
from models.complaints import Complaint
from models.conversations import Conversation, Message
from models.events import Event, SubjectKind
from models.values import Json
from services import accused, clock
from services.actors import Actor
from services.desk import said_to_people
from services.desk.entries import Entry, Speaker
from services.desk.veil import MAKING, Made, Reader, Told, Turn, Veil, Veils
from services.estate import homes

_FOLLOWING = frozenset({"complaint_add", "complaint_progress", "complaint_rate", "complaint_reopen"})
_LONGEST = timedelta(days=3)  # that a script waits for an answer
_LIKELY = 0.1  # chance that words are meant as a complaint, from where they may be
_OF_TURN = re.compile(r"(?:turn|photos:\d+):(\d+)")  # keys of the later parts of an answer
_OF_PEOPLE = "员工"  # taken for the topic until it is told: rather kept from one too many
# What somebody complained of stays in their talk, though they were found to be another person.
_COMPLAINTS = """
SELECT c.*, c.person_id AS told_by FROM complaint c WHERE c.person_id = ANY($1::int[])
UNION ALL
SELECT c.*, m.absorbed_id FROM person_merge m
CROSS JOIN LATERAL jsonb_array_elements_text(m.moved->'complaints') AS each (id)
JOIN complaint c ON c.id = each.id::int
WHERE m.absorbed_id = ANY($1::int[]) AND m.undone_at IS NULL
ORDER BY created_at
"""
# Only asked of a few people's talks, which are found by the person.
_IN_MAKING = reduce(
    or_,
    (
        Q(state__contains=stored)
        for name in sorted(MAKING)
        for stored in ({"stack": [{"script": name}]}, {"parked": [{"frames": [{"script": name}]}]})
    ),
)


async def of_people(
    person_ids: Collection[int], *, actor: Actor, anybody: bool = False
) -> Mapping[int, Veils]:
    """By whose talk it is. `anybody` may read it: then a complaint about any of the staff is kept from all."""
    reader = Reader(actor.staff_id or 0, await accused.as_technicians(actor), anybody)
    found = await rows.read(Complaint, _COMPLAINTS, list(person_ids))
    whom = await accused.of(list({row.id: row for row, _ in found}.values()))
    about = {number for number, accused_ones in whom.items() if reader.is_among(accused_ones)}
    ends = await _ends(about)
    own: dict[int, list[Complaint]] = {number: [] for number in person_ids}
    for row, record in found:
        own[record["told_by"]].append(row)
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
        if veil := veil or veils.over(one, turns.get(heard.get(one.id, 0), Turn(one.at))):
            found[one.id] = veil
    rest = [(one, veils) for one, veils in looked_at if one.id not in found]
    return found | dict.fromkeys(await said_to_people.about_reader(rest), Veil.ABOUT_READER)


def _heard(entry: Entry) -> int:
    """The message of whose turn it is, 0 for what left by itself."""
    if entry.table == "m":
        return entry.number
    found = _OF_TURN.match(entry.key) if entry.table == "o" else None
    return int(found[1]) if found else 0


def _line(entry: Entry, veil: Veil) -> Entry:
    return Entry(entry.table, entry.number, entry.at, Speaker.NEWS, f"veil_{veil}")


async def _told(entries: Iterable[Entry]) -> dict[str, Told]:
    """The complaints that are told of by their numbers, by the entry."""
    numbers = {
        one.id: str(one.values["number"]) for one in entries if one.table == "o" and one.values.get("number")
    }
    if not numbers:
        return {}
    found = await Complaint.filter(number__in=sorted(set(numbers.values())))
    about = await accused.of(found)
    told = {one.number: Told(one, about[one.id]) for one in found}
    return {own: told[number] for own, number in numbers.items() if number in told}


def _made(
    complaints: Sequence[Complaint], about: Collection[int], ends: Mapping[int, datetime]
) -> list[Made]:
    """Those that are kept from them; each began when the one before was made, at the earliest."""
    found: list[Made] = []
    before: datetime | None = None
    for row in complaints:
        since = max(row.created_at - _LONGEST, before or row.created_at - _LONGEST)
        before = row.created_at
        if row.anonymous or row.id in about:
            until = ends.get(row.id, row.created_at)
            found.append(Made(row.number, since, row.created_at, until, row.anonymous, row.id in about))
    return found


async def _running(
    person_ids: Collection[int], reader: Reader, last: Mapping[int, datetime]
) -> dict[int, list[Made]]:
    """Those that are being made, as far as it is told already. `last` is when each person made one before."""
    talks = await Conversation.filter(_IN_MAKING, person_id__in=list(person_ids)).only(
        "id", "person_id", "state"
    )
    if not talks:
        return {}
    living = await homes.of([one.person_id for one in talks])
    known = {number: await accused.known(number) for number in {one.community_id for one in living.values()}}
    found: dict[int, list[Made]] = {}
    now = clock.now()
    for talk in talks:
        home, told = living.get(talk.person_id), _draft(talk.state)
        about = home is not None and reader.is_among(known[home.community_id].meant(told.topic, told.story))
        if told.nameless or about:
            since = max(now - _LONGEST, last.get(talk.person_id, now - _LONGEST))
            found[talk.person_id] = [Made("", since, now, now, told.nameless, about)]
    return found


@dataclass(frozen=True, slots=True)
class _Draft:
    topic: str
    story: str
    nameless: bool


def _draft(state: Json) -> _Draft:
    """What is told already of complaints that are being made."""
    parked = [frame for one in state.get("parked", ()) for frame in one["frames"]]
    frames = [one for one in (*parked, *state.get("stack", ())) if one["script"] in MAKING]
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


async def _turns(message_ids: Collection[int]) -> dict[int, Turn]:
    """What the bot made of what was heard, by the message and by its answer."""
    if not message_ids:
        return {}
    ids = list(message_ids)
    found: dict[int, Turn] = {}
    for row in await Message.filter(Q(id__in=ids) | Q(answers_id__in=ids)).select_related("answers"):
        if why := row.body.get("why"):
            turn = _turn(row.answers.created_at if row.answers else row.created_at, why)
            found |= {number: turn for number in (row.id, row.answers_id) if number}
    return found


def _turn(at: datetime, why: Json) -> Turn:
    """What was said while a complaint was followed is not of it once it leads to another script."""
    places = [why[part] for part in ("before", "after") if why.get(part)]
    scripts = {one["script"] for one in places}
    follows = places[-1].get("number", "") if places and places[-1]["script"] in _FOLLOWING else None
    ranking = why.get("ranking")
    complains = any(intent in MAKING and score >= _LIKELY for intent, score in ranking) if ranking else None
    return Turn(at, scripts, follows, complains)
