"""A database of its own for the talks: made, migrated, filled with the demo, and dropped at the end."""

import contextlib
import os
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

import settings as current
from bot import understanding
from bot.pipeline import Pipeline
from bot.understanding import Understander
from commands import StartError
from commands.rehearsal.phones import Phones, Post
from commands.rehearsal.play import Stage
from commands.rehearsal.scenes import MORNING
from dialogs import shipped
from dialogs.registry import registry
from models import database
from services import clock
from services.demo import loading
from settings import Settings
from wechat.allowances import Allowances
from wechat.render import split
from workers.delivery import Delivery
from workers.templates import usable


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Stage]:
    """A stage on a fresh database of the same server. Raises StartError when that makes none for us."""
    name = f"guanjia_stage_{os.getpid()}"
    await _command(settings.database.url, f'CREATE DATABASE "{name}"')
    try:
        with tempfile.TemporaryDirectory() as media:
            async with _filled(_at(settings, name, Path(media))) as stage:
                yield stage
    finally:
        await _command(settings.database.url, f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.asynccontextmanager
async def _filled(settings: Settings) -> AsyncIterator[Stage]:
    current.use(settings)
    await (database.migrate(settings) if database.has_migrations() else database.create_tables(settings))
    await database.open(settings)
    try:
        with clock.fixed(datetime.fromisoformat(MORNING).astimezone(UTC)):
            await loading.load()
        yield stage(settings, understanding.load(current.root() / "var" / "understanding"))
    finally:
        await database.close()


def stage(settings: Settings, understander: Understander) -> Stage:
    """The real machinery on the database that is open; only the platform is played."""
    bot = shipped.bot(registry, company=settings.company.name)
    pipeline = Pipeline(bot, understander, split=split, allowances=Allowances(), wake=lambda names: None)
    phrases = shipped.phrases()
    templates = usable(settings)

    def delivery(phones: Phones) -> Delivery:
        return Delivery(Post(phones), phrases, templates, settings.media.dir)

    names = {one["openid"]: one["nickname"] for one in loading.demo_people()}
    return Stage(pipeline, bot.catalogue, delivery, names)


def _at(settings: Settings, name: str, media: Path) -> Settings:
    parts = urlsplit(settings.database.url)
    url = urlunsplit(parts._replace(path=f"/{name}"))
    return settings.model_copy(
        update={
            "database": settings.database.model_copy(update={"url": url}),
            "media": settings.media.model_copy(update={"dir": media}),
        }
    )


async def _command(url: str, statement: str) -> None:
    try:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()
    except (OSError, asyncpg.PostgresError) as error:
        raise StartError(f"The server makes no database for the talks: {error}") from error
