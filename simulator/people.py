"""The people with phones: who follows, and what each phone shows."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from simulator.errors import ApiError, BadControl
from simulator.feed import Feed
from simulator.jsonio import JsonObject, JsonValue
from simulator.quota import Windows
from simulator.texts import Part, PartKind, read, readable


class Sender(StrEnum):
    ACCOUNT = "account"
    USER = "user"


class Via(StrEnum):
    """How a message came to the phone. `platform` marks the platform's own grey lines."""

    PASSIVE = "passive"
    CUSTOM = "custom"
    TEMPLATE = "template"
    MASS = "mass"
    SUBSCRIBED = "subscribed"
    USER = "user"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one bubble shows. `facts` are label and value lines of a template card."""

    type: str
    text: str = ""
    parts: tuple[Part, ...] = ()
    media_id: str = ""
    title: str = ""
    picture: str = ""
    url: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    lat: float | None = None
    lng: float | None = None


def text_content(text: str) -> Content:
    parts = read(text)
    return Content(type="text", text=readable(parts), parts=parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One bubble on a phone; `time` is Unix seconds, real time."""

    seq: int
    sender: Sender
    via: Via
    time: float
    content: Content

    def shown(self, origin: str) -> JsonObject:
        """The message as the control interface gives it; `origin` is where the media are fetched."""
        content = self.content
        options: list[JsonValue] = [
            {"text": part.sends, "id": part.id} for part in content.parts if part.kind is PartKind.OPTION
        ]
        shown: JsonObject = {
            "seq": self.seq,
            "from": self.sender.value,
            "type": content.type,
            "text": content.text,
            "options": options,
            "via": self.via.value,
            "time": self.time,
        }
        return shown | _extras(content, origin)


def _extras(content: Content, origin: str) -> JsonObject:
    extras: JsonObject = {
        "media_id": content.media_id,
        "media_url": f"{origin}/sim/media/{content.media_id}" if content.media_id else "",
        "title": content.title,
        "picture": content.picture,
        "url": content.url,
        "facts": [{"label": label, "value": value} for label, value in content.facts],
        "lat": content.lat,
        "lng": content.lng,
        "parts": [_part(part) for part in content.parts],
    }
    return {name: value for name, value in extras.items() if value not in ("", None, [])}


def _part(part: Part) -> JsonValue:
    fields = {"kind": part.kind.value, "text": part.text, "sends": part.sends, "id": part.id, "url": part.url}
    return {name: value for name, value in fields.items() if value}


@dataclass(slots=True, kw_only=True)
class Person:
    """`followed_at` is None for somebody who does not follow; `accepts` counts the subscription messages allowed.

    `consents` counts the one-time subscriptions, by template and scene. `template_report` is what the platform says
    became of a template message instead of "success".
    """

    openid: str
    nickname: str
    role: str = ""
    followed_at: float | None = None
    scene: str = ""
    remark: str = ""
    tags: set[int] = field(default_factory=set)
    accepts: dict[str, int] = field(default_factory=dict)
    template_report: str = ""
    consents: dict[str, int] = field(default_factory=dict)
    masses: list[str] = field(default_factory=list)
    windows: Windows = field(default_factory=Windows)
    messages: list[Message] = field(default_factory=list)
    last_event_second: int = 0

    @property
    def follows(self) -> bool:
        return self.followed_at is not None

    def place_of(self, text: str, menu_id: str) -> int:
        """Where an option stands in the newest message that has it, from 0; 0 when no message has it."""
        for message in reversed(self.messages):
            options = [part for part in message.content.parts if part.kind is PartKind.OPTION]
            for place, part in enumerate(options):
                if (part.sends, part.id) == (text, menu_id):
                    return place
        return 0

    def after(self, seq: int) -> list[Message]:
        return self.messages[max(0, seq) :]


class People:
    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._all: dict[str, Person] = {}

    def __iter__(self) -> Iterator[Person]:
        return iter(list(self._all.values()))

    def __contains__(self, openid: str) -> bool:
        return openid in self._all

    def add(self, person: Person) -> Person:
        if person.openid in self._all:
            raise BadControl(f"{person.openid} exists already")
        self._all[person.openid] = person
        self.changed(person)
        return person

    def get(self, openid: str) -> Person:
        """The person, for the control interface."""
        if openid not in self._all:
            raise BadControl(f"there is no person {openid}", status=404)
        return self._all[openid]

    def known(self, openid: str) -> Person:
        """The person, for the platform's API: 40003 if nobody has that openid."""
        if openid not in self._all:
            raise ApiError(40003)
        return self._all[openid]

    def follower(self, openid: str) -> Person:
        person = self.known(openid)
        if not person.follows:
            raise ApiError(43004)
        return person

    def followers(self) -> list[Person]:
        return sorted((p for p in self if p.follows), key=lambda p: (p.followed_at or 0, p.openid))

    def show(self, person: Person, content: Content, *, sender: Sender, via: Via) -> Message:
        """Put a bubble on the phone and tell the listeners."""
        seq = len(person.messages) + 1
        message = Message(seq=seq, sender=sender, via=via, time=time.time(), content=content)
        person.messages.append(message)
        self._feed.tell({"kind": "message", "openid": person.openid, "seq": seq})
        return message

    def changed(self, person: Person) -> None:
        self._feed.tell({"kind": "person", "openid": person.openid})


def consent_key(template_id: str, scene: str) -> str:
    """What one agreement to a one-time subscription message is for."""
    return f"{template_id} {scene}"


def new_openid() -> str:
    return "o" + secrets.token_urlsafe(20)[:27]
