"""Messages of one person queue in their process: waiting for the row's lock would hold a connection for each."""

import asyncio


class Lines:
    """One line per person, gone when nobody stands in it."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}

    def of(self, person: str) -> "Line":
        """To be entered at once: `async with lines.of(person)`."""
        line = self._lines.get(person)
        if line is None:
            line = self._lines[person] = Line(self._lines, person)
        return line

    def __len__(self) -> int:
        return len(self._lines)


class Line:
    """Whoever enters waits for those who entered before."""

    __slots__ = ("_lines", "_lock", "_person", "_standing")

    def __init__(self, lines: "dict[str, Line]", person: str) -> None:
        self._lines = lines
        self._person = person
        self._lock = asyncio.Lock()
        self._standing = 0

    async def __aenter__(self) -> None:
        self._standing += 1
        try:
            await self._lock.acquire()
        except BaseException:
            self._left()
            raise

    async def __aexit__(self, *fault: object) -> None:
        self._lock.release()
        self._left()

    def _left(self) -> None:
        self._standing -= 1
        if not self._standing:
            del self._lines[self._person]
