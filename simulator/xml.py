"""The platform's XML: written by hand, read with the standard library and without document types."""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from typing import TypeAlias

XmlValue: TypeAlias = "str | int | float | Mapping[str, XmlValue] | Sequence[Mapping[str, XmlValue]]"

# XML 1.0 has no way to carry these, so the platform drops them from what people type.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)


class BadXml(Exception):
    """Text that is not one plain <xml> element."""


def build(fields: Mapping[str, XmlValue]) -> str:
    return f"<xml>{_inside(fields)}</xml>"


def _inside(fields: Mapping[str, XmlValue]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: XmlValue) -> str:
    if isinstance(value, str):
        return f"<{name}>{_cdata(value)}</{name}>"
    if isinstance(value, int | float):
        return f"<{name}>{value}</{name}>"
    if isinstance(value, Mapping):
        return f"<{name}>{_inside(value)}</{name}>"
    return "".join(f"<{name}>{_inside(item)}</{name}>" for item in value)


def _cdata(text: str) -> str:
    clean = _UNPRINTABLE.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{clean}]]>"


def parse(text: str) -> ElementTree.Element:
    """The <xml> element. BadXml on anything else; a document type is refused, so no entity is ever expanded."""
    if "<!DOCTYPE" in _CDATA.sub("", text):
        raise BadXml("a document type is not allowed")
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise BadXml(str(error)) from error
    if root.tag != "xml":
        raise BadXml("the root is not <xml>")
    return root


def value(parent: ElementTree.Element, name: str) -> str:
    """The text of the one child `name`. BadXml if it is missing or twice there."""
    found = parent.findall(name)
    if len(found) != 1:
        raise BadXml(f"expected one <{name}>, found {len(found)}")
    return found[0].text or ""
