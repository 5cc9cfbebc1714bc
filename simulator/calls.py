"""The log of API calls, for tests that ask what the application really did."""

from collections import deque
from dataclasses import dataclass

from simulator.jsonio import JsonObject, JsonValue

_MOST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call; `time` is real Unix seconds, `errcode` None when the answer was no JSON or there was none."""

    n: int
    api: str
    body: JsonValue
    status: int
    errcode: int | None
    fault: bool
    time: float
    seconds: float

    def shown(self) -> JsonObject:
        return {name: getattr(self, name) for name in self.__slots__}


class Calls:
    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=_MOST)
        self.count = 0

    def add(self, call: Call) -> None:
        self._calls.append(call)

    def number(self) -> int:
        self.count += 1
        return self.count

    def after(self, n: int, api: str) -> list[Call]:
        return [call for call in self._calls if call.n > n and api in ("", call.api)]

    def clear(self) -> None:
        self._calls.clear()
