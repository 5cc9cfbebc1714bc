"""The simulator over HTTP: phones of people, faults of the platform, and what it was asked."""

import asyncio
import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import aiohttp

Value = str | int | float | bool | None
Body = Mapping[str, "Value | list[str] | Body"]


@dataclass(frozen=True, slots=True)
class Shown:
    """One bubble on a phone."""

    sender: str
    via: str
    type: str
    text: str


@dataclass(frozen=True, slots=True)
class Pushed:
    """How a push ended. `reply` is "" when there was none."""

    msg_id: str
    attempts: int
    reply: str
    seconds: float
    failure: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call that the platform got."""

    api: str
    to: str
    errcode: int | None
    seconds: float


def photo(content: bytes) -> Body:
    return {"type": "image", "base64": base64.b64encode(content).decode()}


def text(content: str) -> Body:
    return {"type": "text", "content": content}


class Phones:
    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self.url = url

    async def newcomer(self) -> str:
        """Somebody who follows the account; the openid."""
        made = await self._post("/sim/users", {"nickname": "住户"})
        await self._post(f"/sim/users/{made['openid']}/follow", {})
        return str(made["openid"])

    async def newcomers(self, number: int) -> list[str]:
        return list(await asyncio.gather(*(self.newcomer() for _ in range(number))))

    async def send(self, openid: str, body: Body) -> Pushed:
        """What the person does; returns when the push was answered or given up."""
        done = await self._post(f"/sim/users/{openid}/send", body)
        reply = done["reply"]
        return Pushed(
            msg_id=str(done["msg_id"]),
            attempts=int(str(done["attempts"])),
            reply=str(reply["text"]) if isinstance(reply, dict) else "",
            seconds=float(str(done["seconds"])),
            failure=str(done["failure"]),
        )

    async def says(self, openid: str, words: str) -> Pushed:
        return await self.send(openid, text(words))

    async def push(self, openid: str, body: Body, targets: Sequence[str]) -> list[dict[str, object]]:
        """One push to every target at once; what the platform understood of each answer."""
        asked: Body = {"openid": openid, "send": body, "copies": len(targets), "targets": list(targets)}
        replies = (await self._post("/sim/push", asked))["replies"]
        assert isinstance(replies, list)
        return replies

    async def shown(self, openid: str) -> list[Shown]:
        async with self._http.get(f"{self.url}/sim/users/{openid}/messages") as response:
            response.raise_for_status()
            found = await response.json()
        return [Shown(one["from"], one["via"], one["type"], one["text"]) for one in found]

    async def heard(self, openid: str) -> list[Shown]:
        """What the account said to that person."""
        return [one for one in await self.shown(openid) if one.sender == "account"]

    async def fault(self, api: str, *, times: int = -1, **kind: Value) -> None:
        """For ever unless `times` says how often: errcode=, status=, delay_s=, drop=True, after=True."""
        await self._post("/sim/faults", {"api": api, "times": times, **kind})

    async def no_faults(self) -> None:
        async with self._http.delete(f"{self.url}/sim/faults") as response:
            response.raise_for_status()

    async def forget_tokens(self) -> None:
        async with self._http.delete(f"{self.url}/sim/tokens") as response:
            response.raise_for_status()

    async def calls(self, api: str, *, to: str = "") -> list[Call]:
        """Calls of that endpoint that were answered, for one person or all."""
        async with self._http.get(f"{self.url}/sim/calls", params={"api": api}) as response:
            response.raise_for_status()
            found = (await response.json())["calls"]
        calls = [
            Call(one["api"], str((one["body"] or {}).get("touser", "")), one["errcode"], one["seconds"])
            for one in found
        ]
        return [one for one in calls if to in ("", one.to)]

    async def _post(self, path: str, body: Body) -> dict[str, object]:
        async with self._http.post(f"{self.url}{path}", json=body) as response:
            answer: dict[str, object] = await response.json()
            assert response.status == 200, (path, answer)
            return answer
