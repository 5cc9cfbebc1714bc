"""What the tests of delivery send, and how."""

import asyncio
from datetime import datetime, timedelta

from bot.scripts.phrases import Phrase, Phrases, Template
from models.outbox import Outbox, OutboxStatus
from models.people import Person
from models.values import Json
from services import clock, outbox
from services.delivery import claiming
from wechat.typed import AccountTemplate
from workers.delivery import Delivery

TEMPLATES = {
    "progress": AccountTemplate("T1", {"state": "thing1"}),
    "job": AccountTemplate("T2", {"what": "thing1"}),
}
PHRASES = Phrases(
    {
        "repair.accepted": Phrase(
            text="{name}师傅已接单。",
            template=Template(kind="progress", values={"state": ["{name}师傅已接单", "师傅已接单"]}),
        ),
        "plain": Phrase(text="您好。"),
        "news": Phrase(text="{text}", options=({"text": "看{text}", "go": "s:news?n={text}"},)),
        "job": Phrase(
            text="派给您一单{text}",
            options=({"text": "接单", "go": "s:job?n={text}"},),
            template=Template(kind="job", values={"what": "{text}"}),
        ),
        "delivery.remind_me": Phrase(text="下次提醒我"),
        "delivery.short": Phrase(text="请到公众号里看。"),
        "delivery.title": Phrase(text="有进展"),
        "delivery.last_one": Phrase(text="回个字就行。"),
        "delivery.last_one_job": Phrase(text="回个字，好接着收单。"),
    }
)

OPEN = (OutboxStatus.PENDING, OutboxStatus.SENDING)


def says(text: str) -> Json:
    return {"reply": {"text": text}}


async def queued(person: Person, payload: Json, key: str = "k") -> int:
    await outbox.put(person.id, payload, key=key)
    return (await Outbox.get(key=key)).id


async def deliver(delivery: Delivery, at: datetime | None = None) -> None:
    """Everything that is due, until nothing is."""
    with clock.fixed(at or clock.now() + timedelta(seconds=1)):
        while rows := await claiming.claim(10):
            await asyncio.gather(*(delivery.deliver(row) for row in rows))


async def row(row_id: int) -> Outbox:
    return await Outbox.get(id=row_id)
