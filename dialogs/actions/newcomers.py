"""People who are bound to no house yet: what they told is said back, and whoever refuses gets a way that works."""

import re
from dataclasses import replace

from bot.scripts import texts
from bot.scripts.actions import Outcome
from bot.turn import Turn
from bot.understanding.acts import says
from bot.understanding.entities import find_fault
from bot.understanding.entities.rooms import find_room
from bot.understanding.normal import normal
from bot.values import Plain
from dialogs.actions.arguments import resident, words
from dialogs.actions.registry import registry
from dialogs.actions.wording import phrase
from services import duty_phones
from services.desk import messages
from services.estate import contacts, houses
from services.estate.houses import HouseView

_CLAUSES = re.compile(r"[，,。；;！!？?\n]+|\s(?=[^\x00-\x7f])")
_QUOTED = 24  # characters of a clause that is said back
_LONGEST = 120  # characters of what is said back


def room_of(turn: Turn, said: str) -> str:
    """The house that the words name, as "3-2-501"; "" for none."""
    if not said or turn.heard.understand is None:
        return ""
    return turn.heard.understand(said).entities.room or ""


def no_such_house(named: str, found: list[HouseView]) -> str:
    """That the list of houses has none of this name, and which come close."""
    near: list[Plain] = [one.shown for one in found]
    key = "binding.no_house_near" if near else "binding.no_house"
    return phrase(key, said=texts.house(named), near=near)


async def told(turn: Turn, said: str) -> dict[str, Plain]:
    """What was understood of the first sentence, and whom to call instead of binding."""
    if turn.person.bound:
        return {}
    return {"heard": await understood(turn, said), "numbers": await numbers(turn.person.around)}


async def understood(turn: Turn, said: str) -> str:
    """What is broken and in which house, as far as the first sentence told; a house that there is not, at once."""
    if not said or turn.heard.understand is None:
        return ""
    matter, named = _matter(said), room_of(turn, said)
    found = await houses.resolve(turn.person.around, named) if named and turn.person.around else []
    missing = bool(named and turn.person.around) and len(found) != 1
    told = [one for one in (matter, "" if missing else texts.house(named)) if one]
    lines = [phrase("binding.heard", told="，".join(told))] if told else []
    if missing:
        lines.append(no_such_house(named, found))
    if says("pressing", said):
        lines.append(phrase("binding.heard_urgent", phones=await _duty(turn.person.around)))
    return "\n".join(lines)


def _matter(said: str) -> str:
    """The clause that tells what is to be mended, in their own words."""
    clauses = [one.strip() for one in _CLAUSES.split(said) if one.strip()]
    faulty = (one for one in clauses if find_fault(normal(one), mending=False).category)
    return next((one for one in (*faulty, *clauses[:1]) if len(one) <= _QUOTED and _tells(one)), "")


def _tells(clause: str) -> bool:
    """Whether the clause is no wish to report something, which says nothing of it."""
    return len(clause) > _LEAST and not find_room(clause)[0]


_LEAST = 4  # characters: 我要报修 tells nothing


async def _duty(community_id: int) -> str:
    found = await duty_phones.of(community_id or None)
    several = len({one.community for one in found}) > 1
    general = [one for one in found if not several or one.name == found[0].name]
    return "、".join(f"{one.community if several else ''}{one.name} {one.phone}" for one in general[:3])


async def numbers(community_id: int) -> str:
    """Whom to call: the office and who is there day and night, of the community or, not knowing it, of each."""
    known = [one for one in await contacts.known() if community_id in (0, one.community_id)]
    lines = []
    for one in known:
        duty = next((phone for phone in one.phones if phone.emergency), None)
        office = f"{one.community} {one.office_phone}".strip()
        lines.append(phrase("binding.day_and_night", office=office, phone=duty.phone) if duty else office)
    return "\n".join(lines)


@registry.action("newcomer.decline")
async def decline(turn: Turn, *, said: Plain = None) -> Outcome:
    """Whoever will not agree, or will not leave a phone: what they told goes to people, who answer in the chat."""
    turn.person = replace(turn.person, declined=True)
    if told := words(said).strip()[:_LONGEST]:
        await messages.leave(phrase("binding.left_word", said=told), actor=resident(turn))
    return Outcome()
