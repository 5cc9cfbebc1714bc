"""run.py check: settings, scripts, database, Redis and WeChat credentials."""

import argparse
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    from commands import Subparsers
    from settings import Settings
    from wechat.typed import AccountTemplate

Check: TypeAlias = "Callable[[Settings], Awaitable[str]]"


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "check",
        description="Look at everything that has to stand before residents can write, a line for each. The exit "
        "status is 2 when anything is wrong.",
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    import asyncio

    import settings
    from commands.local import servers

    found = settings.load()  # a wrong setting ends it here
    print("ok     settings")
    with servers.reachable(found) as reached:
        return asyncio.run(_check(reached))


async def _check(settings: "Settings") -> int:
    from commands import REFUSED

    checks: dict[str, Check] = {
        "scripts": _scripts, "database": _database, "redis": _redis, "wechat": _wechat,
        "clock": _clock, "templates": _templates,
    }  # fmt: skip
    states = [await _look(name, check, settings) for name, check in checks.items()]
    if dict(zip(checks, states, strict=True))["database"]:
        print(await _holidays(settings))
    return 0 if all(states) else REFUSED


async def _look(name: str, check: Check, settings: "Settings") -> bool:
    from commands import StartError

    try:
        print(f"ok     {name}: {await check(settings)}")
    except StartError as error:
        print(f"WRONG  {name}: {error}")
        return False
    return True


async def _scripts(settings: "Settings") -> str:
    """The shipped ones; the database takes none that does not check clean."""
    from bot.scripts.check import problems
    from bot.scripts.format import ScriptError, read
    from commands import StartError
    from dialogs import shipped
    from dialogs.registry import registry

    sources = shipped.scripts()
    try:
        scripts = [read(source, name=name) for name, source in sources]
    except ScriptError as error:
        raise StartError(str(error)) from error
    known = {name for name, _ in sources}
    faults = [f"{one.script}: {fault}" for one in scripts for fault in problems(one, registry, known)]
    if faults:
        raise StartError("; ".join(faults))
    return f"{len(scripts)} check clean"


async def _database(settings: "Settings") -> str:
    from commands import StartError
    from commands.local import preflight
    from models import database

    await preflight.reach_database(settings)
    if missing := await database.pending(settings):
        raise StartError(f"it lacks {', '.join(missing)}, which `run.py migrate` applies.")
    return "reached, up to date"


async def _clock(settings: "Settings") -> str:
    """A push that is off by more than the window is refused, and the platform does not repeat it."""
    from datetime import UTC, datetime

    from commands import StartError

    window_s, said = settings.wechat.timestamp_window_s, []
    for whose, told in (
        ("the database's", await _database_time(settings)),
        ("the platform's", await _platform_time(settings)),
    ):
        if not told:
            continue
        behind = round((told - datetime.now(UTC)).total_seconds())
        off = f"{abs(behind)} s {'behind' if behind > 0 else 'ahead of'} {whose}"
        if abs(behind) > window_s:
            raise StartError(
                f"this machine's is {off}; pushes that differ by more than {window_s} s are refused."
            )
        said.append(off)
    return ", ".join(said) or "nobody to compare it with"


async def _database_time(settings: "Settings") -> "datetime | None":
    import asyncpg

    try:
        connection = await asyncpg.connect(settings.database.url, timeout=5)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return None  # said above
    try:
        told: datetime = await connection.fetchval("SELECT clock_timestamp()")
    finally:
        await connection.close()
    return told


async def _platform_time(settings: "Settings") -> "datetime | None":
    from wechat import platform
    from wechat.errors import ApiError

    try:
        async with platform.connect(settings.wechat, settings.wechat_api_url, None) as wechat:
            return await wechat.check()
    except ApiError:
        return None  # said above


async def _templates(settings: "Settings") -> str:
    """What the account has of the templates in the settings, and whether everything that we say fits them."""
    from commands import StartError
    from dialogs import shipped
    from wechat import platform
    from wechat.errors import ApiError
    from workers import templates

    usable = templates.usable(settings)
    faults = templates.unfit(usable)
    try:
        async with platform.connect(settings.wechat, settings.wechat_api_url, None) as wechat:
            there = await wechat.templates()
            for kind, template in usable.items():
                faults += _template_faults(kind, template, there)
                if template.id in there and (count := await wechat.stopped(template.id)):
                    faults.append(f"{kind}: the platform has stopped {count} messages of {template.id}")
    except ApiError as error:
        raise StartError(f"the platform does not tell the account's templates: {error}.") from error
    if faults:
        raise StartError("; ".join(faults))
    caused = {kind for kind, shape in shipped.template_kinds().items() if shape.caused}
    missing = sorted(caused - set(usable))
    without = f"; none for {', '.join(missing)}: such messages become phone tasks" if missing else ""
    return f"{len(usable)} usable{without}"


def _template_faults(
    kind: str, template: "AccountTemplate", there: "Mapping[str, Collection[str]]"
) -> list[str]:
    if template.id not in there:
        return [f"{kind}: the account has no template {template.id}"]
    ours, theirs = set(template.keys.values()), set(there[template.id])
    if ours == theirs:
        return []
    return [f"{kind}: {template.id} has the keys {', '.join(sorted(theirs))}, not {', '.join(sorted(ours))}"]


async def _holidays(settings: "Settings") -> str:
    """Not wrong, but to be known: without a year's notice only the days that the law fixes are off."""
    from models import database
    from services import clock, holidays

    await database.open(settings)
    try:
        missing = await holidays.unannounced(clock.local(clock.now()).date())
    finally:
        await database.close()
    if not missing:
        return "ok     holidays"
    years = ", ".join(map(str, missing))
    return (
        f"NOTE   holidays: those of {years} are not there; until then only the days that the law fixes are off. "
        "Upgrade and run `run.py migrate`, or `run.py import holidays FILE`."
    )


async def _redis(settings: "Settings") -> str:
    from commands.local import preflight

    await preflight.reach_redis(settings)
    return "reached"


async def _wechat(settings: "Settings") -> str:
    """Fetches a token the way that all processes share, so that no running one loses its own."""
    from commands import StartError
    from commands.local.preflight import said
    from wechat import platform
    from wechat.errors import ApiError, Unreachable

    address = settings.wechat_api_url
    async with platform.connect(settings.wechat, address, None) as wechat:
        try:
            await wechat.check()
        except Unreachable as error:
            raise StartError(f"{address} cannot be reached.") from error
        except ApiError as error:
            raise StartError(
                f"{address} gives {settings.wechat.app_id} no access token: {said(error)}."
            ) from error
    return f"{address} accepts {settings.wechat.app_id}"
