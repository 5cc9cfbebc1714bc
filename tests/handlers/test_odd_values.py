"""Whatever a page is sent — too long, too large, not what it asked for — it is refused in words and never fails."""

import re

import pytest

from handlers.web import app, pages
from handlers.web.routes import SAFE, Declared, Use
from models.people import Role
from tests.world import desk, offices
from tests.world.desk import Browser

ODD = {
    "long": "长" * 20,
    "large": "9" * 19,
    "negative": "-1",
    "nul": "a\x00b\x1b' OR 1=1 --%_\\",
    "number of another script": "٣",
    "dots": "1.99999999999999999999.1.1",
}
READ = re.compile(r'(?:query\.get|text|raw|number|ticked)\(\s*"([a-z_]+)"')
# Every name that a handler reads.
NAMES = sorted(
    {name for path in pages.FOLDER.parent.rglob("*.py") for name in READ.findall(path.read_text("utf-8"))}
)
ALL = [one for routes in app.ROUTES for one in routes.declared]
OF_WORK = [one for one in ALL if one.needs.use in (Use.SEES, Use.DOES, Use.OWN)]
PUBLIC = [one for one in ALL if one.needs.use is Use.PUBLIC]
AT_ONCE = 9  # routes that one person may ask all this of before it is too often
SOME = [OF_WORK[start : start + AT_ONCE] for start in range(0, len(OF_WORK), AT_ONCE)]


def named(declared: Declared) -> str:
    return f"{declared.method} {declared.path}"


def place(path: str, number: int) -> str:
    filled = path.replace("{id:[0-9]+}", str(number)).replace("{sha256:[0-9a-f]{64}}", "a" * 64)
    return re.sub(r"\{[a-z]+:\[0-9\]\+\}", "9" * 30, filled)


def test_the_names_that_handlers_read_are_found() -> None:
    assert {"login", "code", "text", "seen", "q", "until", "talk"} <= set(NAMES)


@pytest.mark.parametrize("some", SOME, ids=lambda some: named(some[0]))
async def test_no_value_makes_a_page_fail(browser: Browser, some: list[Declared]) -> None:
    talk = await offices.talk(await offices.build(), 0)
    await desk.employ("chief", Role.ADMIN)
    await desk.sign_in_wholly(browser, "chief")
    await try_oddly(browser, some, "/desk/account", talk)


@pytest.mark.parametrize("declared", PUBLIC, ids=named)
async def test_nor_does_any_make_one_fail_that_everybody_may_open(
    browser: Browser, declared: Declared
) -> None:
    await try_oddly(browser, [declared], "/desk/sign-in", 1)


async def try_oddly(browser: Browser, some: list[Declared], seen: str, number: int) -> None:
    token = {"X-CSRF-Token": await browser.token(seen)}
    for declared in some:
        for kind, value in ODD.items():
            path = f"/desk{place(declared.path, 10**30 if kind == 'large' else number)}"
            fields = dict.fromkeys(NAMES, value)
            if declared.method in SAFE:
                answer = await browser.ask(declared.method, path, query=fields)
            else:
                answer = await browser.ask(declared.method, path, headers=token, form=fields)
            assert answer.status < 500, (named(declared), kind, answer.text)
            assert answer.status != 429, named(declared)
