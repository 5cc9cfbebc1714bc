"""What every answer tells the browser, and that the templates and files keep to it."""

import re
from pathlib import Path

import pytest

from handlers.web import pages, vendored
from handlers.web.assets import FOLDER as STATIC
from handlers.web.assets import all_of_them
from tests.world import desk
from tests.world.desk import Browser

TEMPLATES = sorted(pages.FOLDER.rglob("*.html"))
OWN_FILES = sorted(
    path for path in STATIC.rglob("*") if path.suffix in (".css", ".js") and "vendor" not in path.parts
)
TEXT = {path: path.read_text("utf-8") for path in [*TEMPLATES, *OWN_FILES]}
# Chrome and Edge 109 (Windows 7 offices), Safari 15.4, WeChat's own browser.
TOO_NEW = {
    ".css": re.compile(
        r"color-mix\(|@container|@layer|@scope|:has\(|text-wrap|^\s+[^\s@{}:]*&|\bsubgrid\b|oklch", re.M
    ),
    ".js": re.compile(
        r"\.(toSorted|toReversed|toSpliced|with|groupBy|findLast\w*)\(|structuredClone|\bpopover\b|URL\.canParse"
    ),
    ".html": re.compile(r"\bpopover\b|popovertarget|<selectlist|\binert\b"),
}
RUNS = re.compile(
    r"""\sstyle\s*=|\son[a-z]+\s*=|javascript:|<style|hx-on|hx-vals=['"]js:|https?://(?!www\.w3\.org)""", re.I
)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)", re.I)


@pytest.mark.parametrize("path", ["/desk/sign-in", "/desk/account", "/desk/nothing", "/desk"])
async def test_every_answer_forbids_what_no_page_of_ours_needs(browser: Browser, path: str) -> None:
    await desk.employ("xu")
    await browser.sign_in("xu")
    headers = (await browser.get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert (headers["X-Frame-Options"], headers["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Strict-Transport-Security"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_nothing_that_the_policy_refuses(path: Path) -> None:
    assert RUNS.findall(TEXT[path]) == []
    assert INLINE.findall(TEXT[path]) == []


@pytest.mark.parametrize("path", [*TEMPLATES, *OWN_FILES], ids=lambda path: path.name)
def test_nothing_needs_a_newer_browser_than_offices_have(path: Path) -> None:
    assert [found.group() for found in TOO_NEW[path.suffix].finditer(TEXT[path])] == []


@pytest.mark.parametrize(
    ("suffix", "text"),
    [(".css", "a { color: color-mix(in srgb, red, blue) }"), (".css", ".a {\n  &:hover { color: red }\n}"),
     (".js", "rows.toSorted()"), (".html", "<div popover>")],
)  # fmt: skip
def test_the_check_finds_what_it_looks_for(suffix: str, text: str) -> None:
    assert TOO_NEW[suffix].search(text)


@pytest.mark.parametrize(
    "text",
    ['<p style="x">', "<a onclick='x'>", '<a href="javascript:x">', '<img src="https://cdn.example/x">'],
)
def test_the_check_of_templates_finds_what_it_looks_for(text: str) -> None:
    assert RUNS.search(text)
    assert INLINE.search("<script>x</script>")


def test_the_vendored_files_are_those_that_were_listed() -> None:
    assert vendored.found() == vendored.hashes()
    for one in vendored.packages():
        assert "LICENSE" in one.files.values()
        assert one.version
        assert one.licence


def test_only_icons_that_are_used_are_there() -> None:
    code = "".join(path.read_text("utf-8") for path in (pages.FOLDER.parent).rglob("*.py"))
    used = "".join(TEXT.values()) + code
    icons = [
        name.split("/")[-1].removesuffix(".svg")
        for name in all_of_them()
        if name.startswith("vendor/lucide/")
    ]
    assert [name for name in icons if name != "LICENSE" and f'"{name}"' not in used] == []


async def test_files_are_kept_for_a_year_under_an_address_that_changes_with_them(browser: Browser) -> None:
    found = re.search(r'href="(/desk/static/[^"]+base\.css)"', (await browser.get("/desk/sign-in")).text)
    assert found
    fresh = await browser.get(found.group(1))
    assert (fresh.status, fresh.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    assert fresh.headers["Content-Type"] == "text/css; charset=utf-8"
    old = re.sub("static/[0-9a-f]+", "static/0123456789abcdef", found.group(1))
    assert (await browser.get(old)).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["../app.py", "..%2f..%2fapp.py", "vendor", "none.js"])
async def test_no_other_file_is_served(browser: Browser, name: str) -> None:
    assert (await browser.get(f"/desk/static/0123456789abcdef/{name}")).status == 404
