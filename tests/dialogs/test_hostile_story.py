"""What no phone of ours sends: forged options, other people's numbers, no words at all. On a real database."""

from urllib.parse import quote

import pytest

from bot.scripts.format import Script, read
from dialogs import shipped
from models.complaints import Complaint
from models.events import Event, SubjectKind
from models.people import Person
from models.tickets import Category, Ticket, TicketPhoto
from services import cache
from tests.world import estate, places
from tests.world.estate import Estate
from tests.world.phone import Phone, Town

pytestmark = pytest.mark.usefixtures("database")

SCRIPTS: dict[str, Script] = {name: read(source, name=name) for name, source in shipped.scripts()}
NONSENSE = ("abc", "²", "\x00", "长" * 700, "99999999999999999999", "1")
LONGEST = 9  # answers after which a script asked everything it has


@pytest.fixture
async def place() -> Estate:
    built = await estate.build()
    await estate.technician(built, "王强", "water", "electric")
    await Category.create(code="public_light", name="公共照明", area="public")
    cache.forget()
    await places.bind(built.resident, built.house)
    return built


@pytest.fixture
async def victim(town: Town, place: Estate) -> Phone:
    """王芳 with a repair and a complaint under way."""
    phone = town.phone(place.resident.channel_id)
    await phone.says("厨房水龙头漏水，明天上午来")
    await town.passes(seconds=5)
    await phone.says("我要投诉")
    await phone.says("楼上每天半夜跑跑跳跳，吵得睡不着")
    await _answers(phone)
    assert (await Ticket.all().count(), await Complaint.all().count()) == (1, 1)
    return phone


@pytest.fixture
async def stranger(town: Town, place: Estate) -> Phone:
    person = await Person.create(channel_id="o_stranger", name="李雷", phone="13900000002")
    await places.bind(person, place.houses[1])
    return town.phone("o_stranger")


async def _answers(phone: Phone) -> None:
    """Whatever is asked gets the first option, or a few words, until the talk is over."""
    for _ in range(LONGEST):
        if not (await phone.conversation()).state.get("stack"):
            return
        waiting = (await phone.conversation()).state["stack"][-1].get("options")
        await (phone.says("1") if waiting else phone.says("还是老样子"))


def _forgeries(slot: str, value: object) -> list[str]:
    found = [name for name, script in SCRIPTS.items() if slot in script.slots]
    return [f"s:{name}?{slot}={value}" for name in found]


async def test_nothing_of_others_is_seen_or_changed(victim: Phone, stranger: Phone) -> None:
    ticket, complaint = await Ticket.all().first().values(), await Complaint.all().first().values()
    assert ticket
    assert complaint
    events = (
        await Event.filter(subject_kind=SubjectKind.TICKET).count(),
        await Event.filter(subject_kind=SubjectKind.COMPLAINT).count(),
    )
    links = _forgeries("ticket", ticket["id"]) + _forgeries("number", complaint["number"])
    assert len(links) > 15
    for link in links:
        seen = await stranger.taps_id(link)
        await stranger.sends_photos(1)
        await _answers(stranger)
        seen += stranger.shown
        assert not [word for word in ("厨房", "1栋101", "138", "半夜") if word in seen], (link, seen)
        await stranger.says("取消")
    assert await Ticket.get(id=ticket["id"]).values() == ticket
    assert await Complaint.get(id=complaint["id"]).values() == complaint
    assert (
        await Event.filter(subject_kind=SubjectKind.TICKET).count(),
        await Event.filter(subject_kind=SubjectKind.COMPLAINT).count(),
    ) == events
    assert not await TicketPhoto.filter(ticket_id=ticket["id"]).exists()


async def test_no_forged_value_breaks_a_turn(stranger: Phone) -> None:
    for name, slot in [(name, slot) for name, script in SCRIPTS.items() for slot in script.slots]:
        for value in NONSENSE:
            assert await stranger.taps_id(f"s:{name}?{slot}={quote(value)}"), (name, slot, value)
        await _answers(stranger)
        await stranger.says("取消")


async def test_ids_that_mean_nothing_are_answered(stranger: Phone) -> None:
    for link in ("c:", "c:abc", "s:", "s:abc", "a:", "a:1:x:1", "a:9:²:9", "x", "s:repair?" + "a=1&" * 99):
        assert await stranger.taps_id(link), link
        await stranger.says("厨房水龙头漏水")
        assert await stranger.taps_id(link), link
        await stranger.says("取消")


async def test_codes_that_nobody_could_print_are_not_known(stranger: Phone) -> None:
    for kind in "chts":
        scene = f"{kind}:" + "a" * 60
        assert "不认识" in await stranger.scans(scene), scene
        assert "不认识" in await stranger.taps_id(f"s:{'join' if kind in 'ts' else 'binding'}?scene={scene}")
        await stranger.says("取消")


async def test_no_words_are_answered_without_guessing(stranger: Phone) -> None:
    for text in ("😡😡😡", "👍", "？？？", "。", "\u200b\u200b", "- - -", "🏳️‍🌈"):
        answer = await stranger.says(text)
        assert "看看菜单" in answer
        assert "您是想办" not in answer


async def test_a_neighbours_own_words_are_not_passed_on(stranger: Phone, town: Town, place: Estate) -> None:
    first = town.phone(place.resident.channel_id)
    await first.says("1栋楼道的灯不亮了，我是101的王芳，门锁密码8866")
    answer = await stranger.says("1栋楼道的灯坏了")
    assert "报过" in answer
    assert not [word for word in ("王芳", "8866", "101") if word in answer], answer
