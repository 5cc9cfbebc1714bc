"""Questions that come from the database instead of a script: extra questions of an activity, surveys."""

from collections.abc import Sequence

from bot.scripts.actions import Listed

UNANSWERED = "-"  # the value of the option that leaves an optional question open
_SKIP = "这题不答"


def choices(options: Sequence[str], *, required: bool) -> Listed:
    listed = [(option, option) for option in options]
    return listed if required else [*listed, (UNANSWERED, _SKIP)]
