"""What scripts hand to actions, as the types that services take."""

from datetime import date, datetime

from bot.turn import Turn
from bot.values import Plain
from services import actors
from services.actors import Actor
from services.errors import NotAllowed, NotFound
from services.estate import homes
from services.estate.homes import Home

_LARGEST = 2**31 - 1  # of a row's number
_LONGEST = 16  # characters of a complaint's or a request's number


def resident(turn: Turn) -> Actor:
    """Whoever writes, as the one who acts for themselves."""
    return actors.person(turn.person.id)


async def home_of(turn: Turn) -> Home | None:
    """Where whoever writes lives: known with them, unless they are bound to nothing."""
    who = turn.person
    return who.home if who.binding else await homes.find(who.id)


async def home_needed(turn: Turn) -> Home:
    """As home_of. Raises NotAllowed for somebody without a house."""
    home = await home_of(turn)
    if home is None:
        raise NotAllowed("binding.needed")
    return home


def whole(value: Plain) -> int:
    """An id or a number, however the script carried it; 0 for nothing. Raises NotFound for what no row has."""
    if isinstance(value, int | float):
        return int(value)
    text = str(value or 0)
    if not (text.isascii() and text.isdigit() and int(text) <= _LARGEST):
        raise NotFound("bot.old_option")
    return int(text)


def code(value: Plain) -> str:
    """The number of a complaint or a request. Raises NotFound for one that none can have."""
    text = words(value)
    if len(text) > _LONGEST:
        raise NotFound("bot.old_option")
    return text


def day(value: Plain) -> date:
    """Raises NotFound for what is no date."""
    try:
        return date.fromisoformat(words(value))
    except ValueError:
        raise NotFound("bot.old_option") from None


def wholes(value: Plain) -> list[int]:
    """Row numbers of photos; nothing is an empty list."""
    return [whole(one) for one in value] if isinstance(value, list) else []


def words(value: Plain) -> str:
    return "" if value is None else str(value).strip()


def many(value: Plain) -> list[str]:
    """Several texts, or the one."""
    if isinstance(value, list):
        return [str(one) for one in value]
    return [str(value)] if value not in (None, "") else []


def table(value: Plain) -> dict[str, Plain]:
    return dict(value) if isinstance(value, dict) else {}


def moment(value: Plain) -> datetime | None:
    """The beginning of a time window, or a moment; None for nothing."""
    start = value.get("start") if isinstance(value, dict) else value
    return datetime.fromisoformat(str(start)) if start else None


def span(start: datetime | None, end: datetime | None) -> Plain:
    """A window as scripts hold it; None without a start."""
    return {"start": start.isoformat(), "end": end.isoformat() if end else None} if start else None
