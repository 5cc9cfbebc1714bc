"""What is asked of the database, for tests that count it."""

import contextlib
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from tortoise import connections

from services import cache


@contextlib.contextmanager
def statements() -> Iterator[list[str]]:
    """Those that are run within, on the connections that are open already.

    What the process remembers is not read again meanwhile, however slow the machine is.
    """
    heard: list[str] = []
    open_ones = [one._con for one in connections.get("default")._pool._holders if one._con]
    with contextlib.ExitStack() as watched:
        watched.enter_context(pytest.MonkeyPatch.context()).setattr(
            cache, "time", SimpleNamespace(monotonic=lambda: 0.0)
        )
        for one in open_ones:
            watched.enter_context(one.query_logger(lambda record: heard.append(record.query)))
        yield heard
