"""What a reader makes of an answer: a value that is taken, or why it cannot be one."""

from dataclasses import dataclass

from bot.values import Plain


@dataclass(frozen=True, slots=True)
class Taken:
    value: Plain
    shown: str
    to: str = ""
    go: str = ""
    own: bool = False  # words of one's own, where a list was offered


@dataclass(frozen=True, slots=True)
class Refused:
    """It was meant as an answer, but cannot be one; `phrase` says why."""

    phrase: str
    number: int = 0
    said: str = ""


Answer = Taken | Refused | None  # None: it does not look like an answer to this question
