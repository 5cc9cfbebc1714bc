"""One-time subscription messages: agreed to on a page, sent once for each time."""

import pytest
from yarl import URL

from simulator.jsonio import JsonObject
from tests.simulator.conftest import APP_ID, Phone

BACK = "https://example.cn/agreed"


def page(**change: str) -> dict[str, str]:
    asked = {"action": "get_confirm", "appid": APP_ID, "scene": "7", "template_id": "S1"}
    return asked | {"redirect_url": BACK, "reserved": "t42", "sim_openid": "o1"} | change


def message(
    openid: str = "o1", *, title: str = "维修进度", text: str = "师傅已出发", scene: str = "7"
) -> JsonObject:
    told: JsonObject = {"content": {"value": text}}
    return {"touser": openid, "template_id": "S1", "scene": scene, "title": title, "data": told}


async def answered(phone: Phone, answer: str) -> URL:
    query = page(answer=answer)
    async with phone.http.get("/mp/subscribemsg", params=query, allow_redirects=False) as response:
        assert response.status == 302, await response.text()
        return URL(response.headers["Location"])


async def send(phone: Phone, body: JsonObject) -> object:
    return (await phone.call("message/template/subscribe", body))["errcode"]


async def test_agreeing_is_told_and_allows_one_message(phone: Phone) -> None:
    await phone.follower("o1")
    await phone.log_in()
    assert await send(phone, message()) == 43101
    back = await answered(phone, "confirm")
    assert dict(back.query) == {
        "openid": "o1", "action": "confirm", "template_id": "S1", "scene": "7", "reserved": "t42",
    }  # fmt: skip
    assert await send(phone, message(scene="8")) == 43101
    assert [await send(phone, message()) for _ in range(2)] == [0, 43101]
    [shown] = await phone.messages("o1")
    assert (shown["via"], shown["text"]) == ("subscribed", "维修进度\n师傅已出发")


async def test_it_reaches_who_does_not_follow(phone: Phone) -> None:
    await phone.post("/sim/users", {"openid": "o1"})
    await phone.log_in()
    await answered(phone, "confirm")
    assert await send(phone, message()) == 0


async def test_refusing_is_told_and_allows_nothing(phone: Phone) -> None:
    await phone.follower("o1")
    await phone.log_in()
    assert (await answered(phone, "cancel")).query["action"] == "cancel"
    assert await send(phone, message()) == 43101


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        (message(title="很" * 16), 40062),
        (message(title=""), 40062),
        (message(text="很" * 201), 45002),
        (message(text=""), 44004),
        (message("o2"), 40003),
    ],
)
async def test_what_cannot_be_sent_uses_up_nothing(phone: Phone, body: JsonObject, errcode: int) -> None:
    await phone.follower("o1")
    await phone.log_in()
    await answered(phone, "confirm")
    assert await send(phone, body) == errcode
    assert await send(phone, message(title="很" * 15, text="很" * 200)) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"scene": "10001"},
        {"scene": "x"},
        {"template_id": ""},
        {"action": "x"},
        {"appid": "wx"},
        {"redirect_url": "/"},
    ],
)
async def test_a_wrong_link_says_so(phone: Phone, change: dict[str, str]) -> None:
    await phone.follower("o1")
    async with phone.http.get("/mp/subscribemsg", params=page(**change)) as response:
        assert response.status == 400
        assert "链接参数错误" in await response.text()


async def test_the_page_asks_before_anything_is_agreed_to(phone: Phone) -> None:
    await phone.follower("o1")
    await phone.log_in()
    async with phone.http.get("/mp/subscribemsg", params=page()) as response:
        assert "同意" in await response.text()
    assert await send(phone, message()) == 43101
