"""What is kept from one reader of one talk, and of what is said there it covers: values that `veils` finds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.complaints import Complaint
from services import staff_tasks
from services.accusing import Accused
from services.desk.entries import Entry, Speaker

MAKING = frozenset({"complaint", "suggestion"})  # scripts
_ROUND = timedelta(hours=1)  # before a complaint, in which other words are of it too


class Veil(StrEnum):
    """Why something is not shown: the line `desk.veil_<value>` stands for it."""

    ABOUT_READER = "about_reader"
    NAMELESS = "nameless"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, as one of the staff and as the technicians they are too. `anybody` of the staff may be it."""

    staff_id: int
    technician_ids: Collection[int]
    anybody: bool

    def is_among(self, whom: Accused) -> bool:
        if self.anybody:
            return bool(whom)
        return self.staff_id in whom.staff or not whom.technicians.isdisjoint(self.technician_ids)


@dataclass(frozen=True, slots=True)
class Turn:
    """What the bot made of something that was said: no scripts where it took no part, or stood in none.

    `at` is when it was heard. `follows` is the number of the complaint that was followed, "" for one not told yet,
    None for none. `complains` says whether it may be meant as a complaint, None where nobody asked that.
    """

    at: datetime
    scripts: Collection[str] = ()
    follows: str | None = None
    complains: bool | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A complaint in its talk. `since` is when it can have begun, `until` when something was last of it.

    `number` is "" for one that is not made yet: what is said to people meanwhile may be of anything.
    """

    number: str
    since: datetime
    at: datetime
    until: datetime
    nameless: bool
    about: bool

    def has(self, entry: Entry, turn: Turn) -> bool:
        if not MAKING.isdisjoint(turn.scripts):
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

    def _has_before(self, entry: Entry, turn: Turn) -> bool:
        """Whether something that was said in other ways just before it is of it."""
        if turn.complains is not None:
            return turn.complains
        return self.about or (not turn.scripts and entry.speaker is Speaker.RESIDENT)


@dataclass(frozen=True, slots=True)
class Told:
    """The complaint that something tells of, and whom it is or may be about."""

    complaint: Complaint
    about: Accused


@dataclass(frozen=True, slots=True)
class Veils:
    """Of one person's talk, for one reader; false where nothing that was said there is kept from them."""

    person_id: int
    reader: Reader
    made: Sequence[Made]

    def __bool__(self) -> bool:
        return bool(self.made)

    @property
    def running(self) -> bool:
        """Whether such a complaint is being made."""
        return any(not one.number for one in self.made)

    def over(self, entry: Entry, turn: Turn) -> Veil | None:
        found = [one for one in self.made if one.has(entry, turn)]
        if not found:
            return None
        return Veil.NAMELESS if any(one.nameless for one in found) else Veil.ABOUT_READER

    def over_told(self, entry: Entry, of: Told | None) -> Veil | None:
        """Of what left by itself, and tells of this complaint or of words that some of the staff are not to read."""
        if self.reader.is_among(Accused(staff_tasks.hidden_from(entry.values))):
            return Veil.ABOUT_READER
        if of is None:
            return None
        if any(one.nameless and one.number == of.complaint.number for one in self.made):
            return Veil.NAMELESS
        return Veil.ABOUT_READER if self.reader.is_among(of.about) else None
