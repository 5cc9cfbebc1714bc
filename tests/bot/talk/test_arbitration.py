"""What a message is while a question is open: by the shipped scripts, with the real recogniser."""

import pytest

from bot.rehearsal.transcript import Player, player_for
from bot.scripts.format import Line, Script, Transcript, read
from bot.talk.arbitration import RULES
from bot.understanding import Understander
from dialogs import shipped
from dialogs.registry import registry

SCRIPTS: dict[str, Script] = {name: read(source, name=name) for name, source in shipped.scripts()}
BOT = shipped.bot(registry, company="青禾物业")
PERSON = {
    "bound": True,
    "house": "3-2-501",
    "house_id": 1,
    "community_id": 1,
    "name": "王芳",
    "phone": "13800001234",
}
STUBS = {
    "repair.categories": [["water", "水管水龙头"], ["electric", "电路灯具"], ["other", "其他"]],
    "repair.sort": {"area": "home"},
    "repair.mended": {},
    "repair.known": {},
    "repair.submit": {"spoken": "BX 10015", "ticket_id": 1},
    "rooms.resolve": [["3-2-501", "3栋2单元501"]],
    "faq.search": {"outcome": "none"},
    "faq.popular": [],
    "faq.related": [],
}
FILLED = {"category": "water", "area": "home", "place": "厨房", "description": "水龙头一直滴水"}
WHEN = {"time": {"start": "2026-11-21T08:00:00+08:00", "end": "2026-11-21T12:00:00+08:00"}}


async def repair(understander: Understander, said: str, **slots: object) -> Player:
    """The repair talk after one answer, with these slots filled before."""
    transcript = Transcript.model_validate(
        {"name": "x", "person": PERSON, "stubs": STUBS, "slots": {**FILLED, **slots}, "talk": []}
    )
    player = player_for(transcript, BOT, understander)
    await player.begin("repair", transcript.slots)
    await player.line(Line(me=said))
    return player


def at(player: Player) -> str:
    return player.state.top.at if player.state.top else "done"


@pytest.mark.parametrize(
    "said", ["好嘞，麻烦了", "没毛病就这样", "👌🏻", "对对对 交吧", "[OK]", "行 谢谢师傅"]
)
async def test_a_yes_in_any_words_submits(understander: Understander, said: str) -> None:
    assert at(await repair(understander, said, **WHEN)) == "done"


@pytest.mark.parametrize(
    "said", ["先别交", "等会儿再提交", "怎么提交啊", "提交之前能改吗", "我还没想好", "不太对", "谁让你提交的"]
)
async def test_a_word_in_a_sentence_submits_nothing(understander: Understander, said: str) -> None:
    assert at(await repair(understander, said, **WHEN)) != "done"


async def test_a_no_asks_what_is_wrong_and_keeps_the_report(understander: Understander) -> None:
    player = await repair(understander, "不对", **WHEN)
    assert at(player) == "check"
    assert "改哪一项" in player.log[-1][1]


@pytest.mark.parametrize("said", ["算了不修了", "不报了", "取消"])
async def test_only_a_withdrawal_drops_it(understander: Understander, said: str) -> None:
    player = await repair(understander, said, **WHEN)
    assert at(player) == "done"
    assert "BX 10015" not in player.log[-1][1]


@pytest.mark.parametrize(
    ("said", "slot", "value"),
    [
        ("电话不对，是13911112222", "phone", "13911112222"),
        ("不是厨房，是卫生间", "place", "卫生间"),
        ("类别改成电路灯具", "category", "electric"),
    ],
)
async def test_what_is_wrong_is_put_right_in_one_sentence(
    understander: Understander, said: str, slot: str, value: str
) -> None:
    player = await repair(understander, said, **WHEN)
    assert at(player) == "check"
    assert player.state.top
    assert player.state.top.slots[slot] == value


@pytest.mark.parametrize("said", ["稍等我问问家里人", "等一下", "我看看日历"])
async def test_who_asks_for_a_moment_gets_it(understander: Understander, said: str) -> None:
    player = await repair(understander, said)
    assert at(player) == "visit"
    assert player.state.top
    assert player.state.top.slots.get("time") is None


async def test_the_reason_of_a_decision_is_kept(understander: Understander) -> None:
    player = await repair(understander, "第三个吧")
    assert at(player) == "check"


def test_the_precedence_is_one_list_with_a_name_for_each_rule() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    assert all(names)


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("提交之前能改吗", "随时能改"),
        ("要钱吗", "您同意了才做"),
        ("归你们管吗", "您只管报"),
        ("为什么要电话", "约上时间"),
    ],
)
async def test_a_question_is_answered_and_the_open_one_asked_again(
    understander: Understander, said: str, answered: str
) -> None:
    player = await repair(understander, said, **WHEN)
    assert at(player) == "check"
    assert answered in player.log[-1][1]
    assert "请再看一遍" in player.log[-1][1]
