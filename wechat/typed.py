"""What a template message's values must be like: the key's name begins with the kind of its value.

A value that does not fit is refused with 47003, and none is ever cut here.
https://developers.weixin.qq.com/doc/service/guide/product/template_message/Template_Message_Interface.html
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

_PICTURE = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u200d\ufe0f]")
_DATE = r"\d{4}(?:年\d{1,2}月\d{1,2}日|-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2})"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_MOMENT = rf"(?:{_DATE}(?: ?{_CLOCK})?|{_CLOCK})"


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


def _within(most: int) -> Callable[[str], bool]:
    return lambda value: len(value) <= most


KINDS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "thing": _within(20),
        "const": _within(20),
        "character_string": _matches(r"[!-~]{1,32}"),
        "phrase": _matches(r"[\u3400-\u9fff]{1,5}"),
        "name": _matches(r"[\u3400-\u9fff·]{1,10}|[A-Za-z .]{1,20}"),
        "number": _matches(r"-?\d{1,32}(?:\.\d{1,32})?"),
        "letter": _matches(r"[A-Za-z]{1,32}"),
        "symbol": _matches(r"[^\w\s]{1,5}"),
        "amount": _matches(r"[¥￥]?\d{1,10}(?:\.\d{1,2})?元?"),
        "phone_number": _matches(r"[\d+()-]{1,17}"),
        "car_number": _matches(r"[\w\u3400-\u9fff]{1,8}"),
        "time": _matches(rf"{_MOMENT}(?:~{_MOMENT})?"),
        "date": _matches(rf"{_DATE}(?: ?{_CLOCK})?(?:~{_MOMENT})?"),
    }
)


def kind_of(key: str) -> str:
    """The kind in a key such as thing12; "" when the platform has no such kind."""
    kind = key.rstrip("0123456789")
    return kind if kind in KINDS else ""


def fits(key: str, value: str) -> bool:
    kind = kind_of(key)
    plain = value.strip() == value and "\n" not in value and not _PICTURE.search(value)
    return bool(kind and value) and plain and KINDS[kind](value)


class UnfitError(ValueError):
    """No wording of a value fits the account's template; names the value, not what it says."""


@dataclass(frozen=True, slots=True)
class AccountTemplate:
    """A template of the account: its id, and its key for each of our names."""

    id: str
    keys: Mapping[str, str] = field(default_factory=dict)

    def filled(self, values: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Each value in its first wording that fits its key. Raises UnfitError when none does."""
        return {key: self._wording(name, key, values.get(name, ())) for name, key in self.keys.items()}

    def named(self, filled: Mapping[str, str]) -> dict[str, str]:
        """What was filled in, by our names."""
        return {name: filled[key] for name, key in self.keys.items()}

    def _wording(self, name: str, key: str, wordings: Sequence[str]) -> str:
        found = next((one for one in wordings if fits(key, one)), None)
        if found is None:
            raise UnfitError(f"{name} fits no {key}")
        return found
