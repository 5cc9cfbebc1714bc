"""报修: what the first sentence tells. One fault or several, and whether it may be taken at its word."""

import re
from collections.abc import Mapping, Sequence

from bot.scripts.actions import Listed, Outcome
from bot.scripts.texts import spoken
from bot.turn import Turn
from bot.understanding.acts import says
from bot.understanding.entities import find_fault
from bot.understanding.gist import gist
from bot.understanding.matters import Matter, matters
from bot.understanding.normal import normal
from bot.values import Plain
from dialogs.actions import repair, repair_sorted
from dialogs.actions.arguments import home_needed, resident, table, wholes, words
from dialogs.actions.registry import registry
from dialogs.actions.wording import phrase
from models.tickets import Area
from services.repairs import reporting

_LONG = 60  # characters: a letter is shown once more before it becomes a ticket
_UNSURE = 0.6  # of what a sentence is about
_SUPPOSED = re.compile(r"如果|要是|万一|假如|是不是要|要不要|该不该|需不需要|值不值|能自己")
_POLITE = re.compile(
    r"(?:能|可以|麻烦|可不可以|方便|请|帮|有没有|有).{0,14}(?:来|修|看|派|处理|弄|换|通|约|安排)"
)

Fault = Mapping[str, Plain]


@registry.action(
    "repair.keep",
    gives=("description", "doubtful", "category", "aside", "faults", "fault_list", "fault_count"),
    outcomes=("several",),
    reads=True,
)
async def keep(
    turn: Turn, *, said: Plain, category: Plain = "", time: Plain = None, phone: Plain = None
) -> Outcome:
    """The sentence that started the talk describes the fault, or several of them: then each is told apart."""
    heard = words(said)
    told = gist(heard, timed=bool(time), phone=words(phone))
    aside = phrase("repair.cost_first") if says("asks_cost", heard) else None
    found = matters(told)
    if len(found) < 2:
        kind = category or find_fault(normal(told), mending=True).category
        doubtful = _doubtful(turn, heard) and not (aside and len(told) <= _LONG)
        return Outcome(values={"description": told, "category": kind, "doubtful": doubtful, "aside": aside})
    faults: list[Plain] = [await _fault(turn, one) for one in found]
    return Outcome("several", {"description": told, "doubtful": True, "aside": aside, **_listed(faults)})


def _doubtful(turn: Turn, said: str) -> bool:
    """Whether the sentence should be shown once more before somebody is sent: long, supposing, or asking."""
    if len(said) > _LONG or _SUPPOSED.search(said):
        return True
    heard = turn.heard
    if heard.text.strip() != said:
        return False  # told before the house was bound
    if heard.acts is not None and heard.acts.asked and not _POLITE.search(said):
        return True
    return heard.meaning is not None and heard.meaning.confidence < _UNSURE


async def _fault(turn: Turn, one: Matter) -> Plain:
    area = (
        await repair_sorted.where(f"{one.text} {one.place}", one.category, community=turn.person.community)
        or Area.HOME
    )
    place = (
        repair_sorted.in_building(one.place, one.text, turn.person.house)
        if area == Area.PUBLIC
        else one.place
    )
    return {
        "title": one.title,
        "text": one.text,
        "category": one.category,
        "area": str(area),
        "place": place,
        "urgent": one.urgent,
    }


def _listed(faults: Sequence[Plain]) -> dict[str, Plain]:
    lines = [
        phrase("repair.fault", number=at, title=words(_of(one)["title"])) for at, one in enumerate(faults, 1)
    ]
    return {"faults": list(faults), "fault_list": "\n".join(lines), "fault_count": len(faults)}


def _of(fault: Plain) -> Fault:
    return table(fault)


def _all(faults: Plain) -> list[Plain]:
    return list(faults) if isinstance(faults, list) else []


@registry.source("repair.faults")
async def fault_options(turn: Turn, *, faults: Plain) -> Listed:
    return [(str(at), words(_of(one)["title"])) for at, one in enumerate(_all(faults), 1)]


@registry.action(
    "repair.single",
    gives=("one_text", "one_category", "one_area", "one_place", "faults", "fault_list", "fault_count"),
    reads=True,
)
async def single(turn: Turn, *, faults: Plain, fault: Plain) -> Outcome:
    """The fault that comes next, and those that are left."""
    told, at = _all(faults), int(words(fault)) - 1
    one = _of(told[at])
    return Outcome(
        values={
            "one_text": one["text"],
            "one_category": one["category"],
            "one_area": one["area"],
            "one_place": one["place"],
            **_listed([*told[:at], *told[at + 1 :]]),
        }
    )


@registry.action("repair.submit_all", gives=("numbers", "ticket_id"))
async def submit_all(
    turn: Turn,
    *,
    faults: Plain,
    house: Plain,
    time: Plain,
    phone: Plain,
    urgent: Plain,
    photos: Plain,
) -> Outcome:
    """Every fault a ticket of its own, with the same time, phone and photos."""
    home = await home_needed(turn)
    lines, last = [], ""
    for one in map(_of, _all(faults)):
        report = await repair.report(
            home,
            category=one["category"],
            area=one["area"],
            house=house,
            place=one["place"],
            description=one["text"],
            time=time,
            phone=phone,
            urgent=urgent is True or one["urgent"] is True,
        )
        submitted = await reporting.submit(report, photos=wholes(photos), actor=resident(turn))
        lines.append(f"{spoken(submitted.number)} {words(one['title'])}")
        last = str(submitted.id)
    return Outcome(values={"numbers": "\n".join(lines), "ticket_id": last})
