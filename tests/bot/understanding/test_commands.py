"""Whole messages that steer the talk."""

import pytest

from bot.understanding import Command, command


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("取消", Command.CANCEL),
        ("算了吧", Command.CANCEL),
        ("上一步！", Command.BACK),
        ("帮助", Command.HELP),
        ("怎么用啊", Command.HELP),
        ("回主菜单", Command.MENU),
        ("選單", None),
        ("轉人工", Command.HUMAN),
        ("人工!人工!", Command.HUMAN),
        ("叫你们经理来", Command.HUMAN),
        ("算咯算咯", Command.CANCEL),
        ("请帮我转人工客服，谢谢", Command.HUMAN),
        ("重新来", Command.RESTART),
        ("取　消", Command.CANCEL),
        ("MENU", Command.MENU),
    ],
)
def test_a_whole_message_is_a_command(text: str, meant: Command | None) -> None:
    assert command(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "取消报名",
        "取消报修单",
        "帮助我修一下马桶",
        "人工湖的水臭了",
        "我要回去拿钥匙",
        "停水了",
        "",
        "👍",
        "重来没有的事",
    ],
)
def test_a_sentence_that_only_contains_one_is_none(text: str) -> None:
    assert command(text) is None
