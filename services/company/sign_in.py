"""Signing in 登录 with a password: the same answer, after the same time, for every name that does not get in."""

import settings
from models.people import Staff
from services import actors, work
from services.company import passwords, sessions, throttle
from services.company.sessions import Browser, Way
from services.errors import NotAllowed


async def by_password(login: str, password: str, *, browser: Browser) -> str:
    """The token for the cookie. Opens units of work of its own: a try stays counted whatever becomes of it.

    Raises NotAllowed when name and password do not belong together, TooOften after too many tries.
    """
    staff = await Staff.filter(login=login.strip(), active=True).first()
    known = staff is not None and await sessions.knows(browser.device_hash, staff.id)
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
