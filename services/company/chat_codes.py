"""Signing in with a code that is sent into one's own WeChat: the second way in, for whoever has joined with it.

It is sent to whoever is named, or to whoever scans the QR code that the browser shows. A code is good once, for five
minutes, in the browser that asked. Whether the login exists is not told.
"""

import asyncio
import hmac
import secrets
from collections.abc import Mapping
from datetime import timedelta

from models.access import ChatCode
from models.people import Staff
from services import actors, clock, outbox, work
from services.actors import Actor
from services.company import sessions, sign_in, throttle
from services.company.sessions import Browser, Way, digest
from services.company.throttle import Kind
from services.errors import NotAllowed

LASTS = timedelta(minutes=5)
SCENE = "in:"  # how the scene of a QR code to sign in begins
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
    async with work.unit():
        values = {"device": browser.device, "address": browser.address}
        await _send(staff.id, staff.person_id, "staff.sign_in_code", visit=visit, values=values)


async def scene(*, visit: str, browser: Browser) -> str:
    """What the QR code that this browser shows holds. Raises TooOften."""
    await throttle.attempt("", kind=Kind.SCAN, browser=browser, known=False)
    return f"{SCENE}{_scanned(visit)}"


async def scanned(scene: str, *, actor: Actor) -> str:
    """Send a code, good in the browser that shows this QR code, to whoever scanned it; their name.

    Raises NotAllowed for who is not of the staff, TooOften.
    """
    staff = await Staff.filter(person_id=actor.person_id or 0, active=True).order_by("id").first()
    if staff is None or actor.person_id is None:
        raise NotAllowed("account.scan_for_staff")
    phone = Browser(f"person:{actor.person_id}", "", "")
    await throttle.attempt(staff.login, kind=Kind.SCAN, browser=phone, known=False)
    visit = scene.removeprefix(SCENE)
    await _send(staff.id, actor.person_id, "staff.scan_code", visit=visit, values={})
    return staff.name


async def _send(
    staff_id: int, person_id: int, phrase: str, *, visit: str, values: Mapping[str, outbox.Value]
) -> None:
    code = f"{secrets.randbelow(10**6):06}"
    row = await ChatCode.create(
        staff_id=staff_id, code_hash=_hashed(code, visit), visit_hash=digest(visit), made_at=clock.now()
    )
    key = f"{outbox.PRIVATE}sign-in:{row.id}"
    await outbox.tell(person_id, phrase, {**values, "code": code}, key=key)


async def redeem(code: str, *, visit: str, browser: Browser) -> str:
    """The token for the cookie. Raises NotAllowed for a code that is wrong, used, old, or of another browser."""
    shown = {digest(one): one for one in (visit, _scanned(visit))}
    async with work.unit():
        since = clock.now() - LASTS
        here = ChatCode.filter(visit_hash__in=list(shown), made_at__gt=since, used_at__isnull=True)
        row = await work.lock(here.order_by("-id"))
        if row is not None:
            await ChatCode.filter(id=row.id).update(tries=row.tries + 1)
    if row is None or row.tries >= _TRIES:
        raise NotAllowed("account.chat_code_wrong")
    if not hmac.compare_digest(row.code_hash, _hashed(code, shown[row.visit_hash])):
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
    return await ChatCode.filter(made_at__lt=clock.now() - 2 * LASTS).delete()


def _scanned(visit: str) -> str:
    """What of the visit everybody may see who looks at the screen."""
    return digest(f"scan {visit}")[:32]


def _hashed(code: str, visit: str) -> str:
    """Six digits alone would be found out of their hash at once; the visit is a secret of the browser."""
    return digest(f"{visit} {code.replace(' ', '')}")
