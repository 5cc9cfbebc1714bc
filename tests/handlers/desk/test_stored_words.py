"""What residents, colleagues and files are called is words on every page of the inbox, whatever it is."""

import json
from datetime import timedelta

import pytest

from models.community import Community, House
from models.conversations import Conversation, Hold, Message
from models.desk import Note
from models.media import MediaFile, MediaStatus
from models.outbox import Outbox, OutboxStatus
from models.people import Binding, Person, Role, Staff
from models.tasks import TaskKind
from services import clock, staff_tasks
from tests.world import desk, nasty, places
from tests.world.desk import Browser

pytestmark = pytest.mark.usefixtures("monday")


async def _filled(text: str, writer: Staff) -> int:
    """Every word of a talk is this one: names, house, message, place, file, answer, note, reply."""
    community = await places.community()
    house = await places.house(community, "5-1-1203")
    resident = await places.resident(house, "刘建国")
    await Community.all().update(name=text[:64])
    await House.all().update(label=text[:32])
    await Person.all().update(name=f"{nasty.MARK}{text}"[:32])
    await Binding.all().update(name=f"{nasty.MARK}{text}"[:32])
    now = clock.now()
    talk = await Conversation.create(
        person=resident, hold=Hold.QUEUED, held_since=now, waiting_since=now, last_inbound_at=now,
        window_until=now + timedelta(hours=48), sends_left=5,
    )  # fmt: skip
    await MediaFile.create(
        person=resident, kind="image", media_id="m1", status=MediaStatus.FAILED, error=text[:100]
    )
    asked = await Message.create(conversation=talk, kind="text", text=text)
    why = {"rule": text, "script": text, "step": text, "intents": [[text, 0.9]]}
    await Message.create(conversation=talk, kind="text", text=text, answers_id=asked.id, body={"why": why})
    await Message.create(
        conversation=talk, kind="location", text=text, body={"lat": 1.0, "lng": 2.0, "label": text}
    )
    await Message.create(conversation=talk, kind="link", text=text, body={"url": text})
    await Message.create(conversation=talk, kind="image", text=text, body={"media_id": "m1"})
    reply = {"text": text, "options": [{"text": text, "id": text}]}
    await Outbox.create(
        key="k", person=resident, payload={"reply": reply, "staff": writer.id}, not_before=now,
        status=OutboxStatus.FAILED, error=text[:100],
    )  # fmt: skip
    await Note.create(conversation=talk, staff=writer, key="n", text=text, created_at=now)
    await staff_tasks.add(
        TaskKind.ALERT, "danger", key="a", person_id=resident.id, values={"text": text, "kind": text}
    )
    return talk.id


@pytest.mark.parametrize(
    "text", [one.replace("\x00", "") for one in nasty.CORPUS], ids=range(len(nasty.CORPUS))
)
async def test_nothing_that_anybody_wrote_runs_on_any_page(browser: Browser, text: str) -> None:
    await desk.employ("xu", Role.SERVICE)
    colleague = await desk.employ("tang")
    await Staff.filter(id=colleague.id).update(name=f"{nasty.MARK}{text}"[:32])
    number = await _filled(text, colleague)
    await browser.sign_in("xu")
    for path in (
        "",
        f"/{number}",
        f"/{number}/open",
        f"/{number}/beside",
        "/list?box=all",
        f"/{number}/takers",
        "/alarms",
    ):
        page = await browser.get(f"/desk/talks{path}")
        assert page.status == 200, path
        assert nasty.MARK in page.text, path  # it is there, as words
        shown = (
            json.loads(page.text)
            if page.headers["Content-Type"].startswith("application/json")
            else page.text
        )
        for part in shown.values() if isinstance(shown, dict) else [shown]:
            assert nasty.harm(str(part)) == [], (path, text)
