"""Playing the transcripts that stand in scripts: a talk in memory, effects stubbed, the clock fixed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import orjson

from bot.scripts.bot import Bot
from bot.scripts.format import Line, Script, Transcript
from bot.talk import engine, taps
from bot.talk.router import route
from bot.talk.state import Offered, State
from bot.talk.talk import Done, Talk
from bot.turn import WHO_NAMES, Heard, Turn, Who
from bot.understanding import Understander
from bot.values import Kind, Option, Plain, Reply, numbered
from services import clock


class TranscriptError(Exception):
    """The talk did something the transcript has no stub for, or tapped what was not offered."""


@dataclass(slots=True)
class Stubs:
    """Effects that answer from the transcript. `{each: [...]}` gives one value a call, the last one for ever."""

    values: Mapping[str, Plain]
    person: Who
    quiet: frozenset[str] = (
        frozenset()
    )  # actions that give nothing: they go well unless a stub says otherwise
    calls: dict[str, int] = field(default_factory=dict)
    options: list[Option] = field(default_factory=list)  # every option that was shown, as it was numbered

    def _next(self, name: str) -> Plain:
        if name not in self.values and name in self.quiet:
            return {}
        if name not in self.values:
            raise TranscriptError(f"no stub for {name}")
        value = self.values[name]
        if isinstance(value, dict) and "each" in value:
            several = cast("list[Plain]", value["each"])
            count = self.calls.get(name, 0)
            self.calls[name] = count + 1
            return several[min(count, len(several) - 1)]
        return value

    async def run(self, name: str, turn: Turn, arguments: Mapping[str, Plain]) -> Done:
        value = dict(cast("dict[str, Plain]", self._next(name) or {}))
        if moved := value.pop("person", None):
            self.person = who(cast("dict[str, Plain]", moved))
            turn.person = self.person
        if say := value.pop("say", None):
            turn.say(str(say))
        if error := value.pop("error", None):
            return Done("error", value, error=str(error))
        return Done(str(value.pop("outcome", "ok")), value)

    async def listed(self, name: str, turn: Turn, arguments: Mapping[str, Plain]) -> list[tuple[str, str]]:
        rows = cast("list[list[str]]", self._next(name) or [])
        return [(str(row[0]), str(row[1])) for row in rows]

    async def refreshed(self, turn: Turn) -> Who:
        return self.person

    async def not_understood(self, turn: Turn, script: str, step: str) -> None: ...

    async def lost_photos(self, media: Sequence[int]) -> set[int]:
        return set()

    async def last_offers(self, turn: Turn, since: datetime | None = None) -> list[Offered]:
        return []

    async def shown(self, turn: Turn, *, text: str = "", number: int = 0) -> Offered | None:
        found = (
            one for one in reversed(self.options) if (one.number == number if number else one.text == text)
        )
        return next((Offered(one.text, go=one.id) for one in found), None)


def who(person: Mapping[str, Plain]) -> Who:
    unknown = set(person) - set(WHO_NAMES)
    if unknown:
        raise TranscriptError(f"a person has no {', '.join(sorted(unknown))}")
    return Who(**cast("dict[str, Any]", {"id": 1, **person}))


Returns = Callable[[Option], str]


def whole(option: Option) -> str:
    """What a kind platform gives back of a tapped option: its number."""
    return str(option.number)


@dataclass(slots=True)
class Player:
    """One transcript being played; `log` is the talk as it went, ("me"|"bot", text).

    `returns` says what comes back when an option is tapped: its number, or what a platform makes of it.
    """

    bot: Bot
    understander: Understander
    stubs: Stubs
    now: datetime
    state: State = field(default_factory=State)
    offered: list[Option] = field(default_factory=list)
    returns: Returns = whole
    media: int = 0
    log: list[tuple[str, str]] = field(default_factory=list)

    async def begin(self, script: str, slots: Mapping[str, Plain]) -> list[Reply]:
        async def start(talk: Talk) -> None:
            await engine.start(talk, script, slots=slots)
            engine.flush(talk)

        return await self._turn(Heard(Kind.TEXT), start)

    async def hear(self, heard: Heard) -> list[Reply]:
        return await self._turn(heard, route)

    async def _turn(self, heard: Heard, act: Callable[[Talk], Awaitable[None]]) -> list[Reply]:
        with clock.fixed(self.now.astimezone(UTC)):
            turn = Turn(self.state.told_by(self.stubs.person, clock.now()), heard, clock.now())
            heard.understand = lambda text: self.understander.understand(text, clock.local(clock.now()))
            heard.read = self.understander.acts
            heard.spell = self.understander.pinyin.read
            heard.read_deeds = self.understander.technician if turn.person.technician_id else None
            talk = Talk(self.bot, turn, self.state, self.stubs)
            await taps.recognise(talk)
            await act(talk)
            self.state.heard_at = clock.now()
            self.state.keep_of(turn.person, clock.now())
            self.state = State.of(orjson.loads(orjson.dumps(self.state.row())))
        self.now += timedelta(seconds=20)
        replies = [self._numbered(reply) for reply in turn.replies]
        self._note(replies)
        return replies

    def _numbered(self, reply: Reply) -> Reply:
        reply = numbered(reply, taps.NUMBERED_FROM + 1 + len(self.stubs.options))
        self.stubs.options += reply.options
        return reply

    def _note(self, replies: list[Reply]) -> None:
        offers = [option for reply in replies for option in reply.options]
        self.offered = offers or self.offered
        self.log += [("bot", spoken(reply)) for reply in replies]

    async def line(self, line: Line) -> list[Reply]:
        self.now += timedelta(minutes=line.wait)
        if line.photo:
            return await self._photos(line.photo)
        heard = self._heard(line)
        self.log.append(("me", heard.text or heard.key))
        return await self.hear(heard)

    async def _photos(self, count: int) -> list[Reply]:
        replies: list[Reply] = []
        for _ in range(count):
            self.media += 1
            self.log.append(("me", "［照片］"))
            replies = await self.hear(Heard(Kind.IMAGE, media=(self.media,)))
        return replies

    def _heard(self, line: Line) -> Heard:
        if line.menu:
            return Heard(Kind.MENU, key=line.menu)
        if line.scan:
            return Heard(Kind.SCAN, key=line.scan)
        if line.tap:
            option = next((one for one in self.offered if line.tap in one.text), None)
            if option is None:
                shown = "、".join(one.text for one in self.offered)
                raise TranscriptError(f"“{line.tap}” is not on offer: {shown}")
            return Heard(Kind.TEXT, option.text, tapped=self.returns(option))
        return Heard(Kind.TEXT, line.me)


def spoken(reply: Reply) -> str:
    """A reply as one text, options numbered."""
    lines = [reply.text, *(f"{number}. {one.text}" for number, one in enumerate(reply.options, 1))]
    return "\n".join(line for line in lines if line)


async def play(
    script: Script, transcript: Transcript, bot: Bot, understander: Understander, *, returns: Returns = whole
) -> tuple[list[str], Player]:
    """What came out otherwise than written, a line each, and the player with the whole talk."""
    player = player_for(transcript, bot, understander, returns=returns)
    problems: list[str] = []
    replies: list[Reply] = []
    try:
        if transcript.slots:
            replies = await player.begin(script.script, transcript.slots)
        for number, line in enumerate(transcript.talk, 1):
            if line.me or line.tap or line.photo or line.menu or line.scan:
                replies = await player.line(line)
            problems += [f"line {number}: {one}" for one in _differs(line, replies, player.state)]
    except TranscriptError as error:
        problems.append(str(error))
    return [f"{script.script}: {transcript.name}: {one}" for one in problems], player


def player_for(
    transcript: Transcript, bot: Bot, understander: Understander, *, returns: Returns = whole
) -> Player:
    quiet = frozenset(name for name, action in bot.registry.actions.items() if not action.gives)
    stubs = Stubs(transcript.stubs, who(transcript.person), quiet)
    return Player(bot, understander, stubs, datetime.fromisoformat(transcript.now), returns=returns)


def _differs(line: Line, replies: list[Reply], state: State) -> list[str]:
    answer = "\n".join(map(spoken, replies))
    found = [f"“{one}” is missing in: {answer}" for one in line.bot if one not in answer]
    found += [f"“{one}” should not be in: {answer}" for one in line.without if one in answer]
    at = state.top.at if state.top else ""
    if line.at and line.at != at:
        found.append(f"the talk waits at {at or 'nothing'}, not {line.at}: {answer}")
    if line.done is not None and line.done == bool(state.stack):
        found.append(f"the talk {'still runs at ' + at if state.stack else 'is over'}: {answer}")
    have = state.top.slots if state.top else {}
    for name, value in (line.slots or {}).items():
        if have.get(name) != value:
            found.append(f"slot {name} is {have.get(name)!r}, not {value!r}")
    return found
