"""What somebody who watches an import hears of it, and that they can end it at each step."""

from pathlib import Path

import pytest

from models.community import House
from models.jobs import JobStep
from services import imports
from services.actors import OPERATOR
from services.imports import KINDS
from tests.services.imports.workbooks import save
from tests.world import places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")


class Enough(Exception):
    """Who watches wants no more of it."""


class Watcher:
    def __init__(self, until: JobStep | None = None) -> None:
        self.heard: list[tuple[JobStep, int, int]] = []
        self._until = until

    def hears(self, step: JobStep, done: int, total: int) -> None:
        self.heard.append((step, done, total))
        if step is self._until:
            raise Enough


@pytest.fixture
async def content(tmp_path: Path) -> bytes:
    await places.community()
    rows = [["小区", "楼栋", "房号"], *(["翠湖花园", "3", str(at)] for at in range(101, 701))]
    return save(tmp_path / "a.xlsx", rows).read_bytes()


async def test_reading_checking_and_writing_each_say_how_far_they_are(content: bytes) -> None:
    watcher = Watcher()
    sheet = imports.read_content(content, "房屋.xlsx", watcher.hears)
    assert watcher.heard == [(JobStep.READING, at, 601) for at in range(1, 602)]
    loading = imports.load(KINDS["houses"], sheet, dry_run=False, actor=OPERATOR, progress=watcher.hears)
    await within(loading)
    assert watcher.heard[601:] == [
        *((JobStep.CHECKING, at, 600) for at in range(600)),
        *((JobStep.WRITING, at, 600) for at in (0, 250, 500)),
    ]


@pytest.mark.parametrize("step", JobStep)
async def test_whoever_watches_ends_it_at_any_step(content: bytes, step: JobStep) -> None:
    watcher = Watcher(step)
    with pytest.raises(Enough):
        sheet = imports.read_content(content, "房屋.xlsx", watcher.hears)
        await within(
            imports.load(KINDS["houses"], sheet, dry_run=False, actor=OPERATOR, progress=watcher.hears)
        )
    assert not await House.exists()
