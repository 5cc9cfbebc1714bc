"""PostgreSQL and Redis for one test run, out of the same wheels and code as `make run`."""

import asyncio
import contextlib
import hashlib
import os
import shutil
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import tortoise

import settings
from commands.archive import client
from commands.local import home, postgres, redis
from commands.local.home import Home
from commands.local.servers import Server, started
from models import database
from models.database import LATEST
from settings import Settings
from tests.world import databases, folders

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
def servers(cache: Path) -> Iterator[Servers]:
    """Both servers, with a template database, for as long as the context lasts; they die with this process."""
    with _home() as place:
        postgres.initialise(place)
        fast = Server(postgres.program(place, durable=False), lambda: postgres.ready(place))
        with started([fast, Server(redis.program(place), lambda: redis.ready(place))]):
            found = Servers(postgres.url(place), redis.url(place))
            in_thread(_make_template(found, cache))
            yield found


@contextlib.contextmanager
def _home() -> Iterator[Home]:
    with folders.made("test") as folder:
        place = home.prepare(folder)
        try:
            yield place
        finally:
            shutil.rmtree(place.data)


def in_thread(work: Coroutine[None, None, None]) -> None:
    """Run it on a loop of its own, whatever loop the tests have."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


async def _make_template(found: Servers, cache: Path) -> None:
    """Every worker's database is a copy of this one."""
    await databases.create(found.admin, TEMPLATE)
    there = at(settings.load(), found.database(TEMPLATE))
    await make_tables(there, cache)
    await databases.remember_rows(there.database.url)


async def make_tables(there: Settings, cache: Path, *, upto: str = LATEST) -> None:
    """Migrate an empty database, by what an earlier run kept where nothing changed since."""
    kept = cache / f"{_fingerprint(upto)}.sql"
    if kept.exists():
        client.on_database(
            "psql",
            "--no-psqlrc",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            f"--file={kept}",
            url=there.database.url,
        )
    else:
        await database.migrate(there, upto=upto)
        _keep(there.database.url, kept)


def _fingerprint(upto: str) -> str:
    """Changes whenever the migrations may lead elsewhere; applying them takes Tortoise seconds, a dump does not."""
    digest = hashlib.sha256(tortoise.__version__.encode())
    found = sorted((settings.root() / "models" / "migrations").glob("*.py"))
    for file in found if upto == LATEST else [one for one in found if one.stem <= upto]:
        digest.update(file.name.encode())  # a migration is known by its name
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _keep(url: str, kept: Path) -> None:
    half = kept.with_suffix(f".{os.getpid()}")
    client.on_database("pg_dump", "--no-owner", f"--file={half}", url=url)
    half.replace(kept)


def at(base: Settings, url: str) -> Settings:
    return base.model_copy(update={"database": base.database.model_copy(update={"url": url})})
