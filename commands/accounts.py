"""run.py accounts: who of the staff can sign in, and giving passwords, ending and disabling accounts."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands import Subparsers
    from services.company.accounts import Account


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser(
        "accounts",
        description="List the accounts of staff, or change one. Whoever is given a password has to change it at the "
        "next sign-in; whoever is disabled is out at once.",
    )
    parser.add_argument("login", nargs="?", metavar="LOGIN")
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--new-password", action="store_true", help="make a first password and print it")
    act.add_argument("--disable", action="store_true")
    act.add_argument("--enable", action="store_true")
    act.add_argument("--role", choices=("admin", "leader", "service", "supervisor"))
    act.add_argument("--sign-out", action="store_true", help="end all sessions")
    act.add_argument(
        "--forget-authenticator", action="store_true", help="the phone and the backup codes are lost"
    )
    parser.add_argument("--by", metavar="LOGIN", help="who does it (whoever works at this machine)")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    from commands.office import session

    session.run(lambda: changed(chosen) if chosen.login else listed(chosen.by))


async def listed(by: str | None) -> None:
    from commands.office import people, session
    from services.company import accounts

    rows = [_row(one) for one in await accounts.everybody(actor=await people.actor(by))]
    print(session.table([("login", "name", "role", "password", "WeChat", "active"), *rows]))


def _row(one: "Account") -> tuple[str, ...]:
    password = "first" if one.first_password else "yes" if one.has_password else "none"
    return (one.login, one.name, one.role, password, _yes(one.joined), _yes(one.active))


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"


async def changed(chosen: argparse.Namespace) -> None:
    """Raises StartError when nothing was said to be done."""
    from commands import StartError
    from commands.office import people
    from models.people import Role
    from services.company import accounts, passwords, second_factor, sessions

    actor = await people.actor(chosen.by)
    account = await accounts.by_login(chosen.login, actor=actor)
    if chosen.new_password:
        password = passwords.generated()
        await accounts.give_password(account.id, password, actor=actor)
        print(f"{account.login}: {password}")
        return
    if chosen.disable:
        await accounts.disable(account.id, actor=actor)
    elif chosen.enable:
        await accounts.enable(account.id, actor=actor)
    elif chosen.role:
        await accounts.change_role(account.id, Role(chosen.role), actor=actor)
    elif chosen.sign_out:
        await sessions.end_all(account.id, actor=actor)
    elif chosen.forget_authenticator:
        await second_factor.forget(account.id, actor=actor)
    else:
        raise StartError("What shall be changed? See run.py accounts --help.")
    print(f"{account.login}: done")
