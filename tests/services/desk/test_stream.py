"""The stream of a talk: everything in one order, page by page, with what became of what we sent."""

import time
from datetime import timedelta

import pytest

from models.conversations import Conversation, Message
from models.media import MediaFile, MediaStatus
from models.outbox import Outbox, OutboxStatus
from services import actors, clock
from services.desk import notes, replies, stream, taking
from services.desk.entries import Speaker
from services.desk.replies import Words
from services.desk.stream import Marker
from services.errors import Invalid, NotFound
from tests.services.desk.conftest import Desk
from tests.world import estate
from tests.world.offices import build
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")

SECOND = timedelta(seconds=1)


async def test_everything_stands_in_one_order(desk: Desk) -> None:
    now = clock.now()
    with clock.fixed(now):
        await desk.hears("水管漏了")
    with clock.fixed(now + SECOND):
        await desk.taken()
    with clock.fixed(now + 2 * SECOND):
        await within(
            replies.say(desk.talk_id, Words("马上来"), key="page-key-1", seen=None, actor=desk.clerk)
        )
    await Outbox.filter(key="staff:page-key-1").update(created_at=now + 2 * SECOND)
    await Outbox.exclude(key="staff:page-key-1").update(created_at=now + SECOND)
    with clock.fixed(now + 3 * SECOND):
        await within(notes.add(desk.talk_id, "@赵倩 上周投诉过", key="note-key-1", actor=desk.clerk))
    entries = (await stream.page(desk.talk_id, actor=desk.other)).entries
    assert [one.speaker for one in entries] == [
        Speaker.RESIDENT,
        Speaker.BOT,
        Speaker.NEWS,
        Speaker.STAFF,
        Speaker.NOTE,
    ]
    assert [one.kind for one in entries][2] == "taken"
    assert (entries[3].text, entries[3].name, entries[3].state) == ("马上来", "李娜", "pending")


async def _fill(desk: Desk, count: int) -> None:
    start = clock.now() - count * SECOND
    for number in range(count):
        made = await Message.create(conversation_id=desk.talk_id, kind="text", text=str(number))
        await Message.filter(id=made.id).update(created_at=start + number * SECOND)


async def test_older_pages_join_without_gap_or_repetition(desk: Desk) -> None:
    await _fill(desk, 11)
    for number in range(7):
        await Outbox.create(
            key=f"k{number}",
            person=desk.resident,
            payload={"reply": {"text": f"o{number}"}},
            not_before=clock.now(),
        )
    found: list[str] = []
    before: Marker | None = None
    while True:
        page = await stream.page(desk.talk_id, actor=desk.clerk, before=before, limit=4)
        found = [one.id for one in page.entries] + found
        if page.older is None:
            break
        before = page.older
    whole = [one.id for one in (await stream.page(desk.talk_id, actor=desk.clerk, limit=100)).entries]
    assert found == whole
    assert len(set(found)) == 18


async def test_a_talk_of_twenty_thousand_reads_no_more_than_its_page(desk: Desk) -> None:
    database = Conversation._meta.db
    await database.execute_query(
        "INSERT INTO message (conversation_id, kind, text, body, created_at)"
        " SELECT $1, 'text', n::text, '{}', now() FROM generate_series(1, 20000) AS n",
        [desk.talk_id],
    )
    await database.execute_query("ANALYZE message")
    plan = await database.execute_query_dict(
        "EXPLAIN SELECT * FROM message WHERE conversation_id = $1 AND id > 0 AND id < 9000000"
        " AND kind NOT IN ('delivery', 'silent') ORDER BY id DESC LIMIT 51",
        [desk.talk_id],
    )
    assert any("Index Cond" in line["QUERY PLAN"] for line in plan)
    started = time.perf_counter()
    page = await stream.page(desk.talk_id, actor=desk.clerk)
    print(f"opened in {time.perf_counter() - started:.3f} s")
    assert len(page.entries) == stream.PAGE
    assert page.entries[-1].text == "20000"


async def test_a_photo_comes_with_its_file_and_a_voice_that_failed_says_why(desk: Desk) -> None:
    await MediaFile.create(person=desk.resident, media_id="m1", status=MediaStatus.STORED, mime="image/jpeg")
    await MediaFile.create(
        person=desk.resident, media_id="m2", kind="voice", status=MediaStatus.FAILED, error="文件已过期"
    )
    for kind, media in (("image", "m1"), ("voice", "m2")):
        await Message.create(conversation_id=desk.talk_id, kind=kind, body={"media_id": media})
    photo, voice = (await stream.page(desk.talk_id, actor=desk.clerk)).entries
    assert photo.file is not None and voice.file is not None
    assert (photo.file.status, voice.file.status, voice.file.error) == ("stored", "failed", "文件已过期")


async def test_a_photo_that_came_after_it_was_shown_is_found_again(desk: Desk) -> None:
    file = await MediaFile.create(person=desk.resident, media_id="m1")
    message = await Message.create(conversation_id=desk.talk_id, kind="image", body={"media_id": "m1"})
    await MediaFile.filter(id=file.id).update(status=MediaStatus.STORED, mime="image/jpeg")
    after = str((await stream.page(desk.talk_id, actor=desk.clerk)).newest)
    [entry] = (await stream.news(desk.talk_id, after, fetching=[message.id], actor=desk.clerk)).changed
    assert entry.file is not None
    assert (entry.id, entry.file.status) == (f"m{message.id}", "stored")


async def test_the_bot_says_by_which_rule_and_where(desk: Desk) -> None:
    why = {"why": {"rule": "answer", "after": {"script": "repair", "version": 3, "step": "place"}}}
    asked = await Message.create(conversation_id=desk.talk_id, kind="text", text="漏水", body=why)
    await Message.create(conversation_id=desk.talk_id, kind="reply", text="哪里？", answers_id=asked.id)
    answer = (await stream.page(desk.talk_id, actor=desk.clerk)).entries[-1]
    assert (answer.speaker, answer.script, answer.step, answer.rule) == ("bot", "repair", "place", "answer")


@pytest.mark.parametrize(
    ("status", "error", "arrived", "expected"),
    [
        (OutboxStatus.PENDING, "", False, "pending"),
        (OutboxStatus.SENDING, "", False, "sending"),
        (OutboxStatus.SENT, "", False, "sent"),
        (OutboxStatus.SENT, "", True, "arrived"),
        (OutboxStatus.FAILED, "blocked", False, "rejected"),
        (OutboxStatus.FAILED, "window_closed", False, "failed"),
        (OutboxStatus.UNKNOWN, "no answer", False, "unknown"),
    ],
)
async def test_what_became_of_a_message_is_one_word(
    desk: Desk, status: OutboxStatus, error: str, arrived: bool, expected: str
) -> None:
    row = await Outbox.create(
        key="k", person=desk.resident, payload={"reply": {"text": "好"}, "staff": desk.clerk.staff_id},
        not_before=clock.now(), status=status, error=error, arrived_at=clock.now() if arrived else None,
    )  # fmt: skip
    after = str((await stream.page(desk.talk_id, actor=desk.clerk)).newest)
    [entry] = (await stream.news(desk.talk_id, after, watch=[row.id], actor=desk.clerk)).changed
    assert entry.state == expected


async def test_what_became_of_a_repair_stands_between(database: str) -> None:
    town = await build()
    made = await estate.reported(town.place)
    clerk = await actors.staff((await town.staff()).id)
    talk = await Conversation.get(person_id=town.place.resident.id)
    entries = (await stream.page(talk.id, actor=clerk)).entries
    news = [one for one in entries if one.values.get("ticket")]
    assert (news[0].kind, news[0].values["ticket"]) == ("submit", made.number)


async def test_a_talk_of_another_office_is_not_there(database: str) -> None:
    town = await build()
    talk = await Conversation.get(person_id=town.place.resident.id)
    far = await actors.staff((await town.staff(far=True)).id)
    with pytest.raises(NotFound):
        await stream.page(talk.id, actor=far)
    with pytest.raises(NotFound):
        await within(taking.take(talk.id, actor=far))


@pytest.mark.parametrize("text", ["", "1", "1.2.3", "a.b.c.d", "1.2.3.4.5", "-1.2.3.4"])
def test_a_marker_is_ours_or_refused(text: str) -> None:
    with pytest.raises(Invalid):
        Marker.of(text)
    assert str(Marker.of("1.2.3.4")) == "1.2.3.4"
