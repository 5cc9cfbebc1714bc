"""The connection to PostgreSQL: configuration, opening and closing, migrations."""

import contextlib
import gc
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import parse_qsl, unquote, urlsplit

import asyncpg
from tortoise import models as tortoise_models
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.models import MetaInfo, Model

from settings import Settings

APP = "models"
MIGRATIONS = "models.migrations"
_ROOM = Path(__file__).parent
LATEST = "__latest__"


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg ships no types
    """Goes back to the pool as it is, unless a transaction was left open. Nothing here changes a session (no SET,
    LISTEN or advisory lock outlives a transaction): the round trip that would undo it, one in five of a turn, is
    left out.
    """

    async def reset(self, *, timeout: float | None = None) -> None:
        if self.is_in_transaction():
            await super().reset(timeout=timeout)


# A prepared statement keeps the plan that it got while its tables were nearly empty, until somebody analyses them:
# for a minute of a busy first day every turn would read the whole table of messages. Whoever reports on whole tables
# may turn this on again for a transaction. (Servers before 18 price such a scan so high that they would compile it.)
PLANNED_FOR_GROWTH = {"enable_seqscan": "off", "jit": "off"}


class _Opened:
    """The pool of this process and how many parts of it are using that."""

    users = 0
    url = ""
    context = TortoiseContext()


_opened = _Opened()


def config(settings: Settings) -> dict[str, object]:
    """Tortoise's configuration: one connection pool, every table of this room, aware UTC times."""
    engine = {
        **credentials(settings.database.url),
        "minsize": 1,
        "maxsize": settings.database.pool_size,
        "connection_class": Connection,
        "server_settings": PLANNED_FOR_GROWTH,
        "max_queries": 10_000_000,  # a new connection plans every statement again, in mid-traffic
    }
    return {
        "connections": {"default": {"engine": "models.engine", "credentials": engine}},
        "apps": _apps(),
        "use_tz": True,
        "timezone": "UTC",
    }


async def open(settings: Settings) -> None:  # noqa: A001 - it is called as database.open()
    """Connect this process; every task of it then uses the same pool.

    Who opens closes: parts of one process may each open the same database, and the last one to close ends it.
    """
    if not _opened.users:
        _opened.context = TortoiseContext()
        with _opened.context:  # Tortoise looks for it while it initialises; afterwards tasks find it globally
            await _opened.context.init(config=config(settings), _enable_global_fallback=True)
        _opened.url = settings.database.url
    if _opened.url != settings.database.url:
        raise RuntimeError("this process is connected to another database")
    _opened.users += 1


async def close() -> None:
    _opened.users -= 1
    if not _opened.users:
        await _opened.context.close_connections()


async def migrate(settings: Settings, *, upto: str = LATEST) -> list[str]:
    """Bring the database up to date; the names of the migrations that were applied now."""
    async with TortoiseContext() as context:
        await context.init(config=config(settings))
        applied: list[str] = []
        with _patient_collector(), _no_filters():
            await _executor(context).migrate(
                _target(upto),
                direction="forward",
                progress=lambda event, _, name: _note(applied, event, name),
            )
        return applied


async def pending(settings: Settings) -> list[str]:
    """The names of the migrations that the database still lacks."""
    async with TortoiseContext() as context:
        await context.init(config=config(settings))
        steps = await _executor(context).plan(_target(LATEST))
        return [step.migration.name for step in steps]


async def missing_migrations(settings: Settings) -> list[str]:
    """What the tables in code have and the newest migration has not: the operations that would be written."""
    async with TortoiseContext() as context:
        await context.init(config=config(settings), init_connections=False)
        with _patient_collector(), _no_filters():
            return [
                str(found) for writer in await _detector(context).changes() for found in writer.operations
            ]


async def write_migrations(settings: Settings) -> list[str]:
    """Write a migration for what is missing; the files written."""
    async with TortoiseContext() as context:
        await context.init(config=config(settings), init_connections=False)
        return await _detector(context).write()


def _detector(context: TortoiseContext) -> MigrationAutodetector:
    assert context.apps
    return MigrationAutodetector(context.apps, _apps())


def has_migrations() -> bool:
    return any((_ROOM / "migrations").glob("[0-9]*.py"))


async def create_tables(settings: Settings) -> None:
    """Make every table as the code has it, for a database that no migration will ever touch."""
    async with TortoiseContext() as context:
        await context.init(config=config(settings))
        await context.generate_schemas(safe=False)


def _target(migration: str) -> tuple[MigrationTarget]:
    return (MigrationTarget(APP, migration),)


def _executor(context: TortoiseContext) -> MigrationExecutor:
    return MigrationExecutor(context.db("default"), _apps())


def _apps() -> dict[str, dict[str, object]]:
    return {APP: {"models": _modules(), "default_connection": "default", "migrations": MIGRATIONS}}


@contextlib.contextmanager
def _patient_collector() -> Iterator[None]:
    """For every operation Tortoise builds the classes of all tables again; collecting them at once costs seconds."""
    before = gc.get_threshold()
    gc.set_threshold(20_000, 10, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextlib.contextmanager
def _no_filters() -> Iterator[None]:
    """What Tortoise builds again for every operation is only described to PostgreSQL, never searched: making the
    filters of all fields each time is half of its work. There is no setting for it.
    """
    whole, of_field = MetaInfo._generate_filters, vars(tortoise_models)["get_filters_for_field"]
    MetaInfo._generate_filters = lambda self: None  # type: ignore[method-assign]  # which is what is wanted
    vars(tortoise_models)["get_filters_for_field"] = lambda **_: {}
    try:
        yield
    finally:
        MetaInfo._generate_filters = whole  # type: ignore[method-assign]  # as above
        vars(tortoise_models)["get_filters_for_field"] = of_field


def _note(applied: list[str], event: str, name: str) -> None:
    if event == "apply_done":
        applied.append(name)


def credentials(url: str) -> dict[str, object]:
    """What asyncpg wants, from a URL whose host may be a socket's folder in `?host=`."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "host": query.pop("host", "") or parts.hostname,
        "port": int(query.pop("port", "") or parts.port or 5432),
        "user": unquote(parts.username or "") or None,
        "password": unquote(parts.password or "") or None,
        "database": unquote(parts.path.lstrip("/")) or None,
        **query,
    }


def _modules() -> list[str]:
    """Every module of this room that holds tables; Tortoise warns about the others."""
    names = (f"{APP}.{module.name}" for module in pkgutil.iter_modules([str(_ROOM)]) if not module.ispkg)
    return [name for name in names if name != __name__ and _has_tables(importlib.import_module(name))]


def _has_tables(module: ModuleType) -> bool:
    classes = (found for found in vars(module).values() if inspect.isclass(found))
    return any(issubclass(one, Model) and one is not Model and not one._meta.abstract for one in classes)
