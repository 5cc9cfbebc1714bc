"""Template and subscription messages: the account's templates, and the rules their values must keep."""

import re
from dataclasses import dataclass

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
    """`content` has one `label：{{key.DATA}}` a line, as the platform's library writes it."""

    id: str
    title: str
    content: str

    @property
    def keys(self) -> list[str]:
        return _PLACE.findall(self.content)

    def facts(self, values: dict[str, str]) -> tuple[tuple[str, str], ...]:
        lines = [_LINE.match(line.strip()) for line in self.content.splitlines()]
        found = [(line["label"], values.get(line["key"], "")) for line in lines if line]
        return tuple(found) or tuple((name, value) for name, value in values.items())


class Templates:
    def __init__(self, config: Config, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self.all: dict[str, Template] = {}
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


def read_values(body: Fields) -> dict[str, str]:
    """`data` as name and text. 47003 when a value is not a text."""
    values: dict[str, str] = {}
    for name, entry in body.object("data").values.items():
        value = entry.get("value") if isinstance(entry, dict) else None
        if not isinstance(value, str | int | float):
            raise ApiError(47003, f"data.{name}.value invalid")
        values[name] = str(value)
    return values


def check_kinds(values: dict[str, str], needed: list[str]) -> None:
    """The subscription message's rules for each kind of value, which its name begins with. 47003 on a breach."""
    for name in needed:
        if not values.get(name):
            raise ApiError(47003, f"data.{name}.value is empty")
    for name, value in values.items():
        pattern = _KINDS.get(name.rstrip("0123456789"))
        if pattern is None or not re.fullmatch(pattern, value):
            raise ApiError(47003, f"data.{name}.value invalid")
