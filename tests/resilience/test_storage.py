"""A database that answers and stores nothing, after a failover or on a full disk: no word is lost."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from tests.resilience.installation import OTHER_WEB, WEB, WORKER, Installation
from tests.resilience.parts import until

_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@contextlib.asynccontextmanager
async def read_only(installation: Installation) -> AsyncIterator[None]:
    """Whoever connects meanwhile may only read."""
    async with installation.connection() as connection:
        name = await connection.fetchval("SELECT current_database()")
        await connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        await connection.execute(_OTHERS)
        try:
            yield
        finally:
            await connection.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
            await connection.execute(_OTHERS)


async def ready(installation: Installation) -> dict[str, str]:
    address = installation.callbacks[0].removesuffix("/wechat")
    async with installation.phones.sim.http.get(f"{address}/readyz") as response:
        found: dict[str, str] = await response.json()
        return found


async def test_what_cannot_be_stored_is_pushed_again_and_readyz_says_it(installation: Installation) -> None:
    people = await installation.phones.sim.followers(6)

    async def abandoned() -> bool:
        return installation.parts[WEB].words.count("turn abandoned") >= len(people)

    async with read_only(installation):
        saying = [asyncio.create_task(installation.phones.says(one, "你好")) for one in people]
        await until(abandoned, "every push is cut")
        state = await ready(installation)
    assert (state["database"], state["turns"]) == ("ReadOnlyError", "TroubleError")
    for one, said in zip(people, await asyncio.gather(*saying), strict=True):
        assert said.reply
        assert said.attempts in (2, 3)
        assert [kept["text"] for kept in await installation.inbound(one)].count("你好") == 1

    async def well() -> bool:
        return set((await ready(installation)).values()) == {"ok"}

    await until(well, "it is ready again")
    assert all(installation.parts[name].alive for name in (WEB, OTHER_WEB, WORKER))
