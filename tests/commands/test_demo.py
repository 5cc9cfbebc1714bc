"""run.py demo: what an empty database is filled with, and what never on a real account."""

from datetime import datetime
from pathlib import Path

import orjson

from commands import demo
from models.complaints import Complaint
from models.conversations import Message
from models.promises import Promise
from models.tickets import Ticket
from services import clock
from settings import Settings


def _of_a_real_account(found: Settings) -> Settings:
    there = found.wechat.model_copy(update={"api_url": "https://api.weixin.qq.com"})
    return found.model_copy(update={"wechat": there})


async def _happened() -> int:
    return sum([await one.all().count() for one in (Ticket, Complaint, Promise, Message)])


async def test_on_a_real_account_nothing_is_made_up_that_happened(
    demo_morning: datetime, test_settings: Settings, tmp_path: Path
) -> None:
    with clock.fixed(demo_morning):
        assert not await demo.load(_of_a_real_account(test_settings), None)  # it is filled already
        assert await _happened() == 0
        people = tmp_path / "var" / "people.json"
        assert not await demo.load(test_settings, people)
    assert await Ticket.all().count() >= 16
    assert "王秀兰" in [one["nickname"] for one in orjson.loads(people.read_bytes())]
