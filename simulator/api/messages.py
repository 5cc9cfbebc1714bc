"""message/custom/send and message/custom/typing: every type, within the person's windows."""

from simulator.api.serving import Api, Ask, post
from simulator.errors import ApiError, ok
from simulator.jsonio import Fields, JsonObject
from simulator.people import Content, Sender, Via, text_content
from simulator.texts import Part, PartKind, read, readable

_MOST_TEXT_BYTES = 2048


async def custom_send(ask: Ask) -> JsonObject:
    person = ask.world.people.follower(ask.body.text("touser", ""))
    content = read_content(ask)
    person.windows.use(ask.world.clock.now())
    ask.world.people.show(person, content, sender=Sender.ACCOUNT, via=Via.CUSTOM)
    return ok()


async def typing(ask: Ask) -> JsonObject:
    person = ask.world.people.follower(ask.body.text("touser", ""))
    command = ask.body.text("command", "")
    if command not in ("Typing", "CancelTyping"):
        raise ApiError(40035)
    person.windows.check(ask.world.clock.now())
    ask.world.feed.tell({"kind": "typing", "openid": person.openid, "on": command == "Typing"})
    return ok()


def read_content(ask: Ask) -> Content:
    """The bubble that a customer or mass message makes. ApiError as the platform words it."""
    kind = ask.body.text("msgtype", "")
    match kind:
        case "text":
            return _text(ask.body.object("text"))
        case "image" | "voice":
            medium = ask.world.media.get(ask.body.object(kind).text("media_id", ""))
            return Content(type=kind, media_id=medium.id)
        case "video" | "mpvideo":
            return _video(ask, ask.body.object(kind))
        case "music":
            return _music(ask.body.object("music"))
        case "news":
            return _news(ask.body.object("news"))
        case "msgmenu":
            return _menu(ask.body.object("msgmenu"))
        case "miniprogrampage":
            return _mini_program(ask.body.object("miniprogrampage"))
    raise ApiError(40008)


def _sized(text: str) -> str:
    if len(text.encode()) > _MOST_TEXT_BYTES:
        raise ApiError(45002)
    return text


def _text(body: Fields) -> Content:
    text = body.text("content", "")
    if not text:
        raise ApiError(44004)
    return text_content(_sized(text))


def _video(ask: Ask, body: Fields) -> Content:
    medium = ask.world.media.get(body.text("media_id", ""))
    title, text = body.text("title", ""), body.text("description", "")
    return Content(type="video", media_id=medium.id, title=title, text=text)


def _music(body: Fields) -> Content:
    title, text = body.text("title", ""), body.text("description", "")
    return Content(type="music", title=title, text=text, url=body.text("musicurl"))


def _news(body: Fields) -> Content:
    articles = body.objects("articles")
    if not articles:
        raise ApiError(44003)
    if len(articles) > 1:
        raise ApiError(45008)
    first = articles[0]
    return Content(
        type="news",
        title=first.text("title"),
        text=first.text("description", ""),
        picture=first.text("picurl", ""),
        url=first.text("url", ""),
    )


def _menu(body: Fields) -> Content:
    entries = body.objects("list")
    if not entries:
        raise ApiError(44004)
    options = [_option(entry) for entry in entries]
    parts = (*_line(body.text("head_content", "")), *options, *read(body.text("tail_content", "")))
    text = _sized(readable(parts)).rstrip("\n")
    return Content(type="text", text=text, parts=tuple(parts))


def _option(entry: Fields) -> Part:
    text, number = entry.text("content", ""), entry.values.get("id")
    if not text or not isinstance(number, str | int):
        raise ApiError(44004)
    return Part(PartKind.OPTION, f"{text}\n", sends=text, id=str(number))


def _line(text: str) -> tuple[Part, ...]:
    return read(f"{text}\n") if text else ()


def _mini_program(body: Fields) -> Content:
    return Content(type="miniprogrampage", title=body.text("title"), url=body.text("pagepath"))


APIS: list[Api] = [post("message/custom/send", custom_send), post("message/custom/typing", typing)]
