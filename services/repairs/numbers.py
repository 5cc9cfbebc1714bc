"""Ticket numbers that people can say aloud: BX, the running number, one check digit. Digits only, so that
nothing is confused on the phone; a digit heard wrong or two neighbours swapped do not name another ticket."""

import re

_PREFIX = "BX"
_FIRST = 1000  # so that the first numbers already look like numbers
_SPOKEN = re.compile(r"(?:BX)?(\d{5,9})", re.IGNORECASE)


def of(ticket_id: int) -> str:
    body = str(_FIRST + ticket_id)
    return f"{_PREFIX}{body}{_check(body)}"


def read(text: str) -> str | None:
    """The number as stored, from what somebody typed ("bx 1001-5", "１００１５"); None when it is none."""
    plain = re.sub(r"[\s\-#号单]", "", text)
    found = _SPOKEN.fullmatch(plain)
    if found is None:
        return None
    digits = "".join(str(int(digit)) for digit in found[1])  # full-width digits become plain ones
    return f"{_PREFIX}{digits}" if _check(digits[:-1]) == digits[-1] else None


# The quasigroup of Damm's algorithm, which catches every single wrong digit and every swap of neighbours.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def _check(digits: str) -> str:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)
