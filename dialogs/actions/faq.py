"""Answers out of the company's articles, and reading them by section."""

import re

from bot.scripts import texts
from bot.scripts.actions import Listed, Outcome
from bot.turn import Turn
from bot.values import Plain
from dialogs.actions.arguments import home_of, whole, words
from dialogs.actions.registry import registry
from models.articles import Section
from services import clock
from services.community import answers, articles
from services.community.answers import Found
from services.community.articles import ArticleView

_RELATED = 4
_LONGEST = 480  # characters of an article in the chat


@registry.action(
    "faq.search", gives=("article", "heading", "body", "url", "more"), outcomes=("none", "sure"), reads=True
)
async def search(turn: Turn, *, question: Plain) -> Outcome:
    """The best answer, whether it surely is the one, and whether there are related ones."""
    found = await _found(turn, words(question))
    if found.best is None:
        return Outcome("none")
    values = {**_values(found.best), "article": str(found.best.id), "more": bool(found.related)}
    return Outcome("sure" if found.sure else "ok", values)


@registry.source("faq.related")
async def related(turn: Turn, *, question: Plain) -> Listed:
    """What else the question may mean."""
    found = await _found(turn, words(question))
    return [(str(one.id), one.title) for one in found.related]


async def _found(turn: Turn, question: str) -> Found:
    """Searched once a turn: the answer and what else may be meant come of the same look."""

    wanted = _DENIED.sub("", question) or question

    async def ask() -> Found:
        return await answers.find(await home_of(turn), wanted, related=_RELATED)

    return await turn.once(f"answers to {wanted}", ask)


_DENIED = re.compile(r"^(?:我?问的)?(?:不是|没问|不问)[^,，。\s]{1,8}[,，。\s]+(?:而?是)?")  # 不是装修 是搬家


@registry.source("faq.popular")
async def popular(turn: Turn) -> Listed:
    found = await articles.of_section(turn.person.id, Section.FAQ, limit=6)
    return [(one.title, one.title) for one in found]


@registry.action("faq.read", gives=("article", "heading", "body", "url", "published", "picture"), reads=True)
async def read(turn: Turn, *, article: Plain) -> Outcome:
    found = await articles.get(turn.person.id, whole(article))
    return Outcome(values={**_values(found), "article": str(found.id)})


@registry.action("faq.section", outcomes=("none",), reads=True)
async def section(turn: Turn, *, section: Plain) -> Outcome:
    found = await articles.of_section(turn.person.id, Section(words(section)), limit=1)
    return Outcome("ok" if found else "none")


@registry.source("faq.of_section")
async def of_section(turn: Turn, *, section: Plain) -> Listed:
    if not section:
        return []
    found = await articles.of_section(turn.person.id, Section(words(section)), limit=24)
    return [(str(one.id), one.title) for one in found]


def _values(article: ArticleView) -> dict[str, Plain]:
    text = article.text
    published = clock.local(article.published_at) if article.published_at else None
    return {
        "heading": article.title,
        "body": text if len(text) <= _LONGEST else text[:_LONGEST] + "…",
        "url": article.url or None,
        "published": texts.date(published.isoformat()) if published else None,
        "picture": article.picture,
    }
