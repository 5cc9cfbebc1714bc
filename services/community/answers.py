"""The best article for what somebody asks, and related ones."""

from dataclasses import dataclass
from datetime import datetime

from models import rows
from models.articles import Article, Audience, Section
from services.community import articles
from services.community.articles import ArticleView
from services.community.word_index import WordIndex
from services.estate.homes import Home

SURE = 0.3  # from here on the answer may be given at once; below it ask "是这个吗"
FAINT = 0.1  # below this nothing fits
_WEIGHTS = {"title": 4.0, "keyword": 3.0, "asked_as": 3.0, "text": 0.5}
_MARKED_DOWN = {Section.NEWS: 0.7, Section.PROJECT: 0.9}  # news must fit better to stand before an answer

_Stamp = tuple[int, datetime | None]


@dataclass(frozen=True, slots=True)
class Found:
    """`best` is None when nothing fits; `sure` when it may be given without asking back."""

    best: ArticleView | None
    sure: bool
    related: list[ArticleView]


@dataclass(frozen=True, slots=True)
class _Shelf:
    stamp: _Stamp
    index: WordIndex
    rows: dict[int, Article]


_shelf: list[_Shelf] = []  # the newest one, of this process


async def find(home: Home | None, question: str, *, related: int = 3) -> Found:
    """Search what whoever lives there may read: the company's articles and those of their own community."""
    shelf = await _current()
    readable = {key for key, row in shelf.rows.items() if _may_read(row, home)}
    scored = [(key, score * _weight(shelf.rows[key])) for key, score in shelf.index.rank(question, readable)]
    fitting = [(key, score) for key, score in sorted(scored, key=lambda one: -one[1]) if score >= FAINT]
    if not fitting:
        return Found(None, sure=False, related=[])
    seen = [articles.view(shelf.rows[key]) for key, _ in fitting[: related + 1]]
    return Found(seen[0], fitting[0][1] >= SURE, seen[1:])


async def _current() -> _Shelf:
    """The index as of now: one small query tells whether anything was changed since it was built."""
    stamp = await _stamp()
    if not _shelf or _shelf[0].stamp != stamp:
        _shelf[:] = [await _build(stamp)]
    return _shelf[0]


async def _stamp() -> _Stamp:
    [row] = await rows.records(Article, "SELECT count(*) AS many, max(updated_at) AS newest FROM article")
    return row["many"], row["newest"]


async def _build(stamp: _Stamp) -> _Shelf:
    shelved = {row.id: row for row in await Article.filter(published=True)}
    return _Shelf(stamp, WordIndex({key: _parts(row) for key, row in shelved.items()}), shelved)


def _parts(row: Article) -> list[tuple[float, str]]:
    parts = [(_WEIGHTS["title"], row.title), (_WEIGHTS["text"], row.text)]
    parts += [(_WEIGHTS["keyword"], word) for word in row.keywords]
    return parts + [(_WEIGHTS["asked_as"], way) for way in row.asked_as]


def _may_read(row: Article, home: Home | None) -> bool:
    here = row.community_id is None or (home is not None and row.community_id == home.community_id)
    return here and Audience(row.audience) in articles.audiences(home)


def _weight(row: Article) -> float:
    return _MARKED_DOWN.get(Section(row.section), 1.0)
