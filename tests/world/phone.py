"""People with phones on the shipped scripts, the real pipeline and a real database. The clock is the test's."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.pipeline import Pipeline
from bot.reply_rows import reply_of, reply_row
from bot.understanding import Understander
from bot.values import Inbound, Kind, Option, Reply, numbered
from dialogs import shipped
from dialogs.registry import registry
from models.conversations import Conversation
from models.outbox import Outbox, OutboxStatus
from models.people import Person
from services import clock
from services.delivery import sending
from services.delivery.claiming import Letter
from services.delivery.windows import Allowance, Opening
from services.estate import people
from tests.world.estate import MONDAY_10
from tests.world.handset import Handset
from tests.world.taps import FULL, returned
from wechat.render import split
from workers import schedules

ALLOWANCE = Allowance(Opening.MESSAGE, timedelta(hours=48), 20)


class Generous:
    """Everything that a person does lets us write often."""

    def after(self, kind: Kind, *, tapped: bool, paid: bool = False) -> Allowance | None:
        return ALLOWANCE


@dataclass
class Town:
    """Everybody's phones and the time they show; `taps` is what comes back of a tapped option's number."""

    understander: Understander
    now: datetime = MONDAY_10
    taps: str = FULL
    said: int = 0
    pipeline: Pipeline = field(init=False)

    def __post_init__(self) -> None:
        self.pipeline = Pipeline(
            shipped.bot(registry, company="青禾物业"),
            self.understander,
            split=split,
            allowances=Generous(),
            wake=lambda names: None,
        )

    def phone(self, channel_id: str) -> "Phone":
        return Phone(self, channel_id)

    async def passes(self, **time: float) -> None:
        """Time goes by and the workers do what is due."""
        self.now += timedelta(**time)
        with clock.fixed(self.now):
            while await schedules.run_due():
                pass


@dataclass
class Phone(Handset):
    town: Town
    owner: str
    options: list[Option] = field(default_factory=list)
    messages: list[list[Option]] = field(default_factory=list)  # the options of every message, newest first
    photos: int = 0
    shown: str = ""  # the last thing the phone showed

    def comes_back(self, option: Option) -> str:
        shown = next((one for one in self.messages if option in one), [option])
        return returned(self.town.taps, shown, option)

    async def taps_id(self, option_id: str) -> str:
        """Tap an option with any id at all, as if an earlier message had offered it."""
        number = 500_000 + self.town.said
        option = Option(f"看看{number}", option_id, number=number)
        await Outbox.create(
            key=f"made up:{self.owner}:{number}",
            person_id=(await people.ensure(self.owner)).id,
            payload={"reply": reply_row(Reply(options=(option,)))},
            status=OutboxStatus.SENT,
            not_before=self.town.now,
            sent_at=self.town.now,
        )
        return await self.does(Kind.TEXT, text=option.text, tapped=str(number))

    async def sends_photos(self, count: int) -> str:
        """All at once; the answer comes when the burst is over."""
        for _ in range(count):
            self.photos += 1
            await self.does(Kind.IMAGE, media_id=f"{self.owner}-{self.photos}")
        self.town.now += timedelta(seconds=2)
        return await self.reads()

    async def reads(self) -> str:
        """What was pushed to the phone since the last look, as one text."""
        with clock.fixed(self.town.now):
            waiting = Outbox.filter(person__channel_id=self.owner, status=OutboxStatus.PENDING)
            rows = await waiting.filter(not_before__lte=self.town.now).order_by("id")
            return "\n".join([self._shows(await _sent(row)) for row in rows])

    async def does(self, kind: Kind, **facts: str) -> str:
        self.town.said += 1
        self.town.now += timedelta(seconds=1)
        external = f"{self.owner}:{self.town.said}"
        with clock.fixed(self.town.now):
            inbound = Inbound(external, self.owner, kind, self.town.now, **facts)  # type: ignore[arg-type]  # all facts are texts
            answered = await self.town.pipeline.handle(inbound)
        return self._shows(answered.reply) if answered.reply else ""

    def _shows(self, reply: Reply) -> str:
        if reply.options:
            self.options = list(reply.options)
            self.messages.insert(0, self.options)
        self.shown = "\n".join([reply.text, *(one.text for one in reply.options)])
        return self.shown

    async def person(self) -> Person:
        return await Person.get(channel_id=self.owner)

    async def conversation(self) -> Conversation:
        return await Conversation.get(person__channel_id=self.owner)


async def _sent(row: Outbox) -> Reply:
    """Delivered as the worker would, with nobody between."""
    payload = row.payload
    await Outbox.filter(id=row.id).update(status=OutboxStatus.SENDING)
    letter = Letter(
        row.id, row.key, row.person_id, "", True, payload, OutboxStatus.SENDING, row.rung, 1, None
    )
    if "phrase" in payload:
        reply = shipped.phrases().reply(payload["phrase"], payload["values"])
        if reply.options:
            reply = numbered(reply, await sending.numbers(letter, len(reply.options)))
    else:
        reply = reply_of(payload["reply"])
    await sending.sent(letter, reply=reply_row(reply))
    return reply
