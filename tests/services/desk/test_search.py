"""The search: what is found by which words, by whom, in which order, and that nothing is missed or kept too long."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import asyncpg
import pytest
from tortoise.exceptions import TransactionManagementError

from models.aside import Aside, TooLongError
from models.complaints import Complaint, ComplaintSuspect
from models.conversations import Conversation, Message
from models.desk import Note
from models.events import SubjectKind
from models.outbox import Outbox, OutboxStatus
from models.people import Role, Staff
from models.rows import records
from models.search import SearchLine
from models.tickets import Ticket
from services import actors, clock, events
from services.actors import Actor
from services.desk import search, search_index
from services.errors import Invalid, MayNot
from services.events import Subject
from settings import Settings
from tests.world import estate, nasty, offices
from tests.world.offices import Town

_MESSAGE = """
INSERT INTO message (conversation_id, kind, text, body, created_at) VALUES ($1, 'text', $2, '{}', now())
"""


_WAITING = """
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@dataclass(slots=True)
class Library:
    """A town whose clerk searches; `said` leaves a message of the resident in their talk."""

    town: Town
    clerk: Actor
    talk: int
    aside: Aside
    url: str

    async def said(self, text: str, kind: str = "text") -> Message:
        return await Message.create(conversation_id=self.talk, kind=kind, text=text, created_at=clock.now())

    async def read(self) -> None:
        while await search_index.fill():
            pass

    async def found(self, text: str, actor: Actor | None = None) -> list[str]:
        await self.read()
        page = await search.messages(self.aside.ask, text, actor=actor or self.clerk)
        return [one.excerpt.text for one in page.rows]

    async def matters(self, text: str, actor: Actor | None = None) -> list[tuple[str, int]]:
        await self.read()
        page = await search.matters(self.aside.ask, text, actor=actor or self.clerk)
        return [(one.kind, one.id) for one in page.rows]


@pytest.fixture
async def library(database: str, test_settings: Settings) -> AsyncIterator[Library]:
    town = await offices.build()
    clerk = await actors.staff((await town.staff()).id)
    aside = Aside(test_settings)
    yield Library(town, clerk, await offices.talk(town, 0), aside, database)
    await aside.close()


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("厨房水管漏水了，快来人", "漏水"),
        ("厨房水管漏水了，快来人", "水管 来人"),
        ("漏 水 了", "漏水"),
        ("漏，水", "漏水"),
        ("ＷｉＦｉ连不上", "wifi"),
        ("我家15-3-1204没电", "15-3-1204"),
        ("我家15-3-1204没电", "1204"),
        ("停车费是50%还是_5", "50%"),
        ("𠮷祥里的老人", "𠮷祥"),
        ("充电桩坏了", "充电桩"),
    ],
)
async def test_words_are_found_however_they_are_spelt(library: Library, said: str, asked: str) -> None:
    await library.said(said)
    await library.said("别的事情，与此无关")
    assert len(await library.found(asked)) == 1


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("水很漏", "漏水"),
        ("充电、电桩", "充电的桩"),
        ("a1b2", "%"),
        ("漏水", "漏水 电梯"),
        ("桩充电", "充电桩"),
    ],
)
async def test_what_only_looks_alike_is_not_found(library: Library, said: str, asked: str) -> None:
    await library.said(said)
    try:
        assert await library.found(asked) == []
    except Invalid as error:
        assert error.phrase == "search.too_short"


async def test_both_sides_spell_words_in_the_same_way(library: Library) -> None:
    texts = [one.replace("\x00", "")[: search.LONGEST] for one in nasty.CORPUS]
    for text in texts:
        await library.said(text)
    for text in texts:
        assert await library.found(max(re.findall(r"\w+", text), key=len))


async def test_replies_of_staff_and_notes_are_found_and_the_bots_words_are_not(library: Library) -> None:
    asked = await library.said("几点来")
    clerk_id = library.clerk.staff_id or 0
    await Message.create(conversation_id=library.talk, kind="reply", text="请问是报修吗", answers=asked)
    sent = await Outbox.create(
        key="staff:1", person_id=library.town.place.resident.id, not_before=clock.now(),
        payload={"reply": {"text": "师傅下午三点到"}, "staff": clerk_id},
    )  # fmt: skip
    await Note.create(
        conversation_id=library.talk, staff_id=clerk_id, key="n", text="三点要打电话", created_at=clock.now()
    )
    assert await library.found("报修") == []
    assert await library.found("三点") == ["三点要打电话", "师傅下午三点到"]
    await Outbox.filter(id=sent.id).update(status=OutboxStatus.CANCELLED)
    assert await library.found("下午") == []


async def test_the_newest_is_first_and_pages_go_on_by_key(library: Library) -> None:
    for number in range(45):
        await library.said(f"电梯又坏了{number:02d}")
    await library.read()
    seen, after, pages = [], "", 0
    while pages == 0 or after:
        page = await search.messages(library.aside.ask, "电梯", actor=library.clerk, after=after)
        seen += [one.excerpt.text[-2:] for one in page.rows]
        after, pages = page.after, pages + 1
    assert seen == [f"{number:02d}" for number in reversed(range(45))]
    assert pages == 3
    with pytest.raises(Invalid):
        await search.messages(library.aside.ask, "电梯", actor=library.clerk, after="x")


async def test_what_lies_many_blocks_apart_is_one_list(library: Library) -> None:
    ids = [7, 32_767, 32_768, 70_000, 200_001]
    for number in ids:
        made = await library.said(f"锅炉{number}")
        await SearchLine.create(id=number, source="m", row_id=made.id, text=f"锅炉{number}")
    found = await library.found("锅炉")
    assert found == [f"锅炉{number}" for number in reversed(ids)]


async def test_another_office_and_field_find_nothing(library: Library) -> None:
    await library.said("漏水漏得厉害")
    await offices.ticket(library.town, 0)
    far = await actors.staff((await library.town.staff(far=True)).id)
    assert (await library.found("漏水", far), await library.matters("漏水", far)) == ([], [])
    boss = await actors.staff((await Staff.get(login="boss")).id)
    with pytest.raises(MayNot):
        await library.found("漏水", boss)
    assert [kind for kind, _ in await library.matters("漏水", boss)] == ["ticket"]
    assert len(await library.found("漏水")) == 1


async def test_a_page_is_full_however_much_is_somebody_elses(library: Library) -> None:
    far = await Conversation.create(person=library.town.place.supervisor)
    await library.said("漏水了")
    for _ in range(100):
        await Message.create(conversation=far, kind="text", text="漏水", created_at=clock.now())
    await Conversation.filter(id=far.id).update(queue_office_id=library.town.far.office_id)
    assert await library.found("漏水") == ["漏水了"]


async def test_whom_a_complaint_is_about_finds_neither_it_nor_what_was_said_of_it(library: Library) -> None:
    await library.said("我要投诉小徐骂人")
    complaint = await offices.complaint(library.town, 0)
    await Complaint.filter(id=complaint).update(story="小徐骂人")
    await library.read()
    assert await library.matters("骂人") == [("complaint", complaint)]
    await Complaint.filter(id=complaint).update(about_staff_id=library.clerk.staff_id)
    assert await library.matters("骂人") == []
    assert await library.found("骂人") == []
    boss = await library.town.staff(Role.LEADER)
    await Staff.filter(id=boss.id).update(name="沈总")
    assert len(await library.found("骂人", await actors.staff(boss.id))) == 1
    await Complaint.filter(id=complaint).update(about_staff_id=None)
    await ComplaintSuspect.create(complaint_id=complaint, staff_id=library.clerk.staff_id)
    assert await library.matters("骂人") == []
    assert await library.found("骂人") == []


async def test_what_somebody_complained_without_a_name_is_found_in_no_talk(library: Library) -> None:
    said = await library.said("楼上骂人")
    answer = {"why": {"rule": "answer", "after": {"script": "complaint", "step": "topic"}}}
    await Message.create(conversation_id=library.talk, kind="reply", answers=said, body=answer)
    assert await library.found("骂人") == ["楼上骂人"]
    complaint = await offices.complaint(library.town, 0)
    assert await library.found("骂人") == ["楼上骂人"]
    await Complaint.filter(id=complaint).update(anonymous=True)
    assert await library.found("骂人") == []


async def test_matters_are_found_by_number_place_and_what_was_said_later(library: Library) -> None:
    made = await estate.reported(library.town.place)
    assert await library.matters(made.number) == [("ticket", made.id)]
    assert await library.matters("厨房 水龙头") == [("ticket", made.id)]
    subject = Subject(SubjectKind.TICKET, made.id, library.town.place.community.id)
    await events.record(subject, "remark", actor=library.clerk, note="邻居家也在漏")
    assert await library.matters("邻居") == [("ticket", made.id)]
    await offices.request(library.town, 0)
    assert [kind for kind, _ in await library.matters("家政")] == ["request"]


async def test_what_commits_late_is_found_all_the_same(library: Library) -> None:
    """Its number is lower than those that have been read."""
    connection = await asyncpg.connect(library.url)
    late = connection.transaction()
    await late.start()
    await connection.execute(_MESSAGE, library.talk, "迟到的水表")
    await library.said("准时的水表")
    assert await library.found("水表") == ["准时的水表"]
    await library.read()
    await late.commit()
    await connection.close()
    for _ in range(4):
        await library.said("后来的话")
        await library.read()
    assert sorted(await library.found("水表")) == ["准时的水表", "迟到的水表"]


async def test_an_idle_worker_writes_nothing(library: Library) -> None:
    await library.said("漏水了")
    for _ in range(4):
        await library.read()
    rows = "SELECT name, xmin::text FROM search_feed ORDER BY name"
    before = await library.aside.ask(rows)
    for _ in range(3):
        assert await search_index.fill() == 0
    assert await library.aside.ask(rows) == before


async def test_what_is_erased_or_deleted_is_not_found_and_leaves_no_line(library: Library) -> None:
    said, gone = [await library.said(text) for text in ("煤气表", "煤气灶")]
    await library.read()
    await Message.filter(id=said.id).update(text="")
    await Message.filter(id=gone.id).delete()
    assert await SearchLine.all().count() == 0
    ticket = await offices.ticket(library.town, 0)
    await library.read()
    await Ticket.filter(id=ticket).update(description="")
    assert await SearchLine.all().count() == 0


async def test_a_long_past_is_read_in_steps_and_in_order_of_time(library: Library) -> None:
    start = clock.now() - timedelta(days=9)
    for number in range(12):
        at = start + timedelta(hours=2 * number)
        made = await library.said(f"消息水费{number:02d}")
        await Message.filter(id=made.id).update(created_at=at)
        await Note.create(
            conversation_id=library.talk, staff_id=library.clerk.staff_id or 0, key=f"n{number}",
            text=f"备注水费{number:02d}", created_at=at + timedelta(hours=1),
        )  # fmt: skip
    while await search_index.fill(batch=5):
        pass
    lines = await SearchLine.all().order_by("id")
    assert [one.text[-2:] for one in lines] == [f"{number // 2:02d}" for number in range(24)]
    assert [one.text[:2] for one in lines[:4]] == ["消息", "备注", "消息", "备注"]


async def test_a_question_that_takes_too_long_is_given_up(library: Library, test_settings: Settings) -> None:
    short = Aside(test_settings, longest_s=0.1)
    with pytest.raises(TooLongError):
        await short.ask("SELECT pg_sleep(5)")
    with short.tables(), pytest.raises(TooLongError):
        await records(Message, "SELECT pg_sleep(5)")
    assert await records(Message, "SELECT 1 AS one FROM pg_sleep(0.2)")  # others may take as long as ever
    await short.close()


async def test_two_questions_are_asked_at_once_and_a_third_waits_no_longer_than_they(
    library: Library, test_settings: Settings
) -> None:
    aside, holder = Aside(test_settings, longest_s=0.5), await asyncpg.connect(library.url)
    await holder.execute("SELECT pg_advisory_lock(7)")
    asked = [asyncio.create_task(aside.ask("SELECT pg_advisory_lock(7)")) for _ in range(3)]
    waiting = {0}
    while not all(one.done() for one in asked):
        waiting.add(await holder.fetchval(_WAITING))
    told = await asyncio.gather(*asked, return_exceptions=True)
    await holder.close()
    await aside.close()
    assert [type(one) for one in told] == [TooLongError] * 3
    assert max(waiting) == 2


async def test_searching_changes_nothing(library: Library) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await library.aside.ask("DELETE FROM search_line")
    with library.aside.tables(), pytest.raises(TransactionManagementError):
        await Message.all().delete()


@pytest.mark.parametrize("asked", ["水", "", "  ", "，。", "水 电"])
async def test_one_character_is_too_little(library: Library, asked: str) -> None:
    with pytest.raises(Invalid, match="too_short"):
        await library.found(asked)
