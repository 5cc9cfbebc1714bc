"""PostgreSQL and Redis for one test run, out of the same wheels and code as `make run`."""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import settings
from commands.embedded import home, postgres, redis
from commands.embedded.servers import Server, started
from models import database
from settings import Settings
from tests.setup import clean

TEMPLATE = "template_guanjia"


@dataclass(frozen=True, slots=True)
class Servers:
    """Where they are: `database` leads to one that is empty, `redis` to the logical database 0."""

    admin: str
    redis: str

    def database(self, name: str) -> str:
        return self.admin.replace(f"/{postgres.NAME}?", f"/{name}?")

    def redis_database(self, number: int) -> str:
        return self.redis.replace("db=0", f"db={number}")


@contextlib.contextmanager
def servers() -> Iterator[Servers]:
    """Both servers for as long as the context lasts; they die with this process however that ends."""
    folder = Path(tempfile.mkdtemp(prefix="guanjia-test-"))
    folder.chmod(0o711)  # the account that serves in place of root passes through
    place = home.prepare(folder)
    try:
        postgres.initialise(place)
        fast = Server(postgres.program(place, durable=False), lambda: postgres.ready(place))
        with started([fast, Server(redis.program(place), lambda: redis.ready(place))]):
            found = Servers(postgres.url(place), redis.url(place))
            in_thread(_make_template(found))
            yield found
    finally:
        shutil.rmtree(place.data)
        shutil.rmtree(folder)


def in_thread(work: Coroutine[None, None, None]) -> None:
    """Run it on a loop of its own, whatever loop the tests have."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


async def _make_template(found: Servers) -> None:
    """Migrate once; every worker's database is a copy of this one."""
    await clean.create(found.admin, TEMPLATE)
    there = at(settings.load(), found.database(TEMPLATE))
    if database.has_migrations():
        await database.migrate(there)
    else:
        await database.create_tables(there)
    await clean.remember_rows(there.database.url)


def at(base: Settings, url: str) -> Settings:
    return base.model_copy(update={"database": base.database.model_copy(update={"url": url})})
