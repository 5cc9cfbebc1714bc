"""run.py policy: what the company decides for itself, and changing it."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "policy",
        description="List what the company decides for itself (hours, deadlines, limits), or decide one value. "
        "Every process follows within two seconds.",
    )
    parser.add_argument("key", nargs="?", metavar="KEY", help="for example office_hours or urge_minutes")
    parser.add_argument(
        "value", nargs="?", metavar="VALUE", help='as JSON: 45, [["09:00","12:00"],["13:30","18:00"]]'
    )
    parser.add_argument("--default", action="store_true", help="bring the default of settings.toml back")
    parser.add_argument("--by", metavar="LOGIN", help="who decides it (whoever works at this machine)")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands import StartError
    from commands.office import session

    if chosen.key and chosen.value is None and not chosen.default:
        raise StartError("Which value? Give it as JSON, or --default.")
    session.run(lambda: changed(chosen) if chosen.key else listed())


async def listed() -> None:
    from commands.office import session
    from services import policy

    print(session.table(sorted((await policy.told()).items())))


async def changed(chosen: argparse.Namespace) -> None:
    """Raises StartError for what is no JSON."""
    import json

    from commands import StartError
    from commands.office import people
    from services import policy

    try:
        value = None if chosen.default else json.loads(chosen.value)
    except json.JSONDecodeError as error:
        raise StartError(f"{chosen.value!r} is not JSON: {error.msg}.") from error
    if value is None and not chosen.default:
        raise StartError("null is no value. --default brings the default of settings.toml back.")
    await policy.change(chosen.key, value, actor=await people.actor(chosen.by))
    print(f"{chosen.key} = {(await policy.told())[chosen.key]}")
