"""The platform's API as the rest of us sees it: one method for each thing we ask of it.

Every method raises an ApiError (`wechat.errors`) when it brings no result.
"""

import contextlib
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Protocol, cast

import aiohttp
from redis.asyncio import Redis

from bot.values import Reply
from wechat import render
from wechat.client import PLATFORM, Client, Json, http_session
from wechat.errors import Reason, Refused

_LARGEST_MEDIA = 20 * 1024 * 1024
_KEYS = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")


class Account(Protocol):
    """The part of the settings that this needs: the `[wechat]` table."""

    @property
    def app_id(self) -> str: ...
    @property
    def app_secret(self) -> str: ...
    @property
    def api_timeout_s(self) -> float: ...


@contextlib.asynccontextmanager
async def connect(account: Account, api_url: str, redis: "Redis | None") -> AsyncIterator["Platform"]:
    """The platform at `api_url` (`settings.wechat_api_url`), until the block ends."""
    async with http_session(account.api_timeout_s) as http:
        yield Platform(http, account, api_url, redis)


class Platform:
    """Calls for one account."""

    def __init__(
        self, http: aiohttp.ClientSession, account: Account, api_url: str, redis: "Redis | None"
    ) -> None:
        self._client = Client(
            http, app_id=account.app_id, app_secret=account.app_secret, api_url=api_url, redis=redis
        )

    async def check(self) -> datetime | None:
        """Whether address, app id and secret are right; what time it is there, to the second."""
        await self._client.token()
        try:
            return parsedate_to_datetime(self._client.date)
        except ValueError:
            return None

    async def send(self, person: str, reply: Reply, *, media_id: str = "") -> None:
        """One part of `render.split` as a customer message; a picture by its uploaded `media_id`."""
        await self._post("message/custom/send", render.custom(reply, person, media_id))

    async def send_template(
        self, person: str, template_id: str, values: Mapping[str, str], *, key: str, url: str = ""
    ) -> str:
        """The platform's id of the message. It drops a second one with the same `key` for ten minutes.

        `url` is the page that a tap on it opens.
        """
        body: Json = {
            "touser": person,
            "template_id": template_id,
            "client_msg_id": key[:32],
            "data": {name: {"value": value} for name, value in values.items()},
        }
        if url:
            body["url"] = url
        result = await self._post("message/template/send", body)
        return str(result.get("msgid", ""))

    async def send_subscribed(self, person: str, template_id: str, scene: int, title: str, text: str) -> None:
        """One message that the person agreed to, who need not follow. NOT_ACCEPTED when they agreed to none."""
        body: Json = {
            "touser": person,
            "template_id": template_id,
            "scene": str(scene),
            "title": title,
            "data": {"content": {"value": text}},
        }
        await self._post("message/template/subscribe", body)

    async def send_mass(self, people: Sequence[str], text: str, *, key: str) -> str:
        """One text to many followers, two at least; the platform's id of it. The same `key` is sent once."""
        body: Json = {
            "touser": list(people),
            "msgtype": "text",
            "text": {"content": text},
            "clientmsgid": key[:64],
        }
        try:
            result = await self._post("message/mass/send", body)
        except Refused as fault:
            if fault.reason is not Reason.MASS_KNOWN:
                raise
            return fault.message_id
        return str(result.get("msg_id", ""))

    async def templates(self) -> dict[str, set[str]]:
        """The keys of each of the account's templates, by id."""
        result: Json = await self._client.get("template/get_all_private_template")
        found = cast("list[dict[str, str]]", result.get("template_list") or [])
        return {one["template_id"]: set(_KEYS.findall(one.get("content", ""))) for one in found}

    async def stopped(self, template_id: str) -> int:
        """How many messages of a template the platform says it has stopped, a hundred at most."""
        body = {"tmpl_msg_id": template_id, "largest_id": 0, "limit": 100}
        result = await self._post(f"{PLATFORM}/wxa/sec/queryblocktmplmsg", body)
        stopped = result.get("msginfo") or []  # the platform's pages show one, its answers a list
        return len(stopped) if isinstance(stopped, list) else 1

    async def upload(self, kind: str, name: str, content: bytes, mime: str) -> str:
        """The media id, good for three days. `kind`: image, voice, video or thumb."""
        result: Json = await self._client.media.upload(kind, (name, content, mime))
        return str(result["media_id"])

    async def download(self, media_id: str) -> tuple[bytes, str]:
        """Content and type of what a person sent; Refused with MEDIA when the id is bad or three days old."""
        return await self._client.download("media/get", {"media_id": media_id}, _LARGEST_MEDIA)

    async def create_menu(self, menu: Mapping[str, object]) -> None:
        """Replace the account's menu: {"button": [...]}, three entries of up to five."""
        await self._client.menu.create(menu)

    async def create_qrcode(self, scene: str) -> str:
        """The address that the QR code holds, for ever; `scene` up to 64 letters."""
        result: Json = await self._client.qrcode.create(
            {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
        )
        return str(result["url"])

    async def create_passing_qrcode(self, scene: str, *, lasts_s: int) -> str:
        """The same for one that is scanned at once, and good for so long."""
        result: Json = await self._client.qrcode.create(
            {
                "action_name": "QR_STR_SCENE",
                "expire_seconds": lasts_s,
                "action_info": {"scene": {"scene_str": scene}},
            }
        )
        return str(result["url"])

    async def _post(self, endpoint: str, body: Mapping[str, object]) -> Json:
        result: Json = await self._client.post(endpoint, data=body)
        return result
