"""How far an import is, for whoever watches."""

from collections.abc import Callable

from models.jobs import JobStep

Progress = Callable[
    [JobStep, int, int], None
]  # rows that are behind us, of how many; what it raises ends the import


def unseen(step: JobStep, done: int, total: int) -> None:
    """Nobody watches."""
