"""The load: keep-alive connections that send prepared requests, as fast as answers come or at a given pace.

Messages of one person stay on one connection and in order, as the platform sends them.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.bench.pushes import Request


@dataclass(frozen=True, slots=True)
class Run:
    """`latencies` are seconds, one a request, in no order; `failed` are answers other than 200."""

    seconds: float
    latencies: list[float]
    failed: int

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def spread(requests: Iterable[Request], connections: int) -> list[list[Request]]:
    lanes: list[list[Request]] = [[] for _ in range(connections)]
    for request in requests:
        lanes[request.person % connections].append(request)
    return lanes


async def run(
    port: int, requests: Sequence[Request], *, connections: int = 32, rate: float | None = None
) -> Run:
    """Send them all. With `rate` (a second) each is due at its time, and waiting for its turn counts as latency."""
    lanes = spread(requests, connections)
    latencies: list[float] = []
    started = time.perf_counter()
    pace = connections / rate if rate else 0.0
    failed = await asyncio.gather(
        *(
            _lane(port, lane, latencies, started + number * pace / connections, pace)
            for number, lane in enumerate(lanes)
        )
    )
    return Run(time.perf_counter() - started, latencies, sum(failed))


async def _lane(port: int, lane: list[Request], latencies: list[float], first: float, pace: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    failed = 0
    for number, request in enumerate(lane):
        due = first + number * pace if pace else time.perf_counter()
        if (early := due - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        writer.write(request.wire)
        failed += not await answered(reader)
        latencies.append(time.perf_counter() - due)
    writer.close()
    return failed


async def answered(reader: asyncio.StreamReader) -> bool:
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().index(b"content-length:") + 15
    await reader.readexactly(int(head[length : head.index(b"\r\n", length)]))
    return head.startswith(b"HTTP/1.1 200")
