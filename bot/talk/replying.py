"""Readings of a message as an answer to the open question: an option, a value, a yes or no, nothing to give."""

import re
from collections.abc import Sequence

from bot.scripts import texts
from bot.scripts.format import SlotType
from bot.talk import answers, asking, digressions, early_answers, engine, job_told, options, slots, taps
from bot.talk.readings import Reading
from bot.talk.slots import Refused, Taken
from bot.talk.state import Offered
from bot.talk.steering import aside
from bot.talk.talk import Talk
from bot.understanding import Command, command
from bot.understanding.acts import Act, Acts
from bot.understanding.matching import CONTAINED
from bot.values import Plain
from bot.why import Rule

_NOTHING = (Act.NONE, Act.DONT_KNOW, Act.AS_YOU_LIKE, Act.REFUSE)
_DONE = (Act.THANKS, Act.FILLER, Act.YES, Act.GREETING, Act.NONE)
_PHOTO_DONE = (Act.YES, Act.NO, Act.NONE, Act.REFUSE, Act.DONT_KNOW, Act.AS_YOU_LIKE, Act.FILLER, Act.LATER)
_PHOTO_WORDS = ("拍", "照", "图", "张", "提交", "就这")
_NO_ANSWER = (Act.QUESTION, Act.WAIT, Act.REFUSE, Act.NONE, Act.DONT_KNOW, Act.WITHDRAW, Act.LATER)
_NO_TEXT = (Act.URGE, Act.ABUSE, Act.GREETING, Act.THANKS, Act.FILLER, Act.WAIT, Act.BACK, Act.AGAIN)
_UNDECIDED = (Act.WAIT, Act.LATER, Act.DONT_KNOW)
_UNDECIDED_TOGETHER = 0.8  # their chances, for words that then are no answer
_NAMED = 0.5  # of an option that is named, and what it gains by likeness
_BY_LIKENESS = 0.45
_MISHEARD = _NAMED + _BY_LIKENESS * 0.8
MOST_ALIKE = _NAMED + _BY_LIKENESS * CONTAINED
_FREE = 0.58  # of any words where any words are an answer
_HUMS = re.compile(r"^[嗯哦啊呃额哎唉哈呵嘿诶欸呀噢喔唔吧呢嘛]+$")
_ALL = re.compile(
    r"都(?:给|打|[一二三四五1-5]星|满分|很?好|很?满意|不错)|全(?:给|都|部|打|[一二三四五]星|满分)|各方面|统统"
)
_SUITS = re.compile(
    r"(?<!还)(?:可以|行|成|好|方便|有空|能来|来得了|有人)(?:吗|么|嘛|不|吧)[啊呀呢?？。！!]*$|(?:得唔得|得不得|中不中|能来不|行不行|可不可以|好不好|成不成|能不能来|方不方便|有没有空)[啊呀呢?？。！!]*$"
)
_EXCEPT = re.compile(r"除了?|以外|不算|不包括|别的都|其他都")
_NOT_THEN = re.compile(
    r"(?:[去来到赶过抽]不(?:了|成|到|及|上|开)|(?<!行)不(?:行|方便|成|可以|得空)|没(?:有)?(?:空|时间|功夫)|没人(?:在家)?)(?:啊|呀|的|了|呢)*$"
)
_PHOTOS_LATER = re.compile(
    r"等[^,，。]{1,8}(?:再)?[拍照发]|(?:回头|待会儿?|一会儿?|晚点|稍后|过会儿?|下次)(?:再)?[拍照发补传]|再[拍补](?!两|几|一)"
)
_TELLS_MORE = 0.1
_IDLE = 0.6
_DONT_KNOW = 0.9  # so sure a 不知道 asks nothing, whatever stands behind it
_ASKS = 0.3  # chance of a question, for words that look like one to ask something
_CURT = 10  # characters: so short a cry or a thank-you is no text
_TELLS = 14  # characters: more than that may tell another story that only names a time
_SAYS = 4  # characters: fewer leave no message
_NOT_THAT = re.compile(r"(?:哦|啊|嗯|那|这|都|也)*(?:不是|不对|没有)(?!的话|别的|另)")
_WORDY = 3  # characters beyond an option's own: more is not that option where any words are an answer


async def exactly(talk: Talk, acts: Acts) -> Reading | None:
    """The number or the very words of an option."""
    offer = slots.offered(talk.turn.heard.text, talk.frame.options)
    return _pick(Rule.OPTION, 1.0, offer) if offer else None


async def by_place(talk: Talk, acts: Acts) -> Reading | None:
    """第二个, 最后那个, 一和三."""
    if _means_all(talk, acts):
        return _several(talk, [one for one in talk.frame.options if _is_among(talk, acts, one)])
    if not acts.ordinals or acts.best in (Act.QUESTION, Act.BACK) or _counts(talk):
        return None
    found = options.by_place(acts, talk.frame.options)
    if not found:
        return None
    if len(found) > 1 and talk.step.collect and talk.slot(talk.step).many:
        return _several(talk, found)
    return _pick(Rule.PLACE, 0.95, found[0]) if len(found) == 1 else None


def _means_all(talk: Talk, acts: Acts) -> bool:
    """都得改, where several may be chosen."""
    if not talk.step.collect or not talk.slot(talk.step).many or acts.asked or len(acts.text) > _CURT:
        return False
    return acts.best is Act.ALL_OF_THESE and acts.chance(Act.ALL_OF_THESE) >= _IDLE


def _is_among(talk: Talk, acts: Acts, option: Offered) -> bool:
    """Whether 都要改 means this option too; 除了停车都要改 leaves one out."""
    if option.value in (asking.SKIP, asking.MORE):
        return False
    return not (_EXCEPT.search(acts.text) and options.are_named(acts, [option], talk.turn.now))


async def by_whole_name(talk: Talk, acts: Acts) -> Reading | None:
    """An option whose whole name stands in a sentence."""
    named = _nameable(talk)
    return _named(talk, acts, named) if options.are_named(acts, named, talk.turn.now) else None


async def by_likeness(talk: Talk, acts: Acts) -> Reading | None:
    """An option in other words, in part, or only by its sound."""
    named = _nameable(talk)
    return None if options.are_named(acts, named, talk.turn.now) else _named(talk, acts, named)


def _nameable(talk: Talk) -> list[Offered]:
    """The options that words may name; none where a number is asked."""
    if _counts(talk):
        return []
    without_skip = is_text_asked(talk) or _tells_a_time(talk)
    return [one for one in talk.frame.options if not (without_skip and one.value == asking.SKIP)]


def _tells_a_time(talk: Talk) -> bool:
    """Where a time is asked, 周末都可以 names one: its 都可以 is not the option that leaves the time open."""
    if not talk.step.collect or talk.slot(talk.step).type is not SlotType.TIME:
        return False
    window, _ = slots.bare_time(talk.turn.heard, talk.turn)
    return window is not None and window.said not in slots.AT_ANY_TIME


def _named(talk: Talk, acts: Acts, named: Sequence[Offered]) -> Reading | None:
    meant = options.by_name(acts, named, talk.turn.now)
    if _wordy(talk) and (meant is None or not _is_all(talk, acts, meant)):
        heard = options.by_sound(acts.text, named) if is_text_asked(talk) else None
        return _pick(Rule.NAMED, _MISHEARD, heard) if heard else None
    if meant is None:
        return None
    if talk.step.collect and talk.slot(talk.step).type is SlotType.RATING and meant.likeness < CONTAINED:
        return None  # a story about the visit, which is kept beside the stars
    if (talk.step.takes or talk.step.sure) and meant.likeness < CONTAINED:
        return None  # words that are taken beside the options share a character or two with some of them
    score = _NAMED + _BY_LIKENESS * meant.likeness
    if acts.best is Act.WITHDRAW and meant.likeness < CONTAINED:
        score -= 0.1  # 又能接了，不拒了 is only like 接不了
    if meant.rivals:
        return _which(meant, score - 0.1)
    if talk.step.collect and talk.slot(talk.step).many and talk.frame.mode != "change":
        return None  # several may be named: the slot's own reader finds them all
    tells = acts.best is Act.INFORM and len(slots.plain(acts.text)) > len(meant.offer.text) + _WORDY
    tells = tells and bool(talk.step.collect) and meant.likeness < CONTAINED
    return _pick(Rule.NAMED, score, meant.offer, tells=tells)


async def agreeing(talk: Talk, acts: Acts) -> Reading | None:
    """A clear yes to a question that can be agreed to."""
    offer = options.agreeing(talk.frame.options) if talk.frame.mode != "change" else None
    if offer is None or not acts.agrees or is_text_asked(talk):
        return None
    if acts.rest and acts.chance(Act.INFORM) >= _TELLS_MORE:
        return _pick(Rule.YES, 0.94, offer, more=acts.rest)
    return _pick(Rule.YES, 0.94, offer)


async def refusing(talk: Talk, acts: Acts) -> Reading | None:
    """A no. Where something can be changed it asks what is wrong; only 取消 and its like drop it all."""
    if is_text_asked(talk) or talk.frame.mode == "change":
        return None
    offer = options.refusing(talk.frame.options)
    if not_that := _not_that(talk, acts, options.denying(talk.frame.options)):
        return not_that
    if acts.best not in (Act.NO, Act.DONT_YET):
        return None
    score = 0.9 * max(acts.chance(Act.NO), acts.chance(Act.DONT_YET))
    if offer and (offer.value != asking.NO or offer.to or offer.go or not talk.step.change):
        return _pick(Rule.NO, score, offer)
    if talk.step.confirm and talk.step.change and acts.best is Act.NO:
        return Reading(Rule.NO, score, asking.ask_change, effect="change")
    return None


def _not_that(talk: Talk, acts: Acts, no: Offered | None) -> Reading | None:
    """不是那盏，是我家门口的, where 是同一处吗 was asked: a no that tells what it is instead."""
    told = acts.best in (Act.CORRECT, Act.INFORM) or (acts.best is Act.NO and bool(acts.rest))
    if not told or acts.asked or not talk.step.choose or no is None:
        return None
    if not _NOT_THAT.match(slots.plain(acts.text)):
        return None
    others = [one for one in talk.frame.options if one is not no]
    if options.are_named(acts, others, talk.turn.now):
        return None
    return _pick(Rule.NO, 0.93, no, tells=True)


async def by_value(talk: Talk, acts: Acts) -> Reading | None:
    """A value of the open slot, by its reader: a time, a phone, a house, stars, a number."""
    if not talk.step.collect or talk.frame.mode == "change":
        return None
    slot = talk.slot(talk.step)
    if slot.type is SlotType.TEXT:
        return None
    if slot.type is SlotType.TIME and (skip := _any_time(talk)):
        return _pick(Rule.ANY_TIME, 0.9, skip)
    reading = await answers.typed(talk)
    skip = next((one for one in talk.frame.options if one.value == asking.SKIP), None)
    if isinstance(reading, Taken) and slot.reads == "money" and reading.value == 0 and skip:
        return _pick(Rule.NOTHING_TO_GIVE, 0.9, skip)
    if isinstance(reading, Taken) and slot.type is SlotType.RATING and _ALL.search(acts.text):
        return Reading(Rule.ALL_STARS, 0.93, lambda talk: _rate_all(talk, reading), reading.shown, "value")
    if isinstance(reading, Taken) and slot.type is SlotType.RATING and len(each := _stars_by_name(talk)) > 1:
        return Reading(Rule.ALL_STARS, 0.93, lambda talk: _rate_each(talk, each), reading.shown, "value")
    if isinstance(reading, Taken) and reading.own:
        score = 0.4 if acts.asked or acts.best in _NO_ANSWER else 0.84
        return Reading(Rule.OWN_WORDS, score, lambda talk: _take(talk, reading), reading.shown, "value")
    if isinstance(reading, Taken) and slot.reads == "relation":
        score = 0.6 if acts.asked and acts.best is Act.QUESTION else 0.93  # 选家人和租客有啥不同 is neither
        return Reading(Rule.ANSWER, score, lambda talk: _take(talk, reading), reading.shown, "value")
    if isinstance(reading, Taken) and not _is_weak(talk, acts):
        return Reading(
            Rule.ANSWER, _worth(talk, acts), lambda talk: _take(talk, reading), reading.shown, "value"
        )
    if isinstance(reading, Refused) and (digressions.numbers(reading, talk) or not acts.asked):
        score = 0.72 if slot.type is not SlotType.NUMBER or digressions.numbers(reading, talk) else 0.3
        if await early_answers.would_tell(talk):
            score = min(score, 0.6)
        return Reading(Rule.UNFIT, score, lambda talk: _take(talk, reading), effect="refuse")
    return None


async def photos_done(talk: Talk, acts: Acts) -> Reading | None:
    """Words where photos are asked: they end the photos, and what they tell is kept."""
    if (
        not talk.step.collect
        or talk.slot(talk.step).type is not SlotType.PHOTOS
        or talk.frame.mode == "change"
    ):
        return None
    if acts.asked or acts.best in (Act.WAIT, Act.QUESTION, Act.CORRECT, Act.WITHDRAW, Act.BACK):
        return None
    if _PHOTOS_LATER.search(acts.text):
        return Reading(Rule.WAITING, 0.9, lambda talk: aside(talk, "bot.take_time"), effect="stay")
    spoken = any(word in acts.text for word in _PHOTO_WORDS)
    if acts.best not in _PHOTO_DONE and not spoken and not slots.ends_photos(acts.text, talk.turn):
        return None
    return Reading(Rule.PHOTOS_DONE, 0.86, _end_photos, effect="skip")


async def nothing_to_give(talk: Talk, acts: Acts) -> Reading | None:
    """没有, 不知道, 随便, 不想说, where the question may be left out."""
    offer = next((one for one in talk.frame.options if one.value == asking.SKIP), None)
    if offer is None or acts.best not in _NOTHING:
        return None
    if acts.asked and not (acts.best is Act.DONT_KNOW and acts.chance(acts.best) >= _DONT_KNOW):
        return None  # 记不清在哪了 asks nothing
    if talk.slot(talk.step).type is SlotType.TEXT and acts.best is Act.DONT_KNOW and len(acts.text) > 16:
        return None  # a story that begins with 不知道
    if talk.slot(talk.step).reads == "money" and acts.best is Act.AS_YOU_LIKE:
        return None  # 看着给 names no sum, and is not the same as nothing
    return _pick(Rule.NOTHING_TO_GIVE, 0.92 * acts.chance(acts.best), offer)


async def done_here(talk: Talk, acts: Acts) -> Reading | None:
    """谢谢, 知道了, 收到, where the list has an option that ends it."""
    if not talk.step.choose or not (acts.best in _DONE or _is_bare_no(talk, acts)):
        return None
    offer = options.leaving(talk.frame.options, agreed=acts.agrees)
    if offer is None or options.agreeing(talk.frame.options) not in (None, offer):
        return None
    return _pick(Rule.DONE_HERE, 0.8 * acts.chance(acts.best), offer)


def _is_bare_no(talk: Talk, acts: Acts) -> bool:
    """不用啦谢谢, where no option is a no by itself."""
    return acts.best is Act.NO and not acts.rest and options.refusing(talk.frame.options) is None


async def any_words(talk: Talk, acts: Acts) -> Reading | None:
    """Whatever was written, where any words are an answer."""
    if talk.step.takes and talk.frame.mode != "change" and len(slots.plain(acts.text)) >= _SAYS:
        return Reading(Rule.ANY_WORDS, _FREE, _take_beside, effect="text")
    if not is_text_asked(talk):
        return None
    reading = await answers.typed(talk)
    if reading is None:
        return None
    if slots.named(talk.slot(talk.step), talk.turn.heard, talk.turn):
        return Reading(Rule.NAMED, 0.93, lambda talk: _take(talk, reading), effect="text")
    if isinstance(reading, Refused) and len(slots.plain(acts.text)) <= _SAYS:
        return Reading(Rule.UNFIT, 0.5, lambda talk: _take(talk, reading), effect="refuse")
    if _will_not_tell(talk, acts):
        return None
    if acts.best in _UNDECIDED and sum(map(acts.chance, _UNDECIDED)) >= _UNDECIDED_TOGETHER:
        return None  # 我不知道这是几栋，等我问问
    if digressions.no_place(talk) or _is_idle(acts) or (acts.agrees and _wants_place(talk)):
        return None
    tells = acts.best is Act.INFORM and not (acts.asked and acts.chance(Act.QUESTION) >= _ASKS)
    if place := _place_in_clause(talk, acts):
        return _pick(Rule.NAMED, 0.9, place)
    score = _FREE + (0.2 if tells else 0.0)
    return Reading(Rule.ANY_WORDS, score, lambda talk: _take(talk, reading), effect="text")


def _place_in_clause(talk: Talk, acts: Acts) -> Offered | None:
    """厨房 of “厨房，明天上午来”: one of the places that were offered; what stands beside it has its own question."""
    entities = talk.turn.heard.entities
    if not _wants_place(talk) or entities is None or not (entities.time or entities.phone):
        return None
    shown = [one for one in talk.frame.options if one.value != asking.SKIP]
    found = [one for clause in acts.clauses if (one := slots.offered(clause, shown))]
    return found[0] if len(found) == 1 else None


def _will_not_tell(talk: Talk, acts: Acts) -> bool:
    """不想说, and a question where a name is asked: 能不能不填."""
    if acts.asked and talk.slot(talk.step).reads == "name":
        return True
    return acts.best is Act.REFUSE and acts.chance(Act.REFUSE) >= _DONT_KNOW and len(acts.text) <= _CURT


def _wants_place(talk: Talk) -> bool:
    return bool(talk.step.collect) and talk.slot(talk.step).fill == "place"


def _is_idle(acts: Acts) -> bool:
    """A cry, a greeting or a thank-you, and nothing else."""
    if acts.best is Act.FILLER and not _HUMS.match(slots.plain(acts.text)):
        return False  # a name of a place that nobody taught looks like one
    return acts.best in _NO_TEXT and acts.chance(acts.best) >= _IDLE and len(acts.text) <= _CURT


def _any_time(talk: Talk) -> Offered | None:
    """The option that leaves the time open, for 尽快 and 随时."""
    skip = next((one for one in talk.frame.options if one.value == asking.SKIP), None)
    if skip is None or (talk.turn.heard.entities and talk.turn.heard.entities.time):
        return None
    window, _ = slots.bare_time(talk.turn.heard, talk.turn)
    return skip if window and window.said in slots.AT_ANY_TIME else None


def is_text_asked(talk: Talk) -> bool:
    """Whether any words are an answer to the open question."""
    return bool(talk.step.collect) and talk.slot(talk.step).type is SlotType.TEXT and not talk.frame.mode


def _wordy(talk: Talk) -> bool:
    """Where an option's words may stand in an answer of one's own: 明天下午三点 is more than 明天下午."""
    return is_text_asked(talk) or (bool(talk.step.collect) and talk.slot(talk.step).type is SlotType.TIME)


def _counts(talk: Talk) -> bool:
    """Where a number is asked, 三个 counts and names no third option."""
    return bool(talk.step.collect) and talk.slot(talk.step).type in (SlotType.NUMBER, SlotType.PHONE)


def _is_all(talk: Talk, acts: Acts, meant: options.Meant) -> bool:
    beyond = _WORDY if is_text_asked(talk) else 0
    longest = max(len(slots.plain(word)) for word in (meant.offer.text, *meant.offer.keywords))
    return meant.likeness >= CONTAINED and len(slots.plain(acts.text)) <= longest + beyond


def _is_weak(talk: Talk, acts: Acts) -> bool:
    """A question that only contains a value: “明天还是后天交？” names no time."""
    return acts.asked and talk.slot(talk.step).type in (SlotType.CHOICE, SlotType.RATING, SlotType.NUMBER)


def _worth(talk: Talk, acts: Acts) -> float:
    """What a value is worth; little in a sentence that asks, or that clearly tells of another matter."""
    if acts.asked and not _proposes(talk, acts):
        return 0.6
    if (
        talk.slot(talk.step).type is SlotType.TIME
        and not acts.clauses
        and _NOT_THEN.search(slots.plain(acts.text))
    ):
        return 0.4  # 今天去不了, 明天不行
    if talk.slot(talk.step).type is SlotType.RATING:
        return 0.89  # what is told with the stars is kept beside them
    return 0.6 if len(acts.text) > _TELLS and digressions.sure_of_another(talk) else 0.89


def _proposes(talk: Talk, acts: Acts) -> bool:
    """A time that is offered (“周三上午可以吗”), or told after the question said aloud (“什么时候啊，后天上午”)."""
    if talk.slot(talk.step).type is not SlotType.TIME:
        return False
    if _SUITS.search(acts.text):
        return True
    return acts.best is not Act.QUESTION and acts.chance(Act.QUESTION) < _ASKS


def _pick(rule: Rule, score: float, offer: Offered, *, tells: bool = False, more: str = "") -> Reading:
    async def pick(talk: Talk) -> None:
        if more:
            early_answers.keep_words(talk, more)  # 提交吧，家里有狗小心点
        if tells:
            early_answers.keep_words(talk)  # 天天半夜吵醒好几次 names the kind, and tells more than it
        early_answers.keep_beside(talk)
        if offer.value == asking.SKIP:
            early_answers.keep_named(talk)
            job_told.fill(talk, but=talk.step.collect)
        await early_answers.keep_other_choices(talk)
        await early_answers.keep_other_values(talk)
        await taps.pick(talk, offer)

    return Reading(rule, score, pick, offer.text, f"option:{offer.text}")


def _several(talk: Talk, found: list[Offered]) -> Reading:
    value: list[Plain] = [one.value or one.text for one in talk.frame.options if one in found]
    shown = "、".join(one.text for one in talk.frame.options if one in found)
    return Reading(Rule.PLACE, 0.95, lambda talk: _take(talk, Taken(value, shown)), shown, "value")


def _which(meant: options.Meant, score: float) -> Reading:
    async def ask(talk: Talk) -> None:
        await asking.ask_which(talk, [meant.offer, *meant.rivals])

    return Reading(Rule.WHICH_OPTION, score, ask, meant.offer.text, "which")


async def _take(talk: Talk, reading: slots.Reading) -> None:
    talk.state.lost = 0
    told = job_told.fill(talk, but=talk.step.collect)
    if told and isinstance(reading, Taken) and talk.slot(talk.step).fill == "materials":
        words = job_told.without_price(str(reading.value))
        reading = Taken(words, words)
    early_answers.keep_beside(talk)
    await early_answers.keep_other_choices(talk)
    await answers.take(talk, reading)


async def _take_beside(talk: Talk) -> None:
    """Words that fit no option are what the step takes besides: a message left, though 留言 was not tapped."""
    name, text = talk.step.takes, talk.turn.heard.text.strip()
    collector = talk.compiled.script.collector(name)
    assert collector is not None, f"nothing asks for {name}"  # bot/scripts/check.py refuses such scripts
    talk.put(name, text, text)
    await engine.proceed(talk, talk.compiled.script.after(collector))


async def _rate_all(talk: Talk, reading: Taken) -> None:
    """“又快又好，都五星”: the same stars for everything that is asked."""
    for name, slot in talk.compiled.script.slots.items():
        if slot.type is SlotType.RATING and name != talk.step.collect:
            talk.put(name, reading.value, reading.shown)
    await _take(talk, reading)


def _stars_by_name(talk: Talk) -> dict[str, int]:
    """The stars that are given to what is named with them: “快慢五星，质量四星”."""
    acts = talk.turn.heard.acts
    rated: dict[str, int] = {}
    for name, slot in talk.compiled.script.slots.items():
        if slot.type is not SlotType.RATING:
            continue
        for clause in acts.clauses if acts else ():
            if any(word and word in clause for word in slot.called) and (
                stars := slots.rating(clause, talk.turn.now)
            ):
                rated.setdefault(name, stars)
    return rated if talk.step.collect in rated else {}


async def _rate_each(talk: Talk, stars: dict[str, int]) -> None:
    for name, given in stars.items():
        if name != talk.step.collect:
            talk.put(name, given, texts.stars(given))
    own = stars[talk.step.collect]
    await _take(talk, Taken(own, texts.stars(own)))


async def _end_photos(talk: Talk) -> None:
    job_told.fill(talk, but=talk.step.collect)
    if not early_answers.keep_named(talk):
        early_answers.keep_words(talk)
    await early_answers.keep_other_choices(talk)
    await answers.take(talk, Taken(None, ""))


def steering_option(talk: Talk) -> Offered | None:
    """The option that a command word means here: 取消吧, where 确定取消吗 is asked."""
    if command(talk.turn.heard.text) is not Command.CANCEL:
        return None
    return options.dropping(talk.frame.options, talk.turn.heard.text)
