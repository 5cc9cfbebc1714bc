"""What a finished job used and cost: told while photos are asked, or once more by name (用料改成软管1个, 费用30)."""

import re
from collections.abc import Mapping

from bot.scripts.format import SlotType
from bot.talk import asking, engine, filling, job_told
from bot.talk.readings import Reading
from bot.talk.talk import Talk
from bot.understanding.acts import Acts
from bot.understanding.entities.amounts import find_amount
from bot.understanding.job_words import pattern
from bot.understanding.normal import normal
from bot.values import Plain
from bot.why import Rule

_CLAUSES = re.compile(r"[,。;!\s]+")
_FEN = 100
_TELLS = 0.87  # of materials and a price told while something else is asked


async def reading(talk: Talk, acts: Acts) -> Reading | None:
    """Where the summary is shown, an item is to be changed, or another of the two is asked."""
    if acts.text.endswith(("?", "？", "吗", "么")) or not talk.compiled.script.triggers.deeds:
        return None
    told = _told(talk, acts.text)
    open_ = talk.step.confirm or talk.frame.mode or talk.step.collect not in told
    if not told or not (open_ or len(told) > 1):
        return None

    async def tell(talk: Talk) -> None:
        for name, value in told.items():
            talk.put(name, value, str(value))
        filling.tell(talk, "bot.corrected", list(told))
        talk.frame.mode = ""
        if talk.step.collect in told:
            await engine.proceed(talk, talk.compiled.script.after(talk.step))
        elif talk.step.confirm:
            await engine.changed(talk, list(told))
        else:
            await asking.ask(talk, again=True)

    return Reading(Rule.DEED_TOLD, 0.96, tell, acts.text, "told")


def _told(talk: Talk, text: str) -> dict[str, Plain]:
    """The values by slot; only where the whole message names them."""
    slots: dict[str, str] = {slot.fill: name for name, slot in talk.compiled.script.slots.items()}
    if not {"materials", "price"} <= slots.keys():
        return {}
    shown = normal(text).strip(" ,。.!")
    if found := _relabelled(shown, slots):
        return found
    bare = pattern("told_beside").sub("", shown).strip(" ,。;!")
    if both := pattern("counted_priced").match(bare):
        cost = find_amount(both["sum"], alone=True) or 0
        return {slots["materials"]: both["part"], slots["price"]: cost // _FEN}
    return _by_clauses(talk, shown, slots) if talk.step.confirm else {}


def _by_clauses(talk: Talk, shown: str, slots: Mapping[str, str]) -> dict[str, Plain]:
    """错了 是58 还有生料带一卷: each clause tells a sum or a part, or nothing; {} where one says more than that."""
    found: dict[str, Plain] = {}
    for clause in _CLAUSES.split(shown):
        bare = pattern("told_beside").sub("", clause).strip()
        if sum_said := pattern("only_sum").match(bare):
            found[slots["price"]] = (find_amount(sum_said["sum"], alone=True) or 0) // _FEN
        elif counted := pattern("counted").match(pattern("adds").sub("", bare)):
            before = [found.get(slots["materials"]) or talk.frame.slots.get(slots["materials"])]
            parts = [*(before if pattern("adds").match(bare) else []), counted["part"]]
            found[slots["materials"]] = "、".join(str(one) for one in parts if one)
        elif bare:
            return {}
    return found


def _relabelled(shown: str, slots: Mapping[str, str]) -> dict[str, Plain]:
    """用料改成软管1个 费用30: both by their names; nothing where the message says more than that."""
    found: dict[str, Plain] = {}
    rest = pattern("relabelled").sub(" ", shown)
    for one in pattern("relabelled").finditer(shown):
        if one["part"]:
            found[slots["materials"]] = one["part"].strip()
        elif (sum_said := find_amount(one["sum"], alone=True)) is not None:
            found[slots["price"]] = sum_said // _FEN
    return {} if pattern("told_beside").sub("", rest).strip(" ,。;!") else found


async def telling(talk: Talk, acts: Acts) -> Reading | None:
    """Materials and the price told while photos of the finished job, or one of the two, are asked."""
    if (
        talk.frame.mode
        or not talk.step.collect
        or acts.asked
        or not job_told.tells(talk, but=talk.step.collect)
    ):
        return None
    if talk.slot(talk.step).type is not SlotType.PHOTOS:
        return None  # the answer is taken, and what is told beside it with it

    async def tell(talk: Talk) -> None:
        told = job_told.fill(talk, but=talk.step.collect)
        for name in told:
            label = talk.compiled.script.slots[name].label or name
            talk.note(
                "bot.noted", {"label": label, "value": talk.words(name) or talk.phrase("job.nothing").text}
            )
        await asking.ask(talk, again=True)

    return Reading(Rule.DEED_TOLD, _TELLS, tell, _words(talk), "told")


def _words(talk: Talk) -> str:
    deeds = talk.turn.heard.deeds
    return deeds.materials if deeds else ""
