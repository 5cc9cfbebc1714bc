"""Signing in 登录 with a password, and the step after it for whoever has an authenticator.

Whoever does not get in hears the same, after the same time, whether somebody has the name or not.
"""

import settings
from models.people import Staff
from services import actors, work
from services.actors import Actor
from services.company import passwords, second_factor, sessions, throttle
from services.company.sessions import Browser, Session, Way
from services.errors import NotAllowed

_LONGEST = 32  # characters of a login


async def staff_of(login: str) -> Staff | None:
    """Whoever may sign in with this name; whatever was typed, it is only a name that nobody has."""
    given = login.strip()
    return await Staff.filter(login=given, active=True).first() if len(given) <= _LONGEST else None


async def second_step(code: str, *, session: Session, browser: Browser) -> str | None:
    """The session's new token, once the code of the authenticator or a backup code is right.

    Opens units of its own as `by_password`. Raises NotAllowed for a wrong code, TooOften after too many tries.
    """
    known = await sessions.knows(browser.device_hash, session.staff_id, besides=session.id)
    tried = await throttle.attempt(session.login, kind=throttle.Kind.PASSWORD, browser=browser, known=known)
    async with work.unit():
        actor = await actors.staff(session.staff_id)
        await second_factor.check(code, actor=actor)
        await throttle.forgive(tried)
        return await sessions.prove(session.id, actor=actor)


async def confirm(code: str, *, session: Session, browser: Browser, actor: Actor) -> None:
    """Once more the code of the authenticator, of somebody who is signed in. Raises NotAllowed or TooOften."""
    tried = await throttle.attempt(session.login, kind=throttle.Kind.CONFIRM, browser=browser, known=False)
    await second_factor.check(code, actor=actor)
    await throttle.forgive(tried)


async def by_password(login: str, password: str, *, browser: Browser) -> str:
    """The token for the cookie. Opens units of work of its own: a try stays counted whatever becomes of it.

    Raises NotAllowed when name and password do not belong together, TooOften after too many tries.
    """
    staff = await staff_of(login)
    known = await sessions.knows(browser.device_hash, staff.id if staff else 0)  # asked for either way
    tried = await throttle.attempt(login, kind=throttle.Kind.PASSWORD, browser=browser, known=known)
    right = await passwords.is_right(password, staff.password_hash if staff else "")
    if staff is None or not right or (password == passwords.DEMO and settings.load().real_account):
        raise NotAllowed("account.sign_in_refused")
    async with work.unit():
        await throttle.forgive(tried)
        if passwords.is_old(staff.password_hash):
            await Staff.filter(id=staff.id, password_hash=staff.password_hash).update(
                password_hash=await passwords.hashed(password)
            )
        actor = await actors.staff(staff.id)
        return await sessions.begin(staff.id, way=Way.PASSWORD, browser=browser, actor=actor)
