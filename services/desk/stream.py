"""One talk as staff read it: residents, bot, staff, notes and news in one order, from the newest back.

What happened stands in four tables. Each is read backwards by its own index from where the page before ended, so
that a talk of any length opens as fast; a `Marker` says how far that is, and also what a page has shown.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.conversations import Conversation
from services.actors import Actor
from services.desk import holding, sources, veils
from services.desk.entries import Entry, State
from services.errors import Invalid

PAGE = 50
_MARKER = re.compile(r"(\d{1,18})\.(\d{1,18})\.(\d{1,18})\.(\d{1,18})")
_ORDER = ("m", "o", "n", "e")  # of the parts of a marker
_Place = tuple[float, int, int]


@dataclass(frozen=True, slots=True)
class Marker:
    """The ids of a message, a message of ours that leaves by itself, a note and an event."""

    message: int = 0
    sent: int = 0
    note: int = 0
    event: int = 0

    def __str__(self) -> str:
        return f"{self.message}.{self.sent}.{self.note}.{self.event}"

    @classmethod
    def of(cls, text: str) -> "Marker":
        """As it was told to a page. Raises Invalid for anything else."""
        found = _MARKER.fullmatch(text)
        if found is None:
            raise Invalid("human.bad_marker")
        return cls(*map(int, found.groups()))


_END = Marker(*(10**18 - 1,) * 4)  # as long as a marker can be told


@dataclass(frozen=True, slots=True)
class Page:
    """`entries` are oldest first; `older` asks for those before them, None when these are the first of all.

    `newest` is what somebody who reads this page has seen.
    """

    entries: list[Entry]
    older: Marker | None
    newest: Marker


@dataclass(frozen=True, slots=True)
class News:
    """`entries` came since a page was read, oldest first; `changed` are others as they stand now.

    `gone` are the ids of those that were taken back.
    """

    entries: list[Entry]
    changed: list[Entry]
    gone: list[str]
    newest: Marker


async def page(
    conversation_id: int, *, actor: Actor, before: Marker | None = None, limit: int = PAGE
) -> Page:
    """The last entries, or those before an earlier page. Raises NotFound outside of their scope."""
    conversation = await holding.seen(conversation_id, actor)
    newest = await newest_of(conversation)  # first: what comes while the others are read counts as not shown
    start = before or _END
    found = _in_order(await _read(conversation, Marker(), start, limit + 1))
    entries = found[-limit:]
    older = _lowest(start, entries) if len(found) > limit else None
    shown = await veils.drawn(entries, conversation.person_id, actor=actor)
    return Page(shown, older, newest)


async def news(
    conversation_id: int,
    after: str,
    *,
    actor: Actor,
    watch: Sequence[int] = (),
    fetching: Sequence[int] = (),
    limit: int = 200,
) -> News:
    """What came after the marker of a page, and how messages stand that the page has: those of ours in `watch`, those
    in `fetching` whose photos were on their way. Raises NotFound, and Invalid for what is no marker.
    """
    conversation = await holding.seen(conversation_id, actor)
    marker = Marker.of(after)  # only now: whose it is matters more than what was asked
    newest = await newest_of(conversation)
    found = await _read(conversation, marker, _END, limit)
    entries = _in_order(found)
    fresh = {one.id for one in entries}
    sent = await sources.sent_by_id(conversation, watch) if watch else []
    heard = await sources.messages_by_id(conversation, fetching) if fetching else []
    gone = [one.id for one in sent if one.state is State.NONE]
    changed = [one for one in (*sent, *heard) if one.id not in fresh and one.id not in gone]
    over = await veils.of_entries([*entries, *changed], conversation.person_id, actor=actor)
    shown = [one for one in changed if one.id not in over]
    return News(veils.lines(entries, over), shown, gone, newest)


async def newest_of(conversation: Conversation) -> Marker:
    return Marker(*await sources.newest(conversation))


async def count_newer(conversation: Conversation, marker: Marker) -> int:
    """How much has been said since, by anybody: residents, bot and staff, notes too."""
    return await sources.count_newer(conversation, marker.message, marker.sent, marker.note)


def _in_order(found: Sequence[Sequence[Entry]]) -> list[Entry]:
    """Of all tables, oldest first."""
    placed: list[tuple[_Place, Entry]] = []
    for number, entries in enumerate(found):
        upper = float("inf")
        for entry in sorted(entries, key=lambda one: -one.number):
            # Ids decide within a table, whatever the clocks said: else a page could begin behind what it left out.
            upper = min(upper, entry.at.timestamp())
            placed.append(((upper, number, entry.number), entry))
    return [entry for _, entry in sorted(placed, key=lambda one: one[0])]


async def _read(conversation: Conversation, after: Marker, before: Marker, limit: int) -> list[list[Entry]]:
    """One after the other: a unit of work has one connection."""
    return [
        await sources.messages(conversation, after.message, before.message, limit),
        await sources.sent(conversation, after.sent, before.sent, limit),
        await sources.notes(conversation, after.note, before.note, limit),
        await sources.news(conversation, after.event, before.event, limit),
    ]


def _lowest(start: Marker, entries: Iterable[Entry]) -> Marker:
    parts = dict(zip(_ORDER, (start.message, start.sent, start.note, start.event), strict=True))
    for entry in entries:
        parts[entry.table] = min(parts[entry.table], entry.number)
    return Marker(*(parts[one] for one in _ORDER))
