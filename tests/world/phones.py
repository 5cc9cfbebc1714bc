"""The same phones, read as values: how a push ended, what a phone shows, what the platform was asked."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.world.simulated import Simulated

Body = Mapping[str, object]


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
    """`sim` has the verbs that need no reading."""

    def __init__(self, sim: Simulated) -> None:
        self.sim = sim

    async def send(self, openid: str, act: Body) -> Pushed:
        done = await self.sim.send(openid, act)
        return Pushed(
            msg_id=str(done["msg_id"]),
            attempts=int(done["attempts"]),
            reply=done["reply"]["text"] if done["reply"] else "",
            seconds=float(done["seconds"]),
            failure=str(done["failure"]),
        )

    async def says(self, openid: str, words: str) -> Pushed:
        return await self.send(openid, text(words))

    async def push(self, openid: str, act: Body, targets: Sequence[str]) -> list[dict]:
        """One push to every target at once; what the platform understood of each answer."""
        asked = {"openid": openid, "send": act, "copies": len(targets), "targets": list(targets)}
        replies: list[dict] = (await self.sim.post("/sim/push", **asked))["replies"]
        return replies

    async def heard(self, openid: str) -> list[Shown]:
        """What the account said to that person, in answers and by itself."""
        found = await self.sim.messages(openid)
        return [
            Shown(one["from"], one["via"], one["type"], one["text"])
            for one in found
            if one["from"] == "account"
        ]

    async def calls(self, api: str, *, to: str = "") -> list[Call]:
        """Calls of that endpoint that were answered, for one person or all."""
        calls = [
            Call(one["api"], str((one["body"] or {}).get("touser", "")), one["errcode"], one["seconds"])
            for one in await self.sim.calls(api)
        ]
        return [one for one in calls if to in ("", one.to)]
