"""The platform's API as the rest of us sees it: one method for each thing we ask of it.

Every method raises an ApiError (`wechat.errors`) when it brings no result.
"""

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

import aiohttp
from redis.asyncio import Redis

from bot.values import Option, Reply
from wechat import render
from wechat.client import Client, Json, http_session

_LARGEST_MEDIA = 20 * 1024 * 1024


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

    async def check(self) -> None:
        """Whether address, app id and secret are right."""
        await self._client.token()

    async def send(self, person: str, reply: Reply, *, media_id: str = "") -> None:
        """One part of `render.split` as a customer message; a picture by its uploaded `media_id`."""
        await self._post("message/custom/send", render.custom(reply, person, media_id))

    async def send_menu(self, person: str, head: str, options: Sequence[Option], tail: str = "") -> None:
        """Options as the platform's own menu message, its documented form of them."""
        menu = {
            "head_content": head,
            "list": [{"id": o.id, "content": o.text} for o in options],
            "tail_content": tail,
        }
        await self._post("message/custom/send", {"touser": person, "msgtype": "msgmenu", "msgmenu": menu})

    async def show_typing(self, person: str) -> None:
        await self._post("message/custom/typing", {"touser": person, "command": "Typing"})

    async def send_template(
        self, person: str, template_id: str, values: Mapping[str, str], *, key: str, url: str = ""
    ) -> str:
        """The platform's id of the message. It drops a second one with the same `key` for ten minutes."""
        body: Json = {
            "touser": person,
            "template_id": template_id,
            "client_msg_id": key[:32],
            "data": {name: {"value": value} for name, value in values.items()},
        }
        result = await self._post("message/template/send", body | ({"url": url} if url else {}))
        return str(result.get("msgid", ""))

    async def send_subscription(
        self, person: str, template_id: str, values: Mapping[str, str], *, page: str = ""
    ) -> None:
        """A message that the person subscribed to; Refused with NOT_ACCEPTED when they did not."""
        body: Json = {
            "touser": person,
            "template_id": template_id,
            "data": {name: {"value": value} for name, value in values.items()},
        }
        await self._post("message/subscribe/bizsend", body | ({"page": page} if page else {}))

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

    async def create_qrcode(self, scene: str, *, seconds: int | None = None) -> str:
        """The address that the QR code holds; `scene` up to 64 letters, for ever or for `seconds` (30 days)."""
        kind = {"expire_seconds": seconds, "action_name": "QR_STR_SCENE"}
        lasting = {"action_name": "QR_LIMIT_STR_SCENE"}
        info = {"action_info": {"scene": {"scene_str": scene}}}
        result: Json = await self._client.qrcode.create((kind if seconds else lasting) | info)
        return str(result["url"])

    async def is_following(self, person: str) -> bool:
        result: Json = await self._client.user.get(person)
        return bool(result.get("subscribe"))

    async def _post(self, endpoint: str, body: Mapping[str, object]) -> Json:
        result: Json = await self._client.post(endpoint, data=body)
        return result
