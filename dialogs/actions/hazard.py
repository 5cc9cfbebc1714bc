"""危险: duty staff are alerted before anything else is said or asked."""

from bot.scripts.actions import Outcome
from bot.turn import Turn
from bot.values import Plain
from dialogs.actions.arguments import whole, words
from dialogs.actions.registry import registry
from services.cases import hazards
from services.estate import contacts

# Kinds as understanding names them, in the words that duty staff read.
KINDS = {
    "gas": "燃气泄漏",
    "trapped": "有人被困",
    "fire": "起火冒烟",
    "leak_electric": "漏电",
    "burst": "爆管大量跑水",
    "falling": "坠落物、墙皮脱落",
    "collapse": "坍塌、塌陷",
    "person": "有人倒地受伤",
    "other": "紧急情况",
}
_MOST = 4  # numbers shown; whoever is in danger reads no list


@registry.action("hazard.alert", gives=("phones",), outcomes=tuple(KINDS))
async def alert(turn: Turn, *, danger: Plain, said: Plain) -> Outcome:
    kind = words(danger) if words(danger) in KINDS else "other"
    found = await hazards.alert(
        turn.person.id,
        community_id=turn.person.community_id or None,
        kind=KINDS[kind],
        text=words(said) or turn.heard.text,
    )
    lines = _numbers(found[:_MOST]) or await _offices(turn.person.community_id)
    return Outcome(kind, {"phones": "\n".join(lines)})


def _numbers(urgent: list[hazards.Phone]) -> list[str]:
    several = len({one.community for one in urgent}) > 1
    return [f"{one.community if several else ''}{one.name} {one.phone}" for one in urgent]


async def _offices(community_id: int) -> list[str]:
    """Where no duty phone was entered, the management office has to do."""
    found = [await contacts.of_community(community_id)] if community_id else await contacts.everywhere()
    return [f"{one.office} {one.office_phone}" for one in found if one.office_phone]


@registry.action("hazard.take_up")
async def take_up(turn: Turn, *, task: Plain) -> Outcome:
    await hazards.take_up(whole(task), turn.person.id)
    return Outcome()


@registry.action("hazard.more")
async def more(turn: Turn, *, danger: Plain, text: Plain) -> Outcome:
    """What the person adds: where exactly, or that it was a false alarm."""
    kind = words(danger) if words(danger) in KINDS else "other"
    await hazards.more(turn.person.id, kind=KINDS[kind], text=words(text))
    return Outcome()
