"""Reasons to leave the open question for another talk, and messages that only look like one."""

import re

from bot.scripts.catalogue import Compiled
from bot.scripts.format import SlotType
from bot.talk import engine, options, times
from bot.talk.naming import plain
from bot.talk.taken import Answer, Refused
from bot.talk.talk import Talk
from bot.understanding.acts import says
from bot.understanding.values import Understanding

SURE = 0.55  # of an intent, to leave the open question for it
VERY_SURE = 0.8  # to leave a question that takes any words
_QUESTION = re.compile(r"[?？]|[吗么呢]\s*$|多少|怎么|什么|哪|几点|几号|是不是|有没有|能不能|查|帮我")
_FAULTY = re.compile(
    r"^(?:大)?[昨前](?:天|晚|日|儿)|你们|派[^，。]{0,5}人|没(?:有)?(?:看见|发现|见着|觉得)|"
    r"^(?:还是|又|根本|就是|一直)*(?:没|不|修不|坏)(?:有)?(?:修|弄|换)?(?:好|了|行|通|亮|热|响|动)[了吧啊呀呢。！!]*$"
    r"|没(?:有?看见|有?发现|[见看]到|觉得|动过|修过)"
)
_BARE = 6  # characters of a time, or of one more, and nothing else
# What one more is, in the list of what there is.
_MORE_OF = {
    "repair_progress": "repair_report",
    "complaint_progress": "complaint",
    "activity_cancel": "activity_signup",
}
_DIGITS = re.compile(r"[\d一二两三四五六七八九十百千万]")


def named(talk: Talk) -> Compiled | None:
    """The other script whose very keyword the message is: 今天的活, 查物业费."""
    text = talk.turn.heard.text.strip()
    found = talk.bot.catalogue.for_keyword(_once(text), talk.turn.person)
    if found is None or talk.step.digress == "never":
        return None
    return None if _runs(talk, found) else found


def _once(text: str) -> str:
    return _DOUBLED.sub(r"\1", text) if len(text) <= _DOUBLY else text


_DOUBLY = 24  # characters of a keyword that is said more than once
_DOUBLED = re.compile(r"^(.{2,6}?)[吧啊呀,，!！。\s]*(?:\1[吧啊呀,，!！。\s]*)+$")  # 报修吧报修吧


def begun_besides(talk: Talk) -> Compiled | None:
    """The other script of which the message begins one more: 再报一个厨房漏水, in the list of one's own repairs."""
    meaning, acts = talk.turn.heard.meaning, talk.turn.heard.acts
    if meaning is None or acts is None or acts.asked or talk.step.digress == "never":
        return None
    if not says("begins_another", acts.text):
        return None
    own = next((one for one in talk.compiled.script.triggers.intents if one in _MORE_OF), "")
    intent = _MORE_OF[own] if own and len(plain(acts.text)) <= _BARE else ""
    if not intent and meaning.action != "answer":
        return None
    found = talk.bot.catalogue.for_intent(intent or meaning.intent, talk.turn.person)
    return None if found is None or _runs(talk, found) else found


def wished_instead(talk: Talk) -> str:
    """What is wanted instead: 投诉楼上太吵 of “不报修，要投诉楼上太吵”; "" for a word alone."""
    rest = plain(_DENIED.sub("", talk.turn.heard.text)).strip("啊呀吧的")
    wished = _WISH.sub("", rest).lstrip("我")
    return wished if len(wished) > _WORD else ""


_WORD = 5  # characters that only name a script


def named_instead(talk: Talk) -> Compiled | None:
    """The other script that is named while this one is denied: 是提建议不是投诉, 我不报修，我要投诉."""
    denied = _DENIED.search(talk.turn.heard.text)
    if denied is None:
        return None
    script = talk.compiled.script
    if not any(word in denied[1] for word in (script.title, *script.triggers.keywords)):
        return None
    rest = plain(_DENIED.sub("", talk.turn.heard.text)).strip("啊呀吧的")
    wished = _WISH.sub("", rest).lstrip("我")
    who = talk.turn.person
    found = talk.bot.catalogue.for_keyword(rest, who) or talk.bot.catalogue.for_keyword(wished, who)
    if found is None and wished.startswith(_ASKS_FOR) and talk.turn.heard.understand:
        meaning = talk.turn.heard.understand(wished)
        clear = meaning.action == "answer" and meaning.intent not in ("unknown", "smalltalk")
        found = talk.bot.catalogue.for_intent(meaning.intent, who) if clear else None
    return None if found is None or _runs(talk, found) else found


_DENIED = re.compile(
    r"(?:其实)?(?:也|都)?(?:不是|不算|不想|不要|不用|没有?在|没|不)(?:要|想|来|去)?([^，,。；;！!\s]{2,6})"
)


def praises(talk: Talk) -> bool:
    """Whether somebody who works here is praised: 麻烦替我谢谢她, where nothing like it is asked or rated."""
    acts, slots_of = talk.turn.heard.acts, talk.compiled.script.slots
    if acts is None or acts.asked or talk.step.digress == "never" or not talk.bot.catalogue.knows(PRAISE):
        return False
    if talk.frame.script == PRAISE or any(one.type is SlotType.RATING for one in slots_of.values()):
        return False
    return talk.turn.person.technician_id == 0 and says("praises", acts.text)


def denies_this(talk: Talk) -> bool:
    """我没在投诉, 不报修了: the running talk is named and denied."""
    script, denied = talk.compiled.script, _DENIED.search(talk.turn.heard.text)
    return denied is not None and any(word in denied[1] for word in (script.title, *script.triggers.keywords))


PRAISE = "praise"
_ANSWERS_QUESTIONS = "faq"
_ASKS_FOR = ("问", "想问", "打听", "咨询")
_WISH = re.compile(r"^(?:我|而)?(?:只是|就是|是)?(?:想|要|来)?(?:要|给你们)?")


def below(talk: Talk) -> int | None:
    """The place in the stack of the talk that the message names by its keyword, and that was left for this one."""
    keyword = talk.bot.catalogue.for_keyword(talk.turn.heard.text.strip(), talk.turn.person)
    if keyword is None or talk.step.digress == "never":
        return None
    stack = talk.state.stack
    left = [at for at in range(len(stack) - 1) if stack[at + 1].returning == "digress"]
    return next((at for at in left if stack[at].script == keyword.script.script), None)


def commanded(talk: Talk) -> Compiled | None:
    """The script whose whole keyword the message is, where an answer would be read out of any sentence:
    今天的活 is a command, though a time could be read in it."""
    if not talk.step.collect or talk.slot(talk.step).type not in (SlotType.TIME, SlotType.NUMBER):
        return None
    return named(talk) if is_keyword(talk) else None


def is_keyword(talk: Talk) -> bool:
    """Whether the whole message is a keyword of a script, not only begins with one of its words."""
    text = talk.turn.heard.text.strip()
    found = talk.bot.catalogue.for_keyword(text, talk.turn.person)
    return found is not None and text in found.script.triggers.keywords


def is_begun_by_word(talk: Talk) -> bool:
    """Whether the message is a word that starts a script, or begins with one."""
    return talk.bot.catalogue.for_keyword(talk.turn.heard.text.strip(), talk.turn.person) is not None


def numbers(reading: Answer, talk: Talk) -> bool:
    """Whether it is no more than a number, though not one that fits: “10000个人” asks for nobody."""
    if not isinstance(reading, Refused) or talk.slot(talk.step).type is not SlotType.NUMBER:
        return False
    text = talk.turn.heard.text.strip()
    return len(_DIGITS.sub("", text)) <= 4 and not _QUESTION.search(text)


def begun_anew(talk: Talk) -> int | None:
    """The place in the stack of the talk that the message starts over: 催一下 in the list of one's own repairs, or
    解绑 inside what 我的房屋 called. None when it does no such thing."""
    stack, step = talk.state.stack, talk.step
    if step.digress == "never":
        return None
    keyword = talk.bot.catalogue.for_keyword(talk.turn.heard.text.strip(), talk.turn.person)
    place = len(stack) - 1
    while keyword and place and stack[place].returning == "call":
        place -= 1
        if stack[place].script == keyword.script.script:
            return place
    lists = step.collect and talk.slot(step).source and not talk.filled(step.collect)
    listed_anew = lists and _means_itself(talk) and not _names_listed(talk)
    return len(stack) - 1 if listed_anew or asks_another(talk) else None


def asks_another(talk: Talk) -> bool:
    """小区能不能养鸡, where 是这个吗 is asked of an answer: another question of the same kind."""
    acts, script = talk.turn.heard.acts, talk.compiled.script
    if (
        acts is None
        or not acts.asked
        or not talk.step.choose
        or _ANSWERS_QUESTIONS not in script.triggers.intents
    ):
        return False
    meaning = talk.turn.heard.meaning
    if meaning is None or meaning.ranking[0][0] not in (_ANSWERS_QUESTIONS, "unknown"):
        return False
    named = options.by_name(acts, talk.frame.options, talk.turn.now)
    return len(plain(acts.text)) > _BARE and (named is None or bool(named.rivals))


def _names_listed(talk: Talk) -> bool:
    """先修灯, where 灯不亮 is one of several faults that were told: it picks that one, and tells of nothing new."""
    acts = talk.turn.heard.acts
    if acts is None or talk.compiled.script.quick or len(plain(acts.text)) > _BARE:
        return False
    meant = options.by_name(acts, talk.frame.options, talk.turn.now)
    return (meant is not None and not meant.rivals) or options.by_part(acts, talk.frame.options) is not None


def _means_itself(talk: Talk) -> bool:
    meaning = talk.turn.heard.meaning
    if meaning is None or meaning.action != "answer" or meaning.confidence < SURE:
        return False
    return meaning.intent in talk.compiled.script.triggers.intents


def repeated(talk: Talk) -> bool:
    """Whether the message starts again what is running: “接单 半小时后到”, said when 接单 asked for the time."""
    found = talk.bot.catalogue.for_keyword(talk.turn.heard.text.strip(), talk.turn.person)
    return found is not None and found.script.script == talk.frame.script


def wanted(talk: Talk, *, free: bool) -> Compiled | None:
    """The other script that the message clearly asks for. `free` says that the open question takes any words."""
    meaning = talk.turn.heard.meaning
    if meaning is None:
        return None
    intent = of_money(meaning) if meaning.action == "ask" and not free else ""
    if not intent:
        if meaning.action != "answer" or meaning.confidence < (VERY_SURE if free else SURE):
            return None
        intent = meaning.intent
    found = talk.bot.catalogue.for_intent(intent, talk.turn.person)
    if found is None or intent in ("unknown", "smalltalk"):
        return None
    if _runs(talk, found) or repeated(talk):
        return None
    if talk.compiled.script.triggers.deeds and not found.script.triggers.deeds:
        return None  # 能停几天, asked by a technician about a job, wants no notices of water and power
    return found if found.script.quick or not free else None


_MONEY = ("fee_query", "fee_pay")


def of_money(meaning: Understanding) -> str:
    """物业费几号前交 asks what is due as much as how to pay it: what is due tells both."""
    likely = [intent for intent, _ in meaning.ranking[:2]]
    sure = sum(score for _, score in meaning.ranking[:2]) >= VERY_SURE
    return _MONEY[0] if sure and set(likely) == set(_MONEY) else ""


def sure_of_another(talk: Talk) -> bool:
    """Whether the message is clearly about something that another script does."""
    meaning = talk.turn.heard.meaning
    return wanted(talk, free=False) is not None and meaning is not None and meaning.confidence >= VERY_SURE


def asks(elsewhere: Compiled | None, talk: Talk) -> bool:
    """Whether the message really wants something else: "明天停水吗" does, "明天下午三点" does not."""
    meaning = talk.turn.heard.meaning
    sure = meaning is not None and meaning.confidence >= VERY_SURE
    return elsewhere is not None and (sure or is_question(talk))


def is_question(talk: Talk) -> bool:
    return bool(_QUESTION.search(talk.turn.heard.text))


def no_place(talk: Talk) -> bool:
    """“周六上午” is no answer to where, though it would fit a text; nor is one's own room, when that is asked too."""
    entities = talk.turn.heard.entities
    wants = talk.slot(talk.step).fill if talk.step.collect else ""
    if (
        wants == "place"
        and entities is not None
        and not entities.place
        and (_FAULTY.search(talk.turn.heard.text) or _is_bare_time(talk))
    ):
        return True
    return (
        wants == "place"
        and entities is not None
        and not entities.place
        and bool(entities.time or entities.phone or (entities.room and _takes_rooms(talk)))
    )


def _is_bare_time(talk: Talk) -> bool:
    """上午, 七点以后: no place, though any words would fit."""
    text = talk.turn.heard.text.strip()
    return len(text) <= _BARE and times.bare_time(talk.turn.heard, talk.turn)[0] is not None


def _takes_rooms(talk: Talk) -> bool:
    """Whether the talk, as it goes, asks for a house beside the place."""
    script = talk.compiled.script
    rooms = (script.collector(name) for name, slot in script.slots.items() if slot.type is SlotType.ROOM)
    return any(step is not None and talk.holds(step.when) for step in rooms)


def _runs(talk: Talk, found: Compiled) -> bool:
    """Whether it is open already, or there is no room for one more."""
    running = {frame.script for frame in talk.state.stack}
    return found.script.script in running or len(talk.state.stack) >= engine.DEEPEST
