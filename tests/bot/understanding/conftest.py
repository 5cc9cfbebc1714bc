"""The moment at which the sentences of these tests are said."""

from datetime import datetime

import pytest

NOW = datetime.fromisoformat("2026-11-20T10:30:00+08:00")  # a Friday


@pytest.fixture
def now() -> datetime:
    return NOW
