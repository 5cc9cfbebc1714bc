"""Questions that come from the database instead of a script: extra questions of an activity, surveys."""

from collections.abc import Sequence

from bot.scripts.actions import Listed
from dialogs.actions.wording import phrase

UNANSWERED = "-"  # the value of the option that leaves an optional question open


def choices(options: Sequence[str], *, required: bool) -> Listed:
    listed = [(option, option) for option in options]
    return listed if required else [*listed, (UNANSWERED, phrase("survey.skip"))]
