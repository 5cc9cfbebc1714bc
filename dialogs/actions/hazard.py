"""危险: duty staff are alerted before anything else is said or asked."""

from bot.scripts.actions import Outcome
from bot.turn import Turn
from bot.understanding.acts import says
from bot.understanding.entities.phones import find_phone
from bot.understanding.normal import normal
from bot.values import Plain
from dialogs.actions import nearby
from dialogs.actions.arguments import resident, whole, words
from dialogs.actions.registry import registry
from models.community import Danger
from services import duty_phones
from services.cases import hazards
from services.duty_phones import Phone
from services.estate import contacts

_MOST = 4  # numbers shown; whoever is in danger reads no list


@registry.action("hazard.alert", gives=("phones", "child", "reachable"), outcomes=tuple(Danger))
async def alert(turn: Turn, *, danger: Plain, said: Plain) -> Outcome:
    kind, text = _kind(danger), words(said) or turn.heard.text
    here = await nearby.around(turn, text)
    found = await hazards.alert(actor=resident(turn), community_id=here or None, danger=kind, text=text)
    lines = _numbers(found[:_MOST]) or await _offices(here)
    reachable = bool(turn.person.phone or find_phone(normal(text))[0])
    child = not turn.person.bound and says("child", text)
    return Outcome(kind, {"phones": "\n".join(lines), "child": child, "reachable": reachable})


@registry.action("hazard.phones", gives=("phones",), reads=True)
async def phones(turn: Turn, *, danger: Plain) -> Outcome:
    """Whom to call if there is danger; nobody is alerted."""
    here = await nearby.around(turn, turn.heard.text)
    found = await duty_phones.of(here or None, _kind(danger))
    lines = _numbers(found[:_MOST]) or await _offices(here)
    return Outcome(values={"phones": "\n".join(lines)})


def _numbers(urgent: list[Phone]) -> list[str]:
    several = len({one.community for one in urgent}) > 1
    return [f"{one.community if several else ''}{one.name} {one.phone}" for one in urgent]


async def _offices(community_id: int) -> list[str]:
    """Where no duty phone was entered, the management office has to do."""
    found = [await contacts.of_community(community_id)] if community_id else await contacts.everywhere()
    return [f"{one.office} {one.office_phone}" for one in found if one.office_phone]


@registry.action("hazard.take_up")
async def take_up(turn: Turn, *, task: Plain) -> Outcome:
    await hazards.take_up(whole(task), actor=resident(turn))
    return Outcome()


@registry.action("hazard.more")
async def more(turn: Turn, *, text: Plain, danger: Plain = None) -> Outcome:
    """What the person adds, such as where exactly. `danger` is what scripts of earlier releases name once more."""
    await hazards.more(words(text), actor=resident(turn))
    return Outcome()


_SORTS = ("made_safe", "arrived", "short_breath")  # what is added and has an answer of its own


@registry.action("hazard.add", gives=("sort",), outcomes=("none",))
async def add(turn: Turn, *, text: Plain) -> Outcome:
    """What the person says while the alert is open; `none` when it is over, and nobody hears this."""
    told = words(text)
    heard = await hazards.more(told, actor=resident(turn))
    sort = next((one for one in _SORTS if says(one, told)), "")
    if find_phone(normal(told))[0]:
        sort = "phone"
    return Outcome("ok" if heard else "none", {"sort": sort})


@registry.action("hazard.withdraw", outcomes=("none",))
async def withdraw(turn: Turn) -> Outcome:
    """A false alarm, or it is over; `none` when there is no alert of just now."""
    return Outcome("ok" if await hazards.withdraw(actor=resident(turn)) else "none")


def _kind(danger: Plain) -> Danger:
    return Danger(words(danger)) if words(danger) in list(Danger) else Danger.OTHER
