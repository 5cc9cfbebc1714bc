"""Files: what people send, what the account uploads, and how long it all lasts."""

import base64
import io
from pathlib import Path

from aiohttp import FormData
from PIL import Image

from simulator.jsonio import JsonObject
from tests.simulator.conftest import Account, Phone


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(buffer, "JPEG")
    return buffer.getvalue()


async def upload(phone: Phone, kind: str, content: bytes) -> JsonObject:
    form = FormData()
    form.add_field("media", io.BytesIO(content), filename="a.jpg", content_type="image/jpeg")
    path = f"/cgi-bin/media/upload?access_token={phone.access_token}&type={kind}"
    async with phone.http.post(path, data=form) as response:
        answer: JsonObject = await response.json()
        return answer


async def download(phone: Phone, media_id: str) -> tuple[str, bytes]:
    query = {"access_token": phone.access_token, "media_id": media_id}
    async with phone.http.get("/cgi-bin/media/get", params=query) as response:
        return response.content_type, await response.read()


async def test_a_photo_from_disk_reaches_the_account(phone: Phone, account: Account, tmp_path: Path) -> None:
    openid = await phone.follower("o1")
    await phone.log_in()
    (tmp_path / "leak.jpg").write_bytes(picture())
    await phone.send(openid, type="image", path=str(tmp_path / "leak.jpg"))
    push = account.pushes[-1]
    assert push["MsgType"] == "image"
    assert await download(phone, push["MediaId"]) == ("image/jpeg", picture())
    async with phone.http.get(push["PicUrl"]) as response:
        assert await response.read() == picture()
    shown = (await phone.messages(openid))[-1]
    assert shown["media_url"] == push["PicUrl"]


async def test_a_photo_as_base64_and_a_voice(phone: Phone, account: Account) -> None:
    openid = await phone.follower("o1")
    await phone.log_in()
    await phone.send(openid, type="image", base64=base64.b64encode(picture()).decode())
    await phone.send(openid, type="voice")
    voice = account.pushes[-1]
    assert (voice["MsgType"], voice["Format"]) == ("voice", "amr")
    assert (await download(phone, voice["MediaId"]))[0] == "audio/amr"
    assert voice["MediaId16K"] != voice["MediaId"]


async def test_an_upload_lasts_three_days(phone: Phone, account: Account) -> None:
    openid = await phone.follower("o1")
    await phone.log_in()
    media_id = str((await upload(phone, "image", picture()))["media_id"])
    account.answers(f"<MsgType>image</MsgType><Image><MediaId>{media_id}</MediaId></Image>")
    assert (await phone.says(openid, "看看"))["failure"] == ""
    await phone.advance(3 * 86400 + 1)
    await phone.log_in()
    kind, answer = await download(phone, media_id)
    assert kind == "application/json"
    assert b"40007" in answer
    assert (await phone.says(openid, "看看"))["failure"] == "malformed: errcode 40007"


async def test_uploads_that_are_refused(phone: Phone) -> None:
    await phone.log_in()
    assert (await upload(phone, "picture", picture()))["errcode"] == 40004
    assert (await upload(phone, "image", b"no picture"))["errcode"] == 40005
    assert (await upload(phone, "voice", b"#!AMR\n" + bytes(2 * 1024 * 1024)))["errcode"] == 40010
    path = f"/cgi-bin/media/upload?access_token={phone.access_token}&type=image"
    async with phone.http.post(path, data={"other": "x"}) as response:
        assert (await response.json())["errcode"] == 41005
