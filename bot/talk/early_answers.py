"""What is told beside the open question: an answer to one still to come, more of the same story, or its own."""

import re

from bot.scripts import texts
from bot.scripts.format import Slot, SlotType, Step
from bot.talk import answers, engine, filling, hours, naming, slots, times
from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.turn import Heard
from bot.understanding.acts import says
from bot.values import Kind, Plain

_BARE = 8  # characters of a time and nothing else
_BARELY = 6  # where a time might also only be spoken of


async def told_early(talk: Talk) -> bool:
    """The answer to a question still to come: kept, said back, and the open question asked again."""
    entities = talk.turn.heard.entities
    if entities is None or talk.frame.mode:
        return False
    changed = await filling.absorb(talk, entities, overwrite=False, but=talk.step.collect)
    changed += _named_options(talk) + _names_told(talk) + _time_told(talk) + _home_as_place(talk)
    filling.tell(talk, "bot.noted", changed)
    if way := engine.way_to(talk, changed):
        await _go_way(talk, way)
        return True
    told = bool(changed or talk.notes)  # a note alone: what was told does not exist
    if told:
        await engine.changed(talk, [one for one in changed if talk.compiled.script.slots[one].leads])
    return told


async def _go_way(talk: Talk, way: Offered) -> None:
    """What an option only leads to was told: 改成三个人 goes on behind the question for their number."""
    heard, asked = talk.turn.heard, talk.compiled.steps[way.to]
    acts = heard.acts
    if not asked.again or not wishes(talk, asked.collect) or (acts is not None and acts.asked):
        await answers.picked(talk, way)
        return
    talk.notes.clear()  # what comes behind says what was made of it
    talk.frame.vars[talk.step.choose] = way.value or way.text
    await answers.onward(talk, talk.step, talk.compiled.script.after(asked))


async def tells_beyond(talk: Talk, way: Offered) -> bool:
    """减到三个, where 改人数 only leads to their number: it is told already, and the talk goes on behind it."""
    heard, asked = talk.turn.heard, talk.compiled.steps.get(way.to)
    if asked is None or not (talk.step.choose and asked.collect) or heard.option_id:
        return False
    if words := _behind(talk, way, asked):
        talk.put(asked.collect, words, words)
        talk.frame.vars[talk.step.choose] = way.value or way.text
        await answers.onward(talk, talk.step, talk.compiled.script.after(asked))
        return True
    if not asked.again:
        return False
    slot, acts, entities = talk.slot(asked), heard.acts, heard.entities
    if not slot.fill or entities is None or acts is None or acts.asked:
        return False
    told = filling.named(slot, entities, talk)
    if told is None or not await filling.fill(talk, asked.collect, told):
        return False
    await _go_way(talk, way)
    return True


def _behind(talk: Talk, way: Offered, asked: Step) -> str:
    """What stands behind the option itself, where words of one's own are asked next: 留言 师傅明早再来."""
    slot, text = talk.slot(asked), talk.turn.heard.text.strip()
    if slot.type is not SlotType.TEXT or slot.fill or slot.reads not in ("", "question"):
        return ""
    word = next((one for one in (way.text, *way.keywords) if len(one) > 1 and text.startswith(one)), "")
    words = text[len(word) :].lstrip("吧啊，,：:。 ") if word else ""
    parted = text[len(word) : len(word) + 1] in "吧，,：:。 "
    return words if parted and len(naming.plain(words)) >= _LEAST_WORDS else ""


_LEAST_WORDS = 4


def keep_named(talk: Talk) -> bool:
    """不留名, where photos are asked: the choice still to come is made with it."""
    return bool(_named_options(talk))


def _named_options(talk: Talk) -> list[str]:
    """The choices still to come one of whose options is the whole message: 匿名, while the kind is asked."""
    named = _options_named(talk)
    for name, found in named.items():
        talk.put(name, found.value, found.text)
    return list(named)


def _bare_time(talk: Talk) -> dict[str, Plain]:
    """The time still to be asked, or the hour of a day that was told, where nothing else was said: 上午, 七点以后."""
    heard = talk.turn.heard
    said = [
        one
        for one in (heard.text, *(heard.acts.clauses if heard.acts else ()))
        if len(naming.plain(one)) <= _BARE
    ]
    if not said or (heard.entities and heard.entities.time):
        return {}
    name = next((name for name, slot in talk.compiled.named if slot.fill == "time"), "")
    if not name or name == talk.step.collect or not talk.compiled.script.collector(name):
        return {}
    if talk.step.choose and not wishes(talk, name):
        return {}
    found = (times.bare_time(Heard(Kind.TEXT, one), talk.turn)[0] for one in said)
    window = next((one for one in found if one is not None), None)
    if window is None or window.said in times.AT_ANY_TIME:
        return {}
    told = hours.value_of(window, talk.turn)
    value = hours.on_the_day(told, filling.standing(talk, name), heard.text, talk.turn)
    return {name: value} if value != talk.frame.slots.get(name) else {}


def _time_told(talk: Talk) -> list[str]:
    told = _bare_time(talk)
    for name, value in told.items():
        talk.put(name, value, texts.when(value))
    return list(told)


def _home_named(talk: Talk) -> dict[str, str]:
    """A house where the talk asks for a place and for no house: 2-1-902, while the kind of complaint is asked."""
    entities, script = talk.turn.heard.entities, talk.compiled.script
    if (
        entities is None
        or not entities.room
        or any(one.type is SlotType.ROOM for one in script.slots.values())
    ):
        return {}
    place = next((name for name, slot in talk.compiled.named if slot.fill == "place"), "")
    free = place and not talk.filled(place) and place != talk.step.collect
    return {place: texts.house(entities.room)} if free else {}


def _home_as_place(talk: Talk) -> list[str]:
    told = _home_named(talk)
    for name, value in told.items():
        talk.put(name, value, value)
    return list(told)


def _names_told(talk: Talk) -> list[str]:
    """The names still to be asked that the message gives: 我叫赵磊, 她叫李梅."""
    told = name_told(talk)
    for name, value in told.items():
        talk.put(name, value, value)
    return list(told)


def name_told(talk: Talk) -> dict[str, str]:
    heard, told = talk.turn.heard, {}
    if not _CALLED.search(heard.text):
        return _bare_name(talk)
    for name, slot in talk.compiled.script.slots.items():
        if slot.reads == "name" and not talk.filled(name) and name != talk.step.collect:
            told[name] = slots.named(slot, heard, talk.turn)
    return {name: value for name, value in told.items() if value}


def is_no_name(talk: Talk, text: str) -> bool:
    """Whether words where a name is asked can be none: a number, or what one is to the home, 业主本人."""
    if not talk.step.collect or talk.slot(talk.step).reads != "name":
        return False
    return not any(one.isalpha() for one in text) or _ONLY_RELATION.fullmatch(naming.plain(text)) is not None


_ONLY_RELATION = re.compile(
    r"(?:我|我们|就|是|也|他的?|这里的?|房子的?)*(?:业主|房主|户主|租客|租户|房客|家属|家人|本人)+(?:啊|呀|的|哦|吧)*"
)


def _asks_for_figures(talk: Talk) -> bool:
    """Whether a house or a phone is asked, which no other words can be."""
    return bool(talk.step.collect) and talk.slot(talk.step).type in (SlotType.ROOM, SlotType.PHONE)


def _bare_name(talk: Talk) -> dict[str, str]:
    """温秀英, where a house or a phone is asked: nothing but a whole name, which is asked next."""
    heard = talk.turn.heard
    if not (_asks_for_figures(talk) or talk.step.choose) or heard.acts is None:
        return {}
    for name, slot in talk.compiled.script.slots.items():
        if slot.reads == "name" and not talk.filled(name):
            parts = heard.acts.clauses or (heard.text.strip(),)
            told = next((one for part in parts if (one := whole_name(talk, slot, part))), "")
            return {name: told} if told else {}
    return {}


_CALLED = re.compile(r"[我他她叔姨爸妈婆公弟妹哥姐子女](?:的?名字)?(?:是|叫)|姓名|名叫|名字")


def _options_named(talk: Talk) -> dict[str, Offered]:
    text = talk.turn.heard.text
    if naming.ordinal(text) is not None:
        return {}
    named = {}
    for name, slot in talk.compiled.script.slots.items():
        if slot.type is not SlotType.CHOICE or name == talk.step.collect or talk.filled(name):
            continue
        offers = [Offered(one.text, one.value or one.text, keywords=one.keywords) for one in slot.options]
        found = next((one for text in _said(talk) if (one := naming.offered(text, offers))), None)
        if (
            found is None
            and slot.reads == "relation"
            and (_asks_for_figures(talk) or is_no_name(talk, talk.turn.heard.text))
        ):
            told = slots.relation(slot, text, talk.turn.now)
            found = next((one for one in offers if told and one.value == told), None)
        if found is None and not (slot.many or slot.reads or talk.turn.heard.option_id):
            found = naming.named_in(text, offers)  # 不要写我名字, while photos are asked
        if found:
            named[name] = found
    return named


def _said(talk: Talk) -> list[str]:
    """The whole message, and its clauses: 实名 of “没有照片，实名”."""
    acts = talk.turn.heard.acts
    said = (talk.turn.heard.text.strip(), *(acts.clauses if acts else ()))
    bare = [one.rstrip("吧啊呀呗哦哈嘛啦") for one in said if len(one) <= _DOUBLY]
    return [one for text in (*said, *bare) for one in (text, text.removeprefix("我"))]


_DOUBLY = 24  # characters


def names_choice(talk: Talk) -> bool:
    """不匿名 我不怕她, where a place is asked: one of the clauses is an option of a question still to come."""
    for name, slot in talk.compiled.script.slots.items():
        if slot.type is SlotType.CHOICE and slot.options and not talk.filled(name):
            offers = [Offered(one.text, one.value or one.text, keywords=one.keywords) for one in slot.options]
            if any(naming.ordinal(one) is None and naming.offered(one, offers) for one in _said(talk)):
                return True
    return False


async def would_tell(talk: Talk) -> bool:
    """Whether the message answers a question still to come."""
    entities = talk.turn.heard.entities
    if entities is None or talk.frame.mode:
        return False
    named = (
        filling.named(slot, entities, talk)
        for name, slot in talk.compiled.named
        if name != talk.step.collect
        and filling.is_open(talk, name)
        and (not talk.step.choose or wishes(talk, name))
    )
    return any(value is not None for value in named) or bool(
        _options_named(talk) or name_told(talk) or _bare_time(talk) or _home_named(talk)
    )


def tells_only_time(talk: Talk) -> bool:
    """Whether nothing but a time is named, in words that wish for none."""
    entities = talk.turn.heard.entities
    named = {
        name
        for name, slot in talk.compiled.named
        if entities and filling.named(slot, entities, talk) is not None
    }
    times = {name for name in named if talk.compiled.script.slots[name].type is SlotType.TIME}
    return bool(times) and named == times and not any(wishes(talk, name) for name in times)


def whole_name(talk: Talk, slot: Slot, clause: str) -> str:
    """The clause itself, where it is the full name of somebody: 张伟 and 欧阳明月, but not 业主 or 厨房."""
    bare = _LED_IN.sub("", naming.plain(clause))
    found = slots.named(slot, Heard(Kind.TEXT, bare), talk.turn)
    whole = found == bare and _LEAST_NAME <= len(bare) <= _LONGEST_NAME
    return found if whole and not _HALF_NAME.match(bare) else ""


_HALF_NAME = re.compile(r"^[小老阿].$")  # 老周 is how somebody is called
_LED_IN = re.compile(r"^(?:户主|房主|业主|姓名|名字|联系人)(?:是|叫)?")
_LEAST_NAME, _LONGEST_NAME = 2, 4


def leads_on(talk: Talk) -> bool:
    """Whether an option of this question only leads to what the message tells already."""
    entities, steps = talk.turn.heard.entities, talk.compiled.steps
    if entities is None or not talk.step.choose:
        return False
    told = {name for name, slot in talk.compiled.named if filling.named(slot, entities, talk) is not None}
    told.update(_bare_time(talk))
    ways = (steps[one.to].collect for one in talk.frame.options if one.to in steps)
    return any(name in told and wishes(talk, name) for name in ways)


def wishes(talk: Talk, name: str) -> bool:
    """Whether a time is wished for: 半小时就给换好了 praises, and 还要等到后天 complains."""
    heard = talk.turn.heard
    if talk.compiled.script.slots[name].type is not SlotType.TIME or heard.acts is None:
        return True
    text = heard.acts.text
    said = len(naming.plain(text)) <= _BARELY or says("moves", text) or says("takes_back", text)
    return said and not any(
        says("echoes", one) or says("not_then", one) for one in (text, *heard.acts.clauses)
    )
