"""A push that is read at a glance means what expat would make of it."""

import re
from xml.etree import ElementTree

from hypothesis import example, given
from hypothesis import strategies as st

from wechat import xml

MARKUP = """<a>一</a> <a></a> <a> </a> <B1> </B1> <a/> <xml> </xml> <![CDATA[ ]]> <c><![CDATA[<&]]></c> <!-- -->
    <?b?> <a\fb='c'> <1> </1> <a:b> </a:b> &lt; &#0;"""
PIECES = [*re.findall(r"[^ \n]+", MARKUP), *"<>&]=1一😀 \n\r\t\0\v\x7f\ufffe\uffff\u2028"]


def children(root: ElementTree.Element) -> list[tuple[str, str | None, int]]:
    return [(one.tag, one.text, len(one)) for one in root]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example("\n<a><![CDATA[一]]></a> <B1>2</B1>\n")
@example("<a><![CDATA[]]></a>")
@example("<a>1]]></a>")
def test_a_flat_push_reads_as_expat_reads_it(inner: str) -> None:
    text = f"<xml>{inner}</xml>"
    root = xml.flat(text)
    if root is not None:
        assert children(root) == children(ElementTree.fromstring(text))


def test_the_usual_push_is_flat() -> None:
    text = (
        "<xml><MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[<好>&]]></Content><MsgId>1</MsgId></xml>"
    )
    root = xml.flat(text)
    assert root is not None
    assert children(root) == [("MsgType", "text", 0), ("Content", "<好>&", 0), ("MsgId", "1", 0)]
