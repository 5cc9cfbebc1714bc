"""Template and subscription messages: the account's templates, and the rules that their values must keep.

A category template (类目模板) has keys that begin with the kind of their value: thing12, amount4, time3.
https://developers.weixin.qq.com/doc/service/guide/product/template_message/Template_Message_Interface.html
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from simulator.clock import Clock
from simulator.config import Config
from simulator.errors import ApiError
from simulator.jsonio import Fields

_PLACE = re.compile(r"\{\{\s*(\w+)\.DATA\s*\}\}")
_LINE = re.compile(r"^(?P<label>[^：:{]*)[：:]\s*\{\{\s*(?P<key>\w+)\.DATA\s*\}\}\s*$")
_DROPPED = {"first", "remark"}
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]")
_HANZI = r"[\u3400-\u9fff]"
_DAY = r"\d{4}[年/-]\d{1,2}[月/-]\d{1,2}日?"
_HOUR = r"\d{1,2}:\d{2}(:\d{2})?"
_KINDS = {
    "thing": r".{1,20}",
    "number": r"[-+]?\d{1,32}(\.\d{1,32})?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[\x21-\x7e]{1,32}",
    "time": rf"({_DAY}\s*)?{_HOUR}(~.+)?|{_DAY}(~.+)?",
    "date": rf"{_DAY}(\s*{_HOUR})?(~.+)?",
    "amount": r"[¥￥$€]?\d{1,10}(\.\d{1,2})?元?",
    "phone_number": r"[\d\-+()]{1,17}",
    "car_number": r"[\w\u3400-\u9fff]{1,8}",
    "name": rf"({_HANZI}|·){{1,10}}|[A-Za-z .]{{1,20}}",
    "phrase": rf"{_HANZI}{{1,5}}",
    "const": r".{1,20}",
}


@dataclass(frozen=True, slots=True)
class Template:
    """`content` has one `label：{{key.DATA}}` a line, as the platform's library writes it.

    `constants` are the approved words of its const values, by key.
    """

    id: str
    title: str
    content: str
    constants: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        return _PLACE.findall(self.content)

    def facts(self, values: dict[str, str]) -> tuple[tuple[str, str], ...]:
        lines = [_LINE.match(line.strip()) for line in self.content.splitlines()]
        found = [(line["label"], values.get(line["key"], "")) for line in lines if line]
        return tuple(found) or tuple((name, value) for name, value in values.items())


@dataclass(frozen=True, slots=True)
class Intercepted:
    """A message that the platform stopped, as queryblocktmplmsg tells it."""

    number: int
    template_id: str
    title: str
    content: str
    time: int
    openid: str


class Templates:
    def __init__(self, config: Config, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self.all: dict[str, Template] = {}
        self.reviews: list[Callable[[], Awaitable[None]]] = []  # what a passed review delivers
        self.intercepted: list[Intercepted] = []
        self._sent: dict[tuple[str, str], tuple[float, int]] = {}

    def find(self, template_id: str) -> Template:
        template = self.all.get(template_id)
        if template is not None:
            return template
        if not template_id or not self._config.accept_unknown_templates:
            raise ApiError(40037)
        return Template(template_id, "服务通知", "")

    def earlier(self, openid: str, client_id: str) -> int | None:
        """The msgid of the same client_msg_id to the same person within the platform's ten minutes."""
        moment, msg_id = self._sent.get((openid, client_id), (0.0, 0))
        recent = moment > self._clock.now() - self._config.template_dedupe
        return msg_id if client_id and recent else None

    def remember(self, openid: str, client_id: str, msg_id: int) -> None:
        if client_id:
            self._sent[openid, client_id] = (self._clock.now(), msg_id)

    def shorten(self, values: dict[str, str]) -> dict[str, str]:
        """Values as people see them since 2023: no greeting, no emoji, no second line, 20 characters."""
        most = self._config.template_value_chars
        return {
            name: _EMOJI.sub("", value).replace("\r", "").replace("\n", "")[:most]
            for name, value in values.items()
            if name not in _DROPPED
        }


def read_values(body: Fields, *, plain: bool = False) -> dict[str, str]:
    """`data` as name and text. 47003 when a value is not a text, or, if `plain`, when it has a colour."""
    values: dict[str, str] = {}
    for name, entry in body.object("data").values.items():
        value = entry.get("value") if isinstance(entry, dict) else None
        coloured = plain and isinstance(entry, dict) and "color" in entry
        if coloured or not isinstance(value, str | int | float):
            raise ApiError(47003, f"data.{name}.value invalid")
        values[name] = str(value)
    return values


def check_kinds(
    values: dict[str, str], needed: list[str], constants: Mapping[str, tuple[str, ...]] | None = None
) -> None:
    """The rules for each kind of value, which its name begins with. 47003 on a breach."""
    for name in needed:
        if not values.get(name):
            raise ApiError(47003, f"data.{name}.value is empty")
    for name, value in values.items():
        pattern = _KINDS.get(name.rstrip("0123456789"))
        approved = (constants or {}).get(name, (value,))
        plain = not _EMOJI.search(value)
        if pattern is None or not plain or not re.fullmatch(pattern, value) or value not in approved:
            raise ApiError(47003, f"data.{name}.value invalid")
