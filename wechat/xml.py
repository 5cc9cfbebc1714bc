"""The platform's flat XML, read by expat with everything refused that a push never has."""

import re
from xml.etree import ElementTree  # expat underneath; documents with a DOCTYPE never reach it, see read

from wechat.errors import BadPush

_PROLOGUE = re.compile(r"\ufeff?\s*(?:<\?xml[^<>]*\?>\s*)?(?=<xml>)")
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
    return _parse(text[prologue.end() :])


def _parse(text: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(text, ElementTree.XMLParser())  # quicker than the one it would make
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
