"""Readings of a message as a value of the open question, as the end of its photos, or as any words."""

from bot.scripts import texts
from bot.scripts.format import SlotType
from bot.talk import (
    answers,
    asking,
    digressions,
    early_answers,
    filling,
    job_told,
    naming,
    options,
    other_answers,
    settling,
    slots,
    stories,
)
from bot.talk.readings import CERTAIN, Reading
from bot.talk.slots import Refused, Taken
from bot.talk.state import Offered
from bot.talk.steering import aside
from bot.talk.talk import Talk
from bot.turn import Heard
from bot.understanding.acts import Act, Acts, says
from bot.values import Kind
from bot.why import Rule

_PHOTO_DONE = (Act.YES, Act.NO, Act.NONE, Act.REFUSE, Act.DONT_KNOW, Act.AS_YOU_LIKE, Act.FILLER, Act.LATER)
_PHOTO_WORDS = ("拍", "照", "图", "张", "提交", "就这")
_NO_ANSWER = (Act.QUESTION, Act.WAIT, Act.REFUSE, Act.NONE, Act.DONT_KNOW, Act.WITHDRAW, Act.LATER)
_NO_TEXT = (Act.URGE, Act.ABUSE, Act.GREETING, Act.THANKS, Act.FILLER, Act.WAIT, Act.BACK, Act.AGAIN)
_UNDECIDED = (Act.WAIT, Act.LATER, Act.DONT_KNOW)
_UNDECIDED_TOGETHER = 0.8  # their chances, for words that then are no answer
_UNDECIDED_ALONE, _HARDLY_TELLS = 0.5, 0.12  # the same where hardly anything is told, and what that is
_FREE = 0.58  # of any words where any words are an answer
_BESIDE_NOTHING = 0.4  # of any words that most likely say that there is nothing to tell
_TOLD = 0.9  # of a story, where a choice takes one besides
_REQUESTED = 0.86  # of a request, where any words are taken besides
_LISTED = 0.55  # likeness of an option, to be meant by words of one's own
_ASKS = 0.3  # chance of a question, for words that look like one to ask something
_TELLS = 14  # characters: more than that may tell another story that only names a time
_NUMBER = 5  # characters of a number of people and no more
_SAYS = 4  # characters: fewer leave no message


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
    skip = next((one for one in talk.frame.options if one.value == asking.SKIP), None)
    if isinstance(reading, Taken) and slot.reads == "money" and reading.value == 0 and skip:
        return settling.pick(Rule.NOTHING_TO_GIVE, 0.9, skip)
    if isinstance(reading, Taken) and slot.type is SlotType.RATING and says("all_stars", acts.text):
        return Reading(Rule.ALL_STARS, 0.93, lambda talk: _rate_all(talk, reading), reading.shown, "value")
    if isinstance(reading, Taken) and slot.type is SlotType.RATING and len(each := _stars_by_name(talk)) > 1:
        return Reading(Rule.ALL_STARS, 0.93, lambda talk: _rate_each(talk, each), reading.shown, "value")
    if isinstance(reading, Taken) and reading.own:
        asks = acts.asked and not says("asks_for", acts.text)
        if _is_undecided(acts):
            return None  # 嗯…再看看吧
        score = 0.4 if asks or acts.best in _NO_ANSWER else 0.84
        listed = options.by_name(acts, talk.frame.options, talk.turn.now)
        if listed and not listed.rivals and listed.likeness >= _LISTED:
            score = min(score, _FREE)  # 吃饭的地儿 is 餐饮 of the list, in other words
        return Reading(
            Rule.OWN_WORDS, score, lambda talk: settling.take(talk, reading), reading.shown, "value"
        )
    if isinstance(reading, Taken) and slot.reads == "relation":
        score = 0.6 if acts.asked and not acts.clauses else 0.93  # 合租的算哪个 asks
        return Reading(Rule.ANSWER, score, lambda talk: settling.take(talk, reading), reading.shown, "value")
    if isinstance(reading, Taken) and not _is_weak(talk, acts):
        return Reading(
            Rule.ANSWER, _worth(talk, acts), lambda talk: settling.take(talk, reading), reading.shown, "value"
        )
    if isinstance(reading, Refused) and (digressions.numbers(reading, talk) or not acts.asked):
        score = 0.72 if slot.type is not SlotType.NUMBER or digressions.numbers(reading, talk) else 0.3
        if await early_answers.would_tell(talk):
            score = min(score, 0.6)
        return Reading(Rule.UNFIT, score, lambda talk: settling.take(talk, reading), effect="refuse")
    return None


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


async def any_words(talk: Talk, acts: Acts) -> Reading | None:
    """Whatever was written, where any words are an answer."""
    if talk.step.takes and talk.frame.mode != "change" and len(naming.plain(acts.text)) >= _SAYS:
        asks = says("requests", acts.text) and not acts.text.strip().startswith("请问")
        score = _REQUESTED if asks and len(acts.text) > settling.CURT else _FREE
        if _tells_the_matter(talk):
            score = _TOLD
        return Reading(Rule.ANY_WORDS, score, settling.take_beside, effect="text")
    if not settling.is_text_asked(talk):
        return None
    if talk.compiled.photos and len(acts.text) <= settling.CURT * 2 and says("photos_sent", acts.text):
        return Reading(Rule.WAITING, 0.9, lambda talk: aside(talk, "bot.take_time"), effect="stay")
    reading = await answers.typed(talk)
    if reading is None:
        return None
    if talk.slot(talk.step).reads == "name" and early_answers.is_no_name(talk, acts.text):
        told = await early_answers.would_tell(talk)  # a phone where a name is asked is the phone
        return Reading(Rule.TOLD_EARLY, 0.93, _keep_figures, effect="early") if told else None
    if slots.named(talk.slot(talk.step), talk.turn.heard, talk.turn):
        return Reading(Rule.NAMED, 0.93, lambda talk: settling.take(talk, reading), effect="text")
    if isinstance(reading, Refused) and len(naming.plain(acts.text)) <= _SAYS:
        return Reading(Rule.UNFIT, 0.5, lambda talk: settling.take(talk, reading), effect="refuse")
    if _will_not_tell(talk, acts):
        return None
    if _is_undecided(acts):
        return None  # 我不知道这是几栋，等我问问
    if (
        _wants_place(talk)
        and acts.asked
        and says("asks_outright", acts.text)
        and says("no_place_asked", acts.text)
    ):
        return None  # 请问车位怎么租
    if _wants_place(talk) and early_answers.names_choice(talk):
        return None
    if digressions.no_place(talk) or _is_idle(acts) or (acts.agrees and _wants_place(talk)):
        return None
    tells = acts.best is Act.INFORM and not (acts.asked and acts.chance(Act.QUESTION) >= _ASKS)
    if place := _place_in_clause(talk, acts):
        return settling.pick(Rule.NAMED, 0.9, place)
    score = _FREE + (0.2 if tells else 0.0)
    if (
        acts.best is Act.NONE
        and acts.chance(Act.NONE) >= CERTAIN
        and any(one.value == asking.SKIP for one in talk.frame.options)
    ):
        score = _BESIDE_NOTHING  # 一样料都没动, where what was used is asked
    return Reading(Rule.ANY_WORDS, score, lambda talk: settling.take(talk, reading), effect="text")


def _is_undecided(acts: Acts) -> bool:
    """Whether words put an answer off; less is enough where nothing in them tells anything."""
    together = sum(map(acts.chance, _UNDECIDED))
    tells = acts.chance(Act.INFORM) >= _HARDLY_TELLS
    if acts.best is Act.FILLER and acts.chance(Act.WAIT) >= _ASKS and not tells:
        return True  # 容我理一理怎么讲
    return acts.best in _UNDECIDED and together >= (_UNDECIDED_TOGETHER if tells else _UNDECIDED_ALONE)


def _tells_the_matter(talk: Talk) -> bool:
    """A story of the kind that this script takes, where a choice takes it besides."""
    meaning, script = talk.turn.heard.meaning, talk.compiled.script
    grows = script.slots[talk.step.takes].grows
    return (
        grows
        and meaning is not None
        and meaning.action == "answer"
        and meaning.intent in script.triggers.intents
    )


async def _keep_figures(talk: Talk) -> None:
    await early_answers.told_early(talk)


def _place_in_clause(talk: Talk, acts: Acts) -> Offered | None:
    """厨房 of “厨房，明天上午来”: one of the places that were offered; what stands beside it has its own question."""
    entities = talk.turn.heard.entities
    if not _wants_place(talk) or entities is None or not (entities.time or entities.phone):
        return None
    shown = [one for one in talk.frame.options if one.value != asking.SKIP]
    found = [one for clause in acts.clauses if (one := naming.offered(clause, shown))]
    return found[0] if len(found) == 1 else None


def _will_not_tell(talk: Talk, acts: Acts) -> bool:
    """不想说, and a question where a name is asked: 能不能不填."""
    if acts.asked and talk.slot(talk.step).reads == "name":
        return True
    return (
        acts.best is Act.REFUSE
        and acts.chance(Act.REFUSE) >= settling.DONT_KNOW
        and len(acts.text) <= settling.CURT
    )


def _wants_place(talk: Talk) -> bool:
    return bool(talk.step.collect) and talk.slot(talk.step).fill == "place"


def _is_idle(acts: Acts) -> bool:
    """A cry, a greeting or a thank-you, and nothing else."""
    if acts.best is Act.FILLER and not says("hums", naming.plain(acts.text)):
        return False  # a name of a place that nobody taught looks like one
    return (
        acts.best in _NO_TEXT and acts.chance(acts.best) >= settling.IDLE and len(acts.text) <= settling.CURT
    )


def _any_time(talk: Talk) -> Offered | None:
    """The option that leaves the time open, for 尽快 and 随时."""
    skip = next((one for one in talk.frame.options if one.value == asking.SKIP), None)
    if skip is None or (talk.turn.heard.entities and talk.turn.heard.entities.time):
        return None
    window, _ = slots.bare_time(talk.turn.heard, talk.turn)
    return skip if window and window.said in slots.AT_ANY_TIME else None


def _sooner(talk: Talk, acts: Acts) -> Offered | None:
    """啥明天啊，我人在门外站着: whoever protests against the times on offer wants somebody at once."""
    if not any(says("echoes", one) for one in (acts.text, *acts.clauses)):
        return None
    return next((one for one in talk.frame.options if one.value == asking.SKIP), None)


def _is_leisurely(talk: Talk) -> bool:
    """不急，有空再来: whoever sends somebody wants to know so."""
    window, _ = slots.bare_time(talk.turn.heard, talk.turn)
    return window is not None and window.said in slots.AT_LEISURE


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
    return told and acts.best is not Act.QUESTION and acts.chance(Act.QUESTION) < _ASKS


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
