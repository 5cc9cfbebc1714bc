"""run.py scripts: list, show, check, publish and reset dialog scripts, while everything runs."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands import arguments

if TYPE_CHECKING:
    from bot.rehearsal.publishing import Draft
    from bot.scripts.bot import Bot
    from commands import Subparsers
    from services.scripts.versions import Edition

_FAULTS = 1  # exit status when a script has faults; nothing was published


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "scripts",
        description="Dialog scripts as versions in the database. A published version starts new talks within "
        "seconds, without a restart; talks in progress stay on theirs. Nothing is published that has faults or "
        "whose own tests do not come out as written: each is named, and the exit status is 1.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    _register_reading(actions)
    _register_publishing(actions)
    parser.set_defaults(run=run)


def _register_reading(actions: "Subparsers") -> None:
    one = actions.add_parser("list", help="every script, or every version of one")
    one.add_argument("name", nargs="?", metavar="NAME")
    one = actions.add_parser("show", help="print the text of a script, to edit it in a file")
    one.add_argument("name", metavar="NAME")
    one.add_argument("--version", type=arguments.number, metavar="N", help="this one instead of the newest")
    one = actions.add_parser("check", help="look for faults and run the tests, without publishing")
    one.add_argument("files", nargs="+", type=Path, metavar="FILE")


def _register_publishing(actions: "Subparsers") -> None:
    one = actions.add_parser("publish", help="check, then start new talks on this text")
    one.add_argument("files", nargs="+", type=Path, metavar="FILE")
    one.add_argument("--by", default="admin", metavar="LOGIN", help="who wrote it (admin)")
    one = actions.add_parser("reset", help="publish the shipped text again, or an earlier version")
    which = one.add_mutually_exclusive_group(required=True)
    which.add_argument("name", nargs="?", metavar="NAME")
    which.add_argument(
        "--all", action="store_true", help="every script that is not as shipped, changed ones too"
    )
    how = one.add_mutually_exclusive_group()
    how.add_argument(
        "--version", type=arguments.number, metavar="N", help="this one instead of the shipped text"
    )
    how.add_argument("--dry-run", action="store_true", help="with --all: list these, and publish nothing")
    one.add_argument("--by", default="admin", metavar="LOGIN", help="who did it (admin)")


def run(chosen: argparse.Namespace) -> int:
    from commands.office import session

    status = [0]

    async def work() -> None:
        status[0] = await _do(chosen)

    session.run(work)
    return status[0]


async def _do(chosen: argparse.Namespace) -> int:
    if chosen.action == "list":
        await listed(chosen.name)
        return 0
    if chosen.action == "show":
        print(await _text(chosen.name, chosen.version), end="")
        return 0
    if chosen.action == "reset":
        return await _reset(chosen)
    texts = {str(file): _read(file) for file in chosen.files}
    return await (check(texts) if chosen.action == "check" else publish(texts, by=chosen.by))


async def _reset(chosen: argparse.Namespace) -> int:
    from commands import StartError

    if chosen.all and chosen.version is not None:
        raise StartError("A version is one script's; name it instead of --all.")
    if chosen.dry_run and not chosen.all:
        raise StartError("--dry-run goes with --all; `run.py scripts list` tells which scripts differ.")
    if chosen.all:
        return await reset_all(dry_run=chosen.dry_run, by=chosen.by)
    return await reset(chosen.name, version=chosen.version, by=chosen.by)


async def listed(name: str | None) -> None:
    """Raises StartError for a name that there is not."""
    from commands import StartError
    from commands.office import session
    from dialogs import shipped
    from services.scripts import versions

    rows = await versions.versions(name)
    if not rows:
        raise StartError(f"There is no script {name}." if name else "No script is stored yet: start once.")
    texts = dict(shipped.scripts())
    print(session.table([_line(one, texts.get(one.name)) for one in (rows if name else _newest(rows))]))


def _newest(rows: "list[Edition]") -> "list[Edition]":
    """Of each script the first, which is the newest."""
    return list({one.name: one for one in reversed(rows)}.values())[::-1]


def _line(row: "Edition", shipped: str | None) -> tuple[str, ...]:
    from services import clock

    when = f"{clock.local(row.created_at):%Y-%m-%d %H:%M}"
    if shipped is not None and row.has(shipped):
        state = "as shipped"
    else:
        state = "an older release's text" if row.came_with_a_release else "changed here"
    return (row.name, f"version {row.version}", when, row.author, state)


async def _text(name: str, version: int | None) -> str:
    from commands import StartError
    from services.scripts import versions

    found = await versions.source(name, version)
    if found is None:
        raise StartError(f"There is no script {name}{f' version {version}' if version is not None else ''}.")
    return found


def _read(file: Path) -> str:
    from commands import StartError

    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise StartError(f"Cannot read {file}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise StartError(f"Cannot read {file}: it is not a text in UTF-8.") from error


async def check(texts: dict[str, str]) -> int:
    """The exit status. `texts` are YAML by the name that its faults are told under."""
    drafts = await _drafts(texts)
    if drafts:
        tests = sum(len(one.script.tests) for one in drafts)
        print(f"{', '.join(one.script.script for one in drafts)}: no faults, {tests} tests as written")
    return 0 if drafts else _FAULTS


async def publish(texts: dict[str, str], *, by: str, shipped: bool = False) -> int:
    """The exit status. `shipped` texts are kept as the release's own, whoever set them back."""
    from commands.office import people
    from services.scope import Field
    from services.scripts import versions

    actor = await people.member(by)
    actor.doing(Field.SCRIPTS)  # before the tests run
    drafts = await _drafts(texts)
    for one in drafts or []:
        version = await versions.publish(one.script.script, one.source, actor=actor, shipped=shipped)
        print(f"{one.script.script} version {version} starts new talks within seconds")
    return 0 if drafts else _FAULTS


async def reset(name: str, *, version: int | None, by: str) -> int:
    """The exit status. Raises StartError when there is no such text."""
    from commands import StartError
    from dialogs import shipped

    if version is not None:
        return await publish({name: await _text(name, version)}, by=by)
    text = dict(shipped.scripts()).get(name)
    if text is None:
        raise StartError(f"No script {name} is shipped; name an earlier version with --version.")
    return await publish({name: text}, by=by, shipped=True)


async def reset_all(*, dry_run: bool, by: str) -> int:
    """The exit status. All of them are published, or none."""
    from commands.office import session
    from dialogs import shipped
    from services.scripts import versions

    texts = dict(shipped.scripts())
    newest = [one for one in _newest(await versions.versions()) if one.name in texts]
    differing = [one for one in newest if not one.has(texts[one.name])]
    if not differing:
        print("every script is as shipped")
        return 0
    print(session.table([_line(one, texts[one.name]) for one in differing]))
    if dry_run:
        return 0
    return await publish({one.name: texts[one.name] for one in differing}, by=by, shipped=True)


async def _drafts(texts: dict[str, str]) -> "list[Draft] | None":
    """The scripts, or None after saying what is wrong with them."""
    import sys

    from bot import understanding
    from bot.rehearsal import publishing
    from bot.scripts.format import ScriptError
    from settings import root

    faults: list[str] = []
    drafts: list[Draft] = []
    for name, text in texts.items():
        try:
            drafts.append(publishing.Draft.of(text))
        except ScriptError as error:
            faults += [f"{name}: {one}" for one in error.problems]
    if not faults:
        understander = understanding.load(root() / "var" / "understanding")
        faults = await publishing.faults(drafts, await _bot(), understander)
    print("\n".join(faults), end="\n" if faults else "", file=sys.stderr)
    return None if faults else drafts


async def _bot() -> "Bot":
    import settings
    from bot.scripts import library
    from dialogs import shipped
    from dialogs.registry import registry

    return await library.load(registry, shipped.everything(), company=settings.load().company.name)
