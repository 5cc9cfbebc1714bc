"""The simulated platform, driven over its control interface: people with phones, faults, what the account called."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import aiohttp
from aiohttp import web

from simulator.app import create_app
from simulator.config import Config
from tests.conftest import free_port

ALWAYS = -1  # times that a fault comes


@dataclass(frozen=True, slots=True)
class Simulated:
    """A running simulator. Paths are those of its control interface."""

    url: str
    http: aiohttp.ClientSession

    async def post(self, path: str, /, **body: object) -> dict:
        async with self.http.post(self.url + path, json=body) as response:
            assert response.status == 200, (path, await response.text())
            return await response.json()

    async def get(self, path: str, **query: object) -> dict:
        async with self.http.get(self.url + path, params=query) as response:
            assert response.status == 200, (path, await response.text())
            return await response.json()

    async def delete(self, path: str) -> None:
        async with self.http.delete(self.url + path) as response:
            assert response.status == 200, (path, await response.text())

    async def person(self, nickname: str = "王阿姨") -> str:
        """The openid of somebody new who follows nobody yet."""
        return (await self.post("/sim/users", nickname=nickname))["openid"]

    async def follower(self, nickname: str = "王阿姨") -> str:
        """The openid of somebody new who follows, and may be sent messages for a minute."""
        openid = await self.person(nickname)
        await self.post(f"/sim/users/{openid}/follow")
        return openid

    async def followers(self, number: int) -> list[str]:
        return list(await asyncio.gather(*(self.follower(f"住户{count}") for count in range(number))))

    async def send(self, openid: str, act: Mapping[str, object]) -> dict:
        """What the person does; returns when the push was answered or given up."""
        return await self.post(f"/sim/users/{openid}/send", **act)

    async def says(self, openid: str, text: str) -> dict:
        return await self.send(openid, {"type": "text", "content": text})

    async def messages(self, openid: str, after: int = 0, wait: int = 0) -> list[dict]:
        """Everything that this phone shows."""
        return list(await self.get(f"/sim/users/{openid}/messages", after=after, wait=wait))

    async def shown(self, openid: str, after: int = 0, wait: int = 0) -> list[dict]:
        """What the account sent to this phone by itself, not as a passive answer."""
        found = await self.messages(openid, after, wait)
        return [message for message in found if message["via"] in ("custom", "template")]

    async def fault(self, api: str, times: int = 1, **what: object) -> None:
        """errcode=, status=, delay_s=, drop=True, after=True."""
        await self.post("/sim/faults", api=api, times=times, **what)

    async def no_faults(self) -> None:
        await self.delete("/sim/faults")

    async def forget_tokens(self) -> None:
        await self.delete("/sim/tokens")

    async def calls(self, api: str) -> list[dict]:
        return (await self.get("/sim/calls", api=api))["calls"]


@contextlib.asynccontextmanager
async def running(config: Config) -> AsyncIterator[Simulated]:
    """A simulator in this process."""
    runner = web.AppRunner(create_app(config))
    await runner.setup()
    try:
        port = free_port()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        async with aiohttp.ClientSession() as http:
            yield Simulated(f"http://127.0.0.1:{port}", http)
    finally:
        await runner.cleanup()
