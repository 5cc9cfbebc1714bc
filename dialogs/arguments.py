"""What scripts hand to actions, as the types that services take."""

from datetime import datetime

from bot.values import Plain


def whole(value: Plain) -> int:
    """An id or a number, however the script carried it; 0 for nothing."""
    return int(value) if isinstance(value, int | float) else int(str(value or 0))


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
