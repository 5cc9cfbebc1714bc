"""A push: signed, encrypted, tried three times, and its answer on the phone."""

import asyncio
from dataclasses import replace

import pytest
from aiohttp import web

from simulator.config import Config, Mode
from simulator.jsonio import JsonObject, JsonValue
from tests.simulator.conftest import ACCOUNT, Account, Phone, Push, Start, sealed_xml, text_xml

FAILED = "该公众号提供的服务出现故障，请稍后再试"


async def test_a_text_is_pushed_and_its_answer_shown(phone: Phone, account: Account) -> None:
    openid = await phone.follower("o1")
    account.says("收到")
    result = await phone.says(openid, "水管漏了 ]]> <b>")
    push = account.pushes[-1]
    assert (push["ToUserName"], push["FromUserName"]) == (ACCOUNT, openid)
    assert (push["MsgType"], push["Content"]) == ("text", "水管漏了 ]]> <b>")
    assert result["msg_id"] == push["MsgId"]
    assert result["attempts"] == 1
    own, answer = await phone.messages(openid)
    assert (own["from"], own["via"], own["text"]) == ("user", "user", "水管漏了 ]]> <b>")
    assert (answer["from"], answer["via"], answer["text"]) == ("account", "passive", "收到")
    assert result["reply"] == answer


@pytest.mark.parametrize("mode", list(Mode))
async def test_every_mode_goes_both_ways(start: Start, config: Config, account: Account, mode: Mode) -> None:
    account.mode = mode
    account.says("好的")
    phone = await start(replace(config, mode=mode))
    openid = await phone.follower("o1")
    result = await phone.says(openid, "你好")
    assert result["failure"] == ""
    assert ("<Content>" in account.bodies[-1]) is (mode is not Mode.SAFE)
    assert ("encrypt_type" in account.queries[-1]) is (mode is not Mode.PLAIN)


async def test_an_answer_to_the_third_push_still_reaches_the_user(impatient: Phone, account: Account) -> None:
    openid = await impatient.follower("o1")
    seen = len(account.pushes)

    async def third(push: Push) -> web.Response:
        if len(account.pushes) - seen < 3:
            return await account.too_late(push)
        return account.wrapped(text_xml(push, "终于"))

    account.reply = third
    result = await impatient.says(openid, "在吗")
    assert result["attempts"] == 3
    assert [m["text"] for m in await impatient.messages(openid)] == ["在吗", "终于"]
    again = account.pushes[seen:]
    assert len({push["MsgId"] for push in again}) == 1
    assert len({query["nonce"] for query in account.queries[seen:]}) == 3


async def test_after_the_third_failure_the_platform_apologises(impatient: Phone, account: Account) -> None:
    openid = await impatient.follower("o1")
    account.reply = account.too_late
    result = await impatient.says(openid, "在吗")
    assert (result["attempts"], result["reply"], result["failure"]) == (3, None, "timeout")
    tip = (await impatient.messages(openid))[-1]
    assert (tip["type"], tip["via"], tip["text"]) == ("tip", "platform", FAILED)


async def test_nobody_listening_counts_as_failed_pushes(start: Start, config: Config) -> None:
    phone = await start(replace(config, callback="http://127.0.0.1:9/wechat"))
    openid = await phone.follower("o1")
    result = await phone.says(openid, "在吗")
    assert result["attempts"] == 3
    assert str(result["failure"]).startswith("connection")


async def test_a_status_other_than_200_fails_at_once(phone: Phone, account: Account) -> None:
    openid = await phone.follower("o1")

    async def broken(push: Push) -> web.Response:
        return web.Response(status=500)

    account.reply = broken
    result = await phone.says(openid, "在吗")
    assert (result["attempts"], result["failure"]) == (1, "status 500")
    assert (await phone.messages(openid))[-1]["text"] == FAILED


@pytest.mark.parametrize(
    "body",
    [
        "好的",
        "<xml><Content>x</Content></xml>",
        sealed_xml("<xml>not closed"),
        sealed_xml("<xml/>", token="another"),
        sealed_xml("<xml/>", app_id="wx_another"),
        "<!DOCTYPE x [<!ENTITY a 'b'>]><xml><Encrypt>&a;</Encrypt></xml>",
    ],
)
async def test_a_malformed_answer_fails(phone: Phone, account: Account, body: str) -> None:
    openid = await phone.follower("o1")

    async def nonsense(push: Push) -> web.Response:
        return web.Response(text=body)

    account.reply = nonsense
    result = await phone.says(openid, "在吗")
    assert str(result["failure"]).startswith("malformed")
    assert (await phone.messages(openid))[-1]["text"] == FAILED


async def test_a_plain_answer_in_safe_mode_is_refused(phone: Phone, account: Account) -> None:
    openid = await phone.follower("o1")

    async def plain(push: Push) -> web.Response:
        return web.Response(text=text_xml(push, "好的"))

    account.reply = plain
    assert (await phone.says(openid, "在吗"))["failure"] == "malformed: a plain reply in safe mode"


@pytest.mark.parametrize(("count", "failed"), [(682, False), (683, True)])
async def test_a_text_may_have_2048_bytes(phone: Phone, account: Account, count: int, failed: bool) -> None:
    openid = await phone.follower("o1")
    account.says("汉" * count)
    assert bool((await phone.says(openid, "在吗"))["failure"]) is failed


@pytest.mark.parametrize("body", ["", "success"])
async def test_silence_shows_nothing(phone: Phone, account: Account, body: str) -> None:
    openid = await phone.follower("o1")

    async def silence(push: Push) -> web.Response:
        return web.Response(text=body)

    account.reply = silence
    result = await phone.says(openid, "在吗")
    assert (result["reply"], result["failure"]) == (None, "")
    assert len(await phone.messages(openid)) == 1


async def test_news_and_hand_over_answers(phone: Phone, account: Account) -> None:
    openid = await phone.follower("o1")
    item = "<item><Title>通知</Title><Description>停水</Description><PicUrl>http://p/1</PicUrl><Url>http://u</Url></item>"
    account.answers(f"<MsgType>news</MsgType><ArticleCount>1</ArticleCount><Articles>{item}</Articles>")
    await phone.says(openid, "公告")
    news = (await phone.messages(openid))[-1]
    assert (news["type"], news["title"], news["url"]) == ("news", "通知", "http://u")
    account.answers("<MsgType>transfer_customer_service</MsgType>")
    assert (await phone.says(openid, "人工"))["failure"] == ""


async def test_ten_messages_at_once_keep_their_order_on_the_phone(phone: Phone, account: Account) -> None:
    openid = await phone.follower("o1")
    sent = await asyncio.gather(*(phone.says(openid, str(n)) for n in range(10)))
    by_id = sorted(sent, key=lambda result: int(str(result["msg_id"])))
    assert len({result["msg_id"] for result in sent}) == 10
    pushed = {push["MsgId"]: push["Content"] for push in account.pushes if push["MsgType"] == "text"}
    shown = [message["text"] for message in await phone.messages(openid)]
    assert [pushed[str(result["msg_id"])] for result in by_id] == shown


async def test_copies_of_one_push_go_to_every_target(phone: Phone, account: Account, callback: str) -> None:
    openid = await phone.follower("o1")
    account.says("一次")
    seen = len(account.pushes)
    act: JsonObject = {"type": "text", "content": "漏水"}
    targets: list[JsonValue] = [callback, callback + "?process=2"]
    result = await phone.post("/sim/push", {"openid": openid, "copies": 6, "targets": targets, "send": act})
    assert isinstance(result["replies"], list)
    assert len(result["replies"]) == 6
    assert {push["MsgId"] for push in account.pushes[seen:]} == {result["msg_id"]}
    assert [m["text"] for m in await phone.messages(openid)] == ["漏水", "一次"]
