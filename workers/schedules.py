"""Running what is due: every timer once, in one transaction with its own end.

A timer is claimed by an advisory lock and not by its row: a turn that moves a ticket holds the ticket and
then moves its timer, so a worker that held the timer's row while it waits for the ticket would deadlock.
"""

import logging
import time
from collections.abc import Mapping

from tortoise.backends.base.client import BaseDBAsyncClient

from services import timers, work
from services.timers import Due
from services.work import Wake
from workers.kinds import KINDS, Ringing

log = logging.getLogger(__name__)

_CLAIM = 0x7469_6D65  # the advisory lock's class: "time"


async def run_due(limit: int = 100, *, wake: Wake | None = None, kinds: Mapping[str, Ringing] = KINDS) -> int:
    """Run what is due, oldest first; how many were run. Several workers may do so at once.

    `wake` is told after each commit which other parts have something to do now.
    """
    return sum([await _run_one(timer_id, wake, kinds) for timer_id in await timers.due(limit)])


async def _run_one(timer_id: int, wake: Wake | None, kinds: Mapping[str, Ringing]) -> bool:
    """True when this worker ran it. An exception leaves the timer, due again later."""
    started = time.perf_counter()
    try:
        timer = await _claim_and_run(timer_id, wake, kinds)
    except Exception:
        log.exception("timer %s failed", timer_id)
        await timers.put_off(timer_id)
        return False
    if timer is None:
        return False
    milliseconds = (time.perf_counter() - started) * 1000
    log.info("timer %s %s subject=%s %.1f ms", timer.id, timer.kind, timer.subject_id, milliseconds)
    return True


async def _claim_and_run(timer_id: int, wake: Wake | None, kinds: Mapping[str, Ringing]) -> Due | None:
    async with work.unit(wake=wake) as connection:
        if not await _claim(connection, timer_id):
            return None
        # Only now: whoever held the claim may have ended or moved the timer.
        timer = await timers.still_due(timer_id)
        if timer is None:
            return None
        await kinds[timer.kind](timer.subject_id, timer.note)
        await timers.end(timer)
        return timer


async def _claim(connection: BaseDBAsyncClient, timer_id: int) -> bool:
    rows = await connection.execute_query_dict(
        "SELECT pg_try_advisory_xact_lock($1, hashint8($2)) AS mine", [_CLAIM, timer_id]
    )
    return bool(rows[0]["mine"])
