"""The real houses of a community: finding the one that somebody means, and those that come close."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import rows
from models.community import House
from services import spelling

_MOST = 6  # houses offered for “did you mean”
_NAMED = "SELECT * FROM house WHERE community_id = $1 AND label = $2 ORDER BY building_id LIMIT $3"
_PART = re.compile(r"[A-Za-z]+|\d+")
_CHINESE = re.compile(r"[零〇一二两三四五六七八九十]+")
_BETWEEN = re.compile(r"[-‐‑‒–—―−－_/#.·栋幢座楼室号]|单元|[A-Za-z]\d|\d[A-Za-z]")
_DIGITS = dict(zip("零〇一二两三四五六七八九", "001223456789", strict=True))


@dataclass(frozen=True, slots=True)
class HouseView:
    """`label` is 3-2-501, `shown` how people write it."""

    id: int
    label: str
    shown: str
    community_id: int
    building_id: int


async def find(community_id: int, label: str) -> HouseView | None:
    found = await _named(community_id, label)
    return found[0] if found else None


async def by_id(house_id: int) -> HouseView | None:
    row = await House.filter(id=house_id).first()
    return _view(row) if row else None


async def by_code(code: str) -> HouseView | None:
    """The house whose printed QR code carries this scene."""
    row = await House.filter(code=code).first()
    return _view(row) if row else None


async def resolve(community_id: int, text: str) -> list[HouseView]:
    """Houses that the words may mean, best first; one alone is certain, several are “did you mean”.

    A house that is only near what was said is never alone: nobody who says 1502 lives in 502.
    """
    parts = _parts(text)
    if len(parts) >= 2 and (the_very := await _named(community_id, "-".join(parts[:3]))):
        return the_very
    found, sure = await _closest(House.filter(community_id=community_id), parts)
    return found if sure or len(found) > 1 else []


async def within(communities: Collection[int] | None, text: str) -> list[HouseView]:
    """As resolve, in several communities, None for all of them."""
    here = House.all() if communities is None else House.filter(community_id__in=sorted(communities))
    return (await _closest(here, _parts(text)))[0]


async def _closest(here: QuerySet[House], parts: list[str]) -> tuple[list[HouseView], bool]:
    """The houses of the narrowest reading that finds any, and whether they are what was said."""
    for found, sure in _from_narrow_to_wide(here, parts):
        if close := await found.order_by("community_id", "building_id", "label").limit(_MOST):
            return [_view(row) for row in close], sure
    return [], False


def is_label(word: str) -> bool:
    """Whether somebody names a house by this: at least two numbers, and more than figures in a row."""
    return len(_parts(word)) > 1 and _BETWEEN.search(word) is not None


async def _named(community_id: int, label: str) -> list[HouseView]:
    """Asked for by whoever names a house as it is called, so by hand."""
    return [_view(row) for row, _ in await rows.read(House, _NAMED, community_id, label, _MOST)]


def _from_narrow_to_wide(here: QuerySet[House], parts: list[str]) -> Iterator[tuple[QuerySet[House], bool]]:
    """The very house; the same room in another unit; rooms whose number was cut short or misread by a digit.

    With each, whether it is what was said or only near it.
    """
    if len(parts) >= 3:
        building, unit, room = parts[:3]
        yield here.filter(label="-".join(parts[:3])), True
        yield here.filter(label__posix_regex=_with_zeros(parts[:3])), True
        yield here.filter(label=f"{building}-{room}"), True
        yield here.filter(building__number=building, room=room), False
        yield here.filter(label__startswith=f"{building}-{unit}-").filter(_like(room)), False
    elif len(parts) == 2:
        building, room = parts
        inside = here.filter(building__number=building)
        yield here.filter(label=f"{building}-{room}"), True
        yield here.filter(label__posix_regex=_with_zeros(parts)), True
        yield inside.filter(room=room), True
        yield inside.filter(_like(room)), False
    elif len(parts) == 1 and len(parts[0]) >= 3:
        yield here.filter(room=parts[0]), True


def _with_zeros(parts: list[str]) -> str:
    """Some lists write 03-02-0501; the words that people say carry no zeros in front."""
    return f"^{'-'.join(f'0*{part}' for part in parts)}$"


def _like(room: str) -> Q:
    """Rooms that differ in one digit: the floor, or the door on the same floor."""
    return Q(room__startswith=room[:-1]) | Q(room__endswith=room[1:])


def _parts(text: str) -> list[str]:
    plain = _CHINESE.sub(lambda found: arabic(found[0]), text)
    return [part.upper().lstrip("0") or "0" for part in _PART.findall(plain)]


def arabic(numeral: str) -> str:
    """五零一 is 501, 十二 is 12, 二十 is 20."""
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return "".join(_DIGITS[one] for one in numeral)
    return str(int(_DIGITS.get(tens[-1:], "1")) * 10 + int(_DIGITS.get(ones[:1], "0")))


def _view(row: House) -> HouseView:
    return HouseView(row.id, row.label, spelling.house(row.label), row.community_id, row.building_id)
