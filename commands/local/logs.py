"""How our own processes write their log: to standard error, one line a record."""

import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType
from typing import TypeAlias

import orjson
from aiohttp.http_exceptions import BadHttpMessage

from settings import Log

_NOISY = ("tortoise", "transitions", "asyncio", "aiohttp.access", "arq.worker", "PIL", "jieba")
# Their errors quote the values that did not fit: what residents wrote, their phones.
_QUOTING = ("tortoise", "asyncpg", "pydantic", "pydantic_core")

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")

ExcInfo: TypeAlias = (
    "tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]"
)


class Formatter(logging.Formatter):
    """Tells where something failed, without the words of errors that quote what people wrote."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        record.message = one_line(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - logging's own name
        return "".join(_told(ei[1])).rstrip() if ei[1] else ""


class JsonFormatter(Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "room": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return orjson.dumps(line).decode()


def is_ours(record: logging.LogRecord) -> bool:
    """Whether a record of the server says more than that somebody sent what is no HTTP.

    Anybody may do that, as often as they like, and each would cost the lines of a traceback.
    """
    strange = record.exc_info is not None and isinstance(record.exc_info[1], BadHttpMessage)
    return not strange or logging.getLogger().isEnabledFor(logging.DEBUG)


def one_line(text: str) -> str:
    """The text with everything spelt out that would end the line or turn the writing: an id may hold anything."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def configure(settings: Log) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(
        JsonFormatter()
        if settings.format == "json"
        else Formatter("%(asctime)s %(levelname).1s %(name)s %(message)s")
    )
    # Neither form says where, in which thread or process: looking that up for each turn is a third of its line.
    logging._srcfile = None  # as Python's own guide to logging advises
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.basicConfig(level=settings.level.upper(), handlers=[handler], force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("aiohttp.server").addFilter(is_ours)


def _told(error: BaseException) -> Iterator[str]:
    """The error after those that led to it, the last call at the end of each."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
        yield "which led to:\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__name__}: {_words(error)}\n"


def _words(error: BaseException) -> str:
    quotes = type(error).__module__.partition(".")[0] in _QUOTING
    return "(its words are left out)" if quotes else str(error)
