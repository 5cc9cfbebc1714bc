"""FAQ, handbook, rules, the company and its news: by section, and as answers to what people ask."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from models.articles import Article, Audience, Section
from models.community import Relation
from services.errors import NotFound
from services.estate import homes
from services.estate.homes import Home


@dataclass(frozen=True, slots=True)
class ArticleView:
    id: int
    title: str
    text: str
    url: str
    picture: str
    published_at: datetime | None


async def of_section(
    person_id: int, section: Section, *, limit: int = 10, offset: int = 0
) -> list[ArticleView]:
    """The community's own first, then the company's; news newest first."""
    home = await homes.find(person_id)
    found = Article.filter(_readable(home), section=section)
    order = ("-published_at", "-id") if section in {Section.NEWS, Section.PROJECT} else ("sort", "id")
    return [view(one) for one in await found.order_by(*order).offset(offset).limit(limit)]


async def get(person_id: int, article_id: int) -> ArticleView:
    """One that is not for this person's community raises NotFound."""
    article = await Article.get_or_none(Q(id=article_id), _readable(await homes.find(person_id)))
    if article is None:
        raise NotFound("article.not_found")
    return view(article)


def view(row: Article) -> ArticleView:
    return ArticleView(row.id, row.title, row.text, row.url, row.picture, row.published_at)


def audiences(home: Home | None) -> list[Audience]:
    """Who is bound to no house reads what owners read."""
    tenant = home is not None and home.relation is Relation.TENANT
    return [Audience.ALL, Audience.TENANT if tenant else Audience.OWNER]


def _readable(home: Home | None) -> Q:
    everywhere = Q(community_id=None)
    here = everywhere | Q(community_id=home.community_id) if home else everywhere
    return here & Q(published=True, audience__in=audiences(home))
