"""The account's menu, QR codes, followers, tags and web authorisation."""

import io

import pytest
from PIL import Image
from yarl import URL

from simulator.jsonio import JsonObject
from tests.simulator.conftest import APP_ID, SECRET, Account, Phone

REPAIR: JsonObject = {"type": "click", "name": "我要报修", "key": "REPAIR"}
MENU: JsonObject = {"button": [{"name": "报修", "sub_button": [REPAIR]}]}


async def test_a_menu_is_kept_and_its_buttons_tapped(phone: Phone, account: Account) -> None:
    openid = await phone.follower("o1")
    await phone.log_in()
    assert (await phone.call("menu/create", MENU))["errcode"] == 0
    assert (await phone.fetch("menu/get"))["menu"] == MENU
    assert (await phone.fetch("get_current_selfmenu_info"))["is_menu_open"] == 1
    await phone.send(openid, type="menu", key="REPAIR")
    assert (account.pushes[-1]["Event"], account.pushes[-1]["EventKey"]) == ("CLICK", "REPAIR")
    assert "PAY" in str((await phone.send(openid, type="menu", key="PAY", status=400))["error"])
    await phone.fetch("menu/delete")
    assert (await phone.fetch("menu/get"))["errcode"] == 46003


@pytest.mark.parametrize(
    ("button", "errcode"),
    [
        ([], 40016),
        ([REPAIR] * 4, 40016),
        ([{**REPAIR, "name": "汉" * 6}], 40018),
        ([{"name": "x", "type": "click"}], 40019),
        ([{"name": "x", "type": "dance"}], 40017),
        ([{"name": "x", "sub_button": [REPAIR] * 6}], 40023),
        ([{"name": "x", "sub_button": [{"name": "y", "type": "view"}]}], 40027),
    ],
)
async def test_a_wrong_menu_is_refused(phone: Phone, button: list[JsonObject], errcode: int) -> None:
    await phone.log_in()
    assert (await phone.call("menu/create", {"button": [*button]}))["errcode"] == errcode


def scene(name: str, **more: int) -> JsonObject:
    action = "QR_STR_SCENE" if more else "QR_LIMIT_STR_SCENE"
    return {"action_name": action, **more, "action_info": {"scene": {"scene_str": name}}}


async def test_a_code_leads_to_a_follow_and_later_to_a_scan(phone: Phone, account: Account) -> None:
    await phone.log_in()
    code = await phone.call("qrcode/create", scene("house_1"))
    async with phone.http.get("/cgi-bin/showqrcode", params={"ticket": str(code["ticket"])}) as response:
        assert Image.open(io.BytesIO(await response.read())).format == "PNG"
    await phone.post("/sim/users", {"openid": "o1", "nickname": "张三"})
    await phone.post("/sim/users/o1/scan", {"scene": code["url"]})
    follow = account.pushes[-1]
    assert (follow["Event"], follow["EventKey"]) == ("subscribe", "qrscene_house_1")
    assert follow["Ticket"] == code["ticket"]
    await phone.post("/sim/users/o1/scan", {"scene": "house_1"})
    assert (account.pushes[-1]["Event"], account.pushes[-1]["EventKey"]) == ("SCAN", "house_1")
    info = await phone.fetch("user/info", openid="o1")
    assert (info["subscribe"], info["qr_scene_str"], info["nickname"]) == (1, "house_1", "")


async def test_a_temporary_code_expires(phone: Phone) -> None:
    await phone.log_in()
    await phone.call("qrcode/create", scene("visit", expire_seconds=600))
    await phone.post("/sim/users", {"openid": "o1"})
    await phone.advance(601)
    await phone.post("/sim/users/o1/scan", {"scene": "visit"}, status=400)
    assert (await phone.fetch("user/info", openid="o1"))["subscribe"] == 0


async def test_two_clicks_in_one_second_can_be_told_apart(phone: Phone, account: Account) -> None:
    openid = await phone.follower("o1")
    for _ in range(3):
        await phone.send(openid, type="menu", key="REPAIR")
    seconds = [push["CreateTime"] for push in account.pushes if push.get("Event") == "CLICK"]
    assert len(set(seconds)) == 3


async def test_tags_mark_followers_for_mass_messages(phone: Phone, account: Account) -> None:
    await phone.log_in()
    people = [await phone.follower(f"o{n}") for n in range(3)]
    tag = (await phone.call("tags/create", {"tag": {"name": "3栋"}}))["tag"]
    assert isinstance(tag, dict)
    marked: JsonObject = {"tagid": tag["id"], "openid_list": [*people[:2]]}
    assert (await phone.call("tags/members/batchtagging", marked))["errcode"] == 0
    finished = account.next_push()
    where: JsonObject = {"is_to_all": False, "tag_id": tag["id"]}
    sent: JsonObject = {"filter": where, "msgtype": "text", "text": {"content": "停水"}}
    await phone.call("message/mass/sendall", sent)
    assert (await finished)["SentCount"] == "2"
    assert [len(await phone.messages(openid)) for openid in people] == [1, 1, 0]
    assert (await phone.call("tags/create", {"tag": {"name": "3栋"}}))["errcode"] == 45157


async def test_web_authorisation_gives_the_openid_once(phone: Phone) -> None:
    openid = await phone.follower("o1")
    query = {"appid": APP_ID, "redirect_uri": "http://app.test/me?x=1", "scope": "snsapi_base", "state": "s"}
    path = "/connect/oauth2/authorize"
    ask = {**query, "sim_openid": openid}
    async with phone.http.get(path, params=ask, allow_redirects=False) as response:
        back = URL(response.headers["Location"])
    assert (back.host, back.query["x"], back.query["state"]) == ("app.test", "1", "s")
    code = back.query["code"]
    buy = f"/sns/oauth2/access_token?appid={APP_ID}&secret={SECRET}&code={code}&grant_type=authorization_code"
    bought = await phone.get(buy)
    assert bought["openid"] == openid
    assert (await phone.get(buy))["errcode"] == 40163
    refresh = f"/sns/oauth2/refresh_token?appid={APP_ID}&refresh_token={bought['refresh_token']}"
    assert (await phone.get(refresh))["openid"] == openid
