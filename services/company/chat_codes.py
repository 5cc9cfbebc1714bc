"""Signing in with a code that is sent into one's own WeChat: the second way in, for whoever has joined with it.

A code is good once, for five minutes, in the browser that asked. Whether the login exists is not told.
"""

import asyncio
import hmac
import secrets
from datetime import timedelta

from models.access import ChatCode
from models.people import Staff
from services import actors, clock, outbox, work
from services.company import sessions, sign_in, throttle
from services.company.sessions import Browser, Way, digest
from services.company.throttle import Kind
from services.errors import NotAllowed

_LASTS = timedelta(minutes=5)
_TRIES = 5
_TAKES_S = 0.3  # asking takes so long whether there is such a person or not


async def ask(login: str, *, visit: str, browser: Browser) -> None:
    """Send a code, if there is such a person and they have joined. `visit` is a secret of the browser that asks.

    Raises TooOften.
    """
    answered = asyncio.get_running_loop().time() + _TAKES_S
    try:
        await _ask(login, visit=visit, browser=browser)
    finally:
        await asyncio.sleep(answered - asyncio.get_running_loop().time())


async def _ask(login: str, *, visit: str, browser: Browser) -> None:
    staff = await sign_in.staff_of(login)
    known = await sessions.knows(browser.device_hash, staff.id if staff else 0)
    await throttle.attempt(login, kind=Kind.CHAT, browser=browser, known=known)
    if staff is None or staff.person_id is None:
        return
    code = f"{secrets.randbelow(10**6):06}"
    async with work.unit():
        row = await ChatCode.create(
            staff=staff, code_hash=_hashed(code, visit), visit_hash=digest(visit), made_at=clock.now()
        )
        values: dict[str, outbox.Value] = {"code": code, "device": browser.device, "address": browser.address}
        await outbox.tell(
            staff.person_id, "staff.sign_in_code", values, key=f"{outbox.PRIVATE}sign-in:{row.id}"
        )


async def redeem(code: str, *, visit: str, browser: Browser) -> str:
    """The token for the cookie. Raises NotAllowed for a code that is wrong, used, old, or of another browser."""
    async with work.unit():
        since = clock.now() - _LASTS
        row = await work.lock(
            ChatCode.filter(visit_hash=digest(visit), made_at__gt=since, used_at__isnull=True).order_by("-id")
        )
        if row is not None:
            await ChatCode.filter(id=row.id).update(tries=row.tries + 1)
    if row is None or row.tries >= _TRIES or not hmac.compare_digest(row.code_hash, _hashed(code, visit)):
        raise NotAllowed("account.chat_code_wrong")
    async with work.unit():
        if not await ChatCode.filter(id=row.id, used_at__isnull=True).update(used_at=clock.now()):
            raise NotAllowed("account.chat_code_wrong")
        if not await Staff.filter(id=row.staff_id, active=True).exists():
            raise NotAllowed("account.chat_code_wrong")
        actor = await actors.staff(row.staff_id)
        return await sessions.begin(row.staff_id, way=Way.CHAT, browser=browser, actor=actor)


async def sweep() -> int:
    """Forget the codes that are over; how many that were."""
    return await ChatCode.filter(made_at__lt=clock.now() - 2 * _LASTS).delete()


def _hashed(code: str, visit: str) -> str:
    """Six digits alone would be found out of their hash at once; the visit is a secret of the browser."""
    return digest(f"{visit} {code.replace(' ', '')}")
