"""“不是501是502”, “类型改成停车”, “名字不对，叫李鸣”: what was said before and is to be something else."""

import re
from dataclasses import dataclass, field

from bot.scripts.format import Slot, SlotType
from bot.talk import filling, options, other_house, shifting, slots, times
from bot.talk.state import Offered
from bot.talk.taken import Answer, Taken
from bot.talk.talk import Talk
from bot.turn import Heard
from bot.understanding.acts import Act, Acts, says
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
    labelled: bool = False  # the words name the slot as well: 我不想署名了
    plainly: bool = False  # the words can mean nothing else: 少去一个


def turns(acts: Acts) -> bool:
    """Whether the words take something back."""
    return acts.best is Act.CORRECT or acts.chance(Act.CORRECT) >= 0.5 or says("takes_back", acts.text)


def says_so(acts: Acts, plan: "Plan") -> bool:
    """Whether words, and not only their likeness to other corrections, take something back."""
    said = says("takes_back", acts.text) or says("errs", acts.text)
    return bool(said or plan.plainly or plan.wrong or acts.head == "wrong" or acts.conditional)


async def planned(talk: Talk, acts: Acts) -> Plan:
    """What the message would change; nothing is changed yet."""
    if more := shifting.shifted(talk, acts.text):
        return Plan(more, plainly=True)
    if instead := _instead(talk, acts.text):
        return Plan(instead, plainly=True)
    plan = Plan()
    surely = not (turns(acts) or says("rather", acts.text))
    label = ""
    for words in _of_clauses(talk, acts):
        label = await _plan(talk, plan, words, surely=surely) or label
    if label and not plan.values:  # 电话错了是13800002222 我是房主: what is right stands in its clause
        for clause in (one for one in acts.clauses if says("errs", one)):
            label = await _plan(talk, plan, clause, surely=False) or label
    for clause in acts.clauses if plan.values or label else ():
        if says("takes_back", clause):
            await _plan(talk, plan, clause, surely=True)  # 我是租客，电话也改成139… changes both
    _relation(talk, acts, plan)
    plan.labelled = bool(label)
    half = talk.compiled.script.slots[label].type is SlotType.ROOM if label else False
    if label and not plan.values and not (half and other_house.may_correct(talk, acts.text)):
        plan.wrong = label
    return plan


def _of_clauses(talk: Talk, acts: Acts) -> tuple[str, ...]:
    """The clauses that name a slot and its other value, where more is told beside them; else the whole message.

    出发地改成南门 明早六点; 署名改匿名 地点改5栋.
    """
    found = tuple(one for one in acts.clauses if _OPENS.search(one) and _tells_otherwise(talk, one))
    return (acts.text,) if not found or any(says("names_what_errs", one) for one in found) else found


def _tells_otherwise(talk: Talk, clause: str) -> bool:
    """Whether a clause names a slot and its value: 身份是租客, and not 身份不是业主 alone."""
    label = _labelled(talk, clause)
    return bool(label) and _said(clause, talk.compiled.script.slots[label].called) != ""


def _relation(talk: Talk, acts: Acts, plan: Plan) -> None:
    """我是租的 beside another correction: what one is to the home has words of its own and no label."""
    slots_of = talk.compiled.script.slots
    name = next((one for one in talk.step.change if slots_of[one].reads == "relation"), "")
    if not name or name in plan.values or not plan.values:
        return
    for clause in acts.clauses:
        said = slots.relation(slots_of[name], clause, talk.turn.now)
        option = next((one for one in slots_of[name].options if said and one.value == said), None)
        if option and said != talk.frame.slots.get(name):
            plan.values[name] = Taken(said, option.text)
            return


async def _plan(talk: Talk, plan: Plan, text: str, *, surely: bool) -> str:
    """Put what the words change into the plan; the slot that they name. `surely` takes options by whole names."""
    label = _labelled(talk, text)
    said = _said(text, talk.compiled.script.slots[label].called if label else ())
    for name in [label] if label else _open_to_change(talk):
        if name in plan.values or (not label and filling.stays(talk, name)):
            continue
        taken = await _read(talk, name, said, labelled=bool(label), surely=surely)
        if taken is None and label and talk.compiled.script.slots[name].type is SlotType.CHOICE:
            # 我不想署名了 names both the slot and an option of it.
            taken = await _read(talk, name, text, labelled=True, surely=False)
        within = (
            talk.compiled.script.slots[name].fill == "place" and taken and taken.shown in talk.words(name)
        )
        if taken and taken.value != talk.frame.slots.get(name) and not within:
            plan.values[name] = taken
            break
    return label


def _open_to_change(talk: Talk) -> list[str]:
    """Slots that hold something, those that were asked last first."""
    slots_of = talk.compiled.script.slots
    values, asked = talk.frame.slots, talk.step.collect
    held = [name for name in slots_of if values.get(name) is not None]
    unsaid = [
        name for name in talk.step.change if slots_of[name].type is SlotType.CHOICE and name not in held
    ]
    return [name for name in (*reversed(held), *unsaid) if name != asked]


_NOT_BUT = re.compile(
    r"^(?:不对[，,。\s]*)?不(?:是|在|从|到|去)(?P<old>[^，,。；;\s]{1,14})[，,。；;\s]+(?:而?是|应该是|改成|在|从|到|去)?(?P<new>[^，,。？?吗]{2,24})$"
)
_NOT_IS = re.compile(
    r"^(?:不对)?不是(?P<old>[^，,。；;？?\s是]{1,14}?)[啦啊呀哦吧了]?(?:而是|应该是|是)(?P<new>[^，,。？?吗]{2,24})$"
)
_BUT_NOT = re.compile(
    r"^(?P<new>[^，,。；;？?吗]{2,24})[，,。；;\s]+不(?:是|在|从|到|去)(?P<old>[^，,。；;？?吗]{1,14})$"
)


_FORMS = (_NOT_BUT, _NOT_IS, _BUT_NOT)


def _instead(talk: Talk, text: str) -> dict[str, Taken]:
    """“不是3栋，是4栋”, “从南门走，不是小区门口”: the text that holds what is denied holds the other from now on."""
    found = next((one for form in _FORMS if (one := form.match(text.strip()))), None)
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


def retells(talk: Talk, acts: Acts) -> bool:
    """“不是水龙头是下面的软管”: what is denied stands in the story, which is told otherwise by these words."""
    found = next((one for form in _FORMS if (one := form.match(acts.text.strip()))), None)
    old = found["old"].strip("的那个了吧") if found else ""
    held = (talk.frame.slots.get(name) for name, slot in talk.compiled.script.slots.items() if slot.grows)
    return len(old) > 1 and any(isinstance(one, str) and old in one for one in held)


_ANY_OF_IT = re.compile(r"(?:什么|啥|任何|哪个)(?:时间|时候|地方|位置|名字)(?:都|也)")  # names nothing
_DENIED_LABEL = re.compile(
    r"([\u4e00-\u9fff]{2,4}?)(?=(?:号码?|那里|这里)?不是)|(?<=不想)([\u4e00-\u9fff]{2})|(?<=不要)([\u4e00-\u9fff]{2})"
)  # 电话不是这个, 我不想署名了
_BRIEFLY = re.compile(r"^(?:刚才|刚刚|那个?|我)?(\w)(?:[写填选打点说报]?错|不对|要改)")  # 料写错了


def _labelled(talk: Talk, text: str) -> str:
    """The slot that the words name: 房号不对, 电话写错了. The open one is named by nobody."""
    change = talk.step.change
    known = [
        (name, slot.called)
        for name, slot in talk.compiled.script.labelled
        if name in change or talk.filled(name)
    ]
    if _ANY_OF_IT.search(text):
        return ""
    found = matches(text, [words for _, words in known], least=CONTAINED)
    if not found:
        brief = _BRIEFLY.match(text.strip())
        said = [brief[1]] if brief else [one[0] for one in _DENIED_LABEL.finditer(text)]
        return next((name for name, words in known if any(one in words for one in said)), "")
    tied = [one for one in found if one.score == found[0].score]
    return known[found[0].place][0] if len(tied) == 1 else ""


_PUT_ASIDE = re.compile(r"(?<!是)不是[^，,。；;？?\s是]{1,14}")


def _said(text: str, label: tuple[str, ...]) -> str:
    """The new value as it was said, without what turns and what names the slot."""
    standing = _PUT_ASIDE.sub(" ", text)
    text = (
        standing if _OPENS.sub("", standing).strip(" ，,。") else ""
    )  # of 地点是4栋不是3栋 the 4th, of 不是家里 nothing
    after = _OPENS.split(text)[-1] if _OPENS.search(text) else text
    for word in sorted(label, key=len, reverse=True):
        after = after.replace(word, "")
    return _TURNING.sub(" ", after).strip(" 的吧了呢啊")


async def _read(talk: Talk, name: str, said: str, *, labelled: bool, surely: bool) -> Taken | None:
    slot = talk.compiled.script.slots[name]
    if slot.type is SlotType.PHOTOS or not said:
        return None
    if slot.type is SlotType.CHOICE:
        return await _chosen(talk, name, slot, said, least=CONTAINED if surely else _SURE)
    if slot.type is SlotType.TIME and (window := _only_time(talk.turn.heard, said)):
        return _same_day(talk, name, times.taken_time(slot, window, talk.turn), said)
    heard = Heard(Kind.TEXT, said, understand=talk.turn.heard.understand, read=talk.turn.heard.read)
    if slot.type is SlotType.ROOM:
        return await _room(talk, name, slot, heard)
    deeds = talk.turn.heard.deeds
    if slot.fill == "materials" and deeds is not None and deeds.materials:
        return Taken(deeds.materials, deeds.materials)
    if slot.type is SlotType.TEXT and (offered := _among_options(talk, name, said)):
        return offered
    if slot.type is SlotType.TEXT and not (labelled or _fits(slot, heard)):
        return None
    if slot.type is SlotType.NUMBER and not (labelled or _is_number(slot, said)):
        return None  # 下一家4栋, 302的不干了 and 1102的锁 name no sum
    if slot.fill == "place" and (there := _within(heard, said)):
        return Taken(there, there)
    if slot.type is SlotType.TIME and _leaves_open(talk, said):
        return None  # 什么时间都中 is no other time
    reading = slots.read(slot, heard, talk.turn, [])
    if not isinstance(reading, Taken):
        return None
    return _same_day(talk, name, reading, said) if slot.type is SlotType.TIME else reading


_OF_MONEY, _OF_PEOPLE = re.compile(r"[元块毛钱价费]|收[了的]?\d"), re.compile(r"[个位人口名]")
_NUMBER_ALONE = re.compile(
    r"^[^\d零一二两三四五六七八九十百]{0,2}[\d零一二两三四五六七八九十百.]+(?![的那栋幢楼座单室号家户])[^\d]{0,2}$"
)


def _is_number(slot: Slot, said: str) -> bool:
    """Whether words without a label tell a sum or a count: with its measure, or by a number that stands alone."""
    measure = _OF_MONEY if slot.reads == "money" else _OF_PEOPLE
    return measure.search(said) is not None or _NUMBER_ALONE.match(said.strip()) is not None


def _leaves_open(talk: Talk, said: str) -> bool:
    window, _ = times.bare_time(Heard(Kind.TEXT, said), talk.turn)
    return window is not None and window.said in times.AT_ANY_TIME


def _same_day(talk: Talk, name: str, reading: Answer, said: str) -> Taken | None:
    """The hour of the day that was told before, where only the hour is corrected."""
    if not isinstance(reading, Taken):
        return None
    return times.moved_to_its_day(reading, filling.standing(talk, name), said, talk.turn)


def _only_time(heard: Heard, said: str) -> TimeWindow | None:
    """The time that the whole message names, when no other can be meant: nothing else in it hints at one."""
    window = heard.entities.time if heard.entities else None
    before, _, after = heard.text.partition(said)
    return window if window and not hints_at_time(normal(before + after)) else None


def _among_options(talk: Talk, name: str, said: str) -> Taken | None:
    """The option by which a text could have been answered: 卫生间, where a place was asked."""
    step = talk.compiled.script.collector(name)
    if step is None or not matches(said, [(one.text,) for one in step.options], least=CONTAINED):
        return None  # as nearly always
    offers = [one.text for one in step.options if talk.holds(one.when)]
    found = matches(said, [(one,) for one in offers], least=CONTAINED)
    if not found:
        return None
    return Taken(offers[found[0].place], offers[found[0].place])


def _within(heard: Heard, said: str) -> str:
    """The place in words that say far more: 楼道 of “操 我说楼道 你聋啊”."""
    place = heard.entities.place if heard.entities else None
    return place if place and place in said and len(re.split(r"[\s,，。！!]+", said)) > 1 else ""


def _fits(slot: Slot, heard: Heard) -> bool:
    """Whether words without a label may be this text: only a place that is one."""
    entities = heard.entities
    return slot.fill == "place" and entities is not None and entities.place is not None


async def _chosen(talk: Talk, name: str, slot: Slot, said: str, *, least: float) -> Taken | None:
    offers = [Offered(one.text, one.value or one.text, keywords=one.keywords) for one in slot.options]
    if slot.source:
        offers += [Offered(text, value) for value, text in await talk.listed(name)]
    whole = least if least >= CONTAINED else 0.0  # only names are looked for then, which is quick
    found = matches(said, [options.names_of(one) for one in offers], least=whole)
    if not found or found[0].score < least or (len(found) > 1 and found[0].score == found[1].score):
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
        if most := filling.beyond(talk, talk.compiled.script.slots[name], taken.value):
            talk.note("slot.large", {"number": most})
            continue
        talk.put(name, taken.value, taken.shown)
        changed.append(name)
    changed = list(dict.fromkeys(changed))
    filling.tell(talk, "bot.corrected", changed)
    return changed
