"""Whom to call: management offices with their hours, and the duty phones of a community."""

from dataclasses import dataclass

from models.community import Community, DutyPhone
from services.cache import Cached


@dataclass(frozen=True, slots=True)
class Phone:
    name: str
    phone: str
    emergency: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """A community with its office, as residents are told."""

    community_id: int
    community: str
    address: str
    office: str
    office_phone: str
    office_address: str
    hours: str
    phones: list[Phone]


async def of_community(community_id: int) -> Contact:
    community = await Community.get(id=community_id).select_related("office")
    phones = await DutyPhone.filter(community_id=community_id).order_by("sort", "id")
    return _contact(community, phones)


async def everywhere() -> list[Contact]:
    """For somebody who is bound to no house."""
    phones = await DutyPhone.all().order_by("sort", "id")
    communities = await Community.all().select_related("office").order_by("id")
    return [_contact(one, [phone for phone in phones if phone.community_id == one.id]) for one in communities]


async def known() -> list[Contact]:
    """As everywhere, as it was some seconds ago: for the numbers that stand beside something else."""
    return await _known.get()


_known = Cached(everywhere, seconds=10.0)


def _contact(community: Community, phones: list[DutyPhone]) -> Contact:
    office = community.office
    return Contact(
        community_id=community.id,
        community=community.name,
        address=community.address,
        office=office.name,
        office_phone=office.phone,
        office_address=office.address,
        hours=office.hours,
        phones=[Phone(phone.name, phone.phone, phone.emergency) for phone in phones],
    )
