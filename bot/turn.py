"""What a turn knows: who speaks, what was heard, and what is going to be answered."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import TypeVar, cast

from bot.understanding.acts import Acts
from bot.understanding.technicians import Deeds
from bot.understanding.values import Entities, Understanding
from bot.values import Kind, Plain, Reply
from bot.why import Why
from services.estate.homes import Home

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Who:
    """The person of this turn, as read under the conversation's lock."""

    id: int
    channel_id: str = ""
    name: str = ""
    phone: str = ""
    blocked: bool = False
    bound: bool = False
    binding: str = ""  # status of the newest active or pending binding, "" without one
    relation: str = ""
    house_id: int = 0
    house: str = ""  # label, 3-2-501
    community_id: int = 0
    community: str = ""
    technician_id: int = 0
    on_duty: bool = False
    nearby: int = 0  # whoever has no house: the community whose code they scanned, or that they named
    declined: bool = False  # agreed to no binding today; is not asked again beside another matter
    home: Home | None = None  # of the active binding

    @property
    def around(self) -> int:
        """The community in which they live as far as anybody knows; 0 where nobody does."""
        return self.community_id or self.nearby

    def names(self) -> dict[str, Plain]:
        """As conditions see it: person.bound, person.house …"""
        return dict(zip(WHO_NAMES, _facts(self), strict=True))


WHO_NAMES = tuple(name for name in Who.__dataclass_fields__ if name != "home")
_facts = attrgetter(*WHO_NAMES)


@dataclass(slots=True)
class Heard:
    """One thing a person did, ready for the dialogs. Understanding a sentence is put off until somebody asks."""

    kind: Kind
    text: str = ""
    tapped: str = ""  # what came back of a tapped option's number
    option_id: str = ""  # the option that this turned out to be
    key: str = ""
    media: tuple[int, ...] = ()  # rows of MediaFile
    place: str = ""  # label of a shared location
    understand: Callable[[str], Understanding] | None = None
    read: Callable[[str], Acts] | None = None
    read_deeds: Callable[[str], Deeds] | None = None  # of technicians only
    spell: Callable[[str], str | None] | None = None  # the characters of what is written in pinyin
    _understood: Understanding | None = None
    _acts: Acts | None = None
    _deeds: Deeds | None = None

    @property
    def meaning(self) -> Understanding | None:
        if self._understood is None and self.understand and self.text:
            self._understood = self.understand(self.text)
        return self._understood

    @property
    def acts(self) -> Acts | None:
        """What the message does as an answer, whatever is asked; None for what is no text."""
        if self._acts is None and self.read and self.text:
            self._acts = self.read(self.text)
        return self._acts

    @property
    def deeds(self) -> Deeds | None:
        """What a technician's message does with a job; None for everybody else."""
        if self._deeds is None and self.read_deeds and self.text:
            self._deeds = self.read_deeds(self.text)
        return self._deeds

    @property
    def understood(self) -> Understanding | None:
        """The meaning, if anybody asked for it."""
        return self._understood

    def reword(self, text: str) -> None:
        """Hear this sentence instead: what was said earlier, taken up again by tapping an option."""
        self.text, self.tapped, self.option_id = text, "", ""
        self._understood = self._acts = self._deeds = None

    @property
    def entities(self) -> Entities | None:
        meaning = self.meaning
        return meaning.entities if meaning else None


@dataclass(slots=True)
class Turn:
    """Handed to every action. `person` may be refreshed by an action that changed it."""

    person: Who
    heard: Heard
    now: datetime
    message_id: int = 0
    conversation_id: int = 0
    replies: list[Reply] = field(default_factory=list)
    why: Why = field(default_factory=Why)
    for_people: bool = True  # what is said waits for them where they have the talk
    _known: dict[str, object] = field(default_factory=dict)

    async def once(self, name: str, ask: Callable[[], Awaitable[T]]) -> T:
        """What `ask` answers; asked again only after something was changed. Several steps look at the same rows."""
        if name not in self._known:
            self._known[name] = await ask()
        return cast(T, self._known[name])

    def forget(self) -> None:
        """Something was changed."""
        self._known.clear()

    def say(self, text: str) -> None:
        """Words beside the step's own. Scripts say nearly everything; this is for lists that an action makes."""
        self.replies.append(Reply(text=text))
