"""One time for all machines: the database's. A machine whose clock is off goes by that, and says so in the log.

Timers, deadlines, and when a message may leave are written by one machine and read by another.
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from tortoise import connections

from services import clock

log = logging.getLogger(__name__)

EVERY_S = 60.0
_WORTH_SAYING = timedelta(seconds=2)


async def measure() -> timedelta:
    """Ask the database what time it is; how far this machine is behind."""
    asked = datetime.now(UTC)
    rows = await connections.get("default").execute_query_dict("SELECT clock_timestamp() AS now")
    behind = clock.go_by(rows[0]["now"], asked=asked, answered=datetime.now(UTC))
    if abs(behind) > _WORTH_SAYING:
        log.warning("this machine's clock is %.1f s behind the database's", behind.total_seconds())
    return behind


async def keep(every_s: float = EVERY_S) -> None:
    """Measure again and again, until cancelled; while the database is away, what it said last holds."""
    while True:
        try:
            await measure()
        except Exception as fault:  # noqa: BLE001 - what it said last holds until it answers again
            log.warning("the database does not say what time it is: %r", fault)
        await asyncio.sleep(every_s)
