"""The pages of staff on a real server, and browsers that sign in there: cookies, forms, no scripts."""

import contextlib
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

from aiohttp import ClientSession, DummyCookieJar, web
from argon2 import PasswordHasher, Type

from handlers.web import app as pages
from handlers.web.routes import Routes
from models.access import StaffSession
from models.conversations import Conversation
from models.people import Role, Staff
from services.company import passwords
from settings import Settings

PASSWORD = "correct horse"
_TOKEN = re.compile(r'<meta name="csrf" content="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def place(self) -> str:
        """Where it leads to."""
        return self.headers.get("Location", "")


@dataclass(slots=True)
class Browser:
    """One browser. It follows no redirect, so that a test sees each."""

    http: ClientSession
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=lambda: {"X-Forwarded-Proto": "https"})

    async def get(self, path: str, **headers: str) -> Page:
        return await self.ask("GET", path, headers=headers)

    async def upload(self, path: str, content: bytes) -> Page:
        """As a script of our pages sends a file: as the body, whatever it is."""
        token = await self.token("/desk/account")
        sent = {
            "X-CSRF-Token": token,
            "Content-Type": "application/octet-stream",
            "Accept": "application/json",
        }
        return await self.ask("POST", path, headers=sent, content=content)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Page:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = self.headers | ({"Cookie": cookie} if cookie else {}) | dict(headers or {})
        async with self.http.request(
            method, path, headers=sent, data=content or form, params=query, allow_redirects=False
        ) as answer:
            for line in answer.headers.getall("Set-Cookie", []):
                self._keep(SimpleCookie(line))
            endless = answer.content_type == "text/event-stream"
            text = "" if endless else await answer.text(errors="replace")
            return Page(answer.status, text, answer.headers)

    def _keep(self, given: SimpleCookie) -> None:
        for name, morsel in given.items():
            self.cookies.pop(name, None)
            if morsel.value:
                self.cookies[name] = morsel.value

    async def token(self, path: str = "/desk/sign-in") -> str:
        """What the forms of this page carry."""
        found = _TOKEN.search((await self.get(path)).text)
        assert found, path
        return found.group(1)

    async def post(self, path: str, *, seen: str = "/desk/account", **form: str) -> Page:
        """Send a form that stands on the page `seen`."""
        return await self.ask("POST", path, form={"csrf": await self.token(seen)} | form)

    async def sign_in(self, login: str, password: str = PASSWORD) -> Page:
        return await self.post("/desk/sign-in", seen="/desk/sign-in", login=login, password=password)

    @property
    def session(self) -> str:
        return self.cookies.get("__Host-session", "")


@contextlib.asynccontextmanager
async def serving(settings: Settings, all_routes: Sequence[Routes] = pages.ROUTES) -> AsyncIterator[str]:
    """The address of the pages alone, without the callback."""
    app = web.Application()
    app.add_subapp("/desk", pages.create(settings, all_routes))
    runner = web.AppRunner(app, access_log=None)  # as run.py web does
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", settings.web.port).start()
    try:
        yield f"http://127.0.0.1:{settings.web.port}"
    finally:
        await runner.cleanup()


@contextlib.asynccontextmanager
async def browsing(address: str) -> AsyncIterator[Browser]:
    async with ClientSession(address, cookie_jar=DummyCookieJar()) as http:
        yield Browser(http)


async def another(browser: Browser) -> Browser:
    """Somebody else's, at another address."""
    return Browser(browser.http, headers=browser.headers | {"X-Forwarded-For": "203.0.113.9"})


# As strict as the real one, and quick: for whoever signs in only to come to a page.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID)
_HASHED: dict[PasswordHasher, str] = {}


async def _stored() -> str:
    """Of PASSWORD; made once by each, for the real one is meant to be slow."""
    used = passwords._HASHER
    if used not in _HASHED:
        _HASHED[used] = await passwords.hashed(PASSWORD)
    return _HASHED[used]


async def sign_in_wholly(browser: Browser, login: str) -> None:
    """With the authenticator that an admin needs, as if its code had been given."""
    await browser.sign_in(login)
    await StaffSession.filter(staff__login=login).update(proven=True)


async def employ(login: str, role: Role = Role.SERVICE, *, office_id: int | None = None) -> Staff:
    """Somebody of the staff who can sign in with PASSWORD."""
    return await Staff.create(
        login=login,
        name="小徐",
        role=role,
        office_id=office_id,
        password_hash=await _stored(),
    )


async def touch(talk_id: int) -> None:
    """Something about the talk changes."""
    talk = await Conversation.get(id=talk_id)
    await Conversation.filter(id=talk_id).update(turns=talk.turns + 1)
