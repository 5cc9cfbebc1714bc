"""The platform's flat XML, read with everything refused that a push never has."""

import re
from xml.etree import ElementTree  # expat underneath; documents with a DOCTYPE never reach it, see read

from wechat.errors import BadPush

_PROLOGUE = re.compile(r"\ufeff?\s*(?:<\?xml[^<>]*\?>\s*)?(?=<xml>)")
# A field as nearly all are: no attribute, nothing nested, no reference, no character to normalise or refuse.
_SPACE = " \t\r\n"
_FIELD = re.compile(
    rf"[{_SPACE}]*+<([A-Za-z][A-Za-z0-9_]*+)>"
    r"(?:<!\[CDATA\[([^\]\x00-\x1f\ufffe\uffff]*+)\]\]>|([^\]<&\x00-\x1f\ufffe\uffff]*+))"
    r"</\1>"
)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read(body: bytes) -> ElementTree.Element:
    """The root of a push.

    Nothing but an XML declaration may stand before `<xml>`. A DOCTYPE is legal only there, so no
    entity can be defined: neither bombs nor references to files reach the parser.
    """
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise BadPush("not UTF-8") from None
    prologue = _PROLOGUE.match(text)
    if prologue is None:
        raise BadPush("does not begin with <xml>")
    text = text[prologue.end() :]
    root = flat(text)
    return _parse(text) if root is None else root


def flat(text: str) -> ElementTree.Element | None:
    """What expat makes of `text`, in half the time; None when that is not certain, and expat has to say."""
    root, at = ElementTree.Element("xml"), len("<xml>")
    while field := _FIELD.match(text, at):
        ElementTree.SubElement(root, field[1]).text = field[2] or field[3] or None
        at = field.end()
    return root if text[at:].strip(_SPACE) == "</xml>" else None


def _parse(text: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError):
        return _parse_cleaned(text)


def _parse_cleaned(text: str) -> ElementTree.Element:
    """Phones can type control characters, which XML forbids even in CDATA: drop them, not the message."""
    try:
        return ElementTree.fromstring(clean(text))
    except (ElementTree.ParseError, ValueError):
        raise BadPush("not well-formed") from None


def clean(text: str) -> str:
    """`text` without the characters that XML forbids."""
    return _UNPRINTABLE.sub("", text) if _UNPRINTABLE.search(text) else text


def cdata(text: str) -> str:
    """`text` as a CDATA section that nothing in it can end."""
    return f"<![CDATA[{clean(text).replace(']]>', ']]]]><![CDATA[>')}]]>"
