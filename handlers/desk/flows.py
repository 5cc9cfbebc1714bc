"""One talk: its stream page by page, what is new in it, and what the composer has to know."""

from collections.abc import Sequence
from itertools import groupby

from aiohttp import web

from bot.scripts import texts
from handlers.desk import kept, present, templates
from handlers.desk.templates import Offer
from handlers.web import forms, pages, session
from handlers.web.routes import Routes, sees
from services import clock
from services.actors import Actor
from services.desk import around, composing, drafts, inbox, reading, revealing, stream
from services.desk.entries import Entry, Speaker
from services.desk.listing import Row
from services.desk.stream import Marker, Page
from services.errors import NotFound
from services.scope import Field

routes = Routes("/talks/{id:[0-9]+}")
_MOST_WATCHED = 100


@routes.get("/open", sees(Field.TALKS))
async def open_(request: web.Request) -> web.Response:
    """Head, stream and composer, for a page that stays."""
    actor, talk_id = await session.actor(request), forms.number(request)
    return pages.render(request, "desk/talk.html", status=200, **await opened(request, actor, talk_id))


@routes.get("/older", sees(Field.TALKS))
async def older(request: web.Request) -> web.Response:
    """The entries before those that a page has; the marker before them in a header."""
    actor, talk_id = await session.actor(request), forms.number(request)
    await revealing.person_of(talk_id, actor=actor)  # first: whose it is matters more than what was asked
    page = await stream.page(talk_id, actor=actor, before=Marker.of(request.query.get("before", "")))
    response = pages.render(
        request, "desk/entries.html", status=200, talk_id=talk_id, days=days(page.entries), unread=None
    )
    response.headers["X-Older"] = str(page.older or "")
    return response


@routes.get("/news", sees(Field.TALKS))
async def news(request: web.Request) -> web.Response:
    """What came after `after`, and what became of those that the page names: messages of ours in `watch`, messages
    with files that were still on their way in `fetching`.
    """
    actor, talk_id = await session.actor(request), forms.number(request)
    row = await _row(
        talk_id, actor
    )  # first: whoever reads there that they have the talk has read all before it
    state = await composer(request, row, actor)
    after = request.query.get("after", "")
    watch, fetching = _numbers(request, "watch"), _numbers(request, "fetching")
    found = await stream.news(talk_id, after, watch=watch, fetching=fetching, actor=actor)
    around: dict[str, object] = {"talk_id": talk_id, "unread": None}
    return pages.told(
        {
            "seen": str(found.newest),
            "entries": [{"id": one.id, "html": _drawn(request, one, around)} for one in found.entries],
            "changed": [{"id": one.id, "html": _drawn(request, one, around)} for one in found.changed],
            "gone": found.gone,
            "head": pages.render(request, "desk/head.html", status=200, **state).text,
            "quota": pages.render(request, "desk/quota.html", status=200, **state).text,
            "mode": state["mode"],
        }
    )


async def opened(request: web.Request, actor: Actor, talk_id: int) -> dict[str, object]:
    """Everything that a talk's page shows, opened at the first message that this person has not read."""
    row = await _row(talk_id, actor)
    if entry := request.query.get("at", ""):
        return await _opened_at(request, actor, row, entry)
    page: Page = await stream.page(talk_id, actor=actor)
    read_to = await reading.last_read(talk_id, actor=actor)
    unread = _first_unread(page.entries, read_to, row)
    if page.newest.message:
        await reading.read(talk_id, page.newest.message, actor=actor)
    draft = await drafts.of(talk_id, actor=actor)
    return {
        **await composer(request, row, actor),
        "days": days(page.entries),
        "older": page.older,
        "seen": page.newest,
        "unread": unread,
        "hit": "",
        "past": False,
        "draft": draft,
    }


async def _opened_at(request: web.Request, actor: Actor, row: Row, entry: str) -> dict[str, object]:
    """Round one entry. Where newer ones are left out nobody writes: the page leads to them first."""
    found = await around.page(row.id, entry, actor=actor)
    return {
        **await composer(request, row, actor),
        "days": days(found.page.entries),
        "older": found.page.older,
        "seen": found.page.newest,
        "unread": None,
        "hit": found.entry,
        "past": not found.at_end,
        "draft": await drafts.of(row.id, actor=actor),
    }


async def composer(request: web.Request, row: Row, actor: Actor) -> dict[str, object]:
    """What stands above and in the composer, and which of its three forms it has."""
    written = await composing.of(row.id, actor=actor)
    allowed = written.allowed
    may_do = actor.scope is not None and Field.TALKS in actor.scope.does
    may_open = actor.scope is not None and Field.REPAIRS in actor.scope.does
    mode = "watch" if not (row.mine and may_do) else "closed" if allowed.closed else "free"
    return {
        "talk_id": row.id,
        "row": row,
        "allowed": allowed,
        "mode": mode,
        "may_do": may_do,
        "may_open": may_open,
        "place": written.place,
        "others": (await present.others(request, [row.id], actor)).get(row.id, []),
        "held": written.held,
        "templates": await offers(request, row.id, actor) if mode == "closed" else [],
        "now": clock.now(),
    }


async def offers(request: web.Request, talk_id: int, actor: Actor) -> list[Offer]:
    """The account's template messages that may be sent in this talk."""
    return await templates.offers(talk_id, request.config_dict[kept.TEMPLATES], actor=actor)


@routes.get("/templates", sees(Field.TALKS))
async def choice(request: web.Request) -> web.Response:
    """What may be sent though the window is closed, each as the phone will show it."""
    actor, talk_id = await session.actor(request), forms.number(request)
    return pages.render(request, "desk/templates.html", offers=await offers(request, talk_id, actor))


def days(entries: Sequence[Entry]) -> list[tuple[str, list[list[Entry]]]]:
    """(day, groups) oldest first; photos of one burst are one group, everything else is a group of its own."""
    found = []
    for day, of_day in groupby(entries, key=lambda one: clock.local(one.at).date()):
        found.append((f"{day.month}月{day.day}日 周{texts.WEEKDAYS[day.weekday()]}", bursts(list(of_day))))
    return found


def bursts(entries: Sequence[Entry]) -> list[list[Entry]]:
    groups: list[list[Entry]] = []
    for one in entries:
        before = groups[-1][-1] if groups else None
        if (
            before is not None
            and _photo(one)
            and _photo(before)
            and (one.at - before.at).total_seconds() <= 60
        ):
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _photo(entry: Entry) -> bool:
    """One that has come, or never will: what is still on its way stands alone until then."""
    known = entry.file is not None and entry.file.status in ("stored", "failed")
    return entry.speaker is Speaker.RESIDENT and entry.kind == "image" and known


async def _row(talk_id: int, actor: Actor) -> Row:
    row = await inbox.row(talk_id, actor=actor, words=False)
    if row is None:
        raise NotFound("human.no_such_talk")
    return row


def _first_unread(entries: Sequence[Entry], read_to: int | None, row: Row) -> str | None:
    """The entry above which 以下是新消息 stands."""
    if not row.unread:
        return None
    fresh = [one for one in entries if one.table == "m" and one.speaker is Speaker.RESIDENT]
    fresh = fresh[-row.unread :] if read_to is None else [one for one in fresh if one.number > read_to]
    return fresh[0].id if fresh and len(fresh) < len(entries) else None


def _numbers(request: web.Request, name: str) -> list[int]:
    found = [int(one) for one in request.query.get(name, "").split(",") if one.isdecimal() and len(one) < 19]
    return found[:_MOST_WATCHED]


def _drawn(request: web.Request, entry: Entry, values: dict[str, object]) -> str:
    return pages.render(request, "desk/entry.html", status=200, group=[entry], **values).text or ""
