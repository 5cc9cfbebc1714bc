"""What was worked out lately, kept so that it need not be worked out again."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MEMORABLE = 24  # characters of a text that may well be said again
_MOST = 4096


class Memory(Generic[K, V]):
    """Values by key, at most `most`; when it is full it begins anew, which costs less than keeping an order."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._known: dict[K, V] = {}

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of `key`, made if it is not known. Nobody may change it."""
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= self._most:
                self._known.clear()
            known = self._known[key] = make()
        return known
