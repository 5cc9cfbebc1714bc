"""Acting one talk on the real pipeline, worker parts and database, with the clock in hand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tortoise.transactions import in_transaction

from bot.pipeline import Pipeline
from bot.rehearsal.transcript import Returns, whole
from bot.scripts.catalogue import Catalogue
from bot.values import Inbound, Kind
from commands.rehearsal.phones import Phones, Shown
from commands.rehearsal.scenes import Line, Scene
from commands.rehearsal.staff import ACTS, TOLD
from models.conversations import Conversation, Hold
from models.outbox import Outbox, OutboxStatus
from models.people import Person
from models.timers import Timer
from services import clock, work
from services.delivery import claiming
from workers import schedules
from workers.delivery import Delivery
from workers.nudges import Nudges

STEP = timedelta(seconds=20)  # between two messages
_PREFIX = "o_demo_"
_SENDS = {
    "voice": Kind.VOICE,
    "video": Kind.VIDEO,
    "location": Kind.LOCATION,
    "link": Kind.LINK,
    "other": Kind.OTHER,
}


class _CurtainError(Exception):
    """Ends a talk's transaction, so that the next one finds the demo as it was."""


@dataclass(frozen=True, slots=True)
class Played:
    scene: Scene
    log: list[Shown]
    names: dict[str, str]  # openid → name
    problems: list[str]


@dataclass(slots=True)
class Stage:
    """`delivery` makes the worker's sender for the phones of one talk; `returns` says what comes back of a tap."""

    pipeline: Pipeline
    catalogue: Catalogue
    delivery: Callable[[Phones], Delivery]
    names: Mapping[str, str]  # of the demo's people, by openid
    returns: Returns = whole

    async def play(self, scene: Scene) -> Played:
        performance = Performance(self, scene, Phones(), datetime.fromisoformat(scene.now).astimezone(UTC))
        try:
            async with in_transaction():
                await performance.run()
                raise _CurtainError
        except _CurtainError:
            return Played(scene, performance.phones.log, performance.names(), performance.problems)


@dataclass(slots=True)
class Performance:
    stage: Stage
    scene: Scene
    phones: Phones
    now: datetime
    count: int = 0
    problems: list[str] = field(default_factory=list)

    def names(self) -> dict[str, str]:
        """Of those whose phones are shown."""
        return {person: self.stage.names[person] for person in self.phones.people}

    async def run(self) -> None:
        self.phones.people = {
            _PREFIX + name
            for name in {self.scene.who, *(one.by for one in (*self.scene.before, *self.scene.talk))}
            if name
        }
        for line in self.scene.before:
            await self._act(line)
        self.phones.log.clear()
        for number, line in enumerate(self.scene.talk, 1):
            before = len(self.phones.log)
            try:
                await self._act(line)
            except AssertionError as error:
                self.problems.append(f"line {number}: {error}")
                return
            self._compare(number, line, self.phones.log[before:])
        await self._ends_well()

    async def _act(self, line: Line) -> None:
        person = _PREFIX + (line.by or self.scene.who)
        if line.wait:
            await self._wait(timedelta(minutes=line.wait))
        if line.staff:
            await self._staff(line, person)
        for inbound in self._inbound(line, person):
            await self._hear(inbound)
        await self._settle()

    async def _staff(self, line: Line, person: str) -> None:
        if line.text and line.staff not in TOLD:
            self.phones.said("staff", line.text)
        with clock.fixed(self.now):
            async with work.unit():
                await ACTS[line.staff]((await Person.get(channel_id=person)).id, line.text)

    def _inbound(self, line: Line, person: str) -> list[Inbound]:
        if line.photo:
            return [self._one(person, Kind.IMAGE, "［照片］") for _ in range(line.photo)]
        if line.me:
            return [self._one(person, Kind.TEXT, line.me, text=line.me)]
        if line.tap:
            option = self.phones.option(person, line.tap)
            assert option, f"“{line.tap}” is not on offer"
            return [
                self._one(person, Kind.TEXT, option.text, text=option.text, tapped=self.stage.returns(option))
            ]
        if line.menu:
            return [self._one(person, Kind.MENU, f"［菜单：{line.text or line.menu}］", key=line.menu)]
        if line.scan or line.follow:
            kind, said = (Kind.FOLLOW, "［关注］") if line.follow else (Kind.SCAN, "［扫码］")
            return [self._one(person, kind, said, key=line.scan)]
        if line.send:
            shown = {
                "voice": "［语音］",
                "video": "［视频］",
                "location": f"［位置：{line.text}］",
                "link": "［链接］",
            }
            return [self._one(person, _SENDS[line.send], shown.get(line.send, "［表情］"), text=line.text)]
        return []

    def _one(
        self, person: str, kind: Kind, shown: str, *, text: str = "", tapped: str = "", key: str = ""
    ) -> Inbound:
        self.count += 1
        self.now += STEP if kind is not Kind.IMAGE else timedelta(milliseconds=400)
        self.phones.said(person, shown)
        number = f"{self.scene.script}:{self.scene.title}:{self.count}"
        media = number if kind in (Kind.IMAGE, Kind.VOICE, Kind.VIDEO) else ""
        return Inbound(number, person, kind, self.now, text=text, tapped=tapped, key=key, media_id=media)

    async def _hear(self, inbound: Inbound) -> None:
        with clock.fixed(self.now):
            answered = await self.stage.pipeline.handle(inbound)
        if answered.reply:
            self.phones.show(inbound.person, answered.reply)

    async def _wait(self, time: timedelta) -> None:
        """Let the time pass from one thing that is due to the next."""
        until = self.now + time
        shown_at = self.now
        while (due := await _next_due(self.now, until)) is not None:
            place = len(self.phones.log)
            self.now = due
            await self._settle()
            if len(self.phones.log) > place:
                self.phones.log.insert(place, Shown("time", _moment(shown_at, due)))
                shown_at = due
        if until - shown_at >= timedelta(minutes=1):
            self.phones.said("time", _moment(shown_at, until))
        self.now = until

    async def _settle(self) -> None:
        """What the worker does by now: timers, reminders, deliveries; a few seconds at most."""
        delivery, nudges = self.stage.delivery(self.phones), Nudges(self.stage.catalogue)
        for _ in range(12):
            self.now += timedelta(seconds=1)
            with clock.fixed(self.now):
                busy = await schedules.run_due() + await nudges.run()
                rows = await claiming.claim(20)
                for row in rows:
                    await delivery.deliver(row)
            if not busy and not rows and not await _coming(self.now):
                return

    def _compare(self, number: int, line: Line, shown: list[Shown]) -> None:
        told = [one for one in shown if one.speaker == "bot"]
        seen = "\n".join(one.text + "".join(f"\n{option.text}" for option in one.options) for one in told)
        self.problems += [
            f"line {number}: “{one}” is missing in: {seen}" for one in line.bot if one not in seen
        ]
        self.problems += [
            f"line {number}: “{one}” should not be in: {seen}" for one in line.without if one in seen
        ]

    async def _ends_well(self) -> None:
        """Nothing is left open, and the last words are not the bot's apology."""
        talk = await Conversation.get(person__channel_id=_PREFIX + self.scene.who)
        if talk.hold is Hold.BOT and talk.state.get("stack") and not self.scene.open_end:
            self.problems.append("the talk ends in the middle of a question")
        failed = await Outbox.filter(status=OutboxStatus.FAILED, person_id=talk.person_id).count()
        if failed:
            self.problems.append(f"{failed} messages did not arrive")


async def _next_due(after: datetime, until: datetime) -> datetime | None:
    timer = await Timer.filter(due_at__gt=after, due_at__lte=until).order_by("due_at").first()
    talk = await Conversation.filter(nudge_at__gt=after, nudge_at__lte=until).order_by("nudge_at").first()
    times = [timer.due_at if timer else None, talk.nudge_at if talk else None]
    return min((one for one in times if one), default=None)


async def _coming(now: datetime) -> bool:
    """Whether a message leaves within seconds: what did not fit an answer, the answer to a burst of photos."""
    soon = now + timedelta(seconds=5)
    return await Outbox.filter(status=OutboxStatus.PENDING, not_before__lte=soon).exists()


def _moment(before: datetime, now: datetime) -> str:
    """Minutes later on the same morning, else the day and the hour."""
    minutes = int((now - before).total_seconds() // 60)
    days = (clock.local(now).date() - clock.local(before).date()).days
    if minutes < 60:
        return f"{minutes}分钟后"
    day = {0: "当天", 1: "第二天"}.get(days, f"{days}天后")
    return f"{day} {clock.local(now):%H:%M}"
