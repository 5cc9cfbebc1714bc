"""A resident speaks against the clerk who has their talk: a colleague goes on with it."""

import pytest

from models.conversations import Conversation, Hold
from models.people import Person, Role, Staff
from services import clock
from services.accusing import Known, Worker
from services.desk import inbox, taking
from services.errors import NotAllowed
from tests.services.desk.test_veils_in_talks import Room, room
from tests.world.estate import told
from tests.world.units import within

__all__ = ["room"]
pytestmark = pytest.mark.usefixtures("database")
AGAINST = ("李娜昨天骂我是猪", "我要投诉李娜", "小李态度太差了", "你这样我要投诉你", "我投诉的就是你")
NOT_AGAINST = (
    "李娜，你们师傅态度不好",
    "小李你好，楼上天天骂人",
    "李姐帮我投诉楼上，半夜骂人",
    "你说话怎么这么难听",
    "我要投诉你们物业",
    "赵倩昨天骂我",
)


@pytest.mark.parametrize(
    ("said", "against"), [*((one, True) for one in AGAINST), *((one, False) for one in NOT_AGAINST)]
)
def test_who_is_called_or_scolded_to_their_face_is_not_spoken_against(said: str, against: bool) -> None:
    known = Known([Worker(7, "李娜", Role.SERVICE), Worker(8, "赵倩", Role.SERVICE)], [])
    assert known.speaks_against(7, said) == against


@pytest.fixture
async def boss(room: Room) -> Person:
    person = await Person.create(channel_id="o_leader")
    await Staff.create(login="laogao", name="老高", role=Role.LEADER, person=person)
    return person


async def _held(room: Room) -> None:
    await room.phone.says("转人工")
    with clock.fixed(room.town.now):
        await within(taking.take(room.talk_id, actor=room.accused))


@pytest.mark.parametrize("said", ["李娜昨天骂我是猪", "你这样我要投诉你"])
async def test_a_colleague_goes_on_and_whoever_leads_hears_it(room: Room, boss: Person, said: str) -> None:
    await _held(room)
    await room.phone.says("电梯里的灯不亮")
    assert "请别的同事接着跟您说" in await room.phone.says(said)
    talk = await Conversation.get(id=room.talk_id)
    assert (talk.hold, talk.held_by_id, talk.pressing) == (Hold.QUEUED, None, True)
    shown = await room.reads(room.accused)
    assert said not in shown
    assert "灯不亮" in shown
    assert said in await room.reads(room.colleague)
    assert await told(boss.id) == ["staff.against_holder"]
    assert (
        "staff.handover" not in (await told((await Staff.get(id=room.accused.staff_id)).person_id or 0))[1:]
    )
    with clock.fixed(room.town.now):
        with pytest.raises(NotAllowed, match="another_wanted"):
            await within(taking.take(room.talk_id, actor=room.accused))
        await within(taking.take(room.talk_id, actor=room.colleague))
        await within(
            taking.transfer(room.talk_id, to_staff_id=room.accused.staff_id or 0, actor=room.colleague)
        )
    assert said not in await room.reads(room.accused)
    row = await inbox.row(room.talk_id, actor=room.accused)
    assert row is not None and row.mine


async def test_where_there_is_no_colleague_the_talk_goes_on_and_whoever_leads_hears_it(
    room: Room, boss: Person
) -> None:
    await Staff.filter(id=room.colleague.staff_id).update(active=False)
    await _held(room)
    assert "已经转告负责人" in await room.phone.says("李娜昨天骂我是猪")
    assert (await Conversation.get(id=room.talk_id)).held_by_id == room.accused.staff_id
    assert "骂我" not in await room.reads(room.accused)
    assert await told(boss.id) == ["staff.against_holder"]
