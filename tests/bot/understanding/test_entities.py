"""What one sentence names, by the guide's conventions."""

import json
import random
from datetime import datetime
from pathlib import Path

import pytest

from bot.understanding import Understander
from bot.understanding.entities import extract
from bot.understanding.evaluation import entities_json

HERE = Path(__file__).parent
CHECKED = [
    json.loads(line)
    for name in (
        "check_entities.jsonl",
        "tricky_entities.jsonl",
        "hard_entities.jsonl",
        "fresh_entities.jsonl",
    )
    for line in (HERE / name).read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("case", CHECKED, ids=[case["text"] for case in CHECKED])
def test_exactly_what_the_sentence_names(understander: Understander, case: dict[str, str]) -> None:
    found = understander.understand(case["text"], datetime.fromisoformat(case["now"])).entities
    assert entities_json(found) == case["entities"]


def test_a_bare_answer_counts_only_when_it_was_asked_for(now: datetime) -> None:
    assert extract("501", now).room is None
    assert extract("下午", now).time is None
    assert extract("3", now).party_size is None


def test_now_may_come_in_any_zone() -> None:
    found = extract("明天下午三点来", datetime.fromisoformat("2026-11-20T18:00:00+00:00")).time
    assert found and found.start.isoformat() == "2026-11-22T15:00:00+08:00"


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("报两大一小", 3),
        ("三个大人两个小孩", 5),
        ("我们一家四口", 4),
        ("5个人", 5),
        ("十二位", 12),
        ("等了3天", None),
        ("托管班有六七十个孩子", 60),
        ("来了三五百人", 300),
        ("楼下电影给我们仨报上", 3),
        ("咱俩都去", 2),
        ("给我和老伴报上", 2),
        ("我跟我媳妇带孩子报名", 3),
        ("给我俩孩子报名", None),
    ],
)
def test_how_many_people(text: str, people: int | None, now: datetime) -> None:
    assert extract(text, now).party_size == people


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("2块8", 280),
        ("交1280元", 128_000),
        ("预存两千块", 200_000),
        ("¥99.5", 9_950),
        ("1.5万元", 1_500_000),
        ("501", None),
    ],
)
def test_sums_of_money_are_fen(text: str, fen: int | None, now: datetime) -> None:
    assert extract(text, now).amount_fen == fen


def test_the_place_of_a_fault(now: datetime) -> None:
    assert extract("厨房水龙头漏水", now).place == "厨房"
    assert extract("地下车库的灯不亮", now).place == "地下车库"
    assert extract("你好", now).place is None


def test_no_numbers_break_it(now: datetime) -> None:
    """Pieces of numbers, times and flats in any order, as nobody would write them."""
    pieces = [
        *"一三十百千万两半刻点时分号月年天周下个人大块¥.-到:05栋座#室晚明后过",
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
            "我家",
        ),
    ]
    chance = random.Random(3)
    for _ in range(3000):
        text = "".join(chance.choices(pieces, k=chance.randint(2, 9)))
        assert extract(text, now, mending=True).urgent is False
