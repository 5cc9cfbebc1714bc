"""All script versions that talks may be on, compiled once, and what starts the newest of each."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.scripts import check, conditions
from bot.scripts.actions import Registry
from bot.scripts.format import Script, ScriptError, Slot, SlotType, Step, Triggers, read
from bot.scripts.machine import Moves
from bot.turn import Who
from bot.understanding.entities.codes import letter_of
from bot.understanding.technicians import Deed
from bot.values import Plain

_KEPT = 256  # compiled versions: those of a catalogue, several times over
OF_DEEDS = ("materials", "price", "reason")  # what technicians tell of a job, in the words for slots


@dataclass(frozen=True)
class Compiled:
    """One version, ready to run. `variables` are the names that actions and choices of the script may set."""

    script: Script
    version: int
    moves: Moves
    steps: Mapping[str, Step]
    variables: tuple[str, ...]

    @cached_property
    def unfilled(self) -> Mapping[str, Plain]:
        """Every slot, holding nothing."""
        return dict.fromkeys(self.script.slots)

    @cached_property
    def unset(self) -> Mapping[str, Plain]:
        """Every variable, holding nothing."""
        return dict.fromkeys(self.variables)

    @cached_property
    def photos(self) -> str:
        """The slot that takes photos, "" without one."""
        return next((name for name, slot in self.script.slots.items() if slot.type is SlotType.PHOTOS), "")

    @cached_property
    def named(self) -> tuple[tuple[str, Slot], ...]:
        """The slots that what a sentence names can fill."""
        slots = self.script.slots.items()
        return tuple((name, slot) for name, slot in slots if slot.fill not in ("", "said", *OF_DEEDS))


def compiled(script: Script, version: int, registry: Registry) -> Compiled:
    given = {name for step in script.steps if step.do for name in registry.actions[step.do].gives}
    chosen = {step.choose for step in script.steps if step.choose}
    variables = ("said", "intent", "deed", "laid_aside", "outcome", "answered", *sorted(given | chosen))
    return Compiled(script, version, Moves(script), {step.id: step for step in script.steps}, variables)


Version = tuple[str, int]  # the name of a script, and its number


class Catalogue:
    """Immutable. Publishing a version makes a new catalogue that takes this one's place."""

    def __init__(
        self,
        scripts: Iterable[Compiled],
        *,
        left_out: Iterable[Version] = (),
        behind: Collection[Version] = frozenset(),
    ) -> None:
        """`left_out` are versions of another release that this program cannot run. Talks in progress go on with those
        `behind`; new ones begin on them only where there are no others."""
        self._left_out = frozenset(left_out)
        self._all = {(one.script.script, one.version): one for one in scripts}
        newest: dict[str, Compiled] = {}
        for key, one in sorted(self._all.items(), key=lambda item: (item[0] not in behind, item[1].version)):
            newest[key[0]] = one
        self._newest = newest
        self._intents = _by(newest.values(), lambda triggers: triggers.intents)
        self._deeds = _by(newest.values(), lambda triggers: triggers.deeds)
        self._menu = _by(newest.values(), lambda triggers: triggers.menu)
        self._keywords = _by(newest.values(), lambda triggers: triggers.keywords)
        self._numbers = _by(newest.values(), lambda triggers: triggers.numbers)
        self._begins = tuple(word for one in newest.values() for word in one.script.triggers.begins)

    @classmethod
    def of_sources(cls, sources: Iterable[tuple[str, int, str]], registry: Registry) -> "Catalogue":
        """From (name, version, YAML). Raises ScriptError for one that cannot be used."""
        return cls(_compile(name, version, source, registry) for name, version, source in sources)

    def __iter__(self) -> Iterator[Compiled]:
        return iter(self._newest.values())

    def newest(self, name: str) -> Compiled:
        return self._newest[name]

    def knows(self, name: str) -> bool:
        return name in self._newest

    def version(self, name: str, version: int) -> Compiled | None:
        """The very version a talk runs on; None when it was erased."""
        return self._all.get((name, version))

    def leaves_out(self, name: str, version: int) -> bool:
        """Whether it is there, and only another release can go on with it."""
        return (name, version) in self._left_out

    def for_intent(self, intent: str, who: Who) -> Compiled | None:
        return _first(self._intents.get(intent, ()), who)

    def for_deed(self, deed: Deed, who: Who) -> Compiled | None:
        return _first(self._deeds.get(deed, ()), who)

    def for_menu(self, key: str, who: Who) -> Compiled | None:
        return _first(self._menu.get(key, ()), who)

    def for_scene(self, scene: str, who: Who) -> Compiled | None:
        return self._where(who, lambda triggers: scene.startswith(triggers.scenes or ("\0",)))

    def for_keyword(self, text: str, who: Who) -> Compiled | None:
        found = _first(self._keywords.get(text) or self._numbers.get(letter_of(text), ()), who)
        if found or not text.startswith(self._begins):
            return found  # nothing, as for nearly every message, several times a turn
        return self._where(who, lambda triggers: text.startswith(triggers.begins))

    def for_danger(self, who: Who) -> Compiled | None:
        return self._where(who, lambda triggers: triggers.danger)

    def for_follow(self, who: Who) -> Compiled | None:
        return self._where(who, lambda triggers: triggers.follow)

    def for_photo(self, who: Who) -> Compiled | None:
        names = {"person": who.names()}
        return self._where(
            who, lambda triggers: bool(triggers.photo) and conditions.holds(triggers.photo, names)
        )

    def _where(self, who: Who, wanted: Callable[[Triggers], bool]) -> Compiled | None:
        return _first((one for one in self._newest.values() if wanted(one.script.triggers)), who)


def _by(
    scripts: Iterable[Compiled], names: Callable[[Triggers], Iterable[str]]
) -> Mapping[str, Sequence[Compiled]]:
    """The scripts that each name starts, in their order."""
    found: dict[str, list[Compiled]] = {}
    for one in scripts:
        for name in names(one.script.triggers):
            found.setdefault(name, []).append(one)
    return found


def _first(scripts: Iterable[Compiled], who: Who) -> Compiled | None:
    return next((one for one in scripts if _counts_for(one.script, who)), None)


def _counts_for(script: Script, who: Who) -> bool:
    condition = script.triggers.when
    return not condition or conditions.holds(condition, {"person": who.names()})


@lru_cache(_KEPT)
def _compile(name: str, version: int, source: str, registry: Registry) -> Compiled:
    """A source is read once, however many catalogues hold it: reading all takes as long as fifty turns."""
    script = read(source, name=name)
    if faults := list(check.not_run(script, registry)):
        raise ScriptError(name, faults)
    return compiled(script, version, registry)
