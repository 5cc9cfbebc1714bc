"""Reading what a person said as the answer to the question that is open."""

import re

from bot.scripts import texts
from bot.scripts.format import SlotType, Step
from bot.talk import asking, engine, filling, job_told, leaving, naming, other_house, routes, slots, times
from bot.talk.state import Offered
from bot.talk.taken import Answer, Refused, Taken
from bot.talk.talk import Talk
from bot.turn import Heard
from bot.understanding.signs import only_signs
from bot.values import Kind, Plain

_HOUSE = 6  # characters of a house and nothing else: 门口密码是2580 names none
STUCK = 3  # failed answers to one question before a way out is offered


async def picked(talk: Talk, offer: Offered) -> None:
    """The person chose an option of the open question."""
    frame, step = talk.frame, talk.step
    if frame.mode == "change":
        await change(talk, offer.value)
    elif offer.value == asking.MORE:
        frame.page += 1
        await asking.ask(talk, again=True)
    elif offer.value == asking.CHANGE:
        await asking.ask_change(talk)
    elif offer.value == asking.SKIP:
        if talk.slot(step).type is not SlotType.PHOTOS:
            talk.clear(step.collect)
        talk.skip(step.collect)
        await onward(talk, step, "")
    elif step.choose:
        frame.vars[step.choose] = offer.value or offer.text
        await onward(talk, step, offer.to)
    elif step.confirm:
        await _confirmed(talk, step, offer)
    else:
        await _collected_option(talk, step, offer)


async def _confirmed(talk: Talk, step: Step, offer: Offered) -> None:
    if offer.value == asking.YES or offer.to:
        await onward(talk, step, offer.to)
    else:
        await leaving.cancel(talk)


async def _collected_option(talk: Talk, step: Step, offer: Offered) -> None:
    slot = talk.slot(step)
    if slot.many:
        reading = slots.read(slot, talk.turn.heard, talk.turn, talk.frame.options)
        await _read(talk, step, reading or Taken([offer.value or offer.text], offer.text))
    elif slot.type is SlotType.RATING and offer.to and not offer.value:
        await onward(talk, step, offer.to)
    elif slot.type in (SlotType.CHOICE, SlotType.TEXT, SlotType.ROOM):
        await _read(talk, step, Taken(offer.value or offer.text, offer.text, offer.to, offer.go))
    elif slot.type in (SlotType.RATING, SlotType.NUMBER) and offer.value.isdigit():
        await _read(talk, step, Taken(int(offer.value), offer.text, offer.to))
    elif slot.type is SlotType.CONFIRM and offer.value in ("yes", "no"):
        await _read(talk, step, Taken(offer.value == "yes", offer.text, offer.to))
    else:
        heard = Heard(Kind.TEXT, offer.value or offer.text, understand=talk.turn.heard.understand)
        await _read(talk, step, slots.read(slot, heard, talk.turn, []))


async def change(talk: Talk, name: str) -> None:
    """Ask for one slot again; afterwards the talk comes back to where it was."""
    frame = talk.frame
    frame.mode, frame.back_to = "", talk.step.changed or frame.at
    collector = talk.compiled.script.collector(name)
    assert collector is not None, f"nothing asks for {name}"  # script_check refuses such scripts
    talk.clear(name)
    frame.asked[collector.id] = frame.asked[frame.at] = 0
    frame.page = 0
    frame.at = talk.compiled.moves.move(frame.at, collector.id)
    await asking.ask(talk)


async def typed(talk: Talk) -> Answer:
    """What the typed message is worth as a value of the slot that is asked, without acting on it."""
    frame, step, heard = talk.frame, talk.step, talk.turn.heard
    slot = talk.slot(step)
    if slot.type is SlotType.ROOM:
        return await _room(talk, step)
    reading = slots.read(slot, heard, talk.turn, frame.options) or _way_out(talk)
    if slot.near and isinstance(reading, Taken):
        reading = times.moved_to_its_day(reading, talk.frame.vars.get(slot.near), heard.text, talk.turn)
    if reading is None and slot.source:
        listed = await talk.listed(step.collect)
        reading = slots.read(slot, heard, talk.turn, [Offered(text, value) for value, text in listed])
    if isinstance(reading, Taken) and (most := filling.beyond(talk, slot, reading.value)):
        return Refused("slot.large", most)
    return reading


def _way_out(talk: Talk) -> Answer:
    """Where stars or a time are asked: the option that leads elsewhere, or that skips, named in a sentence."""
    step, slot = talk.step, talk.slot(talk.step)
    if slot.type not in (SlotType.RATING, SlotType.TIME):
        return None
    ways = [one for one in talk.frame.options if one.to and not one.value]
    ways += [
        Offered(one.text, one.value, keywords=step.skip_words)
        for one in talk.frame.options
        if one.value == asking.SKIP
    ]
    offer = naming.loosely(talk.turn.heard.text, ways)
    return Taken("$offer", offer.text) if offer else None


async def _room(talk: Talk, step: Step) -> Answer:
    heard = talk.turn.heard
    named = heard.entities.room if heard.entities else None
    found = await filling.rooms(talk, talk.slot(step), named or _in_the_building(talk, heard.text))
    if len(found) == 1:
        return Taken(found[0][0], found[0][1])
    if found:
        talk.frame.options = [Offered(text, value) for value, text in found]
        return Refused("slot.room_which")
    return Refused("slot.room") if named or any(one.isdigit() for one in heard.text) else None


def _in_the_building(talk: Talk, said: str) -> str:
    """3栋1单元401 of 401, where 3栋1单元 was told before; a building that is told alone is kept for that."""
    told = talk.frame.vars.get("building")
    if told and (bare := _BARE_ROOM.match(said)):
        return f"{told}{bare[1]}"
    if _BUILDING.search(said) and not _ROOM_NUMBER.search(said):
        talk.frame.vars["building"] = said.strip()
    return said


_BARE_ROOM = re.compile(r"^(?:我?(?:就是|是|住))?\s*(\d{3,4})(?:室|号|房)?[。!！]?$")
_BUILDING = re.compile(r"[\dA-Za-z一二三四五六七八九十]+(?:栋|幢|座|号楼|#)")
_ROOM_NUMBER = re.compile(r"\d{3}|[零一二三四五六七八九]{3}")


async def take(talk: Talk, reading: Answer) -> None:
    """Act on what `typed` made of the message."""
    frame, step = talk.frame, talk.step
    if isinstance(reading, Taken) and reading.value == "$offer":
        offer = next(one for one in frame.options if reading.shown == one.text)
        await picked(talk, offer)
    else:
        await _read(talk, step, reading)


async def _read(talk: Talk, step: Step, reading: Answer) -> None:
    if not isinstance(reading, Taken):
        await refuse(talk, reading)
        return
    slot = talk.slot(step)
    if slot.type is SlotType.PHOTOS:
        talk.skip(step.collect)
    else:
        talk.put(step.collect, reading.value, reading.shown)
        if slot.type is SlotType.TEXT:
            filling.from_words(talk, reading.shown)
            routes.fill(talk, talk.turn.heard.text)
        heard = talk.turn.heard
        if not heard.option_id and (entities := heard.entities):  # a tap says no more than its option
            await filling.absorb(talk, entities, overwrite=False, but=step.collect)
        job_told.fill_beside(talk)
    await onward(talk, step, reading.to)


async def onward(talk: Talk, step: Step, to: str) -> None:
    """The open question is answered: go where the answer leads, else to what comes behind it."""
    frame = talk.frame
    frame.path = [*frame.path[-19:], step.id]
    if step.again:
        talk.remember()
    frame.asked.pop(step.id, None)
    frame.page, frame.mode = 0, ""
    if frame.back_to and not to:
        to, frame.back_to = frame.back_to, ""
    await engine.proceed(talk, to or talk.compiled.script.after(step))


def stuck(talk: Talk) -> bool:
    """After several messages that brought no answer: offer the ways out instead of asking once more."""
    frame, step = talk.frame, talk.step
    if frame.asked.get(step.id, 0) < STUCK:
        return False
    frame.asked[step.id] = 1
    talk.notes.clear()
    talk.say_phrase("bot.stuck", {"title": talk.compiled.script.title})
    frame.options = [*talk.state.offers, *frame.options]  # what was offered before is still an answer
    return True


async def refuse(talk: Talk, reading: Refused | None) -> None:
    """Ask again, in other words, saying what was wrong; after several times offer the ways out."""
    frame, step = talk.frame, talk.step
    if frame.mode == "change":
        await asking.ask_change(talk)
        return
    if reading and reading.phrase == "slot.short" and frame.options and talk.slot(step).reads == "fault":
        await _offer_near(talk, reading.said)
        return
    talk.note(
        reading.phrase if reading else _unfit(talk, step),
        {"number": reading.number, "said": reading.said} if reading else {},
    )
    if stuck(talk):
        return
    if reading and reading.phrase == "slot.room_which":
        _note_missing(talk)
        frame.asked[step.id] = frame.asked.get(step.id, 0) + 1
        question = "\n".join(talk.notes)
        talk.notes.clear()
        talk.show(question, asking.shown(talk, frame.options))
        return
    await asking.ask(talk)


async def _offer_near(talk: Talk, said: str) -> None:
    """水, where it is asked what is broken: what is offered and has that in it, else all that is offered."""
    frame = talk.frame
    frame.asked[talk.step.id] = frame.asked.get(talk.step.id, 0) + 1
    offers = await asking.options(talk, talk.step)
    frame.options = [one for one in offers if said in one.text] or offers
    talk.show(talk.phrase("slot.short_listed", {"said": said}).text, asking.shown(talk, frame.options))


def _note_missing(talk: Talk) -> None:
    """2栋2单元603, where there are only 601 and 602: the list of houses has none of this number."""
    entities = talk.turn.heard.entities
    said = entities.room if entities else None
    number = said.rpartition("-")[2] if said else ""
    if said and not any(one.value.endswith(f"-{number}") for one in talk.frame.options):
        shown: list[Plain] = [one.text for one in talk.frame.options]
        talk.notes.clear()
        talk.note("slot.room_near", {"said": texts.house(said), "near": shown})
        talk.note("slot.room_which")


def _unfit(talk: Talk, step: Step) -> str:
    if not step.collect:
        return "slot.choice"
    kind = talk.slot(step).type
    if kind is SlotType.TEXT and only_signs(talk.turn.heard.text):
        return "slot.sign"
    return {
        SlotType.TIME: "slot.time",
        SlotType.NUMBER: "slot.number",
        SlotType.RATING: "slot.rating",
        SlotType.CONFIRM: "slot.confirm",
        SlotType.PHONE: "slot.phone",
        SlotType.ROOM: "slot.room",
        SlotType.PHOTOS: "slot.photos",
    }.get(kind, "slot.choice")


async def correct(talk: Talk) -> bool:
    """“不是501是502”: change what was said before and say so. False when the message corrects nothing."""
    heard, step, frame = talk.turn.heard, talk.step, talk.frame
    entities = heard.entities
    if entities is None:
        return False
    changed = await filling.absorb(talk, entities, overwrite=True, but=step.collect)
    if entities.room is None:
        changed += await other_house.corrected(talk, heard.text)
    filling.tell(talk, "bot.corrected", changed)
    told = bool(changed or talk.notes)  # a note: the correction names what does not exist
    told = told or filling.repeats(talk, entities)
    if told:
        frame.asked[step.id] = 1  # it is going well again
        frame.mode = ""
        await engine.changed(talk, changed)
    return told


async def would_correct(talk: Talk, *, turned: bool = True) -> bool:
    """Whether `correct` would find something to change, or something that does not exist.

    A bare number may be another house where the words are `turned` against what was said, or say no more.

    What nobody has told yet cannot be corrected, but for the summary, which shows everything.
    """
    entities, told = talk.turn.heard.entities, talk.frame.slots
    if entities is None:
        return False
    named = (
        (filling.named(slot, entities, talk), told.get(name))
        for name, slot in talk.compiled.named
        if name != talk.step.collect and (talk.step.confirm or told.get(name) is not None)
    )
    news = talk.step.takes != ""  # where other words are taken too, saying a thing again is no correction
    return any(value is not None and not (news and value == held) for value, held in named) or (
        (turned or len(naming.plain(talk.turn.heard.text)) <= _HOUSE)
        and other_house.may_correct(talk, talk.turn.heard.text)
    )
