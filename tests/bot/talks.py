"""A small bot of the tests' own: two scripts, a few phrases, actions that write a row."""

from datetime import UTC, datetime
from pathlib import Path

import yaml

from bot.pipeline import Answered, Pipeline
from bot.scripts.actions import Listed, Outcome, Registry
from bot.scripts.bot import Bot
from bot.scripts.catalogue import Catalogue
from bot.scripts.phrases import Phrase, Phrases
from bot.turn import Turn
from bot.understanding import Understander
from bot.values import Inbound, Kind, Option, Plain, Reply
from models.tasks import StaffTask, TaskKind
from services import actors
from services.desk import handover
from services.errors import Invalid
from tests.world.handset import Handset
from tests.world.taps import FULL, returned
from wechat.allowances import Allowances

HERE = Path(__file__).parent
registry = Registry()


@registry.action("note.write", gives=("number",))
async def write(turn: Turn, *, text: str, photos: list[Plain] | None) -> Outcome:
    await StaffTask.create(key=f"note:{turn.message_id}", kind=TaskKind.REVIEW, reason=text)
    return Outcome(values={"number": f"N{len(photos or [])}"})


@registry.action("note.refuse")
async def refuse(turn: Turn) -> Outcome:
    await StaffTask.create(key=f"half:{turn.message_id}", kind=TaskKind.REVIEW, reason="half")
    raise Invalid("test.refused")


@registry.action("human.request")
async def human(turn: Turn, *, reason: str) -> Outcome:
    await handover.request(actor=actors.person(turn.person.id), reason=reason)
    return Outcome()


@registry.source("colours")
async def colours(turn: Turn) -> Listed:
    return [(f"c{number}", f"颜色{number}") for number in range(1, 13)]


@registry.source("rooms.resolve")
async def rooms(turn: Turn, *, text: str, community: Plain) -> Listed:
    known = {"3-2-501": "3栋2单元501", "3-2-502": "3栋2单元502", "3-1-501": "3栋1单元501"}
    if text in known:
        return [(text, known[text])]
    return [(label, name) for label, name in known.items() if label.endswith(text[-3:])]


def bot() -> Bot:
    sources = [(path.stem, 1, path.read_text("utf-8")) for path in sorted((HERE / "scripts").glob("*.yaml"))]
    found = yaml.safe_load((HERE / "phrases.yaml").read_text("utf-8"))
    phrases = {
        key: Phrase.model_validate(body if isinstance(body, dict) else {"text": body})
        for key, body in found.items()
    }
    return Bot(
        Catalogue.of_sources(sources, registry), registry, Phrases(phrases), "测试物业", frozenset({"混蛋"})
    )


ALLOWANCES = Allowances()


def pipeline(understander: Understander, allowances: Allowances = ALLOWANCES) -> Pipeline:
    return Pipeline(
        bot(), understander, split=lambda reply: [reply], allowances=allowances, wake=lambda names: None
    )


class Resident(Handset):
    """Somebody who writes, and remembers what was offered."""

    def __init__(self, pipeline: Pipeline, name: str = "o_test", way: str = FULL) -> None:
        self.way = way
        self.pipeline = pipeline
        self.name = name
        self.count = 0
        self.reply: Reply | None = None

    def inbound(self, kind: Kind, **facts: str) -> Inbound:
        self.count += 1
        return Inbound(f"{self.name}:{self.count}", self.name, kind, datetime.now(UTC), **facts)  # type: ignore[arg-type]  # all facts are texts

    async def does(self, kind: Kind, **facts: str) -> str:
        answered = await self.hands_in(self.inbound(kind, **facts))
        return answered.reply.text if answered.reply else ""

    async def hands_in(self, inbound: Inbound) -> Answered:
        answered = await self.pipeline.handle(inbound)
        self.reply = answered.reply or self.reply
        return answered

    def comes_back(self, option: Option) -> str:
        return returned(self.way, [option], option)

    @property
    def options(self) -> list[Option]:
        return list(self.reply.options) if self.reply else []

    async def sends_photo(self) -> str:
        return await self.does(Kind.IMAGE, media_id=f"{self.name}-photo-{self.count}")
