"""Accounts 账号 of staff: opening one, its password, closing it for good or for a time."""

import re
from dataclasses import dataclass

from models.people import Role, Staff
from services import events, work
from services.actors import Actor
from services.company import passwords, sessions
from services.company.staff import acting, subject
from services.errors import Invalid, NotAllowed, NotFound
from services.scope import Field

_LOGIN = re.compile(r"[A-Za-z0-9.@_-]{1,32}")
_LONGEST_NAME = 32


@dataclass(frozen=True, slots=True)
class Account:
    """`first_password`: somebody else chose the password, so it has to be changed at the next sign-in."""

    id: int
    login: str
    name: str
    role: Role
    office_id: int | None
    has_password: bool
    first_password: bool
    joined: bool  # with their own WeChat
    active: bool


async def open_account(
    login: str, *, name: str, role: Role, password: str, actor: Actor, first: bool = False
) -> int:
    """The new account's id. `first` when its owner did not choose the password.

    Raises NotAllowed for a login that somebody has, Invalid for one that is none, or a password too short.
    """
    actor.doing(Field.POLICY)
    if not _LOGIN.fullmatch(login) or not 1 <= len(name.strip()) <= _LONGEST_NAME:
        raise Invalid("account.login_bad")
    passwords.must_do(password)
    if await Staff.exists(login=login):
        raise NotAllowed("account.login_taken", login=login)
    fresh = await Staff.create(
        login=login,
        name=name,
        role=role,
        password_hash=await passwords.hashed(password),
        first_password=first,
    )
    await events.record(subject(fresh.id), "opened", actor=actor, after=role)
    return fresh.id


async def everybody(*, actor: Actor) -> list[Account]:
    actor.seeing(Field.POLICY)
    return [_account(row) for row in await Staff.all().order_by("id")]


async def by_login(login: str, *, actor: Actor) -> Account:
    """Active or not. Raises NotFound."""
    actor.seeing(Field.POLICY)
    row = await Staff.filter(login=login).first()
    if row is None:
        raise NotFound("account.not_found")
    return _account(row)


async def change_own_password(old: str, new: str, *, actor: Actor, besides: int | None = None) -> None:
    """Every other session of theirs ends; `besides` is the one that stays. Raises Invalid or NotAllowed."""
    row = await Staff.get(id=acting(actor))
    if not await passwords.is_right(old, row.password_hash):
        raise NotAllowed("account.password_wrong")
    if new == old:
        raise Invalid("account.password_same")
    await _set_password(row.id, new, first=False, actor=actor)
    await sessions.end_all(row.id, besides=besides, actor=actor)


async def give_password(staff_id: int, password: str, *, actor: Actor) -> None:
    """A first password for somebody else: they have to change it at once, and their sessions end."""
    actor.doing(Field.POLICY)
    if not await Staff.exists(id=staff_id):
        raise NotFound("account.not_found")
    await _set_password(staff_id, password, first=True, actor=actor)
    await sessions.end_all(staff_id, actor=actor)


async def disable(staff_id: int, *, actor: Actor) -> None:
    """Their next request and their open streams end. Raises NotAllowed for one's own account."""
    actor.doing(Field.POLICY)
    if actor.staff_id == staff_id:
        raise NotAllowed("account.not_oneself")
    row = await _locked(staff_id)
    if row.active:
        await Staff.filter(id=staff_id).update(active=False, on_duty=False)
        await events.record(subject(staff_id), "disabled", actor=actor, before="active", after="disabled")
    await sessions.end_all(staff_id, actor=actor)


async def enable(staff_id: int, *, actor: Actor) -> None:
    actor.doing(Field.POLICY)
    row = await _locked(staff_id)
    if not row.active:
        await Staff.filter(id=staff_id).update(active=True)
        await events.record(subject(staff_id), "enabled", actor=actor, before="disabled", after="active")


async def change_role(staff_id: int, role: Role, *, actor: Actor) -> None:
    """Their sessions get new tokens with their next request. Raises NotAllowed for one's own account."""
    actor.doing(Field.POLICY)
    if actor.staff_id == staff_id:
        raise NotAllowed("account.not_oneself")
    row = await _locked(staff_id)
    if row.role is not role:
        await Staff.filter(id=staff_id).update(role=role)
        await events.record(subject(staff_id), "role_changed", actor=actor, before=row.role, after=role)


async def _set_password(staff_id: int, password: str, *, first: bool, actor: Actor) -> None:
    passwords.must_do(password)
    await Staff.filter(id=staff_id).update(
        password_hash=await passwords.hashed(password), first_password=first
    )
    await events.record(subject(staff_id), "password_given" if first else "password_changed", actor=actor)


async def _locked(staff_id: int) -> Staff:
    row = await work.lock(Staff.filter(id=staff_id))
    if row is None:
        raise NotFound("account.not_found")
    return row


def _account(row: Staff) -> Account:
    return Account(
        id=row.id,
        login=row.login,
        name=row.name,
        role=row.role,
        office_id=row.office_id,
        has_password=bool(row.password_hash),
        first_password=row.first_password,
        joined=row.person_id is not None,
        active=row.active,
    )
