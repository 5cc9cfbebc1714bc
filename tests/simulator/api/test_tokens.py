"""Access tokens, as the platform gives them out and lets them die."""

import re

import pytest

from simulator.jsonio import JsonObject
from tests.simulator.conftest import APP_ID, SECRET, Phone

LOGIN: JsonObject = {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET}


async def works(phone: Phone, token: str) -> int:
    async with phone.http.get("/cgi-bin/getcallbackip", params={"access_token": token}) as response:
        answer: JsonObject = await response.json()
    errcode = answer.get("errcode", 0)
    assert isinstance(errcode, int)
    return errcode


async def test_a_stable_token_stays_the_same_until_its_last_minutes(phone: Phone) -> None:
    first = await phone.log_in()
    await phone.advance(6800)
    assert await phone.log_in() == first
    await phone.advance(200)
    second = await phone.log_in()
    assert second != first
    assert (await works(phone, first), await works(phone, second)) == (0, 0)
    await phone.advance(301)
    assert (await works(phone, first), await works(phone, second)) == (40001, 0)


async def test_a_forced_token_kills_the_one_before_and_is_limited(phone: Phone) -> None:
    first = await phone.log_in()
    forced = await phone.post("/cgi-bin/stable_token", {**LOGIN, "force_refresh": True})
    assert forced["access_token"] != first
    assert await works(phone, first) == 40001
    again = await phone.post("/cgi-bin/stable_token", {**LOGIN, "force_refresh": True})
    assert again["errcode"] == 45011
    for _ in range(19):
        await phone.advance(31)
        await phone.post("/cgi-bin/stable_token", {**LOGIN, "force_refresh": True})
    await phone.advance(31)
    last = await phone.post("/cgi-bin/stable_token", {**LOGIN, "force_refresh": True})
    assert last["errcode"] == 45009


async def test_a_classic_token_leaves_the_one_before_five_minutes(phone: Phone) -> None:
    path = f"/cgi-bin/token?grant_type=client_credential&appid={APP_ID}&secret={SECRET}"
    first, second = [str((await phone.get(path))["access_token"]) for _ in range(2)]
    assert (await works(phone, first), await works(phone, second)) == (0, 0)
    await phone.advance(301)
    assert (await works(phone, first), await works(phone, second)) == (40001, 0)


async def test_tokens_that_do_not_open(phone: Phone) -> None:
    token = await phone.log_in()
    assert await works(phone, "") == 41001
    assert await works(phone, "nonsense") == 40014
    assert await works(phone, "x" * 100) == 40001
    await phone.advance(7201)
    assert await works(phone, token) == 42001


async def test_forgotten_tokens_are_invalid_at_once(phone: Phone) -> None:
    token = await phone.log_in()
    async with phone.http.delete("/sim/tokens") as response:
        assert response.status == 200
    assert await works(phone, token) == 40001


@pytest.mark.parametrize(
    ("change", "errcode"), [({"appid": "wx"}, 40013), ({"secret": "no"}, 40125), ({"grant_type": "x"}, 40002)]
)
async def test_wrong_credentials(phone: Phone, change: JsonObject, errcode: int) -> None:
    answer = await phone.post("/cgi-bin/stable_token", LOGIN | change)
    assert answer["errcode"] == errcode
    assert re.search(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$", str(answer["errmsg"]))
