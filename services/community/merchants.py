"""周边商家: browse by tag, search, look at one."""

from dataclasses import dataclass

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.merchants import Merchant, MerchantTag
from services.errors import NotFound


@dataclass(frozen=True, slots=True)
class TagCount:
    name: str
    merchants: int


@dataclass(frozen=True, slots=True)
class Named:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Card:
    """All that residents may know of a merchant."""

    name: str
    picture: str
    contact: str
    mobile: str
    phone: str
    qq: str
    address: str
    tags: tuple[str, ...]
    intro: str
    recommended: str
    special_services: str
    opening_hours: str


async def tags(community_id: int | None) -> list[TagCount]:
    """Tags that somebody here carries, in the list's order."""
    shops = await Merchant.filter(_serving(community_id)).values_list("tags", flat=True)
    carried = [name for names in shops for name in _texts(names)]
    listed = await MerchantTag.all().order_by("sort", "id")
    return [TagCount(tag.name, carried.count(tag.name)) for tag in listed if tag.name in carried]


async def by_tag(community_id: int | None, tag: str, *, limit: int = 8) -> list[Named]:
    found = Merchant.filter(_serving(community_id), tags__contains=[tag])
    return await _named(found, limit)


async def search(community_id: int | None, text: str, *, limit: int = 8) -> list[Named]:
    """By name, introduction, recommendation or tag."""
    words = (
        Q(name__icontains=text)
        | Q(intro__icontains=text)
        | Q(recommended__icontains=text)
        | Q(special_services__icontains=text)
        | Q(tags__contains=[text])
    )
    return await _named(Merchant.filter(_serving(community_id), words), limit)


async def card(community_id: int | None, merchant_id: int) -> Card:
    """All its fields; one that does not serve this community raises NotFound."""
    merchant = await Merchant.get_or_none(Q(id=merchant_id), _serving(community_id))
    if merchant is None:
        raise NotFound("merchant.not_found")
    return Card(
        name=merchant.name,
        picture=merchant.picture,
        contact=merchant.contact,
        mobile=merchant.mobile,
        phone=merchant.phone,
        qq=merchant.qq,
        address=merchant.address,
        tags=tuple(merchant.tags),
        intro=merchant.intro,
        recommended=merchant.recommended,
        special_services=merchant.special_services,
        opening_hours=merchant.opening_hours,
    )


async def _named(found: QuerySet[Merchant], limit: int) -> list[Named]:
    return [Named(one.id, one.name) for one in await found.order_by("sort", "id").limit(limit)]


def _serving(community_id: int | None) -> Q:
    """Those without a list of communities serve everybody."""
    everybody = Q(active=True, communities=[])
    if community_id is None:
        return everybody
    return everybody | Q(active=True, communities__contains=[community_id])


def _texts(names: object) -> list[str]:
    return [str(name) for name in names] if isinstance(names, list) else []
