"""What a channel hands to the bot and what the bot hands back, free of any channel's own words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

# What slots and expressions hold: JSON's own values.
Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | None"


class Kind(StrEnum):
    """What a person did. Everything a channel can push is one of these; what nobody knows yet is OTHER."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    FOLLOW = "follow"  # started following; `key` is the scene of the QR code, "" without one
    UNFOLLOW = "unfollow"
    SCAN = "scan"  # a follower scanned a QR code; `key` is its scene
    MENU = "menu"  # tapped an entry of the account's menu; `key` is the entry's key
    DELIVERY = "delivery"  # the platform reports what became of a template message
    SILENT = "silent"  # something to record and answer with nothing (page views, positions, receipts)
    OTHER = "other"  # unknown to us: recorded, and answered sensibly when a person did it


PAID = "paid"  # among `Inbound.extra` of a push that tells of a payment


@dataclass(frozen=True, slots=True)
class Inbound:
    """One push from a channel.

    `external_id` is the same for every delivery of one push and different for every other push.
    `person` is the channel's name of the sender (WeChat: the openid). `sent_at` is aware UTC.
    """

    external_id: str
    person: str
    kind: Kind
    sent_at: datetime
    channel: str = "wechat"
    account: str = ""
    text: str = ""  # what was typed; a location's label; a link's title
    tapped: str = ""  # what the channel gives back of a tapped option's number, often useless; "" when typed
    key: str = ""  # menu key or QR scene
    media_id: str = ""  # the channel's handle of a photo, voice or video
    latitude: float | None = None
    longitude: float | None = None
    extra: Mapping[str, str] = field(default_factory=dict)  # kind-specific facts, for the record


@dataclass(frozen=True, slots=True)
class Option:
    """Something to tap. `text` is what tapping says; `id` says where it leads, and never leaves this house.

    What the channel gets is `number`, counted per person, which may come back as `Inbound.tapped`; 0 while nobody
    has numbered it. `keywords` are words that mean it when they are typed later, once the message is the newest.
    """

    text: str
    id: str = ""
    keywords: tuple[str, ...] = ()
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Article:
    """A card with a picture that opens a page."""

    title: str
    description: str = ""
    url: str = ""
    picture_url: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Words that open a page."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to one person: text with options, or a picture, or a card."""

    text: str = ""
    options: tuple[Option, ...] = ()
    image: str = ""  # content hash of a stored picture
    article: Article | None = None
    link: Link | None = None  # below the options of a text


def numbered(reply: Reply, first: int) -> Reply:
    """The reply with its options numbered from `first`."""
    if not reply.options:
        return reply
    options = tuple(Option(one.text, one.id, one.keywords, n) for n, one in enumerate(reply.options, first))
    return Reply(reply.text, options, reply.image, reply.article, reply.link)


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One entry of the account's menu: `key` comes back as `Inbound.key`, or `url` opens a page."""

    name: str
    key: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class MenuButton:
    """A button at the bottom of the chat with the entries that it unfolds."""

    name: str
    entries: tuple[MenuEntry, ...]
