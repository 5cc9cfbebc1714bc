"""One turn of a talk: the frames on the stack, what names mean in them, and what is being answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar, cast

from bot.scripts import conditions, texts
from bot.scripts.bot import Bot
from bot.scripts.catalogue import Compiled
from bot.scripts.format import Slot, SlotType, Step
from bot.talk.state import Frame, Offered, State
from bot.turn import Turn, Who
from bot.values import Option, Plain, Reply
from bot.why import Place, Rule

T = TypeVar("T")


class Effects(Protocol):
    """What a turn may do beyond its own row; transcripts put stubs here."""

    async def run(self, name: str, turn: Turn, arguments: Mapping[str, Plain]) -> "Done": ...

    async def listed(
        self, name: str, turn: Turn, arguments: Mapping[str, Plain]
    ) -> list[tuple[str, str]]: ...

    async def refreshed(self, turn: Turn) -> Who: ...

    async def not_understood(self, turn: Turn, script: str, step: str) -> None: ...

    async def lost_photos(self, media: Sequence[int]) -> set[int]:
        """Those that turned out to be none."""
        ...

    async def last_offers(self, turn: Turn, since: datetime | None = None) -> list[Offered]:
        """Options of the newest message that was pushed to the person, if it came after `since`."""
        ...

    async def shown(self, turn: Turn, *, text: str = "", number: int = 0) -> Offered | None:
        """The option of this number, or the newest of these words, that the person was shown in the last 30 days."""
        ...


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an action: its outcome, or the phrase of a DomainError."""

    outcome: str
    values: Mapping[str, Plain]
    error: str = ""
    extra: Reply | None = None


@dataclass(slots=True)
class Talk:
    bot: Bot
    turn: Turn
    state: State
    effects: Effects
    loud: bool = True  # False: the answer waits for a burst of photos to end
    notes: list[str] = field(default_factory=list)  # words to put before the next question
    _frame: Frame | None = None
    _mine: tuple[Who, dict[str, Plain]] | None = None
    _facts: tuple[Who, dict[str, Plain]] | None = None
    _compiled: Compiled = field(init=False)
    _found: dict[str, object] = field(default_factory=dict)
    _lists: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)

    def once(self, name: str, find: Callable[[], T]) -> T:
        """What `find` gives; found once while the readings of a message are weighed, which changes nothing."""
        if name not in self._found:
            self._found[name] = find()
        return cast(T, self._found[name])

    def weigh_anew(self) -> None:
        """Whatever was found may be different now."""
        self._found.clear()

    @property
    def frame(self) -> Frame:
        return self.state.stack[-1]

    @property
    def compiled(self) -> Compiled:
        frame = self.state.stack[-1]
        if frame is not self._frame:  # asked for dozens of times per turn
            self._frame, self._compiled = frame, self.of(frame)
        return self._compiled

    @property
    def step(self) -> Step:
        frame = self.state.stack[-1]
        found = self._compiled if frame is self._frame else self.compiled
        return found.steps[frame.at]

    def took(self, rule: Rule) -> None:
        """Note which branch takes the message; the last one that is noted counts."""
        self.turn.why.rule = rule

    @property
    def place(self) -> Place | None:
        """Where the talk stands. Scripts that follow a matter keep its number in the slot `number` or as `no`."""
        top = self.state.top
        if top is None:
            return None
        number = top.slots.get("number") or top.vars.get("no") or ""
        return Place(top.script, top.version, top.at, str(number))

    @property
    def running(self) -> bool:
        return bool(self.state.stack)

    def of(self, frame: Frame) -> Compiled:
        found = self.bot.catalogue.version(frame.script, frame.version)
        assert found is not None, (
            f"{frame.script} version {frame.version} is gone"
        )  # the router drops such talks
        return found

    def names(self) -> dict[str, Mapping[str, Plain]]:
        """As CEL sees them: slots and variables that were not given yet are null."""
        frame, compiled, who = self.frame, self.compiled, self.turn.person
        if self._facts is None or self._facts[0] is not who:
            self._facts = (who, who.names())
        return {
            "slots": {**compiled.unfilled, **frame.slots},
            "vars": {**compiled.unset, **frame.vars, "answered": len(frame.path)},
            "person": self._facts[1],
        }

    def holds(self, condition: str) -> bool:
        return not condition or conditions.holds(condition, self.names())

    def arguments(self, step: Step) -> dict[str, Plain]:
        """What `with` of a step hands to its action, source or called script."""
        names = self.names()
        return {name: conditions.value(expression, names) for name, expression in step.with_.items()}

    async def listed(self, slot_name: str) -> list[tuple[str, str]]:
        """What the source of a slot lists, asked with the arguments of the step that collects it."""
        step = self.compiled.script.collector(slot_name)
        source = self.compiled.script.slots[slot_name].source
        return await self.sourced(source, self.arguments(step) if step else {})

    async def sourced(self, source: str, arguments: Mapping[str, Plain]) -> list[tuple[str, str]]:
        """What a source lists, asked once a turn: many readings of a message look at the same list."""
        key = (source, repr(sorted(arguments.items())))
        if key not in self._lists:
            self._lists[key] = await self.effects.listed(source, self.turn, arguments)
        return self._lists[key]

    def fill(self, text: str) -> str:
        """A text of the running script with its names filled."""
        if "{" not in text:
            return text
        return texts.tidy(texts.fill(text, self.values(), self.frame.shown))

    def link(self, text: str) -> str:
        """An option's id or value, filled with what slots hold instead of the words they show."""
        if "{" not in text:
            return text
        values = self.values()
        if text.startswith("s:"):
            values = {name: _inert(values.get(name)) for name in texts.names(text)}
        return texts.fill(text, values)

    def values(self) -> dict[str, Plain]:
        who = self.turn.person
        if self._mine is None or self._mine[0] is not who:
            self._mine = (who, self._named_after(who))
        mine = self._mine[1]
        if not self.state.stack:
            return dict(mine)
        frame = self.frame
        return {**mine, **frame.vars, **frame.slots}

    def _named_after(self, who: Who) -> dict[str, Plain]:
        return {
            "my_name": who.name,
            "my_phone": who.phone,
            "my_house": texts.house(who.house) if who.house else "",
            "my_community": who.community,
            "company": self.bot.company,
        }

    def phrase(self, key: str, values: Mapping[str, Plain] | None = None, *, variant: int = 0) -> Reply:
        if self.bot.phrases.bare(key):
            return self.bot.phrases.reply(key, variant=variant)
        named = self.values()
        named.update(values or {})
        return self.bot.phrases.reply(key, named, variant=variant)

    def say_phrase(self, key: str, values: Mapping[str, Plain] | None = None, *, variant: int = 0) -> None:
        """Answer with a phrase; the options it has can then be typed as numbers too."""
        reply = self.phrase(key, values, variant=variant)
        self.turn.replies.append(reply)
        if reply.options:
            self.state.offers = [Offered(option.text, go=option.id) for option in reply.options]

    def note(self, key: str, values: Mapping[str, Plain] | None = None) -> None:
        """Words that open the next message instead of being one of their own; other ones than were said last."""
        text = self.phrase(key, values).text
        if text in self.state.last:
            text = self.phrase(key, values, variant=1).text
        self.notes.append(text)

    def show(self, text: str, options: list[Option], image: str = "") -> None:
        text = "\n".join([*self.notes, text]) if self.notes else text
        self.notes.clear()
        self.turn.replies.append(Reply(text=text, options=tuple(options), image=image))

    def slot(self, step: Step) -> Slot:
        return self.compiled.script.slots[step.collect]

    def filled(self, name: str) -> bool:
        frame = self.frame
        if name in frame.skipped:
            return True
        held = frame.slots.get(name) is not None
        return held and self.compiled.script.slots[name].type is not SlotType.PHOTOS

    def slots_told(self) -> bool:
        """Whether somebody told anything yet in the running talk."""
        return bool(self.frame.path)

    def skip(self, name: str) -> None:
        self.frame.skipped = [*self.frame.skipped, name]

    def put(self, name: str, value: Plain, shown: str) -> None:
        frame = self.frame
        frame.slots[name] = value
        frame.shown[name] = self._told(name, value) or shown
        asked = bool(frame.path or frame.asked)
        frame.since[name] = len(frame.path) if asked else -1  # what came before any question stays

    def _told(self, name: str, value: Plain) -> str:
        """The words that an option of the slot has for its value in other texts; "" when it has none."""
        for one in self.compiled.script.slots[name].options:
            if one.told and one.value == value:
                return self.fill(one.told)
        return ""

    def forget_since(self, length: int) -> None:
        """Empty what was filled since so many questions had been answered, photos aside: they were sent, not said."""
        since = self.frame.since
        for name, slot in self.compiled.script.slots.items():
            if slot.type is not SlotType.PHOTOS and since.get(name, -1) >= length:
                self.clear(name)

    def remember(self) -> None:
        """Keep what 上一步 has to bring back, now that a repeated question was answered."""
        frame = self.frame
        frame.before = [*frame.before[-19:], {"vars": dict(frame.vars), "skipped": frame.skipped}]

    def recall(self) -> None:
        """Bring back what was kept at the repeated question that 上一步 leads to."""
        frame = self.frame
        if frame.before:
            kept = frame.before.pop()
            frame.vars, frame.skipped = kept["vars"], kept["skipped"]

    def words(self, name: str) -> str:
        """What a slot holds, as it reads now: 后天 of a draft is 明天 when it is taken up again."""
        value = self.frame.slots.get(name)
        if value is not None and self.compiled.script.slots[name].type is SlotType.TIME:
            return texts.when(value)
        return self.frame.shown.get(name, "")

    def clear(self, name: str) -> None:
        self.frame.slots.pop(name, None)
        self.frame.shown.pop(name, None)
        self.frame.skipped = [one for one in self.frame.skipped if one != name]


_STEERS = str.maketrans("&=+%#;", "＆＝＋％＃；")


def _inert(value: Plain) -> Plain:
    """Words that cannot end the value they stand in."""
    return value.translate(_STEERS) if isinstance(value, str) else value
