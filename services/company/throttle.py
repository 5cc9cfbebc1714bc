"""Slowing guesses down without locking anybody out.

Failed tries count for the account, and for the network address. Whoever got in with this browser before has a count
of their own with it, so that neither a stranger who guesses at their account nor a neighbour behind the same address
can keep them out; the code in their own WeChat is a second way that guesses at the password do not touch.
A try is written down before the password is looked at: a thousand guesses at once are a thousand tries.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from models.access import SignInTry
from services import clock
from services.company.sessions import Browser, digest
from services.errors import TooOften

_SPAN = timedelta(minutes=15)


class Kind(StrEnum):
    PASSWORD = "password"  # and codes of the authenticator
    CHAT = "chat"  # asking for a code in WeChat
    SCAN = "scan"  # asking for a QR code to scan
    CONFIRM = "confirm"  # codes of the authenticator by somebody who is signed in


@dataclass(frozen=True, slots=True)
class Limits:
    """Tries within a quarter of an hour."""

    account: int  # from everywhere; one address alone never gets there
    account_here: int  # from one address
    address: int  # at whatever accounts
    known_browser: int


LIMITS = {
    Kind.PASSWORD: Limits(100, 10, 30, 10),
    Kind.CHAT: Limits(6, 3, 10, 3),
    Kind.SCAN: Limits(300, 20, 20, 20),
    Kind.CONFIRM: Limits(10, 10, 50, 10),
}


async def attempt(login: str, *, kind: Kind, browser: Browser, known: bool) -> int:
    """Write a try down; its id, for `forgive`. `known`: this person got in with this browser before.

    Raises TooOften once there were too many, whether the login exists or not.
    """
    since, account = clock.now() - _SPAN, digest(login.strip().lower())
    mine = browser.device_hash if known else ""
    row = await SignInTry.create(
        login_hash=account, address=browser.address, device_hash=mine, kind=kind, at=clock.now()
    )
    tries = SignInTry.filter(kind=kind, at__gt=since, id__lte=row.id, device_hash=mine)
    limits = LIMITS[kind]
    counted = [(tries.filter(login_hash=account), limits.known_browser if known else limits.account)]
    if not known:
        here = tries.filter(address=browser.address)
        counted += [(here.filter(login_hash=account), limits.account_here), (here, limits.address)]
    for found, most in counted:
        if await found.count() > most:
            raise TooOften("account.too_often", minutes=int(_SPAN.total_seconds() // 60))
    return int(row.id)


async def forgive(attempt_id: int) -> None:
    """The try succeeded: it counts no more."""
    await SignInTry.filter(id=attempt_id).delete()


async def sweep() -> int:
    """Forget what no limit looks at any more; how much that was."""
    return await SignInTry.filter(at__lt=clock.now() - 2 * _SPAN).delete()
