"""What the bot says, in the forms that the platform takes.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html
"""

import html
import re
from dataclasses import replace
from functools import lru_cache
from urllib.parse import quote

from bot.values import Article, Reply
from wechat.xml import cdata, clean

LIMIT = 2048  # bytes of UTF-8 in one text message, passive or not
_MARKUP = 90  # bytes of an option's line beside its text, twice: its number and the link
_LEAST_ROOM = 600  # bytes that a text keeps beside its options
_TAG = re.compile(r"<(?=[A-Za-z/!])")
_RESERVED = re.compile(r"""[\x00-\x20"#%&'+<=>?\\]""")
_ENDS = ("\n", "。", "！", "？", "；", "，", " ")

Body = dict[str, object]


def text_of(reply: Reply) -> str:
    """The text as the phone gets it, options numbered below it: tappable, and typing the number works too."""
    lines = [_inert(reply.text)] if reply.text else []
    for place, one in enumerate(reply.options, 1):
        before, after = _line(place, one.text)
        lines.append(f"{before}{one.number or place}{after}")
    if reply.link:
        lines.append(f'<a href="{html.escape(reply.link.url)}">{_inert(reply.link.text)}</a>')
    return "\n".join(lines)


@lru_cache(maxsize=4096)  # a question has the same options for everybody
def _line(place: int, text: str) -> tuple[str, str]:
    """What stands before and behind the option's number. A tap sends its text, and the number as bizmsgmenuid.

    Undocumented, in wide use for years. What comes back of the number cannot be relied on: `bot.talk.taps.recognise`.
    Only what would break the link is escaped: shorter, and right whether or not a phone unescapes.
    """
    content = _RESERVED.sub(_percent, text)
    before = f'{place}. <a href="weixin://bizmsgmenu?msgmenucontent={content}&msgmenuid='
    return before, f'">{_inert(text)}</a>'


def _percent(found: re.Match[str]) -> str:
    return quote(found.group(), safe="")


def _inert(text: str) -> str:
    """Phones turn `<a …>` in a text into a link: nobody's words may become one."""
    return _TAG.sub("＜", text) if "<" in text else text


def fits_passive(reply: Reply) -> bool:
    """Whether one passive answer can carry it. A picture cannot: the worker has to upload it first."""
    if reply.image:
        return False
    if reply.article:
        return not reply.text and not reply.options
    return bool(reply.text or reply.options) and _text_fits(reply)


def _text_fits(reply: Reply) -> bool:
    return _surely_fits(reply) or _size(text_of(reply)) <= LIMIT


def _surely_fits(reply: Reply) -> bool:
    """Counted at the most that a character can take, without writing it out."""
    size = 4 * len(reply.text)
    for one in reply.options:
        size += _MARKUP + 8 * len(one.text)
    if reply.link:
        size += _MARKUP + 6 * len(reply.link.url) + 4 * len(reply.link.text)
    return size <= LIMIT


def _size(text: str) -> int:
    return len(text.encode(errors="replace"))


def passive(reply: Reply, person: str, account: str, at: int) -> bytes:
    """The XML that answers a push with a text or a card; `reply` must fit (`fits_passive`)."""
    if not fits_passive(reply):
        raise ValueError("does not fit a passive answer")
    kind, content = _passive_card(reply.article) if reply.article else _passive_text(reply)
    return (
        f"<xml><ToUserName>{cdata(person)}</ToUserName><FromUserName>{cdata(account)}</FromUserName>"
        f"<CreateTime>{at}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{content}</xml>"
    ).encode()


def _passive_text(reply: Reply) -> tuple[str, str]:
    return "text", f"<Content>{cdata(text_of(reply))}</Content>"


def _passive_card(article: Article) -> tuple[str, str]:
    item = (
        f"<item><Title>{cdata(article.title)}</Title><Description>{cdata(article.description)}</Description>"
        f"<PicUrl>{cdata(article.picture_url)}</PicUrl><Url>{cdata(article.url)}</Url></item>"
    )
    return "news", f"<ArticleCount>1</ArticleCount><Articles>{item}</Articles>"


def custom(reply: Reply, person: str, media_id: str = "") -> Body:
    """The body of message/custom/send for one part of `split`; a picture needs its uploaded `media_id`."""
    if reply.image:
        return {"touser": person, "msgtype": "image", "image": {"media_id": media_id}}
    if reply.article:
        return {"touser": person, "msgtype": "news", "news": {"articles": [_card(reply.article)]}}
    return {"touser": person, "msgtype": "text", "text": {"content": clean(text_of(reply))}}


def _card(article: Article) -> dict[str, str]:
    return {
        "title": clean(article.title),
        "description": clean(article.description),
        "url": article.url,
        "picurl": article.picture_url,
    }


def split(reply: Reply) -> list[Reply]:
    """`reply` as messages that each fit the platform: picture, card, then the text in parts, options last."""
    parts = [Reply(image=reply.image)] if reply.image else []
    if reply.article:
        parts.append(Reply(article=reply.article))
    return parts + _split_text(Reply(text=reply.text, options=reply.options, link=reply.link))


def _split_text(reply: Reply) -> list[Reply]:
    if not reply.text and not reply.options:
        return []
    if _text_fits(reply):
        return [reply]
    below = _size(text_of(replace(reply, text="")))
    if below > LIMIT - _LEAST_ROOM:
        return _split_text(Reply(text=_spelt_out(reply)))
    *whole, last = _chop(_inert(reply.text), LIMIT)
    texts = whole + (_chop(last, LIMIT - below - 1) if reply.options else [last])
    return [Reply(text=text) for text in texts[:-1]] + [Reply(text=texts[-1], options=reply.options)]


def _spelt_out(reply: Reply) -> str:
    """Too many options to be links: numbered in the text, where typing the number still chooses."""
    return "\n".join([reply.text, *(f"{n}. {option.text}" for n, option in enumerate(reply.options, 1))])


def _chop(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` bytes, cut where a line, a sentence or at least a character ends."""
    pieces = []
    while _size(text) > limit:
        head = text.encode(errors="replace")[:limit].decode(errors="ignore")
        cut = _cut(head)
        pieces.append(text[:cut].strip())
        text = text[cut:].strip()
    return [piece for piece in (*pieces, text) if piece] or [""]


def _cut(head: str) -> int:
    """Where to end: the last line or sentence end in the second half, else the very end."""
    for end in _ENDS:
        at = head.rfind(end, len(head) // 2)
        if at >= 0:
            return at + len(end)
    return len(head)
