"""Accounts 账号 of staff: how they log in."""

import hashlib
import hmac
import re
import secrets

from models.events import SubjectKind
from models.people import Role, Staff
from services import events
from services.actors import Actor
from services.errors import Invalid, NotAllowed
from services.events import Subject
from services.scope import Field

_LOGIN = re.compile(r"[A-Za-z0-9.@_-]{1,32}")
_LONGEST_NAME = 32
SHORTEST = 10  # characters of a password
_COST, _BLOCK, _LANES = 2**15, 8, 1  # of scrypt: 32 MB and about 0.1 s for each try


async def open_account(login: str, *, name: str, role: Role, password: str, actor: Actor) -> int:
    """The new account's id.

    Raises NotAllowed for a login that somebody has, Invalid for one that is none, or a password too short.
    """
    actor.doing(Field.POLICY)
    if not _LOGIN.fullmatch(login) or not 1 <= len(name.strip()) <= _LONGEST_NAME:
        raise Invalid("account.login_bad")
    if len(password) < SHORTEST:
        raise Invalid("account.password_short", shortest=SHORTEST)
    if await Staff.exists(login=login):
        raise NotAllowed("account.login_taken", login=login)
    fresh = await Staff.create(login=login, name=name, role=role, password_hash=hashed(password))
    await events.record(Subject(SubjectKind.STAFF, fresh.id), "opened", actor=actor, after=role)
    return fresh.id


def hashed(password: str) -> str:
    """What is stored in place of a password: the method, its salt and its result."""
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${_scrypt(password, salt).hex()}"


def is_right(password: str, stored: str) -> bool:
    """Whether this is the password of that row; never for a row without one. Takes as long either way."""
    method, salt, result = stored.split("$") if stored else ("", "", "")
    found = _scrypt(password, bytes.fromhex(salt))
    return method == "scrypt" and hmac.compare_digest(found.hex(), result)


def _scrypt(password: str, salt: bytes) -> bytes:
    memory = 2 * 128 * _COST * _BLOCK
    return hashlib.scrypt(password.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=memory)
