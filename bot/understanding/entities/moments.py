"""The pieces of a time expression, as they stand in a sentence: days, halves of a day, clock times."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from operator import attrgetter

from bot.understanding.entities.clocks import BARE_PERIOD, HOURS, read_half, read_hours
from bot.understanding.entities.days import DAY, SELDOM, read_day, read_seldom_day, read_vague
from bot.understanding.entities.numerals import NUMBER, value
from bot.understanding.entities.piece import Piece
from bot.understanding.entities.vague import VAGUE, VAGUE_HINT

_RELATIVE = re.compile(
    rf"(?:再?过)?(?:(?P<half_hour>半)个?(?:小时|钟头|钟)|(?P<hours>{NUMBER})个?(?P<and_half>半)?(?:小时|钟头|钟(?!后的))(?P<plus_half>半)?"
    rf"|(?P<minutes>{NUMBER})分钟|(?P<quarters>[一两三123])刻钟)(?P<after>[之以]?后)?"
)
_FAR = 400  # days ahead; what is said to be farther is no appointment

_Reader = Callable[[re.Match[str], str, datetime], Piece | None]


def pieces(text: str, now: datetime) -> list[Piece]:
    """All pieces of `text` in order; each character belongs to one piece at most."""
    found: list[Piece] = []
    for hint, pattern, read in _READERS:
        if not hint.search(text):
            continue
        for match in pattern.finditer(text):
            piece = read(match, text, now) if match[0] else None
            if piece:
                text = text[: piece.start] + "□" * (piece.end - piece.start) + text[piece.end :]
                found.append(piece)
    return sorted(found, key=attrgetter("start"))


def _relative(match: re.Match[str], _: str, now: datetime) -> Piece | None:
    if not (match["after"] or "过" in match[0]):
        return None
    minutes = 0.0
    if match["half_hour"]:
        minutes = 30
    elif match["hours"]:
        minutes = 60 * value(match["hours"]) + (30 if match["and_half"] or match["plus_half"] else 0)
    elif match["minutes"]:
        minutes = value(match["minutes"])
    elif match["quarters"]:
        minutes = 15 * value(match["quarters"])
    return Piece(*match.span(), at=now + timedelta(minutes=minutes)) if minutes <= _FAR * 1440 else None


_READERS: tuple[tuple[re.Pattern[str], re.Pattern[str], _Reader], ...] = (
    # What a match cannot do without is looked for first: the patterns themselves are slow to say no.
    (re.compile(r"小时|钟"), _RELATIVE, _relative),
    (
        re.compile(
            r"[旦庆诞夜节夕宵秋午三明阳双]|[五六十][一]|年|初|今明|明后|过|[周期拜][之以]?后|20\d\d[-/.]"
        ),
        SELDOM,
        read_seldom_day,
    ),
    (re.compile(r"[后明今周期拜末月/.号日底天-]"), DAY, read_day),
    (VAGUE_HINT, VAGUE, read_vague),
    (re.compile(r"[点时:：]"), HOURS, read_hours),
    (re.compile(r"[早晚午晨夜晌傍下全整天白饭放]"), BARE_PERIOD, read_half),
)
