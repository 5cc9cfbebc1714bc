"""What consents, submits, unbinds or cancels is never taken from a word in a sentence, however the sentence is made.

Sentences are made from what people say around the word: they deny, ask, wait, quote others, set conditions, or speak
of earlier and later. Each is said where a yes would bind. Nothing may have been done afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product

import pytest

from bot.rehearsal.transcript import Player, Stubs, who
from bot.scripts.bot import Bot
from bot.scripts.format import Line
from bot.talk.talk import Done
from bot.turn import Turn
from bot.understanding import Understander
from bot.values import Plain
from dialogs import shipped
from dialogs.registry import registry

BOT: Bot = shipped.bot(registry, company="安居物业")
NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
PERSON: dict[str, Plain] = {
    "bound": True, "house": "3-2-501", "house_id": 1, "community_id": 1, "name": "王芳", "phone": "13800001234",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a yes binds: how the talk gets there, the step that waits, what binding does, how people name it."""

    name: str
    lines: tuple[str, ...]
    step: str
    effect: str  # the action that binds
    verbs: tuple[str, ...]
    stubs: dict[str, Plain]
    bound: bool = True


PLACES = (
    Place(
        "consent",
        ("绑定房屋",),
        "agreed",
        "binding.consent",
        ("同意", "绑定"),
        {"binding.begin": {"version": "1"}, "bindings.communities": [["1", "青禾一期"]]},
        bound=False,
    ),
    Place(
        "submit a report",
        ("我要报修", "水龙头一直滴水", "厨房", "明天下午三点"),
        "check",
        "repair.submit",
        ("提交", "报修", "确认"),
        {
            "repair.categories": [["water", "水管水龙头"], ["other", "其他"]],
            "rooms.resolve": [["3-2-501", "3栋2单元501"]],
            "repair.sort": {"area": "home"},
            "repair.keep": {},
            "repair.known": {},
            "repair.mended": {},
        },
    ),
    Place("unbind", ("解绑",), "sure", "binding.unbind", ("解绑", "解除"), {}),
    Place(
        "leave an activity",
        ("周六的采摘活动我去不了了，取消报名",),
        "sure",
        "activity.withdraw",
        ("取消", "退出"),
        {
            "activity.mine": {"outcome": "one", "activity": "7"},
            "activity.my_card": {
                "name": "草莓采摘", "starts": "11月28日周六 09:00", "place": "北门", "people": 2, "most": 4,
                "state": "已报上", "code": "204 816",
            },
        },
    ),
)  # fmt: skip

AROUND = (
    # denied
    "先别{verb}", "不要{verb}", "不{verb}", "我没说要{verb}", "谁让你{verb}了", "不是要{verb}",
    "千万别给我{verb}", "我不想{verb}", "别急着{verb}", "暂时不{verb}",
    # asked
    "{verb}了会怎么样", "怎么{verb}", "为什么要{verb}", "{verb}要钱吗", "能不能不{verb}", "{verb}是什么意思",
    "可以晚点{verb}吗",     "{verb}之后还能改吗", "不{verb}行不行", "谁来{verb}", "必须{verb}吗", "是不是要{verb}",
    # put off, under a condition
    "等一下再{verb}", "我想想再{verb}", "晚上回去再{verb}", "等我老公回来再{verb}", "要是免费我就{verb}",
    "看完再{verb}",     "明天再{verb}吧", "除非你们今天来，否则不{verb}",
    # told of others and of other times
    "我妈说要{verb}", "上次{verb}过一次", "邻居都{verb}了", "他们让我{verb}", "我之前{verb}过", "群里说要{verb}",
    # taken back
    "撤回{verb}", "点错了，不是{verb}", "刚才{verb}是误点", "{verb}的事先放一放",
)  # fmt: skip
ENDS = ("", "，谢谢", "啊")


@dataclass(slots=True)
class Watched(Stubs):
    """Stubs for any action; `done` are the names of those that ran."""

    done: list[str] = field(default_factory=list)

    async def run(self, name: str, turn: Turn, arguments: Mapping[str, Plain]) -> Done:
        self.done.append(name)
        return (
            await Stubs.run(self, name, turn, arguments)
            if name in self.values
            else Done("error", {}, error="bot.ok")
        )

    async def listed(self, name: str, turn: Turn, arguments: Mapping[str, Plain]) -> list[tuple[str, str]]:
        return await Stubs.listed(self, name, turn, arguments) if name in self.values else []


async def _arrived(place: Place, understander: Understander) -> tuple[Player, Watched]:
    """The talk at the step where a yes binds."""
    stubs = Watched(dict(place.stubs), who(PERSON if place.bound else {"bound": False}))
    player = Player(BOT, understander, stubs, NOW)
    for line in place.lines:
        await player.line(Line(me=line))
    assert player.state.top
    assert player.state.top.at == place.step, player.log
    return player, stubs


@pytest.mark.parametrize("place", PLACES, ids=[one.name for one in PLACES])
@pytest.mark.parametrize("around", AROUND)
async def test_no_word_in_a_sentence_binds(place: Place, around: str, understander: Understander) -> None:
    for verb, end in product(place.verbs, ENDS):
        sentence = around.format(verb=verb) + end
        player, stubs = await _arrived(place, understander)
        await player.line(Line(me=sentence))
        assert place.effect not in stubs.done, f"“{sentence}” bound: {player.log[-1]}"


@pytest.mark.parametrize("place", PLACES, ids=[one.name for one in PLACES])
@pytest.mark.parametrize("sentence", ["好的", "对", "可以", "没问题", "嗯嗯好的", "是的"])
async def test_a_clear_yes_does(place: Place, sentence: str, understander: Understander) -> None:
    player, stubs = await _arrived(place, understander)
    await player.line(Line(me=sentence))
    assert place.effect in stubs.done, player.log


STANDING = (
    Place("unbind", ("解绑",), "sure", "binding.unbind", (), {}),
    Place("what to do with one's home", ("我的房屋",), "show", "binding.unbind", (), {}),
    Place(
        "turn somebody out",
        ("成员", "移出一位", "李雷"),
        "sure",
        "household.remove",
        (),
        {
            "household.members": {"members": "王芳（业主）138****1234", "others": 1},
            "household.removable": [["李雷\n13900005678", "李雷 139****5678"]],
        },
    ),
)


@pytest.mark.parametrize("place", STANDING, ids=[one.name for one in STANDING])
@pytest.mark.parametrize(
    "words",
    ["取消", "算了", "不弄了", "退出", "不用了", "取消操作", "算了不弄", "先不办了", "停", "那就取消吧"],
)
async def test_no_word_that_leaves_a_talk_ends_what_has_stood(
    place: Place, words: str, understander: Understander
) -> None:
    player, stubs = await _arrived(place, understander)
    for _ in range(2):  # whoever is asked something else says it again
        await player.line(Line(me=words))
    assert place.effect not in stubs.done, player.log


@pytest.mark.parametrize("words", ["解绑", "取消绑定", "那就解绑吧", "确定解绑"])
async def test_the_word_itself_still_unbinds(words: str, understander: Understander) -> None:
    player, stubs = await _arrived(STANDING[0], understander)
    await player.line(Line(me=words))
    assert "binding.unbind" in stubs.done, player.log
