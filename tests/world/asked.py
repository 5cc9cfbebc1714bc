"""What is asked of the database, for tests that count it."""

import contextlib
from collections.abc import Iterator

from tortoise import connections


@contextlib.contextmanager
def statements() -> Iterator[list[str]]:
    """Those that are run within, on the connections that are open already."""
    heard: list[str] = []
    open_ones = [one._con for one in connections.get("default")._pool._holders if one._con]
    with contextlib.ExitStack() as watched:
        for one in open_ones:
            watched.enter_context(one.query_logger(lambda record: heard.append(record.query)))
        yield heard
