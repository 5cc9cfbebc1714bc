"""Template and subscription messages: their rules, their cards, and the event at the end."""

from dataclasses import replace

import pytest

from simulator.config import Config
from simulator.jsonio import JsonObject
from tests.simulator.conftest import Account, Phone, Start

TEMPLATE: JsonObject = {
    "template_id": "T1",
    "title": "维修进度通知",
    "content": "工单编号：{{character_string1.DATA}}\n进度：{{thing2.DATA}}",
}


def body(openid: str, **values: str) -> JsonObject:
    return {"touser": openid, "template_id": "T1", "data": {k: {"value": v} for k, v in values.items()}}


async def ready(phone: Phone) -> str:
    await phone.post("/sim/templates", TEMPLATE)
    await phone.log_in()
    return await phone.follower("o1")


async def test_a_template_of_the_old_library_is_cut_shown_and_reported(
    start: Start, config: Config, account: Account
) -> None:
    phone = await start(replace(config, category_templates=False))
    openid = await ready(phone)
    reported = account.next_push()
    values = {"first": "您好", "character_string1": "BX1", "thing2": "已接单😀\n" + "很" * 30}
    answer = await phone.call("message/template/send", body(openid, **values))
    card = (await phone.messages(openid))[-1]
    assert (card["type"], card["via"], card["title"]) == ("template", "template", "维修进度通知")
    assert card["facts"] == [
        {"label": "工单编号", "value": "BX1"},
        {"label": "进度", "value": "已接单" + "很" * 17},
    ]
    assert card["text"] == "维修进度通知\n工单编号：BX1\n进度：已接单" + "很" * 17
    event = await reported
    assert (event["Event"], event["MsgID"]) == ("TEMPLATESENDJOBFINISH", str(answer["msgid"]))
    assert event["Status"] == "success"


async def test_a_blocked_template_is_reported_as_such(phone: Phone, account: Account) -> None:
    openid = await ready(phone)
    await phone.post(f"/sim/users/{openid}/templates", {"blocked": True})
    reported = account.next_push()
    await phone.call("message/template/send", body(openid, character_string1="BX1", thing2="x"))
    assert (await reported)["Status"] == "failed:user block"
    assert await phone.messages(openid) == []


async def test_the_same_client_id_sends_once_in_ten_minutes(phone: Phone) -> None:
    openid = await ready(phone)
    sent = body(openid, character_string1="BX1", thing2="已接单") | {"client_msg_id": "once"}
    first, second = [await phone.call("message/template/send", sent) for _ in range(2)]
    assert first["msgid"] == second["msgid"]
    await phone.advance(601)
    third = await phone.call("message/template/send", sent)
    assert third["msgid"] != first["msgid"]
    assert len(await phone.messages(openid)) == 2


async def test_a_subscription_message_needs_consent_each_time(phone: Phone, account: Account) -> None:
    openid = await ready(phone)
    sent = body(openid, character_string1="BX1", thing2="已接单")
    assert (await phone.call("message/subscribe/bizsend", sent))["errcode"] == 43101
    await phone.post(f"/sim/users/{openid}/subscribe", {"template_id": "T1", "count": 1})
    assert account.pushes[-1]["Event"] == "subscribe_msg_popup_event"
    outcomes = [(await phone.call("message/subscribe/bizsend", sent))["errcode"] for _ in range(2)]
    assert outcomes == [0, 43101]


@pytest.mark.parametrize(
    ("name", "value", "good"),
    [
        ("thing2", "很" * 20, True),
        ("thing2", "很" * 21, False),
        ("character_string1", "BX-1", True),
        ("character_string1", "报修1", False),
        ("phrase3", "已完成", True),
        ("phrase3", "已经全部完成", False),
        ("phone_number4", "+86-13800001234", True),
        ("phone_number4", "138000012345678901", False),
        ("time5", "2026年11月23日 10:30", True),
        ("time5", "明天", False),
        ("amount6", "￥12.50", True),
        ("amount6", "十二元", False),
        ("name7", "王师傅", True),
        ("name7", "王" * 11, False),
        ("number8", "12.5", True),
        ("unknown9", "x", False),
    ],
)
async def test_every_kind_of_value_has_its_rule(phone: Phone, name: str, value: str, good: bool) -> None:
    openid = await ready(phone)
    values = {"character_string1": "BX1", "thing2": "已接单", name: value}
    answer = await phone.call("message/subscribe/bizsend", body(openid, **values))
    assert answer["errcode"] == (43101 if good else 47003)
    assert good or f"data.{name}.value invalid" in str(answer["errmsg"])
