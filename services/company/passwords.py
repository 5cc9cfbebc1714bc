"""Passwords 口令: what is stored in their place, and comparing. Argon2id, off the event loop, two at a time.

Rows of earlier releases hold scrypt; such a row is written anew when its owner signs in.
"""

import asyncio
import hashlib
import hmac
import secrets

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from services.errors import Invalid

DEMO = "guanjia-demo"  # of the demo's staff: good where the simulator plays the platform, nowhere else
SHORTEST = 10  # characters
LONGEST = 128
_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1, type=Type.ID)  # KiB; about 40 ms
_AT_A_TIME = 2  # a storm of guesses must not take the memory and the processor of everybody's turns
# Of a password that nobody knows: names that nobody has cost the same time as those that somebody has.
_NOBODYS = _HASHER.hash(secrets.token_urlsafe(32))
_COST, _BLOCK, _LANES = 2**15, 8, 1  # of scrypt


class _Gates:
    """One for each event loop: tests and commands have several in one process."""

    held: dict[asyncio.AbstractEventLoop, asyncio.Semaphore] = {}  # noqa: RUF012 - it belongs to the process


def _gate() -> asyncio.Semaphore:
    loop = asyncio.get_running_loop()
    for old in [one for one in _Gates.held if one.is_closed()]:
        del _Gates.held[old]
    return _Gates.held.setdefault(loop, asyncio.Semaphore(_AT_A_TIME))


def letters(count: int) -> str:
    """Random ones, of nearly 5 bits each, that are easily read out and typed: none is taken for another."""
    return "".join(secrets.choice("23456789abcdefghjkmnpqrstuvwxyz") for _ in range(count))


def generated() -> str:
    """A first password to hand over (73 bits)."""
    return "-".join(letters(5) for _ in range(3))


def must_do(password: str) -> None:
    """Raise Invalid for a password that is too short, or longer than anybody types."""
    if len(password) < SHORTEST:
        raise Invalid("account.password_short", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise Invalid("account.password_long", longest=LONGEST)


async def hashed(password: str) -> str:
    """What is stored in place of a password."""
    async with _gate():
        return await asyncio.to_thread(_HASHER.hash, password)


async def is_right(password: str, stored: str) -> bool:
    """Whether this is the password of that row. Takes as long for a row without one, and never succeeds there."""
    async with _gate():
        return await asyncio.to_thread(_is_right, password[:LONGEST], stored)


def is_old(stored: str) -> bool:
    """Whether the row should be written anew, now that its password is known."""
    return stored.startswith("scrypt$") or _HASHER.check_needs_rehash(stored)


def _is_right(password: str, stored: str) -> bool:
    if stored.startswith("scrypt$"):
        return _is_right_of_scrypt(password, stored)
    try:
        _HASHER.verify(stored or _NOBODYS, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


def _is_right_of_scrypt(password: str, stored: str) -> bool:
    _, salt, result = stored.split("$")
    memory = 2 * 128 * _COST * _BLOCK
    found = hashlib.scrypt(
        password.encode(), salt=bytes.fromhex(salt), n=_COST, r=_BLOCK, p=_LANES, maxmem=memory
    )
    return hmac.compare_digest(found.hex(), result)
