"""The windows and counts within which an account may send to a person."""

from dataclasses import replace

import pytest

from simulator.config import Config
from simulator.jsonio import JsonObject
from tests.simulator.conftest import APP_ID, Account, Phone, Start

HOUR = 3600


async def test_five_sends_after_a_message_and_48_hours(phone: Phone) -> None:
    openid = await phone.follower("o1")
    await phone.log_in()
    await phone.says(openid, "你好")
    await phone.advance(61)
    assert [await phone.custom(openid) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    await phone.says(openid, "还在吗")
    assert await phone.custom(openid) == 0
    await phone.advance(48 * HOUR)
    await phone.log_in()
    assert await phone.custom(openid) == 45015


async def test_three_sends_within_a_minute_of_a_menu_click(phone: Phone) -> None:
    openid = await phone.follower("o1")
    await phone.log_in()
    await phone.advance(61)
    assert await phone.custom(openid) == 45015
    await phone.send(openid, type="menu", key="REPAIR")
    assert [await phone.custom(openid) for _ in range(4)] == [0, 0, 0, 45047]
    await phone.send(openid, type="menu", key="REPAIR")
    assert await phone.custom(openid) == 0
    await phone.advance(61)
    assert await phone.custom(openid) == 45015


async def test_a_follow_and_a_scan_open_a_minute_too(phone: Phone) -> None:
    openid = await phone.follower("o1")
    await phone.log_in()
    assert await phone.custom(openid) == 0
    await phone.advance(61)
    await phone.post(f"/sim/users/{openid}/scan", {"scene": "house_1"})
    assert await phone.custom(openid) == 0


async def test_an_action_never_adds_to_what_a_message_gave(phone: Phone) -> None:
    openid = await phone.follower("o1")
    await phone.log_in()
    await phone.says(openid, "你好")
    await phone.send(openid, type="menu", key="REPAIR")
    assert [await phone.custom(openid) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


@pytest.mark.parametrize(("opens", "left"), [(False, 3), (True, 5)])
async def test_a_tapped_option_counts_as_a_click_or_as_a_message(
    phone: Phone, opens: bool, left: int
) -> None:
    openid = await phone.follower("o1")
    await phone.log_in()
    await phone.advance(61)
    await phone.post("/sim/mode", {"tap_opens_window": opens})
    await phone.send(openid, type="option", text="厨房", id="1")
    assert [await phone.custom(openid) for _ in range(left + 1)] == [0] * left + [45047]
    await phone.send(openid, type="option", text="厨房", id="1")
    await phone.advance(61)
    assert await phone.custom(openid) == (0 if opens else 45015)


@pytest.mark.parametrize(("opens", "errcode"), [(False, 45015), (True, 0)])
async def test_a_payment_opens_nothing_unless_it_is_said_to(phone: Phone, opens: bool, errcode: int) -> None:
    openid = await phone.follower("o1")
    await phone.log_in()
    await phone.advance(61)
    await phone.post("/sim/mode", {"payment_opens_window": opens})
    await phone.post(f"/sim/users/{openid}/pay")
    assert await phone.custom(openid) == errcode


@pytest.mark.parametrize(
    ("kind", "errcode"), [("scancode_push", 0), ("scancode_waitmsg", 0), ("pic_sysphoto", 45015)]
)
async def test_of_the_other_buttons_only_those_that_scan_open_a_minute(
    phone: Phone, account: Account, kind: str, errcode: int
) -> None:
    openid = await phone.follower("o1")
    await phone.log_in()
    await phone.call("menu/create", {"button": [{"type": kind, "name": "扫一扫", "key": "K"}]})
    await phone.advance(61)
    await phone.send(openid, type="menu", key="K", result="house_1")
    assert account.pushes[-1]["Event"] == kind
    assert await phone.custom(openid) == errcode


@pytest.mark.parametrize(
    "body", [{"menu_ids": "some"}, {"menu_ids": 1}, {"tap_opens_window": "yes"}, {"taps": True}]
)
async def test_a_senseless_habit_is_refused_and_changes_nothing(phone: Phone, body: JsonObject) -> None:
    before = await phone.get("/sim/mode")
    await phone.post("/sim/mode", {"payment_opens_window": True, **body}, status=400)
    assert await phone.get("/sim/mode") == before


async def test_nobody_and_those_who_left_get_nothing(phone: Phone) -> None:
    openid = await phone.follower("o1")
    await phone.log_in()
    assert await phone.custom("o-nobody") == 40003
    await phone.post(f"/sim/users/{openid}/unfollow")
    assert await phone.custom(openid) == 43004


async def test_a_refused_send_costs_nothing(phone: Phone) -> None:
    openid = await phone.follower("o1")
    await phone.log_in()
    await phone.says(openid, "你好")
    assert await phone.custom(openid, "") == 44004
    assert await phone.custom(openid, "汉" * 683) == 45002
    assert [await phone.custom(openid) for _ in range(5)] == [0] * 5


async def test_the_daily_limit_and_its_clearing(start: Start, config: Config) -> None:
    phone = await start(replace(config, daily_limits={"user/get": 2}))
    await phone.log_in()
    answers = [(await phone.fetch("user/get")).get("errcode", 0) for _ in range(3)]
    assert answers == [0, 0, 45009]
    assert (await phone.call("clear_quota", {"appid": APP_ID}))["errcode"] == 0
    assert "errcode" not in await phone.fetch("user/get")
    await phone.advance(24 * HOUR)
    await phone.log_in()
    assert "errcode" not in await phone.fetch("user/get")


async def test_four_mass_messages_a_month(phone: Phone) -> None:
    people = [await phone.follower(f"o{n}") for n in range(2)]
    await phone.log_in()
    body: JsonObject = {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": "通知"}}
    for _ in range(5):
        assert (await phone.call("message/mass/sendall", body))["errcode"] == 0
    for openid in people:
        assert [m["via"] for m in await phone.messages(openid)] == ["mass"] * 4
