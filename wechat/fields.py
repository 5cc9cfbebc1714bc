"""Fields of a push, checked as they are read."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from xml.etree.ElementTree import Element

from bot.values import Inbound, Kind
from wechat.errors import BadPush

Fields = Mapping[str, str]
Place = tuple[float, float]

_NAME = re.compile(r"\S{1,64}")
_LONGEST_ID = 128
_LONGEST_MEDIA_ID = 128
_MOST_FACTS = 40
_LONGEST_FACT = 500
_ENVELOPE = frozenset(
    {"ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "MsgID", "Event", "EventKey"}
)
_ONCE = _ENVELOPE | {"Encrypt", "Content", "bizmsgmenuid", "MediaId"}


def top_fields(root: Element) -> dict[str, str]:
    """Text of every element right below the root. A field that says twice who or what is refused."""
    fields: dict[str, str] = {}
    for element in root:
        tag = element.tag
        if tag in fields and tag in _ONCE:
            raise BadPush(f"{tag} is repeated")
        fields[tag] = element.text or ""
    return fields


def need(fields: Fields, tag: str) -> str:
    """A field that every push of its kind has."""
    value = fields.get(tag, "").strip()
    if not value:
        raise BadPush(f"{tag} is missing")
    return value


def message_id(fields: Fields) -> str:
    """The platform's number of a message; both spellings are in use."""
    return fields.get("MsgId", "").strip() or need(fields, "MsgID")


def number(fields: Fields, tag: str) -> float:
    """A finite number."""
    try:
        value = float(need(fields, tag))
    except ValueError:
        raise BadPush(f"{tag} is not a number") from None
    if not -1e6 < value < 1e6:
        raise BadPush(f"{tag} is out of range")
    return value


def media(fields: Fields) -> str:
    """The handle of a photo, voice or video, "" when the push names none."""
    media_id = fields.get("MediaId", "").strip()
    if len(media_id) > _LONGEST_MEDIA_ID:
        raise BadPush("MediaId is too long")
    return media_id


def facts(fields: Fields, **tags: str) -> dict[str, str]:
    """Those of the named fields that say something, under our names for them."""
    return {
        name: value for name, tag in tags.items() if (value := fields.get(tag, "").strip()[:_LONGEST_FACT])
    }


def all_facts(root: Element) -> dict[str, str]:
    """Everything below the envelope, for the record; nested elements by their own names, repeats joined."""
    found: dict[str, str] = {}
    for element in root.iter():
        value = (element.text or "").strip()
        if not value or element is root or element.tag in _ENVELOPE:
            continue
        joined = f"{found[element.tag]},{value}" if element.tag in found else value
        found[element.tag] = joined[:_LONGEST_FACT]
        if len(found) >= _MOST_FACTS:
            break
    return found


def inbound(
    fields: Fields,
    kind: Kind,
    identity: str,
    *,
    text: str = "",
    key: str = "",
    media_id: str = "",
    place: Place | None = None,
    extra: Mapping[str, str] | None = None,
) -> Inbound:
    """An Inbound from the envelope and what its kind adds. `identity` is what names it within its account."""
    account = _name(fields, "ToUserName")
    latitude, longitude = place or (None, None)
    return Inbound(
        external_id=_bounded(f"{account}:{identity}"),
        person=_name(fields, "FromUserName"),
        kind=kind,
        sent_at=_moment(need(fields, "CreateTime")),
        account=account,
        text=text,
        tapped=fields.get("bizmsgmenuid", "").strip(),
        key=key,
        media_id=media_id,
        latitude=latitude,
        longitude=longitude,
        extra=extra or {},
    )


def _name(fields: Fields, tag: str) -> str:
    name = need(fields, tag)
    if not _NAME.fullmatch(name):
        raise BadPush(f"{tag} is not a name")
    return name


def _bounded(identity: str) -> str:
    if len(identity) <= _LONGEST_ID:
        return identity
    return identity[:64] + blake2b(identity.encode(), digest_size=32).hexdigest()


def _moment(seconds: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        raise BadPush("CreateTime is not a time") from None
