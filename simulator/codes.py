"""QR codes with a scene: temporary ones end, permanent ones stay."""

import secrets
from dataclasses import dataclass

from simulator.clock import Clock
from simulator.errors import BadControl
from simulator.jsonio import JsonObject


@dataclass(frozen=True, slots=True)
class Code:
    """`ends` is in simulated time, None for a permanent code; `url` is what the picture says."""

    scene: str
    ticket: str
    url: str
    ends: float | None

    def shown(self, now: float) -> JsonObject:
        expired = self.ends is not None and self.ends <= now
        return {
            "scene": self.scene,
            "ticket": self.ticket,
            "url": self.url,
            "ends": self.ends,
            "expired": expired,
        }


class Codes:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.all: dict[str, Code] = {}

    def create(self, scene: str, *, seconds: float | None) -> Code:
        ticket = "gQ" + secrets.token_urlsafe(64)
        ends = None if seconds is None else self._clock.now() + seconds
        code = Code(scene, ticket, f"http://weixin.qq.com/q/{secrets.token_urlsafe(16)}", ends)
        self.all[ticket] = code
        return code

    def scene_of(self, text: str) -> str:
        """The scene that a ticket, the text of a picture, or a scene itself stands for."""
        found = (code.scene for code in self.all.values() if text in (code.ticket, code.url))
        return next(found, text)

    def ticket_of(self, scene: str) -> str:
        """The newest living ticket of a scene. A scene that was never created gets one, as a code printed before."""
        codes = [code for code in self.all.values() if code.scene == scene]
        if not codes:
            return self.create(scene, seconds=None).ticket
        now = self._clock.now()
        alive = [code for code in codes if code.ends is None or code.ends > now]
        if not alive:
            raise BadControl(f"the code of scene {scene} has expired")
        return alive[-1].ticket
