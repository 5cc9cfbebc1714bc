"""报修进度: which repair is meant, how it stands, urging, cancelling, adding to it; 电话报修."""

import re
from collections.abc import Mapping

from bot.scripts import texts
from bot.scripts.actions import Listed, Outcome
from bot.scripts.texts import spoken
from bot.turn import Turn
from bot.understanding.likeness import things_of
from bot.values import Plain
from dialogs.actions import nearby
from dialogs.actions.arguments import home_of, resident, span, whole, wholes, words
from dialogs.actions.registry import registry
from dialogs.actions.wording import phrase, told_apart
from models.tickets import TicketStatus
from services.errors import NotFound
from services.estate import contacts
from services.repairs import reporting, technicians
from services.repairs.moves import Verb
from services.repairs.views import RepairView

_NUMBER = re.compile(r"\d[\d\s-]{3,}\d")  # as people write it: BX10015, bx 1001 5


@registry.source("repair.mine")
async def mine(turn: Turn) -> Listed:
    found = await reporting.of_person(turn.person.id, only_open=True)
    return told_apart((one.id, one.number, _line(one)) for one in found)


@registry.source("repair.all")
async def everything(turn: Turn) -> Listed:
    found = await reporting.of_person(turn.person.id, limit=30)
    return told_apart((one.id, one.number, _line(one)) for one in found)


def _line(one: RepairView) -> str:
    return f"{texts.day(one.created_at)} {_what(one)}（{phrase('repair.state', state=one.status)}）"


def _what(one: RepairView) -> str:
    return one.place if one.category in one.place else f"{one.place}{one.category}"


@registry.action("repair.pick", gives=("ticket",), outcomes=("none", "many"), reads=True)
async def pick(turn: Turn, *, said: Plain) -> Outcome:
    """The one open repair, or the one that was said: by its number, or by what it is about."""
    number = _NUMBER.search(words(said))
    if number and (named := await reporting.of_person_one(turn.person.id, number[0])):
        return Outcome(values={"ticket": str(named.id)})
    found = await reporting.of_person(turn.person.id, only_open=True)
    return one_of([one.id for one in _meant(words(said), found)])


def _meant(said: str, found: list[RepairView]) -> list[RepairView]:
    """Those that share most things with the words, 马桶 or 门禁; all of them where they share none."""
    about = things_of(said)
    shared = [_sharing(about, one) + (_BY_NAME if _names_technician(said, one) else 0) for one in found]
    best = max(shared, default=0)
    return [one for one, share in zip(found, shared, strict=True) if share == best]


_BY_NAME = 100  # above any share of things


def _names_technician(said: str, one: RepairView) -> bool:
    """何师傅到哪了 means the repair of 何勇."""
    return bool(one.technician) and (one.technician in said or f"{one.technician[0]}师傅" in said)


def _sharing(about: Mapping[int, int], one: RepairView) -> int:
    theirs = things_of(f"{one.place} {one.category} {one.description}")
    return sum(min(weight, theirs.get(thing, 0)) for thing, weight in about.items())


def one_of(ids: list[int]) -> Outcome:
    if not ids:
        return Outcome("none")
    return Outcome("many") if len(ids) > 1 else Outcome(values={"ticket": str(ids[0])})


@registry.action("repair.history", outcomes=("none",), reads=True)
async def history(turn: Turn) -> Outcome:
    return Outcome("ok" if await reporting.of_person(turn.person.id, limit=1) else "none")


@registry.action(
    "repair.look",
    gives=(
        "ticket_id",
        "number",
        "what",
        "status",
        "technician",
        "phone",
        "appointment",
        "eta",
        "promised",
        "hold_reason",
        "hold_until",
        "finished",
        "can",
        "rated",
        "merged",
        "shared",
    ),
    reads=True,
)
async def look(turn: Turn, *, ticket: Plain) -> Outcome:
    one = await own(turn, ticket)
    return Outcome(
        values={
            "ticket_id": str(one.id),
            "number": spoken(one.number),
            "what": _what(one),
            "status": one.status,
            "technician": one.technician,
            "phone": one.phone,
            "appointment": span(one.appointment_start, one.appointment_end),
            "eta": one.eta.isoformat() if one.eta else None,
            "promised": one.promised.isoformat() if one.promised else None,
            "hold_reason": one.hold_reason,
            "hold_until": one.hold_until.isoformat() if one.hold_until else None,
            "finished": one.finished_at.isoformat() if one.finished_at else None,
            "can": [str(verb) for verb in sorted(one.can)],
            "rated": one.rating_speed is not None,
            "merged": spoken(one.merged_into) if one.merged_into else None,
            "shared": one.shared,
        }
    )


async def own(turn: Turn, ticket: Plain) -> RepairView:
    found = await reporting.of_person_one(turn.person.id, whole(ticket))
    if found is None:
        raise NotFound("ticket.not_found", number="")
    return found


@registry.action("repair.may", gives=("number",), outcomes=("closed",), reads=True)
async def may(turn: Turn, *, ticket: Plain, verb: Plain) -> Outcome:
    """Raises what doing it would raise, before anything is asked for it."""
    one = await own(turn, ticket)
    if words(verb) == Verb.REOPEN and one.status == TicketStatus.CLOSED and Verb.REOPEN not in one.can:
        return Outcome("closed", {"number": spoken(one.number)})
    await reporting.check(one.id, Verb(words(verb)), actor=resident(turn))
    return Outcome()


@registry.action("repair.urge", gives=("count",), refuses_first=True)
async def urge(turn: Turn, *, ticket: Plain) -> Outcome:
    return Outcome(values={"count": await reporting.urge(whole(ticket), actor=resident(turn))})


@registry.action("repair.cancel")
async def cancel(turn: Turn, *, ticket: Plain, reason: Plain) -> Outcome:
    await reporting.cancel(whole(ticket), actor=resident(turn), reason=words(reason))
    return Outcome()


@registry.action("repair.add", gives=("count",))
async def add(turn: Turn, *, ticket: Plain, remark: Plain, photos: Plain) -> Outcome:
    for photo in wholes(photos):
        await reporting.add_photo(whole(ticket), photo, actor=resident(turn))
    if words(remark):
        await reporting.add_remark(whole(ticket), words(remark), actor=resident(turn))
    return Outcome(values={"count": len(wholes(photos))})


@registry.action("repair.phones", gives=("community", "phones"), outcomes=("none",), reads=True)
async def phones(turn: Turn) -> Outcome:
    """The technicians' and duty phones of the community, or of all of them where nobody knows which it is."""
    home = await home_of(turn)
    here = home.community_id if home else await nearby.around(turn, turn.heard.text)
    known = [await contacts.of_community(here)] if here else await contacts.everywhere()
    lines = [line for one in known for line in await _phone_lines(one, named=not here)]
    name = known[0].community if here else phrase("repair.everywhere")
    return Outcome(values={"community": name, "phones": "\n".join(lines)}) if lines else Outcome("none")


async def _phone_lines(contact: contacts.Contact, *, named: bool) -> list[str]:
    men = await technicians.of_community(contact.community_id)
    lines = [phrase("repair.phone_of", name=one.name, phone=one.phone) for one in men if one.phone]
    lines += [f"{one.name} {one.phone}" for one in contact.phones]
    return [f"{contact.community}：", *lines] if named and lines else lines
