"""A thousand random talks over every shipped script: no exception, no dead end, every path can be cancelled."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.pipeline import Pipeline
from bot.scripts import library
from bot.talk.engine import DEEPEST
from bot.talk.state import State
from bot.understanding import Understander
from bot.values import Inbound, Kind, Option, Reply
from dialogs import shipped
from dialogs.registry import registry
from models.community import House, Relation
from models.conversations import Conversation, Hold
from models.people import Binding, BindingStatus, Person, Technician
from wechat.allowances import Allowances
from wechat.render import fits_passive, split

SCRIPTS = sorted(name for name, _ in shipped.scripts())
SHARES = 4  # tests that the talks are dealt to, so that several processes can play
TALKS = 1000
BOUND = 20

WORDS = (
    *(
        "取消",
        "上一步",
        "帮助",
        "菜单",
        "重来",
        "继续",
        "好的",
        "不用了",
        "没有了",
        "就这些",
        "是",
        "不是",
        "跳过",
    ),
    *("1", "2", "3", "9", "第一个", "②", "501", "3-2-501", "3栋2单元501", "我住B座1203", "99栋9单元9999"),
    *(
        "13800001234",
        "138000",
        "王秀兰",
        "明天下午三点",
        "昨天",
        "周末",
        "下个月",
        "三个人",
        "15000人",
        "五星",
        "一般",
    ),
    *(
        "厨房水龙头漏水",
        "3栋2单元501厨房水龙头漏水，明天下午三点来，电话13800001234",
        "电梯里有人被困",
        "闻到燃气味",
    ),
    *(
        "物业费还欠多少",
        "为什么这么多",
        "我要投诉",
        "楼上半夜吵",
        "建议多放几个垃圾桶",
        "修好了吗",
        "催一下",
        "没修好",
    ),
    *(
        "有什么活动",
        "报名",
        "今天停水吗",
        "装修要办什么手续",
        "办公室电话",
        "我想看房",
        "附近有什么吃的",
        "投票",
    ),
    *(
        "不是501是502",
        "改成后天上午",
        "说错了，电话是13900002222",
        "你好",
        "谢谢",
        "混蛋",
        "垃圾物业",
        "哈哈哈",
        "😂",
        "？",
    ),
    *("接单", "完工", "到了", "缺配件", "上班", "下班", "今天的活", "转给别人", "半小时到", "花了80块"),
)

moves = st.one_of(
    st.tuples(st.just("tap"), st.integers(0, 11)),
    st.tuples(st.just("tap"), st.integers(0, 3)),
    st.tuples(st.just("say"), st.sampled_from(WORDS)),
    st.tuples(
        st.just("say"), st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40)
    ),
    st.tuples(
        st.just("send"), st.sampled_from([Kind.IMAGE, Kind.VOICE, Kind.LOCATION, Kind.LINK, Kind.OTHER])
    ),
)


@dataclass(slots=True)
class Crowd:
    """People of the demo who talk at random, one talk after another."""

    pipeline: Pipeline
    people: list[str] = field(repr=False)
    count: int = 0
    offered: list[Option] = field(default_factory=list, repr=False)
    log: list[str] = field(default_factory=list, repr=False)
    talk: Conversation = field(default_factory=Conversation, repr=False)  # as it stood after the last message

    async def begin(self, who: int) -> str:
        person = self.people[who % len(self.people)]
        await Conversation.filter(person__channel_id=person).update(state={}, hold=Hold.BOT)
        self.offered, self.log, self.talk = [], [], Conversation(state={}, hold=Hold.BOT)
        return person

    async def does(self, person: str, kind: Kind, **facts: str) -> Reply | None:
        self.count += 1
        push = Inbound(f"random:{self.count}", person, kind, datetime.now(UTC), **facts)  # type: ignore[arg-type]  # texts
        before = self.talk.hold
        self.log.append(f"{person}: {kind} {facts}")
        reply = (await self.pipeline.handle(push)).reply
        self.log.append(f"   bot: {reply}")
        if kind is Kind.TEXT and before is Hold.BOT:
            assert reply is not None, "not answered:\n" + "\n".join(self.log)
        if reply:
            assert reply.text or reply.image or reply.article
            assert fits_passive(reply)
            self.offered = list(reply.options) or self.offered
        await self.check(person)
        return reply

    async def move(self, person: str, act: str, value: object) -> None:
        if act == "say":
            await self.does(person, Kind.TEXT, text=str(value))
        elif act == "send":
            await self.does(person, Kind(str(value)), media_id=f"m{self.count}", text="某处")
        elif self.offered:
            option = self.offered[int(str(value)) % len(self.offered)]
            await self.does(person, Kind.TEXT, text=option.text, tapped=str(option.number))

    async def check(self, person: str) -> None:
        """What is kept can be read again, and every open talk waits at a question of its script."""
        self.talk = await Conversation.get(person__channel_id=person).only("id", "state", "hold")
        row = self.talk.state
        state = State.of(row)
        assert orjson.loads(orjson.dumps(state.row())) == row
        for frame in state.stack:
            if not frame.at and frame is not state.top:
                continue  # its guard's own script runs first
            steps = self.pipeline.bot.catalogue.newest(frame.script).steps
            assert frame.at in steps, f"{frame.script} is at {frame.at!r}"
        if state.stack:
            top = state.stack[-1]
            assert self.pipeline.bot.catalogue.newest(top.script).steps[top.at].waits

    async def gives_up(self, person: str) -> None:
        for _ in range(DEEPEST + 3):
            if not State.of(self.talk.state).stack and self.talk.hold is Hold.BOT:
                return
            await self.does(person, Kind.TEXT, text="取消")
        raise AssertionError("cannot be cancelled:\n" + "\n".join(self.log))


@pytest.fixture
async def crowd(demo: None, understander: Understander) -> AsyncIterator[Crowd]:
    houses = await House.all().limit(BOUND)
    for number, house in enumerate(houses):
        person = await Person.create(
            channel_id=f"o_random_{number}", name=f"住户{number}", phone="13800001234"
        )
        await Binding.create(
            person=person,
            house=house,
            community_id=house.community_id,
            relation=Relation.OWNER,
            status=BindingStatus.ACTIVE,
            name=person.name,
            phone=person.phone,
        )
    technicians = await Technician.filter(person_id__not_isnull=True).prefetch_related("person")
    people = [f"o_random_{number}" for number in range(BOUND + 6)]  # the last six are strangers
    people += [one.person.channel_id for one in technicians if one.person]
    bot = await library.load(registry, shipped.everything(), company="青禾物业")
    pipeline = Pipeline(bot, understander, split=split, allowances=Allowances(), wake=lambda names: None)
    yield Crowd(pipeline, people)


@pytest.mark.parametrize("share", range(SHARES))
@settings(
    max_examples=TALKS // SHARES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.generate],
    report_multiple_bugs=False,
)
@given(
    who=st.integers(0, 200),
    script=st.sampled_from(SCRIPTS),
    talk=st.lists(moves, min_size=2, max_size=9),
    salt=st.integers(0, 9),
)
async def test_random_talk(
    share: int, crowd: Crowd, who: int, script: str, talk: list[tuple[str, object]], salt: int
) -> None:
    person = await crowd.begin(who + share)
    start = SCRIPTS[(SCRIPTS.index(script) + share * salt) % len(SCRIPTS)]
    await crowd.does(person, Kind.MENU, key=f"s:{start}")
    for act, value in talk:
        await crowd.move(person, act, value)
    await crowd.gives_up(person)
