"""Messages: what a person sent. MsgId names them.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html
"""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from bot.values import Inbound, Kind
from wechat.fields import Fields, all_facts, facts, inbound, media, message_id, need, number


def _text(fields: Fields) -> Inbound:
    return inbound(fields, Kind.TEXT, message_id(fields), text=fields.get("Content", ""))


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
    return inbound(fields, kind, message_id(fields), media_id=media_id, extra=extra)


def _location(fields: Fields) -> Inbound:
    place = number(fields, "Location_X"), number(fields, "Location_Y")
    label = fields.get("Label", "").strip()
    extra = facts(fields, scale="Scale")
    return inbound(fields, Kind.LOCATION, message_id(fields), text=label, place=place, extra=extra)


def _link(fields: Fields) -> Inbound:
    extra = facts(fields, description="Description", url="Url")
    return inbound(fields, Kind.LINK, message_id(fields), text=fields.get("Title", "").strip(), extra=extra)


def unknown(fields: Fields, root: Element) -> Inbound:
    """A kind that the platform added after this was written."""
    extra = {**all_facts(root), "type": need(fields, "MsgType")}
    return inbound(fields, Kind.OTHER, message_id(fields), extra=extra)


KINDS: dict[str, Callable[[Fields], Inbound]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
    "location": _location,
    "link": _link,
}
