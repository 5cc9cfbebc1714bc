"""One command's work on the database: opened, in one transaction, errors in words."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from commands import StartError
from settings import Settings

if TYPE_CHECKING:
    from services.errors import DomainError


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Do `work` in one unit of the configured database, and wake the workers at once for what it wrote.

    A refusal becomes one plain sentence.
    """
    import settings
    from commands.local import servers

    with servers.reachable(settings.load()) as found:
        asyncio.run(_run(found, work))


async def _run(settings: Settings, work: Callable[[], Awaitable[None]]) -> None:
    from tortoise.exceptions import ValidationError

    from commands.local import preflight
    from handlers import waking
    from models import database
    from services import work as units
    from services.errors import DomainError

    await preflight.servers(settings)
    await database.open(settings)
    try:
        async with waking.waker(settings.redis.url) as waker, units.unit(wake=waker.wake):
            await work()
    except DomainError as error:
        raise StartError(said(error)) from error
    except ValidationError as error:  # of a column: too long, mostly
        raise StartError(f"Refused: {error}.") from error
    finally:
        await database.close()


def said(error: "DomainError") -> str:
    """A refusal in the words that people in the chat would read, and the facts that these leave out."""
    from dialogs import shipped

    words = shipped.phrases().reply(error.phrase, error.values).text
    told = f"{words} {words.replace(' ', '')}"  # a number stands there as it is spoken: BX 10019
    facts = ", ".join(f"{name}={value}" for name, value in error.values.items() if str(value) not in told)
    return f"{words} ({facts})" if facts else words


def table(rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell, a Chinese character counting two."""
    shown = [[plain(cell) for cell in row] for row in rows]
    widths = [max(_width(cell) for cell in column) for column in zip(*shown, strict=True)]
    return "\n".join("  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
                     for row in shown)  # fmt: skip


def plain(text: str) -> str:
    """On one line, without what would steer a terminal or turn its direction: residents may write anything."""
    from services import spelling

    return spelling.line(text)


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
