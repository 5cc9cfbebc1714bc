"""run.py create-admin: open an account that may do everything."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "create-admin",
        description="Open an administrator's account. The password is asked for, or read as one line when the input "
        "is not a terminal.",
    )
    parser.add_argument("login", metavar="LOGIN")
    parser.add_argument("--name", required=True, help="the person's name, as colleagues see it")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands.office import session

    password = _password()
    session.run(lambda: create(chosen.login, name=chosen.name, password=password))
    print(f"{chosen.login} may log in now")


async def create(login: str, *, name: str, password: str) -> None:
    from models.people import Role
    from services.actors import OPERATOR
    from services.company import accounts

    await accounts.open_account(login, name=name, role=Role.ADMIN, password=password, actor=OPERATOR)


def _password() -> str:
    """Never an argument: those are there for all to read. Raises StartError when two inputs differ."""
    import getpass
    import sys

    from commands import StartError

    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Again: "):
        raise StartError("The two passwords differ; nothing was done.")
    return password
