"""What WeChat makes of a text: links and tappable options become parts, the rest stays as it is."""

import html
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

_ANCHOR = re.compile(r"<a\b(?P<attributes>[^>]*)>(?P<label>.*?)</a>", re.DOTALL | re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_OPTION = re.compile(
    r"^weixin://bizmsgmenu\?msgmenucontent=(?P<content>.*?)&msgmenuid=(?P<id>[^&]*)$", re.DOTALL
)


class PartKind(StrEnum):
    TEXT = "text"
    OPTION = "option"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text. An option sends `sends` with `id` when tapped; a link opens `url`."""

    kind: PartKind
    text: str
    sends: str = ""
    id: str = ""
    url: str = ""


def read(text: str) -> tuple[Part, ...]:
    """The parts of a text in order; together their texts are what the reader sees."""
    parts: list[Part] = []
    end = 0
    for match in _ANCHOR.finditer(text):
        parts.append(Part(PartKind.TEXT, text[end : match.start()]))
        parts.append(_anchor(match))
        end = match.end()
    parts.append(Part(PartKind.TEXT, text[end:]))
    return tuple(part for part in parts if part.text)


def _anchor(match: re.Match[str]) -> Part:
    label = html.unescape(match["label"])
    href = _HREF.search(match["attributes"])
    url = html.unescape((href[1] or href[2] or "") if href else "")
    option = _OPTION.match(url)
    if option:
        return Part(PartKind.OPTION, label, sends=unquote(option["content"]), id=unquote(option["id"]))
    return Part(PartKind.LINK, label, url=url)


def readable(parts: tuple[Part, ...]) -> str:
    return "".join(part.text for part in parts)
