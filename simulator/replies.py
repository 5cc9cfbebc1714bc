"""Reads what the account answers to a push: strictly, as the platform does."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from simulator.config import Config, Mode
from simulator.crypto import BadEnvelope, Envelope, signature
from simulator.errors import ApiError
from simulator.media import MediaStore
from simulator.people import Content, text_content
from simulator.xml import BadXml, parse, value

_SILENT = {"", "success"}


class BadReply(Exception):
    """An answer that the platform cannot use; the user sees its failure sentence."""


@dataclass(frozen=True, slots=True)
class ReplyReader:
    """Opens, checks and reads answers for one account."""

    config: Config
    envelope: Envelope
    media: MediaStore

    def read(self, body: bytes, *, openid: str, to_event: bool) -> Content | None:
        """What the phone is to show, None for nothing. BadReply if the platform would refuse it."""
        try:
            text = body.decode().strip()
            return None if text in _SILENT else self._content(self._open(text), openid, to_event)
        except (UnicodeDecodeError, BadXml, BadEnvelope, ValueError) as error:
            raise BadReply(str(error)) from error
        except ApiError as error:
            raise BadReply(f"errcode {error.errcode}") from error

    def _open(self, text: str) -> Element:
        root = parse(text)
        sealed = root.find("Encrypt") is not None
        if sealed and self.config.mode is Mode.PLAIN:
            raise BadReply("an encrypted reply in plain mode")
        if not sealed and self.config.mode is Mode.SAFE:
            raise BadReply("a plain reply in safe mode")
        return parse(self._unseal(root)) if sealed else root

    def _unseal(self, root: Element) -> str:
        sealed = value(root, "Encrypt")
        expected = signature(self.config.token, value(root, "TimeStamp"), value(root, "Nonce"), sealed)
        if value(root, "MsgSignature") != expected:
            raise BadReply("the signature does not match")
        return self.envelope.open(sealed)

    def _content(self, root: Element, openid: str, to_event: bool) -> Content | None:
        if value(root, "ToUserName") != openid or value(root, "FromUserName") != self.config.account:
            raise BadReply("not from the account to this person")
        int(value(root, "CreateTime"))
        return self._by_type(root, value(root, "MsgType"), to_event)

    def _by_type(self, root: Element, kind: str, to_event: bool) -> Content | None:
        match kind:
            case "text":
                return self._text(value(root, "Content"))
            case "image" | "voice":
                media_id = value(_child(root, kind.capitalize()), "MediaId")
                return Content(type=kind, media_id=self.media.get(media_id).id)
            case "video":
                return self._video(_child(root, "Video"))
            case "music":
                return _music(_child(root, "Music"))
            case "news":
                return _news(root, most=8 if to_event else 1)
            case "transfer_customer_service":
                return None
        raise BadReply(f"unknown message type {kind}")

    def _text(self, text: str) -> Content:
        if not text:
            raise BadReply("an empty text")
        if len(text.encode()) > self.config.reply_text_bytes:
            raise BadReply(f"a text of {len(text.encode())} bytes")
        return text_content(text)

    def _video(self, node: Element) -> Content:
        medium = self.media.get(value(node, "MediaId"))
        title, text = _optional(node, "Title"), _optional(node, "Description")
        return Content(type="video", media_id=medium.id, title=title, text=text)


def _child(parent: Element, name: str) -> Element:
    found = parent.findall(name)
    if len(found) != 1:
        raise BadReply(f"expected one <{name}>")
    return found[0]


def _optional(node: Element, name: str) -> str:
    return node.findtext(name) or ""


def _music(node: Element) -> Content:
    return Content(
        type="music",
        title=_optional(node, "Title"),
        text=_optional(node, "Description"),
        url=_optional(node, "MusicUrl"),
    )


def _news(root: Element, *, most: int) -> Content:
    articles = _child(root, "Articles").findall("item")
    if int(value(root, "ArticleCount")) != len(articles) or not 1 <= len(articles) <= most:
        raise BadReply(f"{len(articles)} articles")
    first = articles[0]
    return Content(
        type="news",
        title=value(first, "Title"),
        text=_optional(first, "Description"),
        picture=_optional(first, "PicUrl"),
        url=_optional(first, "Url"),
    )
