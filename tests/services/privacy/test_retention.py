"""What is old goes at night, and nothing else does."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.conversations import Conversation, Message
from models.desk import HeldReply
from models.media import MediaFile, MediaStatus
from models.notices import Notice
from models.outbox import Outbox, OutboxStatus
from models.people import Person, Role, Staff
from models.scripts import Misunderstanding
from models.tickets import Category, Ticket, TicketPhoto, TicketStatus
from services import clock
from services.actors import OPERATOR
from services.delivery import media
from services.desk import canned
from services.desk.canned import Written
from services.privacy import retention
from services.privacy.retention import Days
from tests.world import places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")

DAYS = Days(messages=365, misunderstandings=30, media=365)
NEVER = Days(0, 0, 0)


def ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)


@pytest.fixture
async def talk() -> Conversation:
    return await Conversation.create(person=await places.person())


async def said(talk: Conversation, text: str, days: int) -> Message:
    message = await Message.create(conversation=talk, kind="text", text=text)
    await Message.filter(id=message.id).update(created_at=ago(days))
    return message


async def test_old_messages_and_what_was_not_understood_go(talk: Conversation, tmp_path: Path) -> None:
    old, fresh = await said(talk, "old", 366), await said(talk, "fresh", 364)
    kept = await Misunderstanding.create(message=old, text="young but of an old message")
    gone = await Misunderstanding.create(message=fresh, text="old")
    await Misunderstanding.filter(id=gone.id).update(created_at=ago(31))
    assert await retention.step(DAYS, tmp_path) == 2
    assert [one.text for one in await Message.all()] == ["fresh"]
    assert [(one.id, one.message_id) for one in await Misunderstanding.all()] == [(kept.id, None)]
    assert await retention.step(DAYS, tmp_path) == 0


async def test_what_was_sent_goes_and_what_waits_stays(talk: Conversation, tmp_path: Path) -> None:
    for status in OutboxStatus:
        await Outbox.create(
            key=status, person_id=talk.person_id, payload={}, status=status, not_before=ago(400)
        )
    await Outbox.all().update(created_at=ago(400))
    await retention.step(DAYS, tmp_path)
    assert {one.status for one in await Outbox.all()} == {OutboxStatus.PENDING, OutboxStatus.SENDING}


async def photo(person_id: int, folder: Path, name: str, days: int) -> MediaFile:
    sha256 = media.keep(folder, name.encode())
    os.utime(media.path(folder, sha256), (0, 0))
    row = await MediaFile.create(
        person_id=person_id, media_id=name, sha256=sha256, status=MediaStatus.STORED, kind="image"
    )
    await MediaFile.filter(id=row.id).update(created_at=ago(days))
    return row


async def test_old_photos_go_with_their_files_but_not_of_an_open_repair(
    talk: Conversation, tmp_path: Path
) -> None:
    house = await places.house(await places.community())
    category = await Category.create(code="water", name="水管")
    files = {name: await photo(talk.person_id, tmp_path, name, days) for name, days in
             (("open", 400), ("closed", 400), ("fresh", 10))}  # fmt: skip
    for name, status in (("open", TicketStatus.ON_HOLD), ("closed", TicketStatus.CLOSED)):
        ticket = await Ticket.create(
            number=name,
            community_id=house.community_id,
            reporter_id=talk.person_id,
            category=category,
            status=status,
        )
        await TicketPhoto.create(ticket=ticket, media=files[name])
    assert await retention.step(DAYS, tmp_path) == 1
    assert await retention.step(DAYS, tmp_path) == 1  # its file
    assert {one.media_id for one in await MediaFile.all()} == {"open", "fresh"}
    there = {name for name, row in files.items() if media.path(tmp_path, row.sha256).exists()}
    assert there == {"open", "fresh"}


async def test_a_file_that_is_new_waits_for_its_row(tmp_path: Path) -> None:
    sha256 = media.keep(tmp_path, b"just written")
    assert await retention.step(DAYS, tmp_path) == 0
    assert media.path(tmp_path, sha256).exists()


async def test_pictures_that_the_company_shows_or_sends_stay(talk: Conversation, tmp_path: Path) -> None:
    """Nobody sent them: other rows than those of photos name them."""
    names = ("notice", "canned", "held", "sent", "nobody")
    files = {name: media.keep(tmp_path, name.encode()) for name in names}
    for one in files.values():
        os.utime(media.path(tmp_path, one), (0, 0))
    clerk = await Staff.create(login="xu", name="小徐", role=Role.SERVICE)
    await Notice.create(title="停水", text="明天", picture=files["notice"])
    await within(canned.add(Written("指引", "", images=[files["canned"]], personal=False), actor=OPERATOR))
    parts = [{"text": "看图", "image": ""}, {"text": "", "image": files["held"]}]
    await HeldReply.create(
        conversation=talk,
        staff=clerk,
        key="k",
        reply={"parts": parts},
        until=clock.now(),
        created_at=clock.now(),
    )
    payload = {"reply": {"text": "", "options": [], "image": files["sent"]}}
    await Outbox.create(key="o", person_id=talk.person_id, payload=payload, not_before=clock.now())
    assert await retention.step(DAYS, tmp_path) == 1
    there = {name for name, one in files.items() if media.path(tmp_path, one).exists()}
    assert there == {"notice", "canned", "held", "sent"}


async def test_nothing_goes_by_day_or_when_all_is_kept_for_ever(talk: Conversation, tmp_path: Path) -> None:
    await said(talk, "old", 4000)
    with clock.fixed(datetime(2026, 11, 27, 2, tzinfo=UTC)):  # ten in the morning
        assert await retention.at_night(DAYS, tmp_path) == 0
    with clock.fixed(datetime(2026, 11, 26, 19, tzinfo=UTC)):  # three at night
        assert await retention.at_night(NEVER, tmp_path) == 0
        assert await Person.exists() and await Message.exists()
        assert await retention.at_night(DAYS, tmp_path) == 1
