"""The page of the search: people and houses, repairs and complaints, and what was said, the newest first."""

from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from aiohttp import web

from handlers.search.asking import ASIDE
from handlers.today.words import Places
from handlers.web import errors, pages, session
from handlers.web.routes import DECLARED, Routes, sees
from handlers.web.wording import phrase
from models.aside import TooLongError
from services import spelling
from services.actors import Actor
from services.desk import search
from services.desk.search import Ask, Matter, Said
from services.errors import Invalid
from services.estate import finding
from services.estate.finding import Found
from services.paging import Page
from services.scope import Field

routes = Routes("/search")

_A_FEW = 5  # of each kind where all are shown
ALL, MESSAGES, MATTERS, PEOPLE = "", "messages", "matters", "people"
_TABS = {ALL: "全部", PEOPLE: "住户和房屋", MATTERS: "工单和投诉", MESSAGES: "消息"}


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found of each kind; None for what was not looked for. `trouble` says why something is missing."""

    people: Found | None = None
    matters: Page[Matter] | None = None
    messages: Page[Said] | None = None
    trouble: str = ""
    there: list[tuple[str, str]] = field(default_factory=list)  # tabs: name, word

    @property
    def nothing(self) -> bool:
        people = bool(self.people and (self.people.houses or self.people.people.rows))
        rest = [one for one in (self.matters, self.messages) if one is not None]
        return not people and not any(one.rows or one.after for one in rest)


@routes.get("", sees(Field.ALERTS))
async def page(request: web.Request) -> web.Response:
    actor = await session.actor(request)
    text, tab = spelling.line(request.query.get("q", "")), request.query.get("in", ALL)
    hits = Hits(there=_tabs(actor))
    if tab not in dict(hits.there):
        tab = ALL
    if text:
        with request.config_dict[ASIDE].tables():
            hits = replace(await _found(request, text, tab, actor), there=hits.there)
    return pages.render(
        request,
        "search/page.html",
        hits=hits,
        text=text,
        tab=tab,
        tabs=[(_address(text, name), word, None, name == tab) for name, word in hits.there],
        address=_address,
        places=Places(request.config_dict[DECLARED]),
    )


async def _found(request: web.Request, text: str, tab: str, actor: Actor) -> Hits:
    try:
        return await _looked(request, text, tab, actor)
    except TooLongError:
        return Hits(trouble=phrase("search.took_too_long"))
    except Invalid as error:
        return Hits(trouble=errors.sentence(error))


async def _looked(request: web.Request, text: str, tab: str, actor: Actor) -> Hits:
    """Words too short for the lines may still be somebody's name: people are found first."""
    ask, after = request.config_dict[ASIDE].ask, request.query.get("after", "")
    hits = Hits()
    if tab in (ALL, PEOPLE) and _may(actor, Field.RESIDENTS):
        found = await finding.find(text, actor=actor, after=after if tab == PEOPLE else "")
        hits = replace(hits, people=found)
    try:
        return await _lines(ask, hits, text, tab, actor, after)
    except (Invalid, TooLongError) as error:
        if hits.nothing:
            raise
        trouble = errors.sentence(error) if isinstance(error, Invalid) else phrase("search.took_too_long")
        return replace(hits, trouble=trouble)


async def _lines(ask: Ask, hits: Hits, text: str, tab: str, actor: Actor, after: str) -> Hits:
    if tab in (ALL, MATTERS):
        limit = _A_FEW if tab == ALL else search.PAGE
        behind = after if tab == MATTERS else ""
        matters = await search.matters(ask, text, actor=actor, after=behind, limit=limit)
        hits = replace(hits, matters=matters)
    if tab in (ALL, MESSAGES) and _may(actor, Field.TALKS):
        behind = after if tab == MESSAGES else ""
        hits = replace(hits, messages=await search.messages(ask, text, actor=actor, after=behind))
    return hits


def _may(actor: Actor, field_: Field) -> bool:
    return actor.scope is not None and field_ in actor.scope.sees


def _tabs(actor: Actor) -> list[tuple[str, str]]:
    hidden = set()
    if not _may(actor, Field.RESIDENTS):
        hidden.add(PEOPLE)
    if not _may(actor, Field.TALKS):
        hidden.add(MESSAGES)
    return [(name, word) for name, word in _TABS.items() if name not in hidden]


def _address(text: str, tab: str, after: str = "") -> str:
    values = {"q": text, "in": tab, "after": after}
    return "/desk/search?" + urlencode({name: value for name, value in values.items() if value})
