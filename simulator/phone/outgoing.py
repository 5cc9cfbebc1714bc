"""What a person can do on the phone, as the fields of the push that it makes."""

import base64
import binascii
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from simulator.errors import BadControl
from simulator.jsonio import Fields
from simulator.media import MediaStore, Medium
from simulator.menus import button_type
from simulator.people import Content, Person
from simulator.quota import Opening
from simulator.world import World
from simulator.xml import XmlValue

_MOST_BYTES = 10 * 1024 * 1024
# One silent frame of AMR after the header: a voice message without a voice.
_SILENCE = b"#!AMR\n" + b"\x3c" + bytes(31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One act: the push's own fields, what the phone shows of it, and what it opens for the account."""

    fields: Mapping[str, XmlValue]
    bubble: Content | None = None
    opens: Opening | None = None

    @property
    def is_event(self) -> bool:
        return self.fields["MsgType"] == "event"


def event(kind: str, opens: Opening | None = None, **fields: XmlValue) -> Outgoing:
    return Outgoing(fields={"MsgType": "event", "Event": kind, **fields}, opens=opens)


def _message(kind: str, bubble: Content, opens: Opening = Opening.MESSAGE, **fields: XmlValue) -> Outgoing:
    return Outgoing(fields={"MsgType": kind, **fields}, bubble=bubble, opens=opens)


def make(body: Fields, *, world: World, person: Person, origin: str) -> Outgoing:
    """The act of a person that a control request describes. BadControl if it makes no sense."""
    kind = body.text("type")
    match kind:
        case "text":
            return _text(body)
        case "option":
            return _option(body, world, person)
        case "image" | "voice" | "video" | "shortvideo":
            return _file(kind, body, world.media, origin)
        case "location":
            return _location(body)
        case "link":
            return _link(body)
        case "menu":
            return _button(body, world)
        case "view":
            return event("VIEW", EventKey=_said(body, "url"), MenuId=str(body.integer("menu_id", 1)))
        case "raw":
            return _raw(body)
    raise BadControl(f"there is no message type {kind}")


def _said(body: Fields, name: str) -> str:
    text = body.text(name)
    if not text.strip():
        raise BadControl(f"{name} must not be empty")
    return text


def _text(body: Fields) -> Outgoing:
    return text(_said(body, "content"))


def text(words: str) -> Outgoing:
    return _message("text", Content(type="text", text=words), Content=words)


def _option(body: Fields, world: World, person: Person) -> Outgoing:
    """A tapped option, of a menu message or of a link in a text, which count for the same."""
    text, menu_id = _said(body, "text"), body.text("id")
    returned = world.habits.returned_id(person.place_of(text, menu_id), menu_id)
    told = {} if returned is None else {"bizmsgmenuid": returned}
    return _message("text", Content(type="text", text=text), world.habits.tap, Content=text, **told)


def _button(body: Fields, world: World) -> Outgoing:
    """A button of the account's menu: only clicks and scans open a window."""
    key = _said(body, "key")
    kind = button_type(world.menu, key)
    if kind.startswith("scancode"):
        scanned = {"ScanType": "qrcode", "ScanResult": body.text("result", "")}
        return event(kind, Opening.ACTION, EventKey=key, ScanCodeInfo=scanned)
    if kind != "click":
        return event(kind, EventKey=key)
    return event("CLICK", Opening.ACTION, EventKey=key)


def _file(kind: str, body: Fields, media: MediaStore, origin: str) -> Outgoing:
    content = _bytes(kind, body)
    medium = media.keep(content, kind=kind)
    bubble = Content(type=kind, media_id=medium.id)
    if kind == "image":
        picture = f"{origin}/sim/media/{medium.id}"
        return _message(kind, bubble, PicUrl=picture, MediaId=medium.id)
    if kind == "voice":
        wide = media.keep(content, kind=kind)
        return _message(kind, bubble, MediaId=medium.id, Format="amr", MediaId16K=wide.id)
    thumb = _thumb(media)
    return _message(kind, bubble, MediaId=medium.id, ThumbMediaId=thumb.id)


def _bytes(kind: str, body: Fields) -> bytes:
    if body.has("path"):
        content = _read(Path(body.text("path")))
    elif body.has("base64"):
        content = _decode(body.text("base64"))
    elif kind == "image":
        raise BadControl("an image needs path or base64")
    else:
        content = _SILENCE if kind == "voice" else b"\x00\x00\x00\x18ftypmp42" + bytes(12)
    if not content or len(content) > _MOST_BYTES:
        raise BadControl("the file must have between 1 byte and 10 MB")
    return content


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadControl(f"cannot read {path}: {error.strerror}") from error


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text.partition(",")[2] if text.startswith("data:") else text, validate=True)
    except binascii.Error as error:
        raise BadControl("base64 is not valid base64") from error


def _thumb(media: MediaStore) -> Medium:
    buffer = io.BytesIO()
    Image.new("RGB", (120, 120), "#444").save(buffer, "JPEG")
    return media.keep(buffer.getvalue(), kind="thumb")


def _location(body: Fields) -> Outgoing:
    lat, lng, label = body.number("lat"), body.number("lng"), body.text("label", "")
    if not (-90 <= lat <= 90 and -180 <= lng <= 180):
        raise BadControl("lat must be within ±90 and lng within ±180")
    bubble = Content(type="location", text=label, lat=lat, lng=lng)
    return _message(
        "location", bubble, Location_X=f"{lat:.6f}", Location_Y=f"{lng:.6f}", Scale="16", Label=label
    )


def _link(body: Fields) -> Outgoing:
    title, text, url = _said(body, "title"), body.text("description", ""), _said(body, "url")
    bubble = Content(type="link", title=title, text=text, url=url)
    return _message("link", bubble, Title=title, Description=text, Url=url)


def _raw(body: Fields) -> Outgoing:
    fields = body.object("fields").values
    if not isinstance(fields.get("MsgType"), str):
        raise BadControl("fields must name a MsgType")
    return Outgoing(fields={name: _xml(name, value) for name, value in fields.items()})


def _xml(name: str, value: object) -> XmlValue:
    if isinstance(value, dict):
        return {inner: _xml(inner, item) for inner, item in value.items()}
    if isinstance(value, str | int | float):
        return value
    raise BadControl(f"{name} must be a string, a number or an object of these")
