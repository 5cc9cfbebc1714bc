"""python -m tests.bench.week: a week of an office whose people mostly tap, on the real machinery, by rung.

Six technicians with fifteen jobs a day each, three hundred residents. Whoever acts taps an option, and types only now
and then. The platform is played in this process, with its own ledger and its own rules for template values.
"""

import argparse
import asyncio
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import settings as current
from bot.values import Inbound, Kind, Reply
from commands.local import servers
from commands.rehearsal import theatre
from commands.rehearsal.phones import Phones, Post
from dialogs import shipped
from models.community import House, Relation
from models.outbox import Outbox, OutboxStatus
from models.people import Binding, BindingStatus, Person, Technician
from models.tasks import StaffTask, TaskKind
from models.tickets import Ticket, TicketStatus
from services import actors, clock, work
from services.delivery import claiming, windows
from services.repairs import jobs, ratings, reporting
from services.repairs.insertion import Report
from simulator.config import Config
from simulator.errors import ApiError
from simulator.quota import Opening, Windows
from simulator.templates import check_kinds
from wechat import news_pages, subscriptions
from wechat.errors import Refused
from workers import schedules
from workers.delivery import Delivery
from workers.templates import usable

MONDAY = datetime(2026, 11, 23, 0, tzinfo=UTC)  # 08:00 in Shanghai
TECHNICIANS, JOBS, RESIDENTS = 6, 15, 300
TYPES = 0.1  # how often somebody writes where a tap would do
OPENS = 0.3  # how often a template message is tapped, which leads to its page
AGREES = 0.5  # how often somebody who is offered 下次维修进度提醒我 agrees
RATES = 0.4  # how many residents tap the stars in the end
STEPS_APART = timedelta(minutes=14)
WORKDAY = timedelta(hours=9)
TRADES = ("water", "drain", "electric")


class Platform(Post):
    """Takes what the real one would take, by the simulator's own ledger and its own rules for values.

    Whoever is offered one message more agrees now and then, on the platform's page, which brings us the consent.
    """

    def __init__(self, luck: random.Random) -> None:
        super().__init__(Phones())
        self.luck = luck
        self.windows: dict[str, Windows] = {}
        self.agreed: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()
        self.config = Config()

    def acted(self, person: str, opening: Opening) -> None:
        ledger = self.windows.setdefault(person, Windows())
        ledger.refresh(opening, config=self.config, now=clock.now().timestamp())

    async def send(self, person: str, reply: Reply, *, media_id: str = "") -> None:
        try:
            self.windows.setdefault(person, Windows()).use(clock.now().timestamp())
        except ApiError as error:
            self.seen[f"refused {error.errcode}"] += 1
            raise Refused(error.errcode, "refused") from error
        self.seen["custom"] += 1
        if reply.link:
            await self.offers(person)

    async def offers(self, person: str) -> None:
        """下次维修进度提醒我: below a message, or on the page that a template message leads to."""
        if self.luck.random() < AGREES:
            self.agreed[person] += 1
            await windows.agreed((await Person.get(channel_id=person)).id)

    async def send_subscribed(self, person: str, template_id: str, scene: int, title: str, text: str) -> None:
        if not self.agreed[person]:
            self.seen["refused 43101"] += 1
            raise Refused(43101, "refused")
        self.agreed[person] -= 1
        self.seen["subscribed"] += 1

    async def send_template(
        self, person: str, template_id: str, values: Mapping[str, str], *, key: str, url: str = ""
    ) -> str:
        try:
            check_kinds(dict(values), [])
        except ApiError as error:
            self.seen[f"refused {error.errcode}"] += 1
            raise Refused(error.errcode, error.detail) from error
        self.seen["template"] += 1
        if url and self.luck.random() < OPENS:
            await self.offers(person)
        return key.removeprefix("outbox-")


@dataclass
class Week:
    """The people, the clock in hand, and what they do."""

    stage: theatre.Stage
    delivery: Delivery
    platform: Platform
    luck: random.Random
    now: datetime = MONDAY
    number: int = 0
    reported: int = 0

    async def day(self, residents: list[tuple[Person, House]], technicians: list[Technician]) -> None:
        """Jobs come evenly over eight hours; each round every technician takes one of theirs a step further."""
        rounds = int(WORKDAY / STEPS_APART) * 3
        for technician in technicians:
            await self.acts(technician.person, typed=True)  # 上班 is typed
        for number in range(rounds):
            self.now += STEPS_APART / 3
            wanted = len(technicians) * JOBS * min(1.0, (number + 1) / (rounds * 0.85))
            while self.reported < wanted:
                await self.reports(*self.luck.choice(residents))
                self.reported += 1
            for technician in technicians:
                await self.works(technician)
            await self.settles()

    async def acts(self, person: Person, *, typed: bool = False) -> None:
        """A tap, or now and then a word: for the pipeline, whose ledger it opens, and for the platform's."""
        typed = typed or self.luck.random() < TYPES
        with clock.fixed(self.now):
            self.platform.acted(person.channel_id, Opening.MESSAGE if typed else Opening.ACTION)
            self.number += 1
            number = f"week:{self.number}"
            tapped = "" if typed else "101"
            inbound = Inbound(number, person.channel_id, Kind.TEXT, self.now, text="菜单", tapped=tapped)
            await self.stage.pipeline.handle(inbound)

    async def reports(self, person: Person, house: House) -> None:
        for _ in range(3):
            await self.acts(person)
        report = Report(
            reporter_id=person.id,
            community_id=house.community_id,
            category_code=self.luck.choice(TRADES),
            house_id=house.id,
            place="厨房",
            description="一直滴水",
            contact_name=person.name,
            contact_phone="13800001234",
        )
        with clock.fixed(self.now):
            async with work.unit():
                await reporting.submit(report, actor=actors.person(person.id))
        await self.settles()

    async def works(self, technician: Technician) -> None:
        """One step of one job, by a tap."""
        held = (TicketStatus.DISPATCHED, TicketStatus.CONFIRMED, TicketStatus.IN_PROGRESS)
        mine = Ticket.filter(technician_id=technician.id, status__in=held)
        ticket = await mine.order_by("id").prefetch_related("reporter").first()
        if ticket is None:
            return
        await self.acts(technician.person)
        actor = actors.technician(technician.id)
        with clock.fixed(self.now):
            async with work.unit():
                if ticket.status is TicketStatus.DISPATCHED:
                    await jobs.confirm(ticket.id, actor=actor, eta=self.now + timedelta(hours=1))
                elif ticket.status is TicketStatus.CONFIRMED:
                    await jobs.arrive(ticket.id, actor=actor)
                else:
                    await jobs.finish(ticket.id, actor=actor)
        await self.settles()
        if ticket.status is TicketStatus.IN_PROGRESS and self.luck.random() < RATES:
            await self.rates(ticket)

    async def rates(self, ticket: Ticket) -> None:
        await self.acts(ticket.reporter)
        with clock.fixed(self.now):
            async with work.unit():
                await ratings.rate(ticket.id, actor=actors.person(ticket.reporter_id), speed=5, quality=5)

    async def settles(self) -> None:
        """What the workers do by now."""
        for _ in range(6):
            self.now += timedelta(seconds=1)
            with clock.fixed(self.now):
                busy = await schedules.run_due()
                rows = await claiming.claim(50)
                for row in rows:
                    await self.delivery.deliver(row)
            if not busy and not rows:
                return


async def _residents() -> list[tuple[Person, House]]:
    found: list[tuple[Person, House]] = []
    for number, house in enumerate(await House.all().order_by("id").limit(RESIDENTS)):
        person = await Person.create(channel_id=f"o_week_{number}", name=f"住户{number}", phone="13800001234")
        await Binding.create(
            person=person,
            house=house,
            community_id=house.community_id,
            relation=Relation.OWNER,
            status=BindingStatus.ACTIVE,
            name=person.name,
            phone=person.phone,
            matched=True,
        )
        found.append((person, house))
    return found


async def _crew() -> list[Technician]:
    await Technician.filter(person_id__not_isnull=True).update(active=True, on_duty=True)
    crew = await Technician.filter(person_id__not_isnull=True).order_by("id").limit(TECHNICIANS)
    like = crew[0]
    for number in range(len(crew), TECHNICIANS):
        crew.append(
            await Technician.create(
                name=f"新师傅{number}",
                phone=f"1390000{number:04}",
                office_id=like.office_id,
                person=await Person.create(channel_id=f"o_week_crew_{number}", name=f"新师傅{number}"),
                invite=f"week-{number}",
                skills=like.skills,
                communities=like.communities,
                on_duty=True,
            )
        )
    await Technician.fetch_for_list(crew, "person")
    return crew


async def _told() -> None:
    """What became of every message, by kind and by rung."""
    kinds = {key: template.kind for key, template in shipped.phrases().templates().items()}
    rows = await Outbox.all().values("payload", "status", "rung")
    by: dict[str, Counter[str]] = {}
    for row in rows:
        phrase = str(row["payload"].get("phrase", ""))
        kind = kinds.get(phrase, f"({phrase or 'reply'})")
        what = row["rung"] if row["status"] == OutboxStatus.SENT else str(row["status"])
        by.setdefault(kind, Counter())[what] += 1
    names = sorted({name for counted in by.values() for name in counted})
    print(f"{'kind':28}" + "".join(f"{name:>11}" for name in names))
    for kind, counted in sorted(by.items()):
        print(f"{kind:28}" + "".join(f"{counted[name]:>11}" for name in names))
    calls = await StaffTask.filter(kind=TaskKind.PHONE).count()
    print(f"phone tasks {calls}; tickets {await Ticket.all().count()}")


async def _week(settings: current.Settings, days: int) -> None:
    async with theatre.opened(settings) as stage:
        luck = random.Random(7)
        platform = Platform(luck)
        delivery = Delivery(
            platform,
            shipped.phrases(),
            usable(settings),
            settings.media.dir,
            subscriptions=subscriptions.of(settings),
            pages=news_pages.of(settings),
        )
        week = Week(stage, delivery, platform, luck)
        with clock.fixed(week.now):
            residents, crew = await _residents(), await _crew()
        for number in range(days):
            week.now, week.reported = MONDAY + timedelta(days=number), 0
            await week.day(residents, crew)
            print(f"day {number + 1}: {dict(platform.seen)}", flush=True)
        await _told()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.week", description=__doc__)
    parser.add_argument("--days", type=int, default=7)
    days = parser.parse_args().days
    with servers.reachable(current.load()) as found:
        asyncio.run(_week(found, days))


if __name__ == "__main__":
    main()
