"""Works off imports and exports, one at a time, telling how far it is; a cancelled one stops at its next step."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Mapping

from services import actors, jobs
from services import work as units
from services.actors import SYSTEM, Actor
from services.errors import DomainError
from services.jobs import Claimed
from workers import job_kinds
from workers.job_kinds import Kind, Progress

log = logging.getLogger(__name__)

_BEAT_S = 0.5


class Jobs:
    """`work` is for a pump: one claimed job, to its end in the database."""

    def __init__(self, kinds: Mapping[str, Kind] = job_kinds.KINDS) -> None:
        self._kinds = kinds

    async def work(self, claimed: Claimed) -> None:
        started = time.perf_counter()
        progress = Progress()
        outcome = "done"
        try:
            actor = await actors.staff(claimed.staff_id, source=claimed.source)
            async with _beating(claimed.id, progress):
                await self._kinds[claimed.kind](claimed, progress, actor)
        except job_kinds.CancelledError:
            outcome = "cancelled"
        except DomainError as error:
            outcome = error.phrase
            await _failed(claimed, error.phrase, error.values, SYSTEM)
        except Exception:
            outcome = "failed"
            log.exception("job %d %s failed", claimed.id, claimed.kind)
            await _failed(claimed, "jobs.failed", {}, SYSTEM)
        ms = (time.perf_counter() - started) * 1000
        log.info(
            "job id=%d kind=%s rows=%d outcome=%s ms=%.0f",
            claimed.id,
            claimed.kind,
            progress.done,
            outcome,
            ms,
        )


async def _failed(claimed: Claimed, phrase: str, values: Mapping[str, str | int], actor: Actor) -> None:
    async with units.unit():
        await jobs.fail(claimed, phrase, values, actor=actor)


@contextlib.asynccontextmanager
async def _beating(job_id: int, progress: Progress) -> AsyncIterator[None]:
    """Tells how far it is while it works: a task of its own, begun outside of any transaction."""
    beating = asyncio.create_task(_beat(job_id, progress))
    try:
        yield
    finally:
        beating.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beating


async def _beat(job_id: int, progress: Progress) -> None:
    while True:
        if not await jobs.beat(job_id, step=progress.step, done=progress.done, total=progress.total):
            progress.cancelled = True
        await asyncio.sleep(_BEAT_S)
