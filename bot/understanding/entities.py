"""The things that one sentence names, found in one pass."""

from datetime import datetime

from bot.understanding.values import Entities


def extract(text: str, now: datetime, expect: set[str] | None = None) -> Entities:
    """Entities of `text`. `expect` names kinds just asked for, whose bare answers ("501") then count."""
    return Entities()
