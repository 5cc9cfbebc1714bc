"""The control interface's own manners, the demo people and the memory over a restart."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from simulator.config import Config
from simulator.jsonio import JsonObject
from tests.simulator.conftest import Account, Phone, Start


@pytest.mark.parametrize(
    "body",
    [
        {"type": "text"},
        {"type": "text", "content": "  "},
        {"type": "dance"},
        {"type": "image"},
        {"type": "image", "base64": "?"},
        {"type": "image", "path": "/nowhere/at/all.jpg"},
        {"type": "location", "lat": 91, "lng": 0},
        {"type": "raw", "fields": {}},
    ],
)
async def test_a_senseless_act_gets_a_sentence(phone: Phone, account: Account, body: JsonObject) -> None:
    openid = await phone.follower("o1")
    pushed = len(account.pushes)
    answer = await phone.post(f"/sim/users/{openid}/send", body, status=400)
    assert isinstance(answer["error"], str)
    assert len(account.pushes) == pushed


async def test_who_does_not_follow_cannot_write(phone: Phone) -> None:
    await phone.post("/sim/users", {"openid": "o1"})
    await phone.send("o1", type="text", content="你好", status=400)
    await phone.send("o-nobody", type="text", content="你好", status=404)
    await phone.post("/sim/users", {"openid": "o1"}, status=400)
    await phone.post("/sim/users/o1/unfollow", status=400)


async def test_every_kind_of_message_is_pushed(phone: Phone, account: Account) -> None:
    openid = await phone.follower("o1")
    await phone.send(openid, type="location", lat=31.2, lng=121.5, label="3栋")
    place = account.pushes[-1]
    assert (place["Location_X"], place["Location_Y"], place["Label"]) == ("31.200000", "121.500000", "3栋")
    await phone.send(openid, type="link", title="标题", url="http://example.cn")
    assert account.pushes[-1]["Url"] == "http://example.cn"
    await phone.send(openid, type="view", url="http://example.cn")
    assert account.pushes[-1]["Event"] == "VIEW"
    raw: JsonObject = {"MsgType": "event", "Event": "LOCATION", "Latitude": "23.1"}
    await phone.post(f"/sim/users/{openid}/send", {"type": "raw", "fields": raw})
    assert (account.pushes[-1]["Event"], account.pushes[-1]["Latitude"]) == ("LOCATION", "23.1")
    await phone.post(f"/sim/users/{openid}/unfollow")
    assert account.pushes[-1]["Event"] == "unsubscribe"


async def test_waiting_for_a_message_ends_when_it_comes(phone: Phone) -> None:
    openid = await phone.follower("o1")
    await phone.log_in()
    waiting = asyncio.create_task(phone.messages(openid, after=0, wait=15))
    await phone.custom(openid, "到了")
    assert [message["text"] for message in await waiting] == ["到了"]


async def test_the_live_stream_tells_of_messages(phone: Phone) -> None:
    openid = await phone.follower("o1")
    await phone.log_in()
    async with phone.http.get("/sim/events") as stream:
        await stream.content.readuntil(b"\n\n")
        await phone.custom(openid, "直播")
        told = json.loads((await stream.content.readuntil(b"\n\n")).removeprefix(b"data: "))
    assert (told["openid"], told["message"]["text"]) == (openid, "直播")


async def test_the_demo_people_follow_once_the_account_answers(
    start: Start, config: Config, account: Account, tmp_path: Path
) -> None:
    people = [
        {
            "openid": "o1",
            "nickname": "张阿姨",
            "role": "业主",
            "follow": True,
            "scene": "house_1",
            "says": ["转人工"],
        },
        {"openid": "o2", "nickname": "陈晨", "role": "租客"},
    ]
    (tmp_path / "people.json").write_text(json.dumps(people), "utf-8")
    account.says("欢迎")
    phone = await start(replace(config, people_file=tmp_path / "people.json"))
    assert (await phone.messages("o1", wait=15))[0]["text"] == "欢迎"
    assert account.pushes[0]["EventKey"] == "qrscene_house_1"
    said = await phone.messages("o1", after=1, wait=15)
    assert [(one["from"], one["text"]) for one in said[:1]] == [("user", "转人工")]
    users = (await phone.get("/sim/users"))["users"]
    assert isinstance(users, list)
    assert [(user["nickname"], user["follows"]) for user in users if isinstance(user, dict)] == [
        ("张阿姨", True),
        ("陈晨", False),
    ]


async def test_whom_a_broken_off_start_left_without_a_word_follows_at_the_next(
    start: Start, config: Config, account: Account, tmp_path: Path
) -> None:
    people = [{"openid": "o1", "nickname": "张阿姨", "follow": True}]
    (tmp_path / "people.json").write_text(json.dumps(people), "utf-8")
    keeping = replace(config, people_file=tmp_path / "people.json", state_dir=tmp_path)
    account.says("欢迎")
    first = await start(replace(keeping, callback="http://127.0.0.1:1/wechat"))
    await first.stop()
    second = await start(keeping)
    assert [one["text"] for one in await second.messages("o1", wait=15)] == ["欢迎"]


async def test_a_restart_keeps_the_phones(start: Start, config: Config, tmp_path: Path) -> None:
    keeping = replace(config, state_dir=tmp_path)
    first = await start(keeping)
    openid = await first.follower("o1")
    await first.log_in()
    await first.call("menu/create", {"button": [{"type": "click", "name": "报修", "key": "REPAIR"}]})
    await first.send(openid, type="voice")
    await first.custom(openid, '选<a href="weixin://bizmsgmenu?msgmenucontent=一&msgmenuid=1">一</a>')
    before = await first.messages(openid)
    await first.stop()
    second = await start(keeping)
    after = await second.messages(openid)
    assert [m["text"] for m in after] == [m["text"] for m in before]
    assert after[-1]["options"] == [{"text": "一", "id": "1"}]
    async with second.http.get(str(after[0]["media_url"])) as response:
        assert (await response.read()).startswith(b"#!AMR")
    await second.send(openid, type="menu", key="REPAIR")
    await second.log_in()
    assert await second.custom(openid) == 0


@pytest.mark.parametrize("text", ["{", '{"version": 1}', '{"version": 2}'])
async def test_a_strange_snapshot_is_named_and_left_alone(
    start: Start, config: Config, tmp_path: Path, text: str
) -> None:
    (tmp_path / "phones.json").write_text(text)
    with pytest.raises(ValueError, match=r"phones\.json .* remove it"):
        await start(replace(config, state_dir=tmp_path))
    assert (tmp_path / "phones.json").read_text() == text


async def test_pages_of_other_sites_cannot_use_the_simulator(phone: Phone) -> None:
    own = str(phone.http._base_url).rstrip("/")
    for origin, status in (("http://elsewhere.test", 403), ("null", 403), (own, 200)):
        async with phone.http.post("/sim/users", json={}, headers={"Origin": origin}) as response:
            assert response.status == status
