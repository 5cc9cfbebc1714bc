"""Templates of today: typed values that are refused, never cut, and what the platform does with a message."""

from dataclasses import replace

import pytest

from simulator.config import Config
from simulator.jsonio import JsonObject
from tests.simulator.conftest import Account, Phone, Start

CONTENT = "工单：{{character_string1.DATA}}\n进度：{{thing2.DATA}}\n状态：{{const3.DATA}}"
TEMPLATE: JsonObject = {
    "template_id": "T1",
    "title": "维修进度通知",
    "content": CONTENT,
    "constants": {"const3": ["已派单", "已完成"]},
}
GOOD = {"character_string1": "BX1", "thing2": "已接单", "const3": "已派单"}


def body(openid: str, **values: str) -> JsonObject:
    told = {name: {"value": value} for name, value in (GOOD | values).items()}
    return {"touser": openid, "template_id": "T1", "data": {**told}}


@pytest.fixture
async def phone(start: Start, config: Config) -> Phone:
    phone = await start(replace(config, category_templates=True))
    await phone.post("/sim/templates", TEMPLATE)
    await phone.log_in()
    await phone.follower("o1")
    return phone


async def sent(phone: Phone, **values: str) -> JsonObject:
    return await phone.call("message/template/send", body("o1", **values))


async def fault(phone: Phone, errcode: int) -> None:
    await phone.post("/sim/faults", {"api": "message/template/send", "errcode": errcode})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("thing2", "很" * 21),
        ("thing2", "两\n行"),
        ("thing2", "好的😀"),
        ("thing2", ""),
        ("character_string1", "报修1"),
        ("character_string1", "B" * 33),
        ("const3", "在路上"),
        ("phrase4", "已经全部完成"),
        ("amount5", "十二元"),
        ("time6", "明天"),
        ("state", "已接单"),
    ],
)
async def test_what_does_not_fit_is_refused_and_not_shown(phone: Phone, name: str, value: str) -> None:
    answer = await sent(phone, **{name: value})
    assert answer["errcode"] == 47003
    assert f"data.{name}.value" in str(answer["errmsg"])
    assert await phone.messages("o1") == []


async def test_colours_and_missing_values_are_refused(phone: Phone) -> None:
    coloured = body("o1")
    coloured["data"] = {"thing2": {"value": "已接单", "color": "#ff0000"}}
    assert (await phone.call("message/template/send", coloured))["errcode"] == 47003
    assert (await sent(phone, const3=""))["errcode"] == 47003


async def test_what_fits_is_shown_as_it_was_said(phone: Phone) -> None:
    assert (await sent(phone, thing2="很" * 20))["errcode"] == 0
    [card] = await phone.messages("o1", wait=5)
    assert card["text"] == f"维修进度通知\n工单：BX1\n进度：{'很' * 20}\n状态：已派单"


@pytest.mark.parametrize("errcode", [40249, 43116, 43117, 43106])
async def test_the_platform_can_refuse_what_it_does_not_like(phone: Phone, errcode: int) -> None:
    await fault(phone, errcode)
    assert (await sent(phone))["errcode"] == errcode
    assert await phone.messages("o1") == []


async def test_a_message_in_review_is_delivered_by_itself_once_it_passed(
    phone: Phone, account: Account
) -> None:
    await fault(phone, 40252)
    answer = await sent(phone)
    assert answer["errcode"] == 40252
    assert await phone.messages("o1") == []
    assert await phone.post("/sim/reviews") == {"passed": 1}
    assert [message["via"] for message in await phone.messages("o1")] == ["template"]
    report = account.pushes[-1]
    assert (report["MsgID"], report["Status"]) == (str(answer["msgid"]), "success")


async def test_a_stopped_message_can_be_asked_for(phone: Phone) -> None:
    await fault(phone, 43116)
    await sent(phone)
    path = f"/wxa/sec/queryblocktmplmsg?access_token={phone.access_token}"
    query: JsonObject = {"tmpl_msg_id": "T1", "largest_id": 0, "limit": 100}
    answer = await phone.post(path, query)
    assert isinstance(answer["msginfo"], list)
    [stopped] = answer["msginfo"]
    assert isinstance(stopped, dict)
    assert (stopped["tmpl_msg_id"], stopped["openid"], stopped["title"]) == ("T1", "o1", "维修进度通知")
    assert (await phone.post(path, query | {"largest_id": stopped["id"]}))["msginfo"] == []
    assert (await phone.post(path, query | {"limit": 101}))["errcode"] == 40097


async def test_a_person_who_gets_too_many_is_reported(phone: Phone, account: Account) -> None:
    await phone.post("/sim/users/o1/templates", {"report": "failed:freq limit"})
    reported = account.next_push()
    assert (await sent(phone))["errcode"] == 0
    assert (await reported)["Status"] == "failed:freq limit"
    assert await phone.messages("o1") == []
