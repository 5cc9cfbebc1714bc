"""One understander for all tests of this folder: it is immutable, and learning it takes seconds."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.understanding import Understander, load

HERE = Path(__file__).parent
NOW = datetime.fromisoformat("2026-11-20T10:30:00+08:00")  # a Friday


@pytest.fixture(scope="session")
def understander(tmp_path_factory: pytest.TempPathFactory) -> Understander:
    return load(tmp_path_factory.mktemp("understanding"))


@pytest.fixture
def now() -> datetime:
    return NOW
