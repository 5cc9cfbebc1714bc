"""Faults that a test or a curious hand puts into the platform's API."""

from dataclasses import dataclass

from simulator.errors import BadControl
from simulator.jsonio import Fields, JsonObject


@dataclass(slots=True, kw_only=True)
class Fault:
    """Hits `api` (or "*", every one) while `left` is above 0; None is for ever. `after` lets the call work first."""

    api: str
    left: int | None
    errcode: int | None = None
    status: int | None = None
    delay: float = 0.0
    drop: bool = False
    after: bool = False

    @property
    def ends_call(self) -> bool:
        return self.errcode is not None or self.status is not None or self.drop

    def shown(self) -> JsonObject:
        return {
            "api": self.api,
            "times": self.left,
            "errcode": self.errcode,
            "status": self.status,
            "delay_s": self.delay,
            "drop": self.drop,
            "after": self.after,
        }


def read_fault(body: Fields) -> Fault:
    fault = Fault(
        api=body.text("api", "*"),
        left=_times(body),
        errcode=body.integer("errcode") if body.has("errcode") else None,
        status=body.integer("status") if body.has("status") else None,
        delay=body.number("delay_s", 0),
        drop=body.flag("drop"),
        after=body.flag("after"),
    )
    if not fault.ends_call and fault.delay <= 0:
        raise BadControl("a fault needs errcode, status, delay_s or drop")
    if fault.status is not None and not 200 <= fault.status <= 599:
        raise BadControl("status must be between 200 and 599")
    return fault


def _times(body: Fields) -> int | None:
    """1 when nothing is said; null or -1 means until the faults are deleted."""
    if "times" in body.values and body.values["times"] is None:
        return None
    times = body.integer("times", 1)
    if times == -1:
        return None
    if times < 1:
        raise BadControl("times must be at least 1, or -1 for ever")
    return times


class Faults:
    def __init__(self) -> None:
        self.all: list[Fault] = []

    def take(self, api: str) -> Fault | None:
        """The oldest fault that hits this call, counted down."""
        for fault in self.all:
            if fault.api in ("*", api):
                self._count(fault)
                return fault
        return None

    def _count(self, fault: Fault) -> None:
        if fault.left is not None:
            fault.left -= 1
            if fault.left <= 0:
                self.all.remove(fault)
