"""What of a talk with the bot is kept from who reads it, as the bot's own turns leave it."""

from dataclasses import dataclass

import pytest

from bot.scripts import texts
from bot.understanding import Understander
from models.community import Community
from models.complaints import Complaint
from models.conversations import Conversation
from models.people import Person, Role, Staff
from models.tasks import StaffTask
from services import actors, clock
from services.actors import Actor
from services.cases import complaint_desk
from services.desk import choosing, inbox, messages, side, stream, taking, tasks, waiting_talks
from services.desk.listing import Box
from services.errors import NotFound
from tests.world import estate, places
from tests.world.asked import statements
from tests.world.phone import Phone, Town
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")
RUDE = "李娜说话很难听"


@dataclass(frozen=True, slots=True)
class Room:
    """A resident with a phone, the clerk whom they complain about, and a colleague."""

    town: Town
    phone: Phone
    talk_id: int
    accused: Actor
    colleague: Actor

    async def complains(self, story: str, *, nameless: bool) -> Complaint:
        await self.phone.says(f"我要投诉，{story}")
        name = "匿名" if nameless else "留我的名字"
        await self.answers("另一件", "员工或师傅", "说不上来", "没有照片", name, "提交")
        return await Complaint.all().order_by("-id").first() or pytest.fail("it was not made")

    async def answers(self, *options: str) -> None:
        """Taps those of the options that are offered, until the last of them is."""
        for one in options:
            if any(one == shown.text for shown in self.phone.options):
                await self.phone.taps(one)

    async def reads(self, actor: Actor) -> str:
        """Everything of the talk that somebody of the staff can have shown."""
        with clock.fixed(self.town.now):
            page = await stream.page(self.talk_id, actor=actor)
            beginning = await stream.news(self.talk_id, str(stream.Marker()), actor=actor)
            rest = (
                [one.last for one in (await inbox.rows(Box.ALL, actor=actor)).rows],
                [one.last for one in await inbox.changed([self.talk_id])],
                (await side.of(self.talk_id, actor=actor)).heard,
                await choosing.of_talk(self.talk_id, actor=actor),
                [one.last for one in await waiting_talks.listed(actor=actor)],
            )
            return f"{page.entries} {beginning.entries} {rest}"


async def _clerk(login: str, name: str, office_id: int) -> Actor:
    person = await Person.create(channel_id=f"o_{login}")
    await Conversation.create(person=person)
    made = await Staff.create(
        login=login, name=name, role=Role.SERVICE, office_id=office_id, person=person, on_duty=True
    )
    return await actors.staff(made.id)


@pytest.fixture
async def room(understander: Understander) -> Room:
    place = await estate.build()
    await places.bind(place.resident, place.house)
    town = Town(understander)
    phone = town.phone(place.resident.channel_id)
    await phone.says("你好")
    accused = await _clerk("lina", "李娜", place.office.id)
    colleague = await _clerk("zhao", "赵倩", place.office.id)
    return Room(town, phone, (await phone.conversation()).id, accused, colleague)


async def test_a_complaint_about_the_reader_is_kept_from_them_in_every_step(room: Room) -> None:
    await room.phone.says(f"我要投诉，{RUDE}")
    assert "难听" not in await room.reads(room.accused)
    assert "难听" in await room.reads(room.colleague)
    made = await room.complains(RUDE, nameless=False)
    assert made.about_staff_id == room.accused.staff_id
    await room.phone.says("我的投诉")
    assert "难听" not in await room.reads(room.accused)
    assert "难听" in await room.reads(room.colleague)


@pytest.mark.parametrize("story", ["你们前台那个女的说话很难听", "小李和小赵说话很难听"])
async def test_one_that_may_be_about_several_is_kept_from_each_of_them(room: Room, story: str) -> None:
    boss = await Staff.create(login="laogao", name="老高", role=Role.LEADER)
    leader = await actors.staff(boss.id)
    await room.phone.says(f"我要投诉，{story}")
    for one in (room.accused, room.colleague):
        assert "难听" not in await room.reads(one)
    assert "难听" in await room.reads(leader)
    made = await room.complains(story, nameless=False)
    for one in (room.accused, room.colleague):
        shown = await room.reads(one)
        assert "难听" not in shown
        assert made.number not in shown.replace(" ", "")
    assert "难听" in await room.reads(leader)


async def test_what_is_said_to_a_colleague_is_kept_from_whom_it_is_about_be_it_that_colleague(
    room: Room,
) -> None:
    await room.phone.says("转人工")
    with clock.fixed(room.town.now):
        await within(taking.take(room.talk_id, actor=room.colleague))
    await room.phone.says("李娜昨天骂我是猪")
    assert "骂我" not in await room.reads(room.accused)
    assert "骂我" in await room.reads(room.colleague)
    await room.phone.says("赵倩也骂我是狗")
    assert "骂我是狗" not in await room.reads(room.colleague)
    assert "骂我是狗" in await room.reads(room.accused)


async def test_after_one_without_a_name_others_and_repairs_are_followed_in_the_open(room: Room) -> None:
    signed = await room.complains("保洁把垃圾堆在门口", nameless=False)
    hidden = await room.complains("保安半夜弹琴很难听", nameless=True)
    assert hidden.anonymous
    await room.phone.says(f"我的投诉{hidden.number}")
    shown = await room.reads(room.colleague)
    assert "难听" not in shown
    assert hidden.number not in shown.replace(" ", "")
    await room.phone.taps("知道了")
    await room.phone.says(f"{signed.number}怎么样了")
    await room.phone.taps("补充几句")
    await room.phone.says("今天又堆了两袋")
    await room.phone.says("没有")
    shown = await room.reads(room.colleague)
    for words in (
        "你好",
        "垃圾堆在门口",
        f"{signed.number}怎么样了",
        "今天又堆了两袋",
        f"加上了，{texts.spoken(signed.number)}",
    ):
        assert words in shown
    await room.phone.says("我的投诉")
    shown = await room.reads(room.colleague)
    assert hidden.number not in shown.replace(" ", "")  # it is one of the list
    await room.phone.says("厨房水龙头漏水")
    await room.phone.says("维修到哪一步了")
    shown = await room.reads(room.colleague)
    assert "厨房水龙头漏水" in shown
    assert "维修到哪一步了" in shown
    assert "难听" not in shown


async def test_one_that_is_laid_aside_stays_kept_and_the_repair_meanwhile_is_read(room: Room) -> None:
    await room.phone.says("我要投诉，保安半夜弹琴很难听")
    await room.answers("员工或师傅", "说不上来", "没有照片")
    assert "难听" in await room.reads(room.colleague)
    await room.phone.taps("匿名")
    assert "难听" not in await room.reads(room.colleague)
    await room.phone.says("家里厨房水龙头漏水，明天下午三点来修")
    await room.phone.says("维修到哪一步了")
    shown = await room.reads(room.colleague)
    assert "难听" not in shown
    assert "维修到哪一步了" in shown


async def test_a_message_that_was_left_about_the_reader_is_not_read_in_a_colleagues_talk(room: Room) -> None:
    resident = actors.person((await room.phone.person()).id)
    for said in ("电梯里的灯不亮", "投诉李娜，说话很难听"):
        await room.town.passes(seconds=1)
        with clock.fixed(room.town.now):
            await within(messages.leave(said, actor=resident))
    told = await room.town.phone("o_zhao").reads()
    assert "难听" in told
    own = await Conversation.get(person__channel_id="o_zhao")
    for reader, hidden in ((room.accused, True), (room.colleague, False)):
        row = await inbox.row(own.id, actor=reader)
        shown = f"{(await stream.page(own.id, actor=reader)).entries} {row and row.last}"
        assert ("难听" not in shown) == hidden
        assert "灯不亮" in shown
    [row] = await inbox.changed([own.id])
    assert "难听" not in str(row.last)


@pytest.mark.parametrize("evening", [False, True])
async def test_what_was_said_to_people_about_the_reader_is_kept_from_them_in_that_talk_too(
    room: Room, evening: bool
) -> None:
    await room.phone.says("电梯里的灯不亮")
    await room.phone.says("算了")
    if evening:
        await room.town.passes(hours=10)
    await room.phone.says("转人工")
    if evening:
        await room.answers("留言")
    await room.phone.says("我要投诉李娜，说话很难听")
    await room.phone.says("转人工")
    assert await StaffTask.filter(values__contains={"hidden_from": room.accused.staff_id}).exists()
    shown = await room.reads(room.accused)
    assert "难听" not in shown
    assert "灯不亮" in shown
    assert "难听" in await room.reads(room.colleague)


async def test_a_list_of_talks_costs_as_many_questions_however_many_complain(room: Room) -> None:
    place = await Community.get()
    await room.reads(room.accused)  # what is remembered between requests is read by now
    asked: list[list[str]] = []
    for number in range(3):
        resident = await places.resident(await places.house(place, f"3-2-{number}01"), "陈晨")
        phone = room.town.phone(resident.channel_id)
        await phone.says(f"我要投诉，{RUDE}")
        with statements() as heard:
            await inbox.rows(Box.ALL, actor=room.accused)
        asked.append(heard)
    assert [len(one) for one in asked] == [9, 9, 9], asked[2]


async def test_one_about_the_only_clerk_reaches_whoever_leads_who_takes_and_answers_it(room: Room) -> None:
    await Staff.filter(id=room.colleague.staff_id).update(active=False)
    person = await Person.create(channel_id="o_leader")
    boss = await Staff.create(login="laogao", name="老高", role=Role.LEADER, person=person)
    made = await room.complains(RUDE, nameless=False)
    await room.town.passes(seconds=1)
    assert made.number in (await room.town.phone("o_leader").reads()).replace(" ", "")
    assert "难听" not in await room.town.phone("o_lina").reads()
    leader = await actors.staff(boss.id)
    with clock.fixed(room.town.now):
        rings = {one.reason for one in await tasks.waiting(actor=leader)}
        assert "complaint_leading" in rings
        assert not await tasks.waiting(actor=room.accused)
        await within(complaint_desk.accept(made.id, actor=leader))
        await within(complaint_desk.answer(made.id, "谈过了，给您道歉。", actor=leader))
        assert "complaint_leading" not in {one.reason for one in await tasks.waiting(actor=leader)}
        with pytest.raises(NotFound):
            await within(complaint_desk.accept(made.id, actor=room.accused))
    assert "给您道歉" in await room.phone.reads()
