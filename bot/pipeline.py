"""One message, start to end: one transaction, one stored reply, whoever delivers it and however often."""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, cast

from bot import store
from bot.effects import DatabaseEffects
from bot.queues import Lines
from bot.scripts.bot import Bot
from bot.store import Connection, Handled, Loaded, Queued
from bot.talk import taps
from bot.talk.held import goes_on_beside, held
from bot.talk.router import route
from bot.talk.state import Frame, State
from bot.talk.talk import Talk
from bot.turn import Heard, Turn
from bot.understanding import Understander
from bot.values import PAID, Inbound, Kind, Reply
from bot.why import Rule, Why
from models.conversations import Hold
from services import actors, clock, work
from services.delivery import masses, media, undelivered
from services.delivery.windows import Allowance
from services.desk import held_replies
from services.estate import people

QUIET = timedelta(seconds=1.5)  # a burst of photos is over when none came for so long
AFTER_REPLY = timedelta(seconds=0.5)  # what did not fit the answer follows it, not before it

WORDLESS = (Kind.SILENT, Kind.DELIVERY, Kind.UNFOLLOW)  # nobody waits for an answer to these
MEDIA = (Kind.IMAGE, Kind.VOICE, Kind.VIDEO)
# What somebody says: it waits for an answer, and ends what waited for their next word.
SAID = frozenset((Kind.TEXT, *MEDIA, Kind.LOCATION, Kind.LINK, Kind.OTHER))


_PASSED_ON = 1000  # messages of which is remembered that another process should have them


class Allowances(Protocol):
    """How long and how often a channel lets us write by ourselves after an act; None when it opens nothing."""

    def after(self, kind: Kind, *, tapped: bool, paid: bool = False) -> Allowance | None: ...


@dataclass(frozen=True, slots=True)
class Answered:
    """`reply` is what the channel answers now; None means nothing."""

    reply: Reply | None
    duplicate: bool = False
    rule: str = ""  # the branch of the router that took the message


class OtherReleaseError(RuntimeError):
    """The talk stands in a script that only another release can run: when it is pushed again, that one may get it."""


class Pipeline:
    """Shared by all requests of a process. `bot` and `understander` may be replaced while it works.

    `split` cuts a reply into pieces that each fit one answer of the channel. `allowances` says how long and how often
    the channel lets us write after each kind of act. `wake` passes on, after the commit, which workers to wake.
    `renew` puts the newest bot in place: another process may have begun a talk on a version we did not read yet.
    """

    def __init__(
        self,
        bot: Bot,
        understander: Understander,
        *,
        split: Callable[[Reply], list[Reply]],
        allowances: Allowances,
        wake: Callable[[Iterable[str]], None],
        renew: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        self.bot = bot
        self.understander = understander
        self._split = split
        self._allowances = allowances
        self._wake = wake
        self._renew = renew
        self._lines = Lines()
        self._passed_on: deque[str] = deque(maxlen=_PASSED_ON)

    async def handle(self, inbound: Inbound) -> Answered:
        """Handle a push, or find what was answered to it before. Anything raised means nothing happened."""
        async with self._lines.of(inbound.person):
            return await self._transaction(inbound)

    async def apologise(self, inbound: Inbound) -> Answered:
        """After a turn that failed by a fault of ours: keep the message, leave the talk as it was, and say so."""
        now = clock.now()
        async with self._lines.of(inbound.person), work.unit(wake=self._wake) as client:
            connection = cast(Connection, client._connection)
            loaded = await _met(connection, inbound, now)
            if isinstance(loaded, Handled):
                return Answered(loaded.reply, duplicate=True)
            speaks = loaded.hold is Hold.BOT and inbound.kind not in WORDLESS
            sorry = self.bot.phrases.reply("bot.error", {}, variant=loaded.message_id)
            reply = loaded.number(sorry) if speaks else None
            self._opened(loaded, inbound, tapped=bool(inbound.tapped), now=now)
            why = Why(rule=Rule.FAILED)
            spoke = inbound.kind in SAID
            await store.save(
                connection,
                loaded,
                reply=reply,
                state=loaded.state,
                why=why,
                nudge_at=None,
                now=now,
                spoke=spoke,
            )
            return Answered(reply, rule=why.rule)

    async def _transaction(self, inbound: Inbound) -> Answered:
        now = clock.now()
        async with work.unit(wake=self._wake) as client:
            connection = cast(Connection, client._connection)
            loaded = await _met(connection, inbound, now)
            if isinstance(loaded, Handled):
                return Answered(loaded.reply, duplicate=True)
            return await self._turn(connection, loaded, inbound, now)

    def _pass_on(self, inbound: Inbound, state: State) -> None:
        """Raises OtherReleaseError once; whoever gets it again answers, and what only the other could run is over."""
        other = _left_out(self.bot, state)
        if other and inbound.external_id not in self._passed_on:
            self._passed_on.append(inbound.external_id)
            raise OtherReleaseError(other)

    async def _turn(
        self, connection: Connection, loaded: Loaded, inbound: Inbound, now: datetime
    ) -> Answered:
        state = State.of(loaded.state)
        if self._renew and not _knows(self.bot, state):
            await self._renew()
        self._pass_on(inbound, state)
        talk = await self._talk(connection, loaded, inbound, state, now)
        newest = await _follows(loaded, inbound, state)
        if inbound.kind is Kind.DELIVERY:
            await _reported(inbound.extra)
        tapped = await _decided(talk, loaded)
        reply, queued = self._compose(talk, loaded, now)
        if not talk.loud or queued:
            await store.queue(connection, loaded.who.id, queued, now)
            work.wake("deliver")
        if talk.loud and state.burst:
            await store.take_back(connection, state.burst)
            state.burst = ""
        if inbound.kind not in (Kind.SILENT, Kind.DELIVERY):
            state.heard_at = now
        state.keep_of(talk.turn.person, now)
        if newest or inbound.kind is not Kind.UNFOLLOW:
            self._opened(loaded, inbound, tapped=tapped or bool(talk.turn.heard.option_id), now=now)
        why, nudge_at, said = talk.turn.why, _nudge_at(talk, now), inbound.kind in SAID
        await store.save(
            connection,
            loaded,
            reply=reply,
            state=state.row(),
            why=why,
            nudge_at=nudge_at,
            now=now,
            spoke=said and talk.turn.for_people,
        )
        if loaded.replies_held and said:
            await held_replies.release(loaded.conversation_id)
        work.wake("desk")
        return Answered(reply, rule=why.rule)

    def _opened(self, loaded: Loaded, inbound: Inbound, *, tapped: bool, now: datetime) -> None:
        """Keep in the ledger for how long and how often the person may now be written to."""
        if inbound.kind is Kind.UNFOLLOW:
            loaded.windows.shut(now)
        elif allowance := self._allowances.after(inbound.kind, tapped=tapped, paid=PAID in inbound.extra):
            loaded.windows.refresh(allowance, now)

    async def _talk(
        self, connection: Connection, loaded: Loaded, inbound: Inbound, state: State, now: datetime
    ) -> Talk:
        heard = Heard(
            inbound.kind,
            text=inbound.text,
            tapped=inbound.tapped,
            key=inbound.key,
            media=await _media(inbound, loaded.who.id),
            place=inbound.text if inbound.kind is Kind.LOCATION else "",
            understand=lambda text: self.understander.understand(text, clock.local(now)),
            read=self.understander.acts,
            spell=self.understander.pinyin.read,
            read_deeds=self.understander.technician if loaded.who.technician_id else None,
        )
        who = state.told_by(loaded.who, now)
        turn = Turn(who, heard, now, loaded.message_id, loaded.conversation_id)
        return Talk(self.bot, turn, state, DatabaseEffects(self.bot.registry, connection, loaded.pushed))

    def _compose(self, talk: Talk, loaded: Loaded, now: datetime) -> tuple[Reply | None, list[Queued]]:
        """What is answered now and what follows by the outbox."""
        # Numbered before they are cut, for the numbers take room.
        replies = [loaded.number(one) for one in merged(talk.turn.replies)]
        messages = [piece for one in replies for piece in self._split(one)]
        messages = _varied(talk, messages)
        if not messages:
            return None, []
        if not talk.loud:
            return None, self._settling(talk, loaded, messages, now)
        if len(messages) == 1 and not messages[0].image:
            return messages[0], []
        # A picture has to be brought to the channel first, which is a worker's work: words are answered before it.
        words = [one for one in messages if not one.image]
        first, rest = (
            (words[0], [one for one in messages if one is not words[0]]) if words else (None, messages)
        )
        later = [
            Queued(f"turn:{loaded.message_id}:{number}", one, now + AFTER_REPLY)
            for number, one in enumerate(rest, 1)
        ]
        return first, later

    def _settling(self, talk: Talk, loaded: Loaded, messages: list[Reply], now: datetime) -> list[Queued]:
        """One answer to a burst of photos, sent when it is over; each photo replaces what it will say."""
        state = talk.state
        if not (state.burst and state.burst_at and now - state.burst_at < QUIET):
            state.burst = f"photos:{loaded.conversation_id}:{loaded.message_id}"
        state.burst_at = now
        return [
            Queued(state.burst if number == 0 else f"{state.burst}:{number}", one, now + QUIET)
            for number, one in enumerate(messages)
        ]


async def _follows(loaded: Loaded, inbound: Inbound, state: State) -> bool:
    """Keep whether the person follows: who does anything does, until they leave. False for news that is old.

    Pushes may come late or not at all, so that an act is as good a word as the event; what happened last counts.
    """
    if inbound.kind in (Kind.SILENT, Kind.DELIVERY):
        return False
    if state.acted_at and inbound.sent_at < state.acted_at:
        return False
    state.acted_at = inbound.sent_at
    following = inbound.kind is not Kind.UNFOLLOW
    who = actors.person(loaded.who.id)
    if following and not loaded.following:
        await people.follow(who.id, actor=who)
    elif loaded.following and not following:
        await people.unfollow(who.id, actor=who)
    return True


def _knows(bot: Bot, state: State) -> bool:
    """Whether every talk of this person is on a version that is at hand."""
    return all(bot.catalogue.version(frame.script, frame.version) for frame in _frames(state))


def _left_out(bot: Bot, state: State) -> str:
    """A script of this person's talks that only another release can go on with; "" for none."""
    found = (one for one in _frames(state) if bot.catalogue.leaves_out(one.script, one.version))
    return next((f"{one.script} {one.version}" for one in found), "")


def _frames(state: State) -> list[Frame]:
    return [*state.stack, *(frame for one in state.parked for frame in one.frames)]


async def _met(connection: Connection, inbound: Inbound, now: datetime) -> Loaded | Handled:
    """The conversation under its lock, made first for somebody new."""
    loaded = await store.load(connection, inbound, now)
    if loaded is None:
        await people.meet(inbound.person, channel=inbound.channel)
        loaded = await store.load(connection, inbound, now)
        assert loaded is not None
    return loaded


def merged(replies: list[Reply]) -> list[Reply]:
    """Texts that follow each other become one message; a picture or a card stays one of its own."""
    found: list[Reply] = []
    for one in replies:
        alone = bool(one.image or one.article)
        if found and not alone and not (found[-1].image or found[-1].article):
            before = found[-1]
            earlier = [option for option in before.options if option not in one.options]  # none twice
            found[-1] = Reply(f"{before.text}\n\n{one.text}".strip(), (*earlier, *one.options))
        else:
            found.append(one)
    return found


def _varied(talk: Talk, messages: list[Reply]) -> list[Reply]:
    """Never the same words twice in a row: what asks is asked again, what tells is told again."""
    if not messages:
        return messages
    first = messages[0]
    if first.text and first.text == talk.state.last:
        asks = bool(first.options or talk.state.stack) or first.text.endswith("？")
        key = "bot.again" if asks else "bot.told_again"
        again = talk.phrase(key, variant=talk.state.talks + len(talk.state.last)).text
        messages = [replace(first, text=again + first.text), *messages[1:]]
    talk.state.last = messages[0].text
    return messages


async def _decided(talk: Talk, loaded: Loaded) -> bool:
    """Answer the message and note why so. Whether it may have been a tapped option."""
    heard, why = talk.turn.heard, talk.turn.why
    why.before = talk.place
    await taps.recognise(talk)
    tapped = taps.may_be_tapped(talk)
    if heard.kind not in WORDLESS and not await _is_held(talk, loaded):
        await route(talk)
        if loaded.hold is not Hold.BOT:
            goes_on_beside(talk)
    why.after = talk.place
    if meaning := heard.understood:
        why.understood(meaning)
    return tapped


async def _is_held(talk: Talk, loaded: Loaded) -> bool:
    """Whether people have the talk, so that the bot stays out of it."""
    return loaded.hold is not Hold.BOT and await held(talk, loaded.hold)


def _nudge_at(talk: Talk, now: datetime) -> datetime | None:
    if not talk.running:
        return None
    minutes = talk.of(talk.state.stack[0]).script.expiry.nudge
    return now + timedelta(minutes=minutes) if minutes else None


async def _media(inbound: Inbound, person_id: int) -> tuple[int, ...]:
    if inbound.kind not in MEDIA:
        return ()
    return (await media.expect(person_id, kind=inbound.kind.value, media_id=inbound.media_id),)


async def _reported(facts: Mapping[str, str]) -> None:
    """What became of a message that the platform had taken."""
    message, fault = facts.get("message_id", ""), facts.get("fault", "")
    if "missed" in facts:
        await masses.reported(message, fault, int(facts["missed"]))
    else:
        await undelivered.reported(message, fault)
