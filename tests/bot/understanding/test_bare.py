"""Bare answers, read as what was asked for."""

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.understanding import Bare, Expected, TimeWindow, read_as

NOTHING = Bare(None)
ANSWERS = (Path(__file__).parent / "bare.tsv").read_text(encoding="utf-8").splitlines()


def _shown(bare: Bare) -> str | None:
    window = bare.value
    if not isinstance(window, TimeWindow):
        return bare.unusable or None
    end = f"–{window.end:%m-%d %H:%M}" if window.end else "+" if window.onward else ""
    return f"{window.start:%m-%d %H:%M}{end} {window.said}".strip()


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("下午", "11-20 12:00–11-20 18:00"),
        ("晚饭前", "11-20 16:00–11-20 18:30"),
        ("中午吧", "11-20 11:30–11-20 13:30"),
        ("今天不行，明天下午吧", "11-21 12:00–11-21 18:00"),
        ("周末都行", "11-21 00:00–11-23 00:00"),
        ("七点以后", "11-20 19:00+"),
        ("工作日晚上", "11-20 18:00–11-20 22:00 工作日晚上"),
        ("平时下班后", "11-20 18:00–11-20 22:00 平时下班后"),
        ("周一到周五晚上七点以后", "11-20 19:00+ 周一到周五晚上七点以后"),
        ("工作日晚上来，白天上班", "11-20 18:00–11-20 22:00 工作日晚上"),
        ("时间改成工作日晚上", "11-20 18:00–11-20 22:00 工作日晚上"),
        ("今天随便什么时候", "11-20 00:00–11-21 00:00"),
        ("二十分钟", "11-20 10:50"),
        ("半个钟头", "11-20 11:00"),
        ("马上过来", "11-20 10:45"),
        ("尽快，都在家", "11-20 10:30 尽快"),
        ("越快越好", "11-20 10:30 尽快"),
        ("现在就行", "11-20 10:30 现在"),
        ("随时", "11-20 10:30 随时"),
        ("什么时候都行", "11-20 10:30 随时"),
        ("你们看着安排就行", "11-20 10:30 随时"),
        ("我这两天都在家带孙子你们啥时候来都成", "11-20 10:30 随时"),
        ("周六上午，联系13655556666", "11-21 08:00–11-21 12:00"),
        ("2月30日上午", "2月30日"),
        ("10月20号下午三点", "10月20号"),
        ("下了班", "11-20 18:00–11-20 22:00"),
        ("孩子放学后", "11-20 16:00–11-20 19:00"),
        ("吃完晚饭", "11-20 18:00–11-20 22:00"),
        ("周五以前", "11-20 00:00–11-21 00:00"),
        ("月底前", "11-20 00:00–12-01 00:00"),
        ("国庆吧", "10-01 00:00–10-02 00:00"),
        ("九点到十点半", "11-21 09:00–11-21 10:30"),
        ("除了周一都行", "11-20 10:30 除了周一都行"),
        ("这两天都行", "11-20 10:30 这两天"),
        ("不着急，慢慢来", "11-20 10:30 不急"),
        ("晚一点", None),
        ("春节前", "春节前"),
        ("过几天", "过几天"),
        ("改天吧", "改天"),
        ("上门要收钱吗", None),
        ("等一下，我看看排班", None),
        ("上次说三点来也没来", None),
        ("吃完饭过去", None),
        ("好的", None),
    ],
)
def test_moments(text: str, window: str | None, now: datetime) -> None:
    assert _shown(read_as(Expected.TIME, text, now)) == window


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("二十分钟", 20),
        ("半小时到", 30),
        ("半个钟头", 30),
        ("一个半小时", 90),
        ("三五分钟", 5),
        ("一两个小时", 120),
        ("一刻钟", 15),
        ("个把小时", 60),
        ("20min", 20),
        ("马上", 15),
        ("这就过去", 15),
    ],
)
def test_how_long_from_now(text: str, minutes: int, now: datetime) -> None:
    assert read_as(Expected.DURATION, text, now) == Bare(timedelta(minutes=minutes))


@pytest.mark.parametrize(
    "kind", [kind for kind in Expected if kind not in (Expected.TIME, Expected.DURATION)]
)
def test_what_was_asked_for(kind: Expected, now: datetime) -> None:
    rows = [row for line in ANSWERS for row in [line.split("\t")] if row[0] == kind]
    assert rows
    for _, text, wanted in rows:
        found = read_as(kind, text, now)
        assert (text, "-" if found == NOTHING else str(found.value)) == (text, wanted)


def test_no_numbers_break_it(now: datetime) -> None:
    """Pieces of numbers, times and flats in any order, as nobody would write them."""
    pieces = [
        *"一三十百千万两半刻点时分号月年天周下个人大块¥.-到:05栋座#室晚明后过第星张俩",
        *(
            "六七",
            "元月",
            "月底",
            "以后",
            "小时",
            "孩子",
            "31",
            "99",
            "20260231",
            "13800001234",
            "单元",
            "不对",
        ),
        *("我家", "分钟", "倒数", "工作日", "春节", "我叫"),
    ]
    chance = random.Random(3)
    for _ in range(2000):
        text = "".join(chance.choices(pieces, k=chance.randint(1, 9)))
        for kind in Expected:
            assert len(read_as(kind, text, now)) == 2
