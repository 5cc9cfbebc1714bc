"""The search over HTTP: what its page shows of each kind, to whom, and what it says when it finds nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from handlers.search import page as search_page
from models.aside import TooLongError
from models.conversations import Message
from models.people import Role
from services import clock
from services.desk import search, search_index
from tests.world import desk, nasty, offices
from tests.world.asked import statements
from tests.world.desk import Browser
from tests.world.offices import Town


@dataclass(frozen=True, slots=True)
class Room:
    browser: Browser
    town: Town
    talk: int

    async def said(self, text: str) -> int:
        made = await Message.create(conversation_id=self.talk, kind="text", text=text, created_at=clock.now())
        while await search_index.fill():
            pass
        return int(made.id)

    async def page(self, **query: str) -> str:
        answer = await self.browser.ask("GET", "/desk/search", query=query)
        assert answer.status == 200
        return answer.text


@pytest.fixture
async def room(browser: Browser) -> AsyncIterator[Room]:
    town = await offices.build()
    await desk.employ("near", office_id=town.place.office.id)
    await browser.sign_in("near")
    yield Room(browser, town, await offices.talk(town, 0))


async def test_a_hit_leads_into_the_talk_at_the_message(room: Room) -> None:
    made = await room.said("厨房水管漏水了")
    text = await room.page(q="漏水")
    assert f'href="/desk/talks/{room.talk}?at=m{made}"' in text
    assert "水管<mark>漏水</mark>了" in text
    opened = await room.browser.get(f"/desk/talks/{room.talk}?at=m{made}")
    assert f'data-hit="e-m{made}"' in opened.text
    assert "回到最新的消息" not in opened.text
    for number in range(20):
        await Message.create(conversation_id=room.talk, kind="text", text=str(number))
    opened = await room.browser.get(f"/desk/talks/{room.talk}?at=m{made}")
    assert "回到最新的消息" in opened.text
    assert 'id="composer"' not in opened.text
    assert (await room.browser.get(f"/desk/talks/{room.talk}?at=m999999")).status == 404


async def test_people_houses_repairs_and_complaints_are_found_in_one_go(room: Room) -> None:
    ticket, complaint = await offices.ticket(room.town, 0), await offices.complaint(room.town, 0)
    await room.said("楼上太吵，水龙头也漏水")
    assert f"/desk/tickets/{ticket}" in await room.page(q="水龙头")
    text = await room.page(q="太吵")
    assert f"/desk/complaints/{complaint}" in text
    assert "太吵" in text
    people = await room.page(q="王芳")
    assert "138****0001" in people
    assert "13800000001" not in people
    assert "1-101" in await room.page(q="1-101")


async def test_a_surname_alone_finds_people_and_says_what_messages_need(room: Room) -> None:
    text = await room.page(q="王")
    assert "138****0001" in text
    assert "两个字以上" in text


async def test_what_is_not_there_is_said(room: Room) -> None:
    assert "没有找到「锅炉」" in await room.page(q="锅炉")
    assert "打几个字" in await room.page()


async def test_a_search_that_takes_too_long_says_so(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object, **__: object) -> None:
        raise TooLongError

    monkeypatch.setattr(search, "matters", never)
    assert "找得太久" in await room.page(q="锅炉")
    assert search_page.search.matters is never


async def test_nothing_that_is_searched_is_asked_where_people_are_answered(room: Room) -> None:
    async def asked(**query: str) -> list[str]:
        with statements() as heard:
            await room.page(**query)
        return sorted(one for one in heard if "desk_change" not in one)  # that desks ask, every second

    await room.said("厨房水管漏水了")
    await room.said("我要投诉小徐，骂我漏水")
    await room.page(q="漏水")  # what is remembered between requests is read by now
    plain = await asked()
    for words in ("漏水", "小徐", "3-2-501", "1234", "xs", "骂我"):
        assert await asked(q=words) == plain


async def test_people_stay_found_where_the_rest_takes_too_long(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object, **__: object) -> None:
        raise TooLongError

    assert "138****0001" in await room.page(q="王芳")
    monkeypatch.setattr(search, "matters", never)
    text = await room.page(q="王芳")
    assert "找得太久" in text
    assert "138****0001" in text


async def test_a_supervisor_finds_repairs_alone(browser: Browser) -> None:
    town = await offices.build()
    await desk.employ("gao", Role.SUPERVISOR, office_id=town.place.office.id)
    await browser.sign_in("gao")
    room = Room(browser, town, await offices.talk(town, 0))
    await offices.ticket(town, 0)
    await offices.complaint(town, 0)
    await room.said("水龙头")
    text = await room.page(q="水龙头")
    assert "/desk/tickets/" in text
    assert "/desk/talks/" not in text
    assert "没有找到" in await room.page(q="楼上太吵")


async def test_what_people_wrote_is_never_markup(room: Room) -> None:
    for one in nasty.CORPUS:
        await room.said(one.replace("\x00", ""))
    for one in (nasty.MARK, *nasty.CORPUS):
        text = await room.page(q=one[: search.LONGEST])
        assert nasty.harm(text) == []


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"q": "字" * 61}, "最多 60 个字"),
        ({"q": "漏水", "after": "x"}, "厨房<mark>漏水</mark>了"),
        ({"q": "漏水", "in": "nowhere"}, "厨房<mark>漏水</mark>了"),
        ({"q": "漏\x00水"}, "厨房<mark>漏水</mark>了"),
        ({"q": "%%"}, "请打两个字以上"),
    ],
)
async def test_an_odd_address_shows_what_can_be_shown_or_says_why_not(
    room: Room, query: dict[str, str], told: str
) -> None:
    await room.said("厨房漏水了")
    assert told in await room.page(**query)
