"""What the pages name is there: files, folders, pages and the headings that links lead to."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import settings

ROOT = settings.root()
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
ROOMS = (
    "bot",
    "commands",
    "dialogs",
    "docs",
    "handlers",
    "models",
    "services",
    "settings",
    "simulator",
    "tests",
    "wechat",
    "workers",
)
HISTORY = "CHANGELOG.md"  # tells of what was
PATH = re.compile(rf"`((?:{'|'.join(ROOMS)})/[\w/.*-]*)`")
LINK = re.compile(r"\]\(([^)\s]*)\)")
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)


def _anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    words = (re.sub(r"[^\w\s-]", "", one.lower()) for one in HEADING.findall(page.read_text("utf-8")))
    return {one.strip().replace(" ", "-") for one in words}


def _there(name: str) -> bool:
    """A file, a folder, a module without its ending, or a pattern that finds something."""
    return any(any(ROOT.glob(one)) for one in (name.rstrip("/"), f"{name}.py"))


def _paths() -> Iterator[tuple[str, str]]:
    return ((page.name, name) for page in PAGES for name in PATH.findall(page.read_text("utf-8")))


def _links() -> Iterator[tuple[Path, str]]:
    for page in PAGES:
        found = LINK.findall(page.read_text("utf-8"))
        yield from (
            (page, one) for one in found if one and not one.startswith(("http:", "https:", "mailto:"))
        )


def test_the_pages_name_many_paths_and_links() -> None:
    assert len(list(_paths())) > 50
    assert len(list(_links())) > 50


@pytest.mark.parametrize("page", [one for one in PAGES if one.name != HISTORY], ids=lambda page: page.name)
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    assert [name for where, name in _paths() if where == page.name and not _there(name)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for where, link in _links():
        if where != page:
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in _anchors(target), link
