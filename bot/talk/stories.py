"""What is told of the matter itself, beside the open question: kept with its story, and said back."""

import re

from bot.scripts.format import Slot, SlotType
from bot.talk import answers, asking, engine, filling, naming, slots
from bot.talk.taken import Taken
from bot.talk.talk import Talk
from bot.turn import Heard
from bot.understanding.acts import Act, says
from bot.understanding.entities import is_broken
from bot.understanding.entities.times import hints_at_time
from bot.understanding.gist import gist, joined, tells
from bot.understanding.normal import normal
from bot.values import Kind

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


_LONGEST_SAID = 300  # characters of what is kept by the first sentence


async def told_more(talk: Talk) -> bool:
    """More of the same story while something else is asked: put behind what was told, and said back."""
    frame, script, meaning = talk.frame, talk.compiled.script, talk.turn.heard.meaning
    name = _growing(talk)
    if not name or meaning is None or meaning.action != "answer":
        return False
    told = _told_on(talk, name, talk.turn.heard.text.strip())
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
    if not name or talk.turn.heard.option_id or not naming.tells_a_story(text):
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


def tells_instead(talk: Talk) -> bool:
    """Whether a story was told where stars are asked."""
    name = talk.slot(talk.step).beside if talk.step.collect and not talk.frame.mode else ""
    return bool(name) and not talk.turn.heard.option_id and naming.tells_a_story(talk.turn.heard.text.strip())


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
    r"^(?:我|请|麻烦|帮我|那|还要|再|另外|(?:事情|情况|内容|描述|投诉|报修)(?:里|上|那里|后面)?)*(?:补充|加上?|备注|写上?|注明|记上?|添)(?:一?句|一?下|一?点|说明|上)+(?:就说|说)?[,，:：。、\s]*"
)


def added(text: str) -> str:
    """What is to be added: 玻璃是双层的 of “再加一句，玻璃是双层的”; "" for words that add nothing."""
    found = _ADDS.match(text.strip())
    return text.strip()[found.end() :] if found else ""


def adds(talk: Talk) -> bool:
    """Whether something is to be added to what was told in this talk."""
    return bool(_growing(talk)) and naming.says_something(added(talk.turn.heard.text))


def tells_fault(talk: Talk) -> bool:
    """不出来, 一闪一闪的, where a time is asked: the next piece of what was told, and no answer."""
    heard, name = talk.turn.heard, _growing(talk)
    if not name or talk.compiled.script.slots[name].reads != "fault" or heard.entities is None:
        return False
    if not talk.step.collect or talk.slot(talk.step).type is not SlotType.TIME or heard.option_id:
        return False
    acts = heard.acts
    if acts is None or acts.asked or heard.entities.time or len(naming.plain(heard.text)) > _SOON_SAID:
        return False
    tells_so = acts.best not in _PUTS_OFF and not says("not_then", naming.plain(heard.text))
    return tells_so and is_broken(normal(heard.text), wish=False)


_PUTS_OFF = (Act.AS_YOU_LIKE, Act.LATER, Act.WITHDRAW, Act.WAIT, Act.REFUSE, Act.URGE, Act.THANKS, Act.NONE)
_SOON_SAID = 12  # characters of a piece that only tells how it fails
ANOTHER = "another"  # the slot for another matter of the same kind, in scripts that come back to it
_NEXT = re.compile(r"^(?:哦|啊|嗯)?(?:还有|另外|再就是|再有|对了|顺便|第二|此外|再一个|另一个|还要说)")
_HEAD = 8  # characters of what leads over to another matter
_TELLS_ALONE = 6  # characters of a matter by itself
_SURELY = 0.8


def tells_another(talk: Talk) -> bool:
    """小区门口乱停车也没人管, in a complaint about noise: another matter of the same kind."""
    heard, script = talk.turn.heard, talk.compiled.script
    meaning, acts = heard.meaning, heard.acts
    if (
        ANOTHER not in script.slots
        or not _growing(talk)
        or talk.frame.mode
        or meaning is None
        or acts is None
    ):
        return False
    if len(naming.plain(heard.text)) < _TELLS_ALONE or heard.option_id or acts.best is Act.CORRECT:
        return False
    if meaning.action != "answer" or meaning.intent not in script.triggers.intents:
        return False
    if says("begins_another", heard.text):
        return True
    held, named = _kinds(talk)
    differs = bool(named and held) and not named & held
    marked = _NEXT.match(heard.text.strip()[:_HEAD]) is not None
    free = bool(talk.step.collect) and talk.slot(talk.step).type is SlotType.TEXT
    return differs and (marked or (meaning.confidence >= _SURELY and not free))


def _kinds(talk: Talk) -> tuple[set[str], set[str]]:
    """The kinds of matter that the talk has, and those that the words name."""
    held, named = set[str](), set[str]()
    story = str(talk.frame.slots.get(_growing(talk)) or "")
    for name, slot in talk.compiled.script.slots.items():
        if slot.type is SlotType.CHOICE and slot.fill == "said":
            held |= {str(one) for one in (talk.frame.slots.get(name),) if one} | _kinds_in(slot, story)
            named |= _kinds_in(slot, talk.turn.heard.text)
    return held, named


def _kinds_in(slot: Slot, text: str) -> set[str]:
    return {
        one.value or one.text
        for one in slot.options
        if any(word in text for word in (one.text, *one.keywords))
    }


def keep_another(talk: Talk) -> None:
    """The other matter waits until this one is handed in."""
    held, text = str(talk.frame.slots.get(ANOTHER) or ""), talk.turn.heard.text.strip()
    told = _NEXT.sub("", f"{held}，{text}".strip("，"), count=1).lstrip("，, ")[:_LONGEST_SAID]
    talk.put(ANOTHER, told, told)


def keep_words(talk: Talk, words: str = "") -> bool:
    """Words that answer nothing are put behind the story they belong to, as long as it may be. Whether they were."""
    name, text = _growing(talk), _of_the_matter(words or talk.turn.heard.text.strip())
    if not name or not naming.says_something(text):
        return False
    told = joined(str(talk.frame.slots[name]), words) if words else _told_on(talk, name, text)
    if told == talk.frame.slots[name]:
        return False
    if len(told) > (talk.compiled.script.slots[name].max or len(told)):
        return False
    talk.put(name, told, told)
    return True


_MARKS = re.compile(r"([\s,，。！!；;]+)")
_LONG = 80  # characters: whoever writes more tells more than that


def _of_the_matter(text: str) -> str:
    """Without the clauses that protest, or speak of photos and of one's own name: 没拍 别留我名 tells nothing."""
    if len(text) > _LONG:
        return text
    parts = _MARKS.split(text)
    told = [(one, mark) for one, mark in zip(parts[::2], [*parts[1::2], ""], strict=True) if one]
    kept = [(one, mark) for one, mark in told if not says("no_story", normal(one))]
    return text if len(kept) == len(told) else "".join(part for pair in kept for part in pair).strip("，,。 ")


_TAILS = "了啊呀吧呢嘛的啦!！。，, "  # what may stand behind words that were said before


def _told_on(talk: Talk, name: str, text: str) -> str:
    """The story with these words behind it; as it stands where they tell nothing of the matter."""
    held = str(talk.frame.slots[name])
    if talk.compiled.script.slots[name].reads != "fault":
        return f"{held}，{text}"
    said = gist(text, timed=True)
    return joined(held, said) if tells(text) and said.rstrip(_TAILS) not in held else held


def keep_fault(talk: Talk) -> None:
    """我家暖气不热, where 就我家 is an option: a fault told with the choice goes to the script that it leads to."""
    heard = talk.turn.heard
    if heard.option_id or not talk.step.choose or _growing(talk):
        return
    if len(naming.plain(heard.text)) > _LEAST_REST and heard.entities and heard.entities.category:
        said = str(talk.frame.vars.get("said") or "")
        talk.frame.vars["said"] = f"{said}，{heard.text.strip()}".strip("，")[-_LONGEST_SAID:]


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
    if found := _ALSO_THEN.search(heard.text):
        keep_words(talk, found["also"].strip())  # 礼拜天下午或者礼拜一上午都可以
    for place, clause in enumerate(heard.acts.clauses):
        if says("for_technician", clause) and not _DIGIT.search(clause):
            keep_words(talk, clause)  # 叫他慢点来, 师傅带玻璃来不
            continue
        excluded = place > 0 and says("not_then", naming.plain(clause))  # 后天，但是上午不行
        timed = hints_at_time(clause) and not excluded
        if len(naming.plain(clause)) < _LEAST_REST or _DIGIT.search(clause) or timed:
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
    beyond = len(naming.plain(heard.text)) - sum(len(str(one)) for one in told if isinstance(one, str))
    return bool(told) and all(one in held for one in told) and beyond >= _LEAST_REST


_ALSO_THEN = re.compile(
    r"(?:或者?|要么|要不|不行就|不然就?)(?P<also>[^,，。!！]{0,2}(?:今|明|后天|周|星期|礼拜|下周|\d|上午|下午|晚上)[^,，。!！]{1,14})"
)
_DIGIT = re.compile(r"\d")
_MOSTLY = 0.6  # chance of an act, for a clause to do that and no more


def _is_value(talk: Talk, clause: str) -> bool:
    """Whether the clause itself answers the open question or another one."""
    heard = Heard(Kind.TEXT, clause, understand=talk.turn.heard.understand, read=talk.turn.heard.read)
    if isinstance(slots.read(talk.slot(talk.step), heard, talk.turn, []), Taken):
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


def say_story(talk: Talk) -> None:
    """Say back what was told of the matter until now."""
    name = _growing(talk)
    label = talk.compiled.script.slots[name].label or name
    talk.note("bot.noted", {"label": label, "value": talk.words(name)})


async def say_kept(talk: Talk, *, again: bool = False) -> None:
    """The words are with the story now; the open question is asked again, in other words."""
    if not again and answers.stuck(talk):
        return
    talk.note("bot.kept")
    if talk.step.changed:
        await engine.changed(talk)
    else:
        await asking.ask(talk, again=again)
