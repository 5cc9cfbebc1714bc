"""Readings of a message as a value of the open question, or as the end of its photos."""

from bot.scripts import texts
from bot.scripts.format import SlotType
from bot.talk import (
    answers,
    asking,
    digressions,
    early_answers,
    filling,
    free_words,
    job_told,
    naming,
    options,
    other_answers,
    settling,
    slots,
    stories,
    times,
)
from bot.talk.readings import Reading
from bot.talk.state import Offered
from bot.talk.steering import aside
from bot.talk.taken import Refused, Taken
from bot.talk.talk import Talk
from bot.turn import Heard
from bot.understanding.acts import Act, Acts, says
from bot.values import Kind
from bot.why import Rule

_PHOTO_DONE = (Act.YES, Act.NO, Act.NONE, Act.REFUSE, Act.DONT_KNOW, Act.AS_YOU_LIKE, Act.FILLER, Act.LATER)
_PHOTO_WORDS = ("拍", "照", "图", "张", "提交", "就这")
_NO_ANSWER = (Act.QUESTION, Act.WAIT, Act.REFUSE, Act.NONE, Act.DONT_KNOW, Act.WITHDRAW, Act.LATER)
_LISTED = 0.55  # likeness of an option, to be meant by words of one's own
_TELLS = 14  # characters: more than that may tell another story that only names a time
_NUMBER = 5  # characters of a number of people and no more


async def by_value(talk: Talk, acts: Acts) -> Reading | None:
    """A value of the open slot, by its reader: a time, a phone, a house, stars, a number."""
    if not talk.step.collect or talk.frame.mode == "change":
        return None
    slot = talk.slot(talk.step)
    if slot.type is SlotType.TEXT:
        return None
    if slot.type is SlotType.TIME and (skip := _any_time(talk)):
        return settling.pick(Rule.ANY_TIME, 0.9, skip, tells=_is_leisurely(talk))
    if slot.type is SlotType.TIME and (skip := _sooner(talk, acts)):
        return settling.pick(Rule.ANY_TIME, 0.93, skip, tells=True)
    reading = _counted_first(talk, acts) or await answers.typed(talk)
    if isinstance(reading, Taken):
        return _taken(talk, acts, reading)
    if isinstance(reading, Refused) and (digressions.numbers(reading, talk) or not acts.asked):
        score = 0.72 if slot.type is not SlotType.NUMBER or digressions.numbers(reading, talk) else 0.3
        if await early_answers.would_tell(talk):
            score = min(score, 0.6)
        return Reading(Rule.UNFIT, score, lambda talk: settling.take(talk, reading), effect="refuse")
    return None


def _taken(talk: Talk, acts: Acts, reading: Taken) -> Reading | None:
    """A value that fits, as far as the words really give it."""
    slot = talk.slot(talk.step)
    skip = next((one for one in talk.frame.options if one.value == asking.SKIP), None)
    if slot.reads == "money" and reading.value == 0 and skip:
        return settling.pick(Rule.NOTHING_TO_GIVE, 0.9, skip)
    if slot.type is SlotType.RATING and says("all_stars", acts.text):
        return Reading(Rule.ALL_STARS, 0.93, lambda talk: _rate_all(talk, reading), reading.shown, "value")
    if slot.type is SlotType.RATING and len(each := _stars_by_name(talk)) > 1:
        return Reading(Rule.ALL_STARS, 0.93, lambda talk: _rate_each(talk, each), reading.shown, "value")
    if reading.own:
        return _own_words(talk, acts, reading)
    if slot.reads == "relation":
        score = 0.6 if acts.asked and not acts.clauses else 0.93  # 合租的算哪个 asks
    elif _is_weak(talk, acts):
        return None
    else:
        score = _worth(talk, acts)
    return Reading(Rule.ANSWER, score, lambda talk: settling.take(talk, reading), reading.shown, "value")


def _own_words(talk: Talk, acts: Acts, reading: Taken) -> Reading | None:
    """Words of one's own where a choice takes them, unless an option is meant by them."""
    if free_words.is_undecided(acts):
        return None  # 嗯…再看看吧
    asks = acts.asked and not says("asks_for", acts.text)
    score = 0.4 if asks or acts.best in _NO_ANSWER else 0.84
    listed = options.by_name(acts, talk.frame.options, talk.turn.now)
    if listed and not listed.rivals and listed.likeness >= _LISTED:
        score = min(score, free_words.FREE)  # 吃饭的地儿 is 餐饮 of the list, in other words
    return Reading(Rule.OWN_WORDS, score, lambda talk: settling.take(talk, reading), reading.shown, "value")


async def photos_done(talk: Talk, acts: Acts) -> Reading | None:
    """Words where photos are asked: they end the photos, and what they tell is kept."""
    if (
        not talk.step.collect
        or talk.slot(talk.step).type is not SlotType.PHOTOS
        or talk.frame.mode == "change"
    ):
        return None
    spoken = any(word in acts.text for word in _PHOTO_WORDS)
    if acts.best is Act.WITHDRAW and spoken and slots.no_photos(acts.text, talk.turn):
        # 算了不拍了 drops the photos alone
        return Reading(Rule.PHOTOS_DONE, 0.93, _end_photos, effect="skip")
    if acts.clauses and spoken and slots.no_photos(acts.clauses[0], talk.turn):
        return Reading(Rule.PHOTOS_DONE, 0.9, _end_photos, effect="skip")  # 没照片 哪还顾得上拍
    if acts.asked or acts.best in (Act.WAIT, Act.QUESTION, Act.CORRECT, Act.WITHDRAW, Act.BACK):
        return None
    if says("photos_later", acts.text):
        return Reading(Rule.WAITING, 0.9, lambda talk: aside(talk, "bot.take_time"), effect="stay")
    if acts.best is Act.DONT_YET and not spoken:
        return None  # 先不交，还要试一下水
    if acts.best not in _PHOTO_DONE and not spoken and not slots.ends_photos(acts.text, talk.turn):
        return None
    return Reading(Rule.PHOTOS_DONE, 0.86, _end_photos, effect="skip")


def _any_time(talk: Talk) -> Offered | None:
    """The option that leaves the time open, for 尽快 and 随时."""
    skip = next((one for one in talk.frame.options if one.value == asking.SKIP), None)
    if skip is None or (talk.turn.heard.entities and talk.turn.heard.entities.time):
        return None
    window, _ = times.bare_time(talk.turn.heard, talk.turn)
    return skip if window and window.said in times.AT_ANY_TIME else None


def _sooner(talk: Talk, acts: Acts) -> Offered | None:
    """啥明天啊，我人在门外站着: whoever protests against the times on offer wants somebody at once."""
    if not any(says("echoes", one) for one in (acts.text, *acts.clauses)):
        return None
    return next((one for one in talk.frame.options if one.value == asking.SKIP), None)


def _is_leisurely(talk: Talk) -> bool:
    """不急，有空再来: whoever sends somebody wants to know so."""
    window, _ = times.bare_time(talk.turn.heard, talk.turn)
    return window is not None and window.said in times.AT_LEISURE


def _is_weak(talk: Talk, acts: Acts) -> bool:
    """A question that only contains a value: “明天还是后天交？” names no time."""
    kind = talk.slot(talk.step).type
    if kind is SlotType.NUMBER and acts.clauses and _counted_first(talk, acts):
        return False
    return acts.asked and kind in (SlotType.CHOICE, SlotType.RATING, SlotType.NUMBER)


def _counted_first(talk: Talk, acts: Acts) -> Taken | None:
    """两个 就我跟闺女 闺女五岁行不行: the number is told first, and something else besides."""
    slot = talk.slot(talk.step)
    if slot.type is not SlotType.NUMBER or not acts.asked or not acts.clauses:
        return None
    if len(naming.plain(acts.clauses[0])) > _NUMBER:
        return None
    heard = Heard(Kind.TEXT, acts.clauses[0], understand=talk.turn.heard.understand)
    reading = slots.read(slot, heard, talk.turn, [])
    fits = isinstance(reading, Taken) and not filling.beyond(talk, slot, reading.value)
    return reading if isinstance(reading, Taken) and fits else None


def _worth(talk: Talk, acts: Acts) -> float:
    """What a value is worth; little in a sentence that asks, or that clearly tells of another matter."""
    if (
        acts.asked
        and not (_proposes(talk, acts) or _is_number_told(talk, acts))
        and not _counted_first(talk, acts)
    ):
        return 0.6
    if (
        talk.slot(talk.step).type is SlotType.TIME
        and not acts.clauses
        and says("not_then", naming.plain(acts.text))
    ):
        return 0.4  # 今天去不了, 明天不行
    if talk.slot(talk.step).type is SlotType.PHONE:
        return 0.92  # 13700009999 租的房子 looks for no flat
    if talk.slot(talk.step).type is SlotType.RATING:
        return 0.89  # what is told with the stars is kept beside them
    return 0.6 if len(acts.text) > _TELLS and digressions.sure_of_another(talk) else 0.89


def _is_number_told(talk: Talk, acts: Acts) -> bool:
    """A whole phone number that ends the words: 我的号吗 13900001234."""
    return talk.slot(talk.step).type is SlotType.PHONE and not says("asks_outright", acts.text)


def _proposes(talk: Talk, acts: Acts) -> bool:
    """A time that is offered (“周三上午可以吗”), or told after the question said aloud (“什么时候啊，后天上午”)."""
    if talk.slot(talk.step).type is not SlotType.TIME:
        return False
    if any(says("suits", one) for one in (acts.text, *acts.clauses)):
        return True
    told = bool(acts.clauses) or len(acts.text) > _TELLS  # 明天礼拜几来着 proposes nothing
    return told and acts.best is not Act.QUESTION and acts.chance(Act.QUESTION) < free_words.ASKS


async def _rate_all(talk: Talk, reading: Taken) -> None:
    """“又快又好，都五星”: the same stars for everything that is asked."""
    for name, slot in talk.compiled.script.slots.items():
        if slot.type is SlotType.RATING and name != talk.step.collect:
            talk.put(name, reading.value, reading.shown)
    await settling.take(talk, reading)


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
    await settling.take(talk, Taken(own, texts.stars(own)))


async def _end_photos(talk: Talk) -> None:
    job_told.fill(talk, but=talk.step.collect)
    if not early_answers.keep_named(talk):
        stories.keep_words(talk)
    await other_answers.keep_other_choices(talk)
    await answers.take(talk, Taken(None, ""))
