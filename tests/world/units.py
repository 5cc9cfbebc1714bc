"""Calling a verb of the services as an edge would: inside one unit of work, also while another waits for it."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from models.tickets import Ticket
from services import work

T = TypeVar("T")

_WAITING = """
SELECT count(*) AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
"""


async def within(done: Awaitable[T]) -> T:
    async with work.unit():
        return await done


async def others_wait(count: int) -> None:
    """Until so many units wait for what others hold."""
    async with asyncio.timeout(10):
        while await _waiting() < count:  # noqa: ASYNC110 - the database tells nobody
            await asyncio.sleep(0.01)


async def _waiting() -> int:
    """Also within a unit, for which the database keeps what it counted first."""
    await Ticket._meta.db.execute_query_dict("SELECT pg_stat_clear_snapshot()")
    [found] = await Ticket._meta.db.execute_query_dict(_WAITING)
    return int(found["waiting"])
