"""The system's Chromium, for tests that look at pages as people do."""

import contextlib
import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

# The first has no window to draw around a page: opening one takes a sixth of the time.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
EXECUTABLE = next(filter(None, map(shutil.which, _NAMES)), None)
# Of every module of tests that needs it.
MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(EXECUTABLE is None, reason="there is no Chromium on this machine"),
]
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_AXE = Path(__file__).parent / "axe" / "axe.min.js"
_SERIOUS = ("serious", "critical")


@contextlib.asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """The program: starting it takes longer than what most tests do with it."""
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=EXECUTABLE, args=_FLAGS)
        yield browser
        await browser.close()


@contextlib.asynccontextmanager
async def opened(chrome: Browser, *, width: int = 1280, height: int = 800) -> AsyncIterator[Page]:
    """A page of a person of its own: cookies, storage and cache are nobody else's.

    Whatever the browser complains about — errors, the policy — fails the test.
    """
    context = await chrome.new_context(viewport={"width": width, "height": height})
    try:
        page = await context.new_page()
        page.set_default_timeout(20_000)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console", lambda line: faults.append(line.text) if line.type in ("error", "warning") else None
        )
        yield page
    finally:
        await context.close()
    assert faults == []


async def fits(page: Page) -> bool:
    """Whether nothing sticks out at the side."""
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


async def barriers(page: Page) -> list[str]:
    """What axe-core finds that keeps somebody out: rule and first place of each serious finding."""
    script = await page.context.new_cdp_session(page)  # the policy of the page forbids scripts in it
    await script.send("Runtime.evaluate", {"expression": _AXE.read_text("utf-8")})
    asked = {"expression": "axe.run().then(JSON.stringify)", "awaitPromise": True, "returnByValue": True}
    answer = await script.send("Runtime.evaluate", asked)
    found = json.loads(answer["result"]["value"])["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in _SERIOUS]
