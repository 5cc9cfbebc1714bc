"""run.py demo: what an empty database is filled with, and whose databases it stays away from."""

from datetime import datetime
from pathlib import Path

import orjson
import pytest

from commands import StartError, demo
from models.community import Community
from models.complaints import Complaint
from models.conversations import Message
from models.people import Person, Role, Staff
from models.promises import Promise
from models.tickets import Ticket
from services import clock
from settings import Settings


def _of_a_real_account(found: Settings) -> Settings:
    there = found.wechat.model_copy(update={"api_url": "https://api.weixin.qq.com"})
    return found.model_copy(update={"wechat": there})


async def _happened() -> int:
    return sum([await one.all().count() for one in (Ticket, Complaint, Promise, Message)])


async def test_the_demo_stays_away_from_a_real_account(
    demo_morning: datetime, test_settings: Settings, tmp_path: Path
) -> None:
    with clock.fixed(demo_morning):
        with pytest.raises(StartError, match="real account"):
            await demo.load(_of_a_real_account(test_settings), None)
        assert await _happened() == 0
        people = tmp_path / "var" / "people.json"
        assert not await demo.load(test_settings, people)  # it is filled already
    assert await Ticket.all().count() >= 16
    assert "王秀兰" in [one["nickname"] for one in orjson.loads(people.read_bytes())]


@pytest.mark.parametrize("there", ["an administrator", "somebody who wrote"])
async def test_where_anybody_is_known_no_demo_is_put_beside_them(
    database: str, test_settings: Settings, there: str
) -> None:
    if there == "an administrator":
        await Staff.create(login="root", name="王经理", role=Role.ADMIN)
    else:
        await Person.create(channel_id="o_somebody")
    assert not await demo.load(test_settings, None)
    assert not await Community.exists()
