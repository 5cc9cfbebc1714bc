"""What a message answers beside the open question: a choice, a name, a value of another."""

import re

from bot.scripts.format import SlotType
from bot.talk import early_answers, filling, naming, slots
from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.understanding.acts import says


async def keep_other_choices(talk: Talk) -> None:
    """Clauses beside the answer that name an option of a question still to come: "李明 业主", "家里，卫生间"."""
    acts = talk.turn.heard.acts
    if acts is None or talk.turn.heard.option_id or (acts.asked and not acts.clauses):
        return
    told_apart = acts.clauses or _around_number(talk, acts.text)
    if acts.asked:
        told_apart = tuple(one for one in told_apart if not says("asked", one))
    if not told_apart:
        return
    for name, slot in talk.compiled.script.slots.items():
        if (
            slot.type is not SlotType.CHOICE
            or not slot.options
            or talk.filled(name)
            or name == talk.step.collect
        ):
            continue
        offers = [Offered(one.text, one.value or one.text, keywords=one.keywords) for one in slot.options]
        for clause in told_apart:
            told = None if _NOT_THEMSELVES.search(clause) else slots.relation(slot, clause, talk.turn.now)
            found = next((one for one in offers if told and one.value == told), None)
            if found is None and not slot.many and not (slot.reads and _NOT_THEMSELVES.search(clause)):
                found = naming.named_in(clause, offers)
            if found:
                talk.put(name, found.value, found.text)


def _around_number(talk: Talk, text: str) -> tuple[str, ...]:
    """What stands around a phone number, without a mark between: 13812345678我是租客."""
    if not talk.step.collect or talk.slot(talk.step).type is not SlotType.PHONE:
        return ()
    parts = tuple(part for one in _NUMBER.split(text) if (part := one.strip(" ()（）,，:：")))
    return () if any(_NOT_THEMSELVES.search(one) for one in parts) else parts


_NUMBER = re.compile(r"[\d\s+-]{7,}")


_NOT_THEMSELVES = re.compile(
    r"(?<!我)的$|[打拨]|电话|手机|号码"
)  # 我老公的，13700001111 tells whose number it is


def keep_names(talk: Talk) -> None:
    """The name in a clause beside the answer: "3-2-501 张伟 业主", "青禾一期，我叫李娜"."""
    heard = talk.turn.heard
    if heard.acts is None or not heard.acts.clauses or heard.option_id:
        return
    name = next((one for one, slot in talk.compiled.script.slots.items() if slot.reads == "name"), "")
    if not name or talk.filled(name) or name == talk.step.collect:
        return
    slot = talk.compiled.script.slots[name]
    told = ("" if heard.acts.asked else early_answers.name_told(talk).get(name)) or next(
        (one for clause in heard.acts.clauses if (one := early_answers.whole_name(talk, slot, clause))), ""
    )
    if told:
        talk.put(name, told, told)


def names_somebody(talk: Talk, clause: str) -> bool:
    """Whether the clause is the name of somebody, where the talk asks for one."""
    slots_of = talk.compiled.script.slots.values()
    return any(early_answers.whole_name(talk, slot, clause) for slot in slots_of if slot.reads == "name")


def names_option(talk: Talk, clause: str) -> bool:
    """Whether the clause is an option of any question of the talk, or says what one is to the home: 我是租客."""
    if len(naming.plain(clause)) > naming.CLAUSE:
        return False
    for slot in talk.compiled.script.slots.values():
        offers = [Offered(one.text, one.value or one.text, keywords=one.keywords) for one in slot.options]
        if naming.named_in(clause, offers) or slots.relation(slot, clause, talk.turn.now):
            return True
    return False


async def keep_other_values(talk: Talk) -> None:
    """Values beside the option: "报名，一家三口" tells the party too, and so does 报两个人."""
    heard = talk.turn.heard
    if heard.acts is None or heard.option_id or heard.entities is None:
        return
    if not heard.acts.clauses and not (heard.entities.party_size or heard.entities.phone):
        return
    await filling.absorb(talk, heard.entities, overwrite=False, but=talk.step.collect)
