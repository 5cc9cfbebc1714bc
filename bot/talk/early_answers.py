"""What is told beside the open question: an answer to one still to come, more of the same story, or its own."""

import re
from collections.abc import Sequence

from bot.scripts import texts
from bot.scripts.format import Slot, SlotType
from bot.talk import answers, asking, engine, filling, slots
from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.turn import Heard
from bot.understanding.acts import Act, says
from bot.understanding.entities.times import hints_at_time
from bot.understanding.matching import CONTAINED, matches
from bot.values import Kind, Plain

_TELLING = (
    Act.INFORM,
    Act.URGE,
    Act.CORRECT,
    Act.DANGER,
    Act.ABUSE,
    Act.AS_YOU_LIKE,
    Act.LATER,
    Act.FALSE_ALARM,
)
_PARTLY = 0.3  # chance of telling something beside what else the words do
_BARE = 8  # characters of a time and nothing else
_LONGEST_SAID = 300  # characters of what is kept by the first sentence


async def told_early(talk: Talk) -> bool:
    """The answer to a question still to come: kept, said back, and the open question asked again."""
    entities = talk.turn.heard.entities
    if entities is None or talk.frame.mode:
        return False
    changed = await filling.absorb(talk, entities, overwrite=False, but=talk.step.collect)
    changed += _named_options(talk) + _names_told(talk) + _time_told(talk) + _home_as_place(talk)
    for name in changed:
        label = talk.compiled.script.slots[name].label or name
        talk.note("bot.noted", {"label": label, "value": talk.frame.shown[name]})
    if way := engine.way_to(talk, changed):
        await answers.picked(talk, way)
        return True
    told = bool(changed or talk.notes)  # a note alone: what was told does not exist
    if told:
        await engine.changed(talk)
    return told


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
        if len(slots.plain(one)) <= _BARE
    ]
    if not said or (heard.entities and heard.entities.time):
        return {}
    name = next((name for name, slot in talk.compiled.named if slot.fill == "time"), "")
    if not name or name == talk.step.collect or not talk.compiled.script.collector(name):
        return {}
    found = (slots.bare_time(Heard(Kind.TEXT, one), talk.turn)[0] for one in said)
    window = next((one for one in found if one is not None), None)
    if window is None or window.said in slots.AT_ANY_TIME:
        return {}
    told = slots.time_value(window.start.isoformat(), window.end.isoformat() if window.end else None)
    value = slots.on_the_day(told, talk.frame.slots.get(name), heard.text)
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
    told = _name_told(talk)
    for name, value in told.items():
        talk.put(name, value, value)
    return list(told)


def _name_told(talk: Talk) -> dict[str, str]:
    heard, told = talk.turn.heard, {}
    if not _CALLED.search(heard.text):
        return {}
    for name, slot in talk.compiled.script.slots.items():
        if slot.reads == "name" and not talk.filled(name) and name != talk.step.collect:
            told[name] = slots.named(slot, heard, talk.turn)
    return {name: value for name, value in told.items() if value}


_CALLED = re.compile(r"[我他她叔姨爸妈婆公弟妹哥姐子女](?:的?名字)?(?:是|叫)|姓名|名叫|名字")


def _options_named(talk: Talk) -> dict[str, Offered]:
    text = talk.turn.heard.text
    if slots.ordinal(text) is not None:
        return {}
    named = {}
    for name, slot in talk.compiled.script.slots.items():
        if slot.type is not SlotType.CHOICE or name == talk.step.collect or talk.filled(name):
            continue
        offers = [Offered(one.text, one.value or one.text, keywords=one.keywords) for one in slot.options]
        if found := next((one for text in _said(talk) if (one := slots.offered(text, offers))), None):
            named[name] = found
    return named


def _said(talk: Talk) -> list[str]:
    """The whole message, and its clauses: 实名 of “没有照片，实名”."""
    acts = talk.turn.heard.acts
    said = (talk.turn.heard.text.strip(), *(acts.clauses if acts else ()))
    return [one for text in said for one in (text, text.removeprefix("我"))]


async def told_more(talk: Talk) -> bool:
    """More of the same story while something else is asked: put behind what was told, and said back."""
    frame, script, meaning = talk.frame, talk.compiled.script, talk.turn.heard.meaning
    name = _growing(talk)
    if not name or meaning is None or meaning.action != "answer":
        return False
    told = f"{frame.slots[name]}，{talk.turn.heard.text.strip()}"
    if meaning.intent not in script.triggers.intents or len(told) > (script.slots[name].max or len(told)):
        return False
    talk.put(name, told, told)
    talk.note("bot.noted", {"label": script.slots[name].label or name, "value": told})
    frame.mode = ""
    await engine.changed(talk)
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


async def would_tell(talk: Talk) -> bool:
    """Whether the message answers a question still to come."""
    entities = talk.turn.heard.entities
    if entities is None or talk.frame.mode:
        return False
    named = (
        filling.named(slot, entities, talk)
        for name, slot in talk.compiled.named
        if name != talk.step.collect and filling.is_open(talk, name)
    )
    return any(value is not None for value in named) or bool(
        _options_named(talk) or _name_told(talk) or _bare_time(talk) or _home_named(talk)
    )


def tells_instead(talk: Talk) -> bool:
    """Whether a story was told where stars are asked."""
    name = talk.slot(talk.step).beside if talk.step.collect and not talk.frame.mode else ""
    return bool(name) and not talk.turn.heard.option_id and slots.tells_a_story(talk.turn.heard.text.strip())


def grows(talk: Talk) -> bool:
    """Whether the message tells more of the matter, and there is a text that takes it."""
    meaning, script = talk.turn.heard.meaning, talk.compiled.script
    return bool(_growing(talk)) and meaning is not None and meaning.intent in script.triggers.intents


def _growing(talk: Talk) -> str:
    """The text slot that takes what is told later of the same matter; "" without one that holds something."""
    script = talk.compiled.script
    return next(
        (name for name, slot in script.slots.items() if slot.grows and talk.frame.slots.get(name)), ""
    )


_ADDS = re.compile(
    r"^(?:我|请|麻烦|帮我|那|还要|再|另外)*(?:补充|加上?|备注|写上?|注明|记上?|添)(?:一?句|一?下|一?点|说明|上)+(?:就说|说)?[,，:：。、\s]*"
)


def added(text: str) -> str:
    """What is to be added: 玻璃是双层的 of “再加一句，玻璃是双层的”; "" for words that add nothing."""
    found = _ADDS.match(text.strip())
    return text.strip()[found.end() :] if found else ""


def adds(talk: Talk) -> bool:
    """Whether something is to be added to what was told in this talk."""
    return bool(_growing(talk)) and slots.says_something(added(talk.turn.heard.text))


def keep_words(talk: Talk, words: str = "") -> bool:
    """Words that answer nothing are put behind the story they belong to, as long as it may be. Whether they were."""
    name, text = _growing(talk), words or talk.turn.heard.text.strip()
    if not name or not slots.says_something(text):
        return False
    told = f"{talk.frame.slots[name]}，{text}"
    if len(told) > (talk.compiled.script.slots[name].max or len(told)):
        return False
    talk.put(name, told, told)
    return True


_APART = (
    SlotType.TIME,
    SlotType.PHONE,
    SlotType.ROOM,
    SlotType.NUMBER,
)  # whose values are no words of a story
_LEAST_REST = 4  # characters of a clause that tells something


def keep_rest(talk: Talk) -> None:
    """Clauses beside a value that tell something of their own: “明天下午三点，记得提前打电话”."""
    heard = talk.turn.heard
    apart = talk.step.collect and talk.slot(talk.step).type in _APART
    if not apart or heard.acts is None or heard.read is None or heard.option_id or not _growing(talk):
        return
    for place, clause in enumerate(heard.acts.clauses):
        excluded = place > 0 and says("not_then", slots.plain(clause))  # 后天，但是上午不行
        timed = hints_at_time(clause) and not excluded
        if len(slots.plain(clause)) < _LEAST_REST or _DIGIT.search(clause) or timed:
            continue
        acts = heard.read(clause)
        tells = (
            excluded or acts.best in _TELLING or acts.chance(acts.best) < _MOSTLY
        )  # 记得提前打电话 is like nothing else
        if tells and not acts.asked and not _is_value(talk, clause):
            keep_words(talk, clause)


def tells_beside_values(talk: Talk) -> bool:
    """Whether the message names nothing that does not stand there already, and says more than that."""
    heard = talk.turn.heard
    if heard.entities is None or not _growing(talk) or talk.step.takes:
        return False
    named = [filling.named(slot, heard.entities, talk) for _, slot in talk.compiled.named]
    told = [one for one in named if one not in (None, "")]
    held = list(talk.frame.slots.values())
    beyond = len(slots.plain(heard.text)) - sum(len(str(one)) for one in told if isinstance(one, str))
    return bool(told) and all(one in held for one in told) and beyond >= _LEAST_REST


_DIGIT = re.compile(r"\d")
_MOSTLY = 0.6  # chance of an act, for a clause to do that and no more


def _is_value(talk: Talk, clause: str) -> bool:
    """Whether the clause itself answers the open question or another one."""
    heard = Heard(Kind.TEXT, clause, understand=talk.turn.heard.understand, read=talk.turn.heard.read)
    if isinstance(slots.read(talk.slot(talk.step), heard, talk.turn, []), slots.Taken):
        return True
    entities = heard.entities
    return entities is not None and any(
        filling.named(slot, entities, talk) is not None
        for _, slot in talk.compiled.named
        if slot.fill not in _OF_THE_STORY  # 顺便看看马桶 names another thing, which is news
    )


def keep_correction(talk: Talk, changed: list[str]) -> None:
    """“不是灯，是排气扇”: another thing or place stands in the story too, which tells what the slots do."""
    if any(talk.compiled.script.slots[name].fill in _OF_THE_STORY for name in changed):
        keep_words(talk)


_OF_THE_STORY = ("category", "place")


async def keep_for_later(talk: Talk) -> None:
    """What nothing can take yet (a room before its community is known) stands by what was said at first."""
    if not keep_words(talk):
        said = str(talk.frame.vars.get("said") or "")
        talk.frame.vars["said"] = f"{said}，{talk.turn.heard.text.strip()}".strip("，")[-_LONGEST_SAID:]
    talk.note("bot.kept")
    await asking.ask(talk, again=True)


def tells_on(talk: Talk) -> bool:
    """Whether the words tell something, and there is a story that takes them: no agreement, no sound, no question."""
    acts = talk.turn.heard.acts
    if acts is None or acts.asked or not _growing(talk):
        return False
    return acts.best in _TELLING or acts.chance(Act.INFORM) >= _PARTLY


async def say_kept(talk: Talk, *, again: bool = False) -> None:
    """The words are with the story now; the open question is asked again, in other words."""
    if not again and answers.stuck(talk):
        return
    talk.note("bot.kept")
    if talk.step.changed:
        await engine.changed(talk)
    else:
        await asking.ask(talk, again=again)


async def keep_other_choices(talk: Talk) -> None:
    """Clauses beside the answer that name an option of a question still to come: "李明 业主", "家里，卫生间"."""
    acts = talk.turn.heard.acts
    if acts is None or talk.turn.heard.option_id or acts.asked:
        return
    told_apart = acts.clauses or _around_number(talk, acts.text)
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
                found = _offer_in(clause, offers)
            if found:
                talk.put(name, found.value, found.text)


def _around_number(talk: Talk, text: str) -> tuple[str, ...]:
    """What stands around a phone number, without a mark between: 13812345678我是租客."""
    if not talk.step.collect or talk.slot(talk.step).type is not SlotType.PHONE:
        return ()
    parts = tuple(part for one in _NUMBER.split(text) if (part := one.strip(" ()（）,，:：")))
    return () if any(_NOT_THEMSELVES.search(one) for one in parts) else parts


_NUMBER = re.compile(r"[\d\s+-]{7,}")


def _offer_in(clause: str, offers: Sequence[Offered]) -> Offered | None:
    """The one option that a short clause names: 是我儿子 names the family."""
    if found := slots.offered(clause, offers):
        return found
    if len(slots.plain(clause)) > _CLAUSE:
        return None
    named = matches(clause, [(one.text, *one.keywords) for one in offers], least=CONTAINED)
    return offers[named[0].place] if len(named) == 1 else None


_NOT_THEMSELVES = re.compile(
    r"(?<!我)的$|[打拨]|电话|手机|号码"
)  # 我老公的，13700001111 tells whose number it is
_CLAUSE = 8  # characters of a clause that names an option and tells nothing else


def keep_names(talk: Talk) -> None:
    """The name in a clause beside the answer: "3-2-501 张伟 业主", "青禾一期，我叫李娜"."""
    heard = talk.turn.heard
    if heard.acts is None or not heard.acts.clauses or heard.option_id or heard.acts.asked:
        return
    name = next((one for one, slot in talk.compiled.script.slots.items() if slot.reads == "name"), "")
    if not name or talk.filled(name) or name == talk.step.collect:
        return
    slot = talk.compiled.script.slots[name]
    told = _name_told(talk).get(name) or next(
        (one for clause in heard.acts.clauses if (one := _whole_name(talk, slot, clause))), ""
    )
    if told:
        talk.put(name, told, told)


def _whole_name(talk: Talk, slot: Slot, clause: str) -> str:
    """The clause itself, where it is the full name of somebody: 张伟 and 欧阳明月, but not 业主 or 厨房."""
    bare = _LED_IN.sub("", slots.plain(clause))
    found = slots.named(slot, Heard(Kind.TEXT, bare), talk.turn)
    return found if found == bare and _LEAST_NAME <= len(bare) <= _LONGEST_NAME else ""


_LED_IN = re.compile(r"^(?:户主|房主|业主|姓名|名字|联系人)(?:是|叫)?")
_LEAST_NAME, _LONGEST_NAME = 2, 4


async def keep_other_values(talk: Talk) -> None:
    """Values beside the option: "报名，一家三口" tells the party too, and so does 报两个人."""
    heard = talk.turn.heard
    if heard.acts is None or heard.option_id or heard.entities is None:
        return
    if not heard.acts.clauses and not (heard.entities.party_size or heard.entities.phone):
        return
    await filling.absorb(talk, heard.entities, overwrite=False, but=talk.step.collect)


def leads_on(talk: Talk) -> bool:
    """Whether an option of this question only leads to what the message tells already."""
    entities, steps = talk.turn.heard.entities, talk.compiled.steps
    if entities is None or not talk.step.choose:
        return False
    told = {name for name, slot in talk.compiled.named if filling.named(slot, entities, talk) is not None}
    told.update(_bare_time(talk))
    return any(one.to in steps and steps[one.to].collect in told for one in talk.frame.options)
