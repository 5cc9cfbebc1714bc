"""What is told beside the open question: an answer to one still to come, more of the same story, or its own."""

from bot.scripts.format import SlotType
from bot.talk import answers, asking, filling, slots
from bot.talk.state import Offered
from bot.talk.talk import Talk


async def told_early(talk: Talk) -> bool:
    """The answer to a question still to come: kept, said back, and the open question asked again."""
    entities = talk.turn.heard.entities
    if entities is None or talk.frame.mode:
        return False
    changed = await filling.absorb(talk, entities, overwrite=False, but=talk.step.collect)
    changed += _named_options(talk)
    for name in changed:
        label = talk.compiled.script.slots[name].label or name
        talk.note("bot.noted", {"label": label, "value": talk.frame.shown[name]})
    if way := _way_to(talk, changed):
        await answers.picked(talk, way)
        return True
    told = bool(changed or talk.notes)  # a note alone: what was told does not exist
    if told:
        await asking.ask(talk, again=True)
    return told


def _named_options(talk: Talk) -> list[str]:
    """The choices still to come one of whose options is the whole message: 匿名, while the kind is asked."""
    changed = []
    for name, slot in talk.compiled.script.slots.items():
        offers = [Offered(one.text, one.value or one.text, keywords=one.keywords) for one in slot.options]
        waits = slot.type is SlotType.CHOICE and not talk.filled(name) and name != talk.step.collect
        numbered = slots.ordinal(talk.turn.heard.text) is not None
        if waits and not numbered and (found := slots.offered(talk.turn.heard.text, offers)):
            talk.put(name, found.value, found.text)
            changed.append(name)
    return changed


async def told_more(talk: Talk) -> bool:
    """More of the same story while something else is asked: put behind what was told, and said back."""
    frame, script, meaning = talk.frame, talk.compiled.script, talk.turn.heard.meaning
    name = next((name for name, slot in script.slots.items() if slot.grows and frame.slots.get(name)), "")
    if not name or meaning is None or meaning.action != "answer":
        return False
    told = f"{frame.slots[name]}，{talk.turn.heard.text.strip()}"
    if meaning.intent not in script.triggers.intents or len(told) > (script.slots[name].max or len(told)):
        return False
    talk.put(name, told, told)
    talk.note("bot.noted", {"label": script.slots[name].label or name, "value": told})
    frame.mode = ""
    await asking.ask(talk, again=True)
    return True


def keep_beside(talk: Talk) -> bool:
    """What was told when stars were asked goes into the text slot for it; False when there is nothing to keep."""
    text = talk.turn.heard.text.strip()
    name = talk.slot(talk.step).beside if talk.step.collect else ""
    if not name or talk.turn.heard.option_id or not slots.tells_a_story(text):
        return False
    told = "，".join(part for part in (str(talk.frame.slots.get(name) or ""), text) if part)
    longest = talk.compiled.script.slots[name].max or len(told)
    talk.put(name, told[:longest], told[:longest])
    return True


async def told_instead(talk: Talk) -> bool:
    """A story where stars were asked: it is kept and said back, and the stars are asked again."""
    if talk.frame.mode or not keep_beside(talk):
        return False
    name = talk.slot(talk.step).beside
    label = talk.compiled.script.slots[name].label or name
    talk.note("bot.noted", {"label": label, "value": talk.turn.heard.text.strip()})
    await asking.ask(talk)
    return True


def _way_to(talk: Talk, slots_told: list[str]) -> Offered | None:
    """The option that only leads to what was just told: “说个别的时间” once a time was said."""
    steps = talk.compiled.steps
    leading = (one for one in talk.frame.options if talk.step.choose and one.to in steps)
    return next((one for one in leading if steps[one.to].collect in slots_told), None)
