"""Messages: what a person sent. Sender and MsgId name them.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html
"""

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from bot.values import Inbound, Kind
from wechat.fields import Fields, all_facts, facts, inbound, media, message_id, need, number

# What the platform says in place of a message that it does not pass on, a sticker for instance: in brackets or not.
_NOT_PASSED_ON = re.compile(
    r"[【\[(（]? ?(?:(?=.*(?:[消信讯訊]息|[内內]容))(?:(?:收到|[该該此]|[当當目]前)[^不，,]{0,10}|[暂暫]时?)?"
    r"(?:不支[持援]|(?:不能|[无無]法)(?=展示|[显顯]示|查看))"
    r"(?:的|[消信讯訊]息|[内內]容|[类類]型|展示|[显顯]示|查看|[该該此]){1,5}"
    r"(?:[，,]? ?(?:[暂暫]?[无無]法(?:[显顯]示|查看)|[请請][^，,。]{0,14}))?"
    r"|(?:received (?:an? )?|unable to display (?:an? )?|this )?unsupported (?:message|msg)(?: type)?"
    r"(?:[.,]? (?:unable to display|cannot be displayed))?)"
    r" ?[。.]? ?[】\])）]?[。.]?",
    re.IGNORECASE,
)
_LONGEST_NOTICE = 80  # characters; whatever is longer was written by a person


def _identity(fields: Fields) -> str:
    """A number alone would let one person have what another was answered."""
    return f"{need(fields, 'FromUserName')}:{message_id(fields)}"


def _text(fields: Fields) -> Inbound:
    text = fields.get("Content", "")
    if _is_notice(text):
        return inbound(fields, Kind.OTHER, _identity(fields), extra=facts(fields, said="Content"))
    return inbound(fields, Kind.TEXT, _identity(fields), text=text)


def _is_notice(text: str) -> bool:
    """Only what is short is looked at: a message of spaces alone would keep the pattern busy for minutes."""
    said = text.strip()
    return len(said) <= _LONGEST_NOTICE and _NOT_PASSED_ON.fullmatch(" ".join(said.split())) is not None


def _image(fields: Fields) -> Inbound:
    return _file(fields, Kind.IMAGE, facts(fields, url="PicUrl"))


def _voice(fields: Fields) -> Inbound:
    extra = facts(fields, format="Format", media_id_16k="MediaId16K", recognition="Recognition")
    return _file(fields, Kind.VOICE, extra)


def _video(fields: Fields) -> Inbound:
    return _file(fields, Kind.VIDEO, facts(fields, thumb_media_id="ThumbMediaId"))


def _file(fields: Fields, kind: Kind, extra: dict[str, str]) -> Inbound:
    """Something to fetch by its media id; without one there is nothing to fetch, and it is only recorded."""
    media_id = media(fields)
    if not media_id:
        kind, extra = Kind.OTHER, extra | facts(fields, type="MsgType")
    return inbound(fields, kind, _identity(fields), media_id=media_id, extra=extra)


def _location(fields: Fields) -> Inbound:
    place = number(fields, "Location_X"), number(fields, "Location_Y")
    label = fields.get("Label", "").strip()
    extra = facts(fields, scale="Scale")
    return inbound(fields, Kind.LOCATION, _identity(fields), text=label, place=place, extra=extra)


def _link(fields: Fields) -> Inbound:
    extra = facts(fields, description="Description", url="Url")
    return inbound(fields, Kind.LINK, _identity(fields), text=fields.get("Title", "").strip(), extra=extra)


def unknown(fields: Fields, root: Element) -> Inbound:
    """A kind that the platform added after this was written."""
    extra = {**all_facts(root), "type": need(fields, "MsgType")}
    return inbound(fields, Kind.OTHER, _identity(fields), extra=extra)


KINDS: dict[str, Callable[[Fields], Inbound]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
    "location": _location,
    "link": _link,
}
