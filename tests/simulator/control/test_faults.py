"""Faults put into the API, and the log that tells what was called."""

import pytest
from aiohttp import ServerDisconnectedError

from simulator.jsonio import JsonObject
from tests.simulator.conftest import Phone

CUSTOM = "message/custom/send"


async def talking(phone: Phone) -> str:
    openid = await phone.follower("o1")
    await phone.log_in()
    await phone.says(openid, "你好")
    return openid


async def test_an_errcode_so_many_times(phone: Phone) -> None:
    openid = await talking(phone)
    await phone.post("/sim/faults", {"api": CUSTOM, "errcode": 45015, "times": 2})
    assert [await phone.custom(openid) for _ in range(3)] == [45015, 45015, 0]
    assert (await phone.get("/sim/faults"))["faults"] == []


async def test_for_ever_until_deleted_and_only_that_api(phone: Phone) -> None:
    openid = await talking(phone)
    await phone.post("/sim/faults", {"api": CUSTOM, "errcode": 40001, "times": -1})
    assert {await phone.custom(openid) for _ in range(20)} == {40001}
    assert "errcode" not in await phone.fetch("user/get")
    async with phone.http.delete("/sim/faults") as response:
        assert await response.json() == {"deleted": 1}
    assert await phone.custom(openid) == 0


async def test_a_status_for_every_api(phone: Phone) -> None:
    await phone.post("/sim/faults", {"api": "*", "status": 502})
    async with phone.http.get("/cgi-bin/user/get") as response:
        assert response.status == 502


@pytest.mark.parametrize(("after", "shown"), [(False, 0), (True, 1)])
async def test_a_cut_connection_before_or_after_the_effect(phone: Phone, after: bool, shown: int) -> None:
    openid = await talking(phone)
    before = len(await phone.messages(openid))
    await phone.post("/sim/faults", {"api": CUSTOM, "drop": True, "after": after})
    with pytest.raises((ServerDisconnectedError, ConnectionResetError)):
        await phone.custom(openid)
    assert len(await phone.messages(openid)) == before + shown
    assert await phone.custom(openid) == 0


async def test_a_delay_lets_the_call_work(phone: Phone) -> None:
    openid = await talking(phone)
    await phone.post("/sim/faults", {"api": CUSTOM, "delay_s": 0.05})
    assert await phone.custom(openid) == 0
    (call,) = await calls(phone, CUSTOM)
    assert isinstance(call["seconds"], float)
    assert call["seconds"] >= 0.05


async def calls(phone: Phone, api: str) -> list[JsonObject]:
    found = (await phone.get(f"/sim/calls?api={api}"))["calls"]
    assert isinstance(found, list)
    return [call for call in found if isinstance(call, dict)]


async def test_the_log_tells_body_and_outcome(phone: Phone) -> None:
    openid = await talking(phone)
    await phone.custom(openid, "您好")
    await phone.custom("o-nobody")
    good, bad = await calls(phone, CUSTOM)
    assert good["body"] == {"touser": openid, "msgtype": "text", "text": {"content": "您好"}}
    assert (good["errcode"], bad["errcode"], good["status"]) == (0, 40003, 200)
    assert all("secret" not in str(call["body"]) for call in await calls(phone, "stable_token"))


async def test_bodies_that_are_no_json(phone: Phone) -> None:
    await phone.log_in()
    path = f"/cgi-bin/{CUSTOM}?access_token={phone.access_token}"
    for body, errcode in ((b"", 44002), (b"{", 47001), (b"[]", 47001), (b"\xff\xfe", 47001)):
        async with phone.http.post(path, data=body) as response:
            assert (await response.json())["errcode"] == errcode


@pytest.mark.parametrize("body", [{"api": "x"}, {"errcode": 1, "times": 0}, {"status": 99}, {"drop": "yes"}])
async def test_a_senseless_fault_is_refused(phone: Phone, body: JsonObject) -> None:
    assert (await phone.post("/sim/faults", body, status=400))["error"]


async def test_a_fault_comes_before_what_is_wrong_with_the_call(phone: Phone) -> None:
    await phone.post("/sim/faults", {"api": CUSTOM, "errcode": -1})
    async with phone.http.post(f"/cgi-bin/{CUSTOM}", data=b"") as response:
        assert (await response.json())["errcode"] == -1
