"""PostgreSQL and Redis for one test run, out of the same wheels and code as `make run`."""

import asyncio
import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import settings
from commands.embedded import home, postgres, redis
from commands.embedded.home import Home
from commands.embedded.program import Program
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
        with _running(place):
            found = Servers(postgres.url(place), redis.url(place))
            in_thread(_make_template(found))
            yield found
    finally:
        shutil.rmtree(place.data)
        shutil.rmtree(folder)


@contextlib.contextmanager
def _running(place: Home) -> Iterator[None]:
    started = [
        (program, _start(program))
        for program in (postgres.program(place, durable=False), redis.program(place))
    ]
    try:
        wait_until(lambda: postgres.ready(place) and redis.ready(place))
        yield
    finally:
        for program, process in started:
            process.send_signal(program.stop)
        for _, process in started:
            process.wait(30)


def _start(program: Program) -> subprocess.Popen[bytes]:
    return subprocess.Popen(program.command(), cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                            stdin=subprocess.DEVNULL, start_new_session=True)  # fmt: skip


def wait_until(happened: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)  # between two looks at another process, which cannot call us


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
