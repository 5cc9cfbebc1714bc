"""Whom to call, where the office is and when it is open."""

from bot.scripts.actions import Listed, Outcome
from bot.turn import Turn
from bot.values import Plain
from dialogs.actions import nearby
from dialogs.actions.arguments import whole
from dialogs.actions.registry import registry
from services import duty_phones
from services.estate import contacts
from services.estate.contacts import Contact, Phone

_GIVES = ("place", "address", "office", "office_phone", "office_address", "hours", "phones", "duty")


@registry.source("contact.communities")
async def communities(turn: Turn) -> Listed:
    return [(str(one.community_id), one.community) for one in await contacts.everywhere()]


@registry.action("contact.card", gives=_GIVES, reads=True)
async def card(turn: Turn, *, community: Plain) -> Outcome:
    nearby.keep(turn, whole(community))
    return Outcome(values=_values(await contacts.of_community(whole(community))))


@registry.action("contact.duty", gives=("duty",), outcomes=("none",), reads=True)
async def duty(turn: Turn) -> Outcome:
    """The one telephone of the own community that somebody answers at any hour."""
    found = next(iter(await duty_phones.of(turn.person.community_id)), None)
    return Outcome(values={"duty": f"{found.name} {found.phone}"}) if found else Outcome("none")


def _values(found: Contact) -> dict[str, Plain]:
    return {
        "place": found.community,
        "address": found.address,
        "office": found.office,
        "office_phone": found.office_phone,
        "office_address": found.office_address,
        "hours": found.hours,
        "phones": _lines([one for one in found.phones if not one.emergency]),
        "duty": _lines([one for one in found.phones if one.emergency]),
    }


def _lines(phones: list[Phone]) -> str:
    return "\n".join(f"{one.name}：{one.phone}" for one in phones)
