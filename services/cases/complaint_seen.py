"""Which complaints somebody of the staff may know of and work on. Whom one is about never does, whatever they may."""

from dataclasses import dataclass

from tortoise.expressions import Q

from models.complaints import Complaint
from models.people import Staff, Technician
from services import accused, leading
from services.accusing import Accused
from services.actors import Actor
from services.errors import MayNot, NotFound
from services.estate.homes import Home
from services.scope import Field

RELATED = ("community", "house", "person", "handler")
_NAMED = 6


@dataclass(frozen=True, slots=True)
class About:
    """Names of colleagues, "" for nobody."""

    sure: str
    maybe: str


async def rows(actor: Actor) -> Q:
    """Outside of their scope, and for whom it is about, there is no such complaint."""
    return actor.seeing(Field.COMPLAINTS).rows() & await accused.not_about(actor)


async def must(complaint: Complaint, *, actor: Actor) -> None:
    """Raises MayNot for whom it is no work of."""
    if not await leading.may(complaint, actor=actor):
        raise MayNot(f"may_not.{Field.COMPLAINTS}")


async def find(complaint_id: int, *, actor: Actor) -> Complaint:
    """With what a page shows of it. Raises NotFound for what they do not see."""
    found = Complaint.filter(await rows(actor), id=complaint_id)
    row = await found.select_related(*RELATED).first()
    if row is None:
        raise NotFound("complaint.not_found", number="")
    return row


def house(row: Complaint) -> str:
    """Its label, "" for one that is anonymous."""
    return row.house.label if row.house and not row.anonymous else ""


def name(row: Complaint, home: Home | None) -> str:
    """Whose it is, "" for one that is anonymous."""
    return "" if row.anonymous else home.name if home else row.person.name


async def whom(complaint: Complaint) -> About:
    """The names of those it is about, as far as that is clear, and else of those it may be about."""
    sure = Accused(_one(complaint.about_staff_id), _one(complaint.about_technician_id))
    found = (await accused.of([complaint]))[complaint.id]
    maybe = Accused(found.staff - sure.staff, found.technicians - sure.technicians)
    return About(await _names(sure), await _names(maybe))


def _one(number: int | None) -> frozenset[int]:
    return frozenset() if number is None else frozenset({number})


async def _names(whom: Accused) -> str:
    """Of whom there are many, the first few."""
    if not whom:
        return ""
    staff = await Staff.filter(id__in=sorted(whom.staff)).order_by("id")
    technicians = await Technician.filter(id__in=sorted(whom.technicians)).order_by("id")
    names = list(dict.fromkeys([*(one.name for one in staff), *(one.name for one in technicians)]))
    return "、".join(names[:_NAMED]) + ("等" if len(names) > _NAMED else "")
