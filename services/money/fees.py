"""Making bills from fee rules, exact to the fen, with the snapshot that explains each amount."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tortoise.expressions import Q

from models.billing import Basis, Bill, BillLine, FeeKind, FeeRule, MeterReading, Rounding, SharedCost
from models.community import Community, House
from models.events import SubjectKind
from models.values import Json
from services import events, ids, spelling, work
from services.actors import Actor
from services.errors import NotFound
from services.events import Subject
from services.scope import Field

_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Computed:
    """One line of a bill before it is written."""

    name: str
    formula: str
    amount_fen: int
    snapshot: Json


def rounded(numerator: int, denominator: int, rounding: Rounding, step: int = 1) -> int:
    """numerator/denominator as a multiple of `step`; half goes up, that is away from zero."""
    if numerator < 0:
        return -rounded(-numerator, denominator, rounding, step)
    whole, rest = divmod(numerator, denominator * step)
    up = {
        Rounding.UP: rest > 0,
        Rounding.DOWN: False,
        Rounding.HALF_UP: 2 * rest >= denominator * step,
    }[rounding]
    return (whole + up) * step


def by_area(rule: FeeRule, area_cm2: int) -> Computed:
    fen = rounded(rule.price_e4 * area_cm2, 1_000_000, rule.rounding, rule.round_fen)
    formula = f"{square_metres(area_cm2)}㎡ × {price(rule.price_e4)}{rule.unit}"
    return Computed(rule.name, formula, fen, _snapshot(rule, area_cm2=area_cm2))


def fixed(rule: FeeRule) -> Computed:
    fen = rounded(rule.price_e4, 100, rule.rounding, rule.round_fen)
    return Computed(rule.name, f"1 × {price(rule.price_e4)}{rule.unit}", fen, _snapshot(rule))


def by_meter(rule: FeeRule, previous_milli: int, current_milli: int) -> Computed:
    fen = rounded((current_milli - previous_milli) * rule.price_e4, 100_000, rule.rounding, rule.round_fen)
    readings = f"({_plain(current_milli, 1000)} − {_plain(previous_milli, 1000)})"
    snapshot = _snapshot(rule, previous_milli=previous_milli, current_milli=current_milli)
    return Computed(rule.name, f"{readings} × {price(rule.price_e4)}{rule.unit}", fen, snapshot)


def shares(total_fen: int, areas: Sequence[int]) -> list[int]:
    """The total divided by area, adding up exactly: odd fen go to the largest remainders, first come first."""
    whole = sum(areas)
    if whole <= 0:
        return [0 for _ in areas]
    parts = [total_fen * area // whole for area in areas]
    by_remainder = sorted(range(len(areas)), key=lambda at: (-(total_fen * areas[at] % whole), at))
    for at in by_remainder[: total_fen - sum(parts)]:
        parts[at] += 1
    return parts


def square_metres(area_cm2: int) -> str:
    return f"{Decimal(area_cm2) / 10_000:.2f}"


def price(price_e4: int) -> str:
    """Yuan with at least two decimals and no needless zeros: 2.38, 0.5283."""
    text = f"{Decimal(price_e4) / 10_000:.4f}"
    return text[:-2] + text[-2:].rstrip("0")


async def bill_month(community_id: int, month: date, *, actor: Actor) -> int:
    """Make the month's bills of a community by its rules; returns how many.

    `month` is its first day. Raises NotFound for a community outside of the scope.
    Bills that exist stay as they are; a house without a reading gets no bill for it.
    """
    await _lock(community_id, actor)
    houses = await House.filter(community_id=community_id).order_by("id")
    rules = await _valid_rules(community_id, month)
    lines: dict[tuple[int, FeeKind], list[Computed]] = {}
    for rule in rules:
        for house_id, line in await _lines(rule, houses, month):
            lines.setdefault((house_id, rule.kind), []).append(line)
    known = await Bill.filter(community_id=community_id, month=month)
    for bill in known:
        lines.pop((bill.house_id, bill.kind), None)
    await _write(community_id, month, {rule.kind: rule for rule in reversed(rules)}, lines)
    await events.record(
        Subject(SubjectKind.COMMUNITY, community_id, community_id),
        "billed",
        actor=actor,
        note=f"{month:%Y-%m}",
        body={"bills": len(lines)},
    )
    return len(lines)


async def _lock(community_id: int, actor: Actor) -> None:
    """Two runs at once would make the same bills."""
    own = actor.doing(Field.FEES)
    found = Community.filter(id=community_id)
    if not own.has(community_id) or await work.lock(found) is None:
        raise NotFound("community.not_found")


async def _valid_rules(community_id: int, month: date) -> list[FeeRule]:
    still = Q(valid_to=None) | Q(valid_to__gte=month)
    return await FeeRule.filter(still, community_id=community_id, valid_from__lte=month).order_by("id")


async def _lines(rule: FeeRule, houses: list[House], month: date) -> Iterable[tuple[int, Computed]]:
    if rule.basis is Basis.METER:
        readings = await MeterReading.filter(community_id=rule.community_id, kind=rule.kind, month=month)
        return [(one.house_id, by_meter(rule, one.previous_milli, one.current_milli)) for one in readings]
    if rule.basis is Basis.SHARE:
        cost = await SharedCost.get_or_none(rule_id=rule.id, month=month)
        return _shared(rule, cost, houses) if cost else []
    if rule.basis is Basis.AREA:
        return [(house.id, by_area(rule, house.area_cm2)) for house in houses if house.area_cm2]
    return [(house.id, fixed(rule)) for house in houses]


def _shared(rule: FeeRule, cost: SharedCost, houses: list[House]) -> list[tuple[int, Computed]]:
    areas = [house.area_cm2 for house in houses]
    whole = square_metres(sum(areas))
    return [
        (
            house.id,
            Computed(
                rule.name,
                f"{spelling.yuan(cost.total_fen)}元 × {square_metres(house.area_cm2)}㎡ ÷ {whole}㎡",
                part,
                _snapshot(rule, total_fen=cost.total_fen, area_cm2=house.area_cm2, all_cm2=sum(areas)),
            ),
        )
        for house, part in zip(houses, shares(cost.total_fen, areas), strict=True)
    ]


async def _write(
    community_id: int,
    month: date,
    rules: dict[FeeKind, FeeRule],
    lines: dict[tuple[int, FeeKind], list[Computed]],
) -> None:
    fresh = await ids.reserve(Bill, len(lines))
    bills: list[Bill] = []
    rows: list[BillLine] = []
    for bill_id, ((house_id, kind), computed) in zip(fresh, lines.items(), strict=True):
        rule = rules[kind]
        bills.append(
            Bill(
                id=bill_id,
                community_id=community_id,
                house_id=house_id,
                kind=kind,
                name=rule.name,
                month=month,
                amount_fen=sum(line.amount_fen for line in computed),
                opens_on=day_of(month, rule.open_day),
                due_on=day_of(month, rule.due_day),
            )
        )
        rows += [_row(bill_id, position, line) for position, line in enumerate(computed)]
    await Bill.bulk_create(bills, batch_size=_BATCH)
    await BillLine.bulk_create(rows, batch_size=_BATCH)


def _row(bill_id: int, position: int, line: Computed) -> BillLine:
    return BillLine(
        bill_id=bill_id,
        position=position,
        name=line.name,
        formula=line.formula,
        amount_fen=line.amount_fen,
        rule=line.snapshot,
    )


def day_of(month: date, day: int) -> date:
    """A rule's day in a month; above 28 it is the month's last day."""
    if day <= 28:
        return month.replace(day=day)
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _snapshot(rule: FeeRule, **quantities: int) -> Json:
    return {
        "rule_id": rule.id,
        "basis": rule.basis.value,
        "price_e4": rule.price_e4,
        "unit": rule.unit,
        "rounding": rule.rounding.value,
        "round_fen": rule.round_fen,
        **quantities,
    }


def _plain(number: int, scale: int) -> str:
    return f"{Decimal(number) / scale:f}"
