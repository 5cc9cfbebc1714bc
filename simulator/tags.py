"""The account's tags for its followers; the first three numbers are the platform's own."""

from simulator.errors import ApiError

_FIRST = 100
_MOST = 100
_NAME_CHARS = 30


class Tags:
    def __init__(self) -> None:
        self.names: dict[int, str] = {2: "星标组"}

    def create(self, name: str) -> int:
        self._check_name(name)
        if len(self.names) > _MOST:
            raise ApiError(45056)
        number = max(_FIRST - 1, *self.names) + 1
        self.names[number] = name
        return number

    def rename(self, number: int, name: str) -> None:
        self.check(number)
        self._check_name(name)
        self.names[number] = name

    def delete(self, number: int) -> None:
        self.check(number)
        del self.names[number]

    def check(self, number: int) -> None:
        if number not in self.names:
            raise ApiError(45159)

    def _check_name(self, name: str) -> None:
        if not name or len(name) > _NAME_CHARS:
            raise ApiError(45158)
        if name in self.names.values():
            raise ApiError(45157)
