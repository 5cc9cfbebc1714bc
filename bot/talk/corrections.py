"""“不是501是502”, “类型改成停车”, “名字不对，叫李鸣”: what was said before and is to be something else."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.scripts import texts
from bot.scripts.format import Slot, SlotType
from bot.talk import filling, other_house, slots
from bot.talk.slots import Taken
from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.turn import Heard
from bot.understanding.acts import Act, Acts
from bot.understanding.entities.numerals import NUMBER, value
from bot.understanding.entities.times import hints_at_time
from bot.understanding.matching import CONTAINED, matches
from bot.understanding.normal import normal
from bot.understanding.values import TimeWindow
from bot.values import Kind, Plain

_TURNING = re.compile(
    r"不对|错了|弄错|搞错|写错|说错|选错|打错|填错|记错|不是|应该是|应该|改成|换成|改为|改到|改一下|改下|更正|刚才|我说的是|重新|"
    r"[,，。！!\s]|要改|改改|修改|好的|可以|不过|但是?|还是|^是|^的是"
)
_OPENS = re.compile(r"(?:改成|换成|改为|改到|应该是|是|叫|换|改)\s*")
_SURE = 0.55


@dataclass(slots=True)
class Plan:
    """What a correction would change: values by slot, or only the slot that is wrong."""

    values: dict[str, Taken] = field(default_factory=dict)
    wrong: str = ""
    plainly: bool = False  # the words can mean nothing else: 少去一个


def turns(acts: Acts) -> bool:
    """Whether the words take something back."""
    return (
        acts.best is Act.CORRECT
        or acts.chance(Act.CORRECT) >= 0.5
        or bool(filling.CORRECTION.search(acts.text))
    )


def says_so(acts: Acts, plan: "Plan") -> bool:
    """Whether words, and not only their likeness to other corrections, take something back."""
    said = filling.CORRECTION.search(acts.text) or _ERR.search(acts.text)
    return bool(said or plan.plainly or plan.wrong or acts.head == "wrong" or acts.conditional)


_ERR = re.compile(r"错|[改换]|不是|应该|重新|有误")


async def planned(talk: Talk, acts: Acts) -> Plan:
    """What the message would change; nothing is changed yet."""
    if shifted := _shifted(talk, acts.text):
        return Plan(shifted, plainly=True)
    if instead := _instead(talk, acts.text):
        return Plan(instead, plainly=True)
    plan = Plan()
    label = _labelled(talk, acts.text)
    said = _said(acts.text, talk.compiled.script.slots[label].called if label else ())
    for name in [label] if label else _open_to_change(talk):
        taken = await _read(talk, name, said, labelled=bool(label))
        if taken and taken.value != talk.frame.slots.get(name):
            plan.values[name] = taken
            break
    half = talk.compiled.script.slots[label].type is SlotType.ROOM if label else False
    if label and not plan.values and not (half and other_house.may_correct(talk, acts.text)):
        plan.wrong = label
    return plan


def _open_to_change(talk: Talk) -> list[str]:
    """Slots that hold something, those that were asked last first."""
    slots_of = talk.compiled.script.slots
    held = [name for name in slots_of if talk.frame.slots.get(name) is not None]
    unsaid = [
        name for name in talk.step.change if slots_of[name].type is SlotType.CHOICE and name not in held
    ]
    return [name for name in (*reversed(held), *unsaid) if name != talk.step.collect]


_NOT_BUT = re.compile(
    r"^(?:不对[，,。\s]*)?不(?:是|在|从|到|去)(?P<old>[^，,。；;\s]{1,14})[，,。；;\s]+(?:而?是|应该是|改成|在|从|到|去)?(?P<new>[^，,。？?吗]{2,24})$"
)
_BUT_NOT = re.compile(
    r"^(?P<new>[^，,。；;？?吗]{2,24})[，,。；;\s]+不(?:是|在|从|到|去)(?P<old>[^，,。；;？?吗]{1,14})$"
)


def _instead(talk: Talk, text: str) -> dict[str, Taken]:
    """“不是3栋，是4栋”, “从南门走，不是小区门口”: the text that holds what is denied holds the other from now on."""
    found = _NOT_BUT.match(text.strip()) or _BUT_NOT.match(text.strip())
    old = found["old"].strip("的那个了吧") if found else ""
    if not found or not old:
        return {}
    heard = Heard(Kind.TEXT, found["new"].strip(" 的吧了呢啊"), read=talk.turn.heard.read)
    for name, slot in talk.compiled.script.slots.items():
        held = talk.frame.slots.get(name)
        if slot.type is not SlotType.TEXT or slot.grows or name == talk.step.collect:
            continue
        if isinstance(held, str) and (old in held or held in old):
            reading = slots.read(slot, heard, talk.turn, [])
            return {name: reading} if isinstance(reading, Taken) else {}
    return {}


_BRIEFLY = re.compile(r"^(?:刚才|刚刚|那个?|我)?(\w)(?:[写填选打点说报]?错|不对|要改)")  # 料写错了

_LESS = re.compile(rf"(?:少|减|去掉|减少|扣)(?:去|来|带|掉|了|上)?(?P<many>{NUMBER})(?:个|位|口)")
_MORE = re.compile(rf"(?:多|再?加|增加|再?添|再来|再带)(?:去|来|带|上|了)?(?P<many>{NUMBER})(?:个|位|口)")
_LATER = re.compile(
    rf"(?:往?后(?:推|延|挪)?|推迟|延后|延迟|顺延|晚)(?:个)?(?P<many>{NUMBER})个?(?P<unit>天|小时|钟头|星期|礼拜|周)"
)
_SOONER = re.compile(
    rf"(?:提前|提早|往?前(?:挪|提|移|推)|早)(?:个)?(?P<many>{NUMBER})个?(?P<unit>天|小时|钟头|星期|礼拜|周)"
)
_UNITS = {"天": timedelta(days=1), "小时": timedelta(hours=1), "钟头": timedelta(hours=1)}
_WEEK = timedelta(days=7)
_MOST_SHIFTED = 60  # days or hours; whoever puts it off for longer names the day


def _shifted(talk: Talk, text: str) -> dict[str, Taken]:
    """What is to be more or less than was said: 少去一个, 再加两个人, 时间往后推一天."""
    shown = normal(text)
    held = {
        name: slot
        for name, slot in talk.compiled.script.slots.items()
        if talk.frame.slots.get(name) is not None
    }
    numbers = [name for name, slot in held.items() if slot.type is SlotType.NUMBER and not slot.reads]
    times = [name for name, slot in held.items() if slot.type is SlotType.TIME]
    found: Taken | None = None
    for pattern, sign in ((_LESS, -1), (_MORE, 1)):
        if len(numbers) == 1 and numbers[0] != talk.step.collect and (many := pattern.search(shown)):
            found = _added(talk.frame.slots[numbers[0]], sign * value(many["many"]))
            return {numbers[0]: found} if found else {}
    for pattern, sign in ((_SOONER, -1), (_LATER, 1)):
        if len(times) == 1 and times[0] != talk.step.collect and (many := pattern.search(shown)):
            found = _moved(
                talk,
                times[0],
                sign * min(value(many["many"]), _MOST_SHIFTED) * _UNITS.get(many["unit"], _WEEK),
            )
            return {times[0]: found} if found else {}
    return {}


def _added(held: Plain, more: int) -> Taken | None:
    many = held + more if isinstance(held, int) else 0
    return Taken(many, str(many)) if many > 0 else None


def _moved(talk: Talk, name: str, by: timedelta) -> Taken | None:
    """The window that is held, moved; None where that lies in the past."""
    held = talk.frame.slots[name]
    if not isinstance(held, dict) or not held.get("start"):
        return None
    start = datetime.fromisoformat(str(held["start"])) + by
    end = datetime.fromisoformat(str(held["end"])) + by if held.get("end") else None
    return slots.taken_time(talk.compiled.script.slots[name], TimeWindow(start, end), talk.turn)


def _labelled(talk: Talk, text: str) -> str:
    """The slot that the words name: 房号不对, 电话写错了. The open one is named by nobody."""
    known = [
        (name, slot.called)
        for name, slot in talk.compiled.script.labelled
        if talk.filled(name) or name in talk.step.change
    ]
    found = matches(text, [words for _, words in known], least=CONTAINED)
    if not found:
        brief = _BRIEFLY.match(text.strip())
        return next((name for name, words in known if brief and brief[1] in words), "")
    tied = [one for one in found if one.score == found[0].score]
    return known[found[0].place][0] if len(tied) == 1 else ""


def _said(text: str, label: tuple[str, ...]) -> str:
    """The new value as it was said, without what turns and what names the slot."""
    after = _OPENS.split(text)[-1] if _OPENS.search(text) else text
    for word in sorted(label, key=len, reverse=True):
        after = after.replace(word, "")
    return _TURNING.sub(" ", after).strip(" 的吧了呢啊")


async def _read(talk: Talk, name: str, said: str, *, labelled: bool) -> Taken | None:
    slot = talk.compiled.script.slots[name]
    if slot.type is SlotType.PHOTOS or not said:
        return None
    if slot.type is SlotType.CHOICE:
        return await _chosen(talk, name, slot, said)
    if slot.type is SlotType.TIME and (window := _only_time(talk.turn.heard, said)):
        return _same_day(talk, name, slots.taken_time(slot, window, talk.turn), said)
    heard = Heard(Kind.TEXT, said, understand=talk.turn.heard.understand, read=talk.turn.heard.read)
    if slot.type is SlotType.ROOM:
        return await _room(talk, name, slot, heard)
    if slot.type is SlotType.TEXT and (offered := _among_options(talk, name, said)):
        return offered
    if slot.type is SlotType.TEXT and not (labelled or _fits(slot, heard)):
        return None
    reading = slots.read(slot, heard, talk.turn, [])
    if not isinstance(reading, Taken):
        return None
    return _same_day(talk, name, reading, said) if slot.type is SlotType.TIME else reading


def _same_day(talk: Talk, name: str, reading: slots.Reading, said: str) -> Taken | None:
    """The hour of the day that was told before, where only the hour is corrected."""
    if not isinstance(reading, Taken):
        return None
    value = slots.on_the_day(reading.value, talk.frame.slots.get(name), said)
    return Taken(value, texts.when(value))


def _only_time(heard: Heard, said: str) -> TimeWindow | None:
    """The time that the whole message names, when no other can be meant: nothing else in it hints at one."""
    window = heard.entities.time if heard.entities else None
    before, _, after = heard.text.partition(said)
    return window if window and not hints_at_time(normal(before + after)) else None


def _among_options(talk: Talk, name: str, said: str) -> Taken | None:
    """The option by which a text could have been answered: 卫生间, where a place was asked."""
    step = talk.compiled.script.collector(name)
    offers = [one.text for one in step.options if talk.holds(one.when)] if step else []
    found = matches(said, [(one,) for one in offers], least=CONTAINED)
    if not found:
        return None
    return Taken(offers[found[0].place], offers[found[0].place])


def _fits(slot: Slot, heard: Heard) -> bool:
    """Whether words without a label may be this text: only a place that is one."""
    entities = heard.entities
    return slot.fill == "place" and entities is not None and entities.place is not None


async def _chosen(talk: Talk, name: str, slot: Slot, said: str) -> Taken | None:
    offers = [Offered(one.text, one.value or one.text, keywords=one.keywords) for one in slot.options]
    if slot.source:
        offers += [Offered(text, value) for value, text in await talk.listed(name)]
    found = matches(said, [(one.text, *one.keywords) for one in offers])
    if not found or found[0].score < _SURE or (len(found) > 1 and found[0].score == found[1].score):
        return None
    offer = offers[found[0].place]
    value: Plain = [offer.value] if slot.many else offer.value
    return Taken(value, offer.text)


async def _room(talk: Talk, name: str, slot: Slot, heard: Heard) -> Taken | None:
    named = heard.entities.room if heard.entities else None
    if named is None:
        return None
    found = await filling.rooms(talk, slot, named)
    return Taken(found[0][0], found[0][1]) if len(found) == 1 else None


async def apply(talk: Talk, plan: Plan) -> list[str]:
    """Change what the plan says, and say so; the slots that hold something else now."""
    changed: list[str] = []
    entities = talk.turn.heard.entities
    if entities is not None:
        changed += await filling.absorb(talk, entities, overwrite=True, but=talk.step.collect)
        if entities.room is None:
            changed += await other_house.corrected(talk, talk.turn.heard.text)
    for name, taken in plan.values.items():  # last: a sentence names what is wrong before what is right
        talk.put(name, taken.value, taken.shown)
        changed.append(name)
    changed = list(dict.fromkeys(changed))
    for name in changed:
        label = talk.compiled.script.slots[name].label or name
        talk.note("bot.corrected", {"label": label, "value": talk.words(name)})
    return changed
