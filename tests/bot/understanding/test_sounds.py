"""Things that dictation wrote as something else that sounds so."""

from datetime import UTC, datetime

import pytest

from bot.understanding import Understander
from bot.understanding.sounds import by_sound

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("暖其不热", "暖气不热"),
        ("厨房谁笼头关不紧", "厨房水龙头关不紧"),
        ("电题不动了", "电梯不动了"),
        ("插做没电", "插座没电"),
        ("墙皮掉了", "墙皮掉了"),
        ("家里不舒服", "家里不舒服"),
        ("ok", "ok"),
        ("", ""),
    ],
)
def test_names_of_things_are_heard_in_what_sounds_like_them(said: str, meant: str) -> None:
    assert by_sound(said) == meant


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("暖其不热啊都冻死了", "hvac"),
        ("灯炮一闪一闪的", "electric"),
        ("空条滴水", "hvac"),
        ("骂桶堵了", "drain"),
    ],
)
def test_a_fault_is_sorted_though_it_is_misspelt(
    said: str, category: str, understander: Understander
) -> None:
    found = understander.understand(said, NOW)
    assert found.intent == "repair_report"
    assert found.entities.category == category
