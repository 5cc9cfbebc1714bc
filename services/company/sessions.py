"""Sessions 登录 of staff: one row for each browser, found by the hash of the token that its cookie carries."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

import settings
from models.access import SecondFactor, StaffSession
from models.people import Role, Staff
from services import clock, events
from services.actors import Actor
from services.company.staff import subject
from services.errors import NotFound

_GRACE = timedelta(seconds=30)  # in which requests that were under way may still come with the token before
_REMEMBERED = timedelta(days=180)
_SEEN_EVERY = timedelta(minutes=1)


class Way(StrEnum):
    """How somebody got in."""

    PASSWORD = "password"
    CHAT = "chat"  # a code in their own WeChat


class Stage(StrEnum):
    """What is still between somebody and their work."""

    FACTOR = "factor"  # the code of the authenticator
    PASSWORD = "password"  # the first password is to be changed
    ENROL = "enrol"  # an admin without an authenticator
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Session:
    """`token` is a new one that the browser has to be given, or None."""

    id: int
    staff_id: int
    name: str
    login: str
    role: Role
    stage: Stage
    form_key: str
    way: Way
    ends_at: datetime
    token: str | None = None

    @property
    def is_open(self) -> bool:
        return self.stage is Stage.OPEN


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a request comes from: the network address, the device in words, and the hash of its lasting cookie."""

    address: str
    device: str
    device_hash: str


@dataclass(frozen=True, slots=True)
class SessionView:
    """As its owner sees it on the list."""

    id: int
    device: str
    address: str
    way: str
    opened_at: datetime
    seen_at: datetime


def digest(secret: str) -> str:
    """What is stored in place of a random secret. Those are long enough to need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def begin(staff_id: int, *, way: Way, browser: Browser, actor: Actor) -> str:
    """Sign somebody in; the token for their cookie."""
    staff = await Staff.get(id=staff_id)
    token, now = secrets.token_urlsafe(32), clock.now()
    row = await StaffSession.create(
        staff=staff,
        token_hash=digest(token),
        form_key=secrets.token_urlsafe(32),
        rights=_rights(staff),
        device_hash=browser.device_hash,
        device=browser.device,
        address=browser.address,
        way=way,
        opened_at=now,
        seen_at=now,
        ends_at=now + timedelta(hours=settings.load().desk.session_hours),
    )
    here = replace(actor, source=f"{browser.address} {browser.device}")
    await events.record(subject(staff_id), "signed_in", actor=here, note=way, body={"session": row.id})
    return token


async def find(token: str) -> Session | None:
    """The session of a cookie; None for one that has ended, by whatever reason.

    A session whose owner's rights have changed gets a new token here: the answer must give it to the browser.
    """
    hashed, now = digest(token), clock.now()
    row = (
        await StaffSession.filter(
            Q(token_hash=hashed) | Q(previous_hash=hashed, previous_until__gt=now), **_living(now)
        )
        .select_related("staff")
        .first()
    )
    if row is None:
        return None
    fresh = None
    if row.rights != _rights(row.staff):
        fresh = await _renew(row, rights=_rights(row.staff))
    if now - row.seen_at > _SEEN_EVERY:
        await StaffSession.filter(id=row.id).update(seen_at=now)
    return _session(row, await _stage(row), fresh)


async def alive(ids: Collection[int]) -> set[int]:
    """Which of these sessions go on: not ended, not out of time, their owner active and with the rights they had."""
    rows = await StaffSession.filter(id__in=list(ids), **_living(clock.now())).select_related("staff")
    return {row.id for row in rows if row.rights == _rights(row.staff)}


async def prove(session_id: int, *, actor: Actor) -> str | None:
    """The second factor was right: the session's new token. Its former one is good no more."""
    row = await StaffSession.get(id=session_id).select_related("staff")
    await events.record(subject(row.staff_id), "proved", actor=actor, body={"session": session_id})
    return await _renew(row, rights=_rights(row.staff), proven=True, grace=False)


async def renew(session_id: int, *, actor: Actor) -> str | None:
    """Another token, because the session may do more from now on. Its former one is good no more."""
    row = await StaffSession.get(id=session_id).select_related("staff")
    await events.record(subject(row.staff_id), "token_renewed", actor=actor, body={"session": session_id})
    return await _renew(row, rights=_rights(row.staff), grace=False)


async def of_staff(*, actor: Actor) -> list[SessionView]:
    """The actor's own sessions that go on, the last used first."""
    rows = await StaffSession.filter(staff_id=actor.staff_id, **_living(clock.now())).order_by("-seen_at")
    return [
        SessionView(
            id=row.id,
            device=row.device,
            address=row.address,
            way=row.way,
            opened_at=row.opened_at,
            seen_at=row.seen_at,
        )
        for row in rows
    ]


async def end(session_id: int, *, actor: Actor) -> None:
    """Sign out one of the actor's own sessions. Raises NotFound for anybody else's."""
    if actor.staff_id is None or not await _end(
        StaffSession.filter(id=session_id, staff_id=actor.staff_id, ended_at__isnull=True)
    ):
        raise NotFound("account.no_such_session")
    await events.record(subject(actor.staff_id), "signed_out", actor=actor, body={"session": session_id})


async def end_all(staff_id: int, *, actor: Actor, besides: int | None = None) -> int:
    """Sign somebody out everywhere; how many sessions that were. `besides` stays."""
    ended = await _end(StaffSession.filter(staff_id=staff_id, ended_at__isnull=True).exclude(id=besides or 0))
    if ended:
        await events.record(subject(staff_id), "signed_out", actor=actor, body={"sessions": ended})
    return ended


async def sweep() -> int:
    """Forget sessions that ended long ago, and with them that their browser is known; how many that were."""
    return await StaffSession.filter(ends_at__lt=clock.now() - _REMEMBERED).delete()


async def knows(device_hash: str, staff_id: int, *, besides: int = 0) -> bool:
    """Whether this person got in with this browser before, wholly: with the second factor, too, if they have one."""
    if not device_hash:
        return False
    before = StaffSession.filter(device_hash=device_hash, staff_id=staff_id).exclude(id=besides)
    if await SecondFactor.filter(staff_id=staff_id, confirmed_at__isnull=False).exists():
        before = before.filter(proven=True)
    return await before.exists()


def _living(now: datetime) -> dict[str, object]:
    idle = timedelta(minutes=settings.load().desk.idle_minutes)
    return {"ended_at__isnull": True, "ends_at__gt": now, "seen_at__gt": now - idle, "staff__active": True}


def _rights(staff: Staff) -> str:
    return f"{staff.role}:{staff.office_id or 0}"


async def _stage(row: StaffSession) -> Stage:
    factor = SecondFactor.filter(staff_id=row.staff_id, confirmed_at__isnull=False)
    if not row.proven and await factor.exists():
        return Stage.FACTOR
    if row.staff.first_password:
        return Stage.PASSWORD
    if row.staff.role is Role.ADMIN and not row.proven:
        return Stage.ENROL
    return Stage.OPEN


async def _renew(
    row: StaffSession, *, rights: str, proven: bool | None = None, grace: bool = True
) -> str | None:
    """None when another request has just renewed it."""
    token = secrets.token_urlsafe(32)
    renewed = await StaffSession.filter(id=row.id, token_hash=row.token_hash).update(
        token_hash=digest(token),
        previous_hash=row.token_hash if grace else "",
        previous_until=clock.now() + _GRACE if grace else None,
        rights=rights,
        proven=row.proven if proven is None else proven,
    )
    return token if renewed else None


async def _end(found: QuerySet[StaffSession]) -> int:
    return await found.update(ended_at=clock.now())


def _session(row: StaffSession, stage: Stage, token: str | None) -> Session:
    return Session(
        id=row.id,
        staff_id=row.staff_id,
        name=row.staff.name,
        login=row.staff.login,
        role=row.staff.role,
        stage=stage,
        form_key=row.form_key,
        way=Way(row.way),
        ends_at=row.ends_at,
        token=token,
    )
