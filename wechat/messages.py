"""Messages: what a person sent. Sender and MsgId name them.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html
"""

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from bot.values import Inbound, Kind
from wechat.fields import Fields, all_facts, facts, inbound, media, message_id, need, number

# What the platform says in place of a message that it does not pass on, a sticker for instance.
_NOT_PASSED_ON = re.compile(
    r"\s*[【\[(（]?\s*(?:(?:收到)?(?:一条)?(?:暂)?不支持的?(?:消息|信息)(?:类型)?(?:[，,]?\s*(?:暂)?无法(?:显示|查看))?"
    r"|unsupported\s+(?:message|msg)(?:\s+type)?)\s*[】\])）]?[。.]?\s*",
    re.IGNORECASE,
)


def _identity(fields: Fields) -> str:
    """A number alone would let one person have what another was answered."""
    return f"{need(fields, 'FromUserName')}:{message_id(fields)}"


def _text(fields: Fields) -> Inbound:
    text = fields.get("Content", "")
    if _NOT_PASSED_ON.fullmatch(text):
        return inbound(fields, Kind.OTHER, _identity(fields), extra=facts(fields, said="Content"))
    return inbound(fields, Kind.TEXT, _identity(fields), text=text)


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
