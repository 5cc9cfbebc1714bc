"""The simulated clock: windows, quotas and expiry go by it; pushes carry the real time."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

_SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    def __init__(self, ahead: float = 0.0) -> None:
        self.ahead = ahead

    def now(self) -> float:
        """Unix seconds of simulated time."""
        return time.time() + self.ahead

    def advance(self, seconds: float) -> None:
        self.ahead += seconds

    def day(self) -> str:
        return self._local().strftime("%Y-%m-%d")

    def month(self) -> str:
        return self._local().strftime("%Y-%m")

    def _local(self) -> datetime:
        return datetime.fromtimestamp(self.now(), _SHANGHAI)
