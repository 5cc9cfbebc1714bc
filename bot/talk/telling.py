"""Readings of a message as more than an answer: a correction, the answer to a later question, more of the story."""

import re

from bot.scripts import texts
from bot.scripts.format import SlotType
from bot.talk import (
    answers,
    asking,
    corrections,
    digressions,
    early_answers,
    engine,
    filling,
    naming,
    options,
    other_matters,
    settling,
    slots,
    stories,
    times,
)
from bot.talk.readings import Reading
from bot.talk.steering import aside
from bot.talk.talk import Talk
from bot.turn import Heard
from bot.understanding.acts import Act, Acts, says
from bot.understanding.values import TimeWindow
from bot.values import Kind, Plain
from bot.why import Rule

_DENIES = re.compile(r"[不错改换没别重]|有(?:个)?问题|弄混|搞混|写反|误")
_LONGEST = 300  # characters: whoever writes more tells a story, and corrects nothing
_NAMED = 0.6  # likeness of an option, for words that deny to name it instead
_TELLS_A_TIME = (Act.INFORM, Act.AS_YOU_LIKE, Act.LATER, Act.CORRECT, Act.URGE)
_PHOTOS = re.compile(r"照|拍|图|[相影]")


async def correcting(talk: Talk, acts: Acts) -> Reading | None:
    """What was said before is to be something else."""
    if len(acts.text) > _LONGEST:
        return None
    if retimed := _retiming(talk, acts):
        return retimed
    if acts.asked and acts.best is not Act.CORRECT:
        return None
    plan = await corrections.planned(talk, acts) if corrections.turns(acts) or talk.step.confirm else None
    if plan is None:
        return None
    turned = corrections.turns(acts) or acts.conditional or plan.plainly or _rather(talk, acts, plan)
    if settling.is_text_asked(talk) and not corrections.says_so(acts, plan):
        return None  # 打了三个电话才来 tells, whatever it sounds like
    if plan.values and not plan.labelled and _answers_instead(talk, acts):
        return None  # 不是公共的，是我家的: an option of the open question
    # 不对，楼上都有水呢, where something is offered, says no to that, and corrects nothing besides.
    denies = bool(talk.step.choose) and acts.head in ("wrong", "no") and not plan.labelled
    if plan.values and (turned or acts.best in (Act.INFORM, Act.REFUSE)):
        return Reading(
            Rule.CORRECTION,
            (0.92 if plan.labelled else 0.91) if turned else 0.7,
            lambda talk: _correct(talk, plan),
            "、".join(taken.shown for taken in plan.values.values()),
            effect="correct",
            also=(lambda talk: _apply(talk, plan)) if turned and acts.clauses and not denies else None,
        )
    if talk.step.confirm and not acts.asked and corrections.retells(talk, acts):
        return Reading(Rule.TOLD_MORE, 0.9, _retell, effect="more")
    if plan.wrong and turned:
        return Reading(
            Rule.WRONG_SLOT, 0.9, lambda talk: answers.change(talk, plan.wrong), plan.wrong, "change"
        )
    if (turned or talk.step.confirm) and await answers.would_correct(talk, turned=turned):
        return Reading(Rule.CORRECTION, 0.86 if turned else 0.72, _correct_entities, effect="correct")
    if acts.best is Act.CORRECT and talk.step.confirm and talk.step.change and _DENIES.search(acts.text):
        return Reading(Rule.SOMETHING_WRONG, 0.75, asking.ask_change, effect="change")
    return None


def _retiming(talk: Talk, acts: Acts) -> Reading | None:
    """Another time, at a summary that shows one; who names the one that stands hears that it does."""
    told = _time_named(talk, acts)
    if told is None:
        return None
    if told[1] == talk.frame.slots.get(told[0]):
        stands = {"value": talk.words(told[0])}
        return Reading(Rule.CORRECTION, 0.93, lambda talk: aside(talk, "bot.stands", stands), effect="stay")
    return Reading(Rule.CORRECTION, 0.93, lambda talk: _retime(talk, told), effect="correct")


def _answers_instead(talk: Talk, acts: Acts) -> bool:
    """Whether the words name an option of the open question well enough."""
    if not talk.step.collect or talk.slot(talk.step).type is not SlotType.CHOICE or talk.frame.mode:
        return False
    meant = options.by_name(acts, talk.frame.options, talk.turn.now)
    return meant is not None and not meant.rivals and meant.likeness >= _NAMED


def _rather(talk: Talk, acts: Acts, plan: corrections.Plan) -> bool:
    """还是匿名吧, 匿名好了, 我不想署名了, at a summary: words that name something else, and start nothing else."""
    if not talk.step.confirm or not plan.values:
        return False
    if acts.best is Act.WITHDRAW:
        return plan.labelled
    if says("rather", acts.text):
        return True
    slots_of = talk.compiled.script.slots
    chosen = all(
        slots_of[name].type is SlotType.CHOICE for name in plan.values
    )  # 我想去书法班 is no yes to another
    return (chosen or acts.best is not Act.INFORM) and digressions.wanted(talk, free=False) is None


def _time_named(talk: Talk, acts: Acts) -> tuple[str, Plain] | None:
    """后天上午行不行, 这周没空，下周一吧, at a summary that shows a time: another one is proposed or told."""
    step, slots_of = talk.step, talk.compiled.script.slots
    name = next((one for one in step.change if slots_of[one].fill == "time"), "")
    if not step.confirm or talk.frame.mode or not name:
        return None
    if digressions.sure_of_another(talk) and not says("suits", acts.text):
        return None
    if not (_suits(acts) or _proposing(acts)) if acts.asked else acts.best not in _TELLS_A_TIME:
        return None
    if _POINTS_AWAY.match(acts.text.strip()) and _names_another(talk):
        return None  # 那个水管的事儿改到周二, behind a report of a lamp
    window = _window(talk, acts)
    taken = times.taken_time(slots_of[name], window, talk.turn) if window else None
    if taken:
        taken = times.moved_to_its_day(taken, filling.standing(talk, name), acts.text, talk.turn)
    if taken is None:
        return None
    if taken.value == talk.frame.slots.get(name) and not (talk.step.takes and says("takes_back", acts.text)):
        return None
    return name, taken.value


def _suits(acts: Acts) -> bool:
    """Whether a time is proposed in any of the clauses: 老人八十多了 能不能今天来啊."""
    return any(says("suits", one) for one in (acts.text, *acts.clauses))


_POINTS_AWAY = re.compile(r"^(?:我)?(?:那|上次|之前|前面|早上|昨天)")


def _names_another(talk: Talk) -> bool:
    """Whether the words name a thing of another kind than the running talk has."""
    entities = talk.turn.heard.entities
    kind = next((name for name, slot in talk.compiled.named if slot.fill == "category"), "")
    held = talk.frame.slots.get(kind) if kind else None
    return bool(held and entities and entities.category and entities.category != held)


def _proposing(acts: Acts) -> bool:
    """改成周一行不 周末不在: one of the clauses proposes."""
    return any(says("suits", one) for one in acts.clauses)


def _window(talk: Talk, acts: Acts) -> TimeWindow | None:
    """The time that the words name, or the first of their clauses that does and does not rule it out."""
    entities = talk.turn.heard.entities
    if entities is not None and entities.time is not None and not says("not_then", naming.plain(acts.text)):
        return entities.time
    told = acts.asked or says("offers_time", acts.text) or says("not_then_but", acts.text)
    for clause in acts.clauses or ((acts.text,) if told else ()):
        window, _ = times.bare_time(Heard(Kind.TEXT, clause), talk.turn)
        if window and window.said not in times.AT_ANY_TIME and not says("not_then", naming.plain(clause)):
            return window
    return None


async def _retime(talk: Talk, told: tuple[str, Plain]) -> None:
    name, value = told
    entities = talk.turn.heard.entities
    others = await filling.absorb(talk, entities, overwrite=True, but=name) if entities else []
    talk.put(name, value, texts.when(value))
    filling.tell(talk, "bot.corrected", [name, *others])
    await engine.changed(talk, [name, *others])


async def nothing_more(talk: Talk, acts: Acts) -> Reading | None:
    """没有, 没照片, 不用补了, where the summary also invites to add something: nothing is added, nothing dropped."""
    if not talk.step.confirm or talk.frame.mode or acts.asked or len(acts.text) > _LONGEST:
        return None
    if says("photos_sent", acts.text):
        return Reading(
            Rule.PHOTO, 0.9, lambda talk: aside(talk, "bot.photos_welcome", {"yes": talk.step.yes.text})
        )
    photos = _PHOTOS.search(acts.text) is not None and slots.no_photos(acts.text, talk.turn)
    if acts.best is not Act.NONE and not photos:
        return None
    values = {"yes": talk.step.yes.text}
    return Reading(
        Rule.NOTHING_TO_GIVE,
        0.95 if photos else 0.8 * acts.chance(Act.NONE),
        lambda talk: aside(talk, "bot.nothing_more", values),
        effect="stay",
    )


async def leading_on(talk: Talk, acts: Acts) -> Reading | None:
    """The answer to a question still to come, where an option of this one only leads to that question."""
    if (acts.asked and acts.best is Act.QUESTION) or not early_answers.leads_on(talk):
        return None  # 他约的是上午还是下午
    if not await _tells_early(talk):
        return None
    return Reading(Rule.TOLD_EARLY, 0.93, _tell_early, effect="early")


async def told_early(talk: Talk, acts: Acts) -> Reading | None:
    """The answer to a question still to come."""
    if not await _tells_early(talk):
        return None
    score = 0.66 if acts.asked else 0.73
    entities = talk.turn.heard.entities
    if entities and entities.time and says("suits", acts.text):
        score = 0.89  # 这周五下午可以吗, while it is asked where
    return Reading(Rule.TOLD_EARLY, score, _tell_early, effect="early")


async def _tells_early(talk: Talk) -> bool:
    free = bool(talk.step.collect) and talk.slot(talk.step).type is SlotType.TEXT
    if digressions.sure_of_another(talk) and early_answers.tells_only_time(talk):
        return False  # 楼上天天半夜装修 appoints nobody
    told = not free or digressions.no_place(talk) or _names_choice_for_place(talk)
    return told and await early_answers.would_tell(talk)


def _names_choice_for_place(talk: Talk) -> bool:
    return talk.slot(talk.step).fill == "place" and early_answers.names_choice(talk)


async def told_beside(talk: Talk, acts: Acts) -> Reading | None:
    """A story where stars were asked, or more of the matter itself."""
    if digressions.is_question(talk) or digressions.repeated(talk):
        return None
    if stories.tells_another(talk):
        return Reading(Rule.TOLD_MORE, 0.95, _keep_another, effect="another")
    if stories.adds(talk):
        return Reading(Rule.TOLD_MORE, 0.95, _add, effect="more")
    if stories.tells_fault(talk):
        return Reading(Rule.TOLD_MORE, 0.94, _tell_fault, effect="more")
    if stories.tells_instead(talk):
        return Reading(Rule.TOLD_INSTEAD, 0.85, _tell_instead, effect="beside")
    if stories.grows(talk):
        return Reading(Rule.TOLD_MORE, 0.5, _tell_more, effect="more")
    return None


async def _apply(talk: Talk, plan: corrections.Plan) -> None:
    await corrections.apply(talk, plan)


async def _correct(talk: Talk, plan: corrections.Plan) -> None:
    changed = await corrections.apply(talk, plan)
    stories.keep_correction(talk, changed)
    talk.frame.asked[talk.step.id] = 1
    talk.frame.mode = ""
    await engine.changed(talk, changed)


async def _correct_entities(talk: Talk) -> None:
    if stories.tells_beside_values(talk) and stories.keep_words(talk):
        talk.note("bot.kept")  # 是厨房隔壁的洗衣房 names the place that stands there, and tells more
        await engine.changed(talk)
        return
    if not await answers.correct(talk):
        await answers.refuse(talk, None)


async def _tell_early(talk: Talk) -> None:
    if talk.step.choose and talk.turn.heard.acts and not talk.turn.heard.acts.asked:
        await other_matters.keep_told(talk)  # 3栋803 空调外机响, where consent is asked
    if not await early_answers.told_early(talk):
        await stories.keep_for_later(talk)


async def _tell_instead(talk: Talk) -> None:
    await stories.told_instead(talk)


async def _retell(talk: Talk) -> None:
    if stories.keep_words(talk):
        await stories.say_kept(talk, again=True)
    else:
        await asking.ask_change(talk)


async def _keep_another(talk: Talk) -> None:
    stories.keep_another(talk)
    await aside(talk, "bot.another_kept", {"title": talk.compiled.script.title})


async def _add(talk: Talk) -> None:
    if stories.keep_words(talk, stories.added(talk.turn.heard.text)):
        await stories.say_kept(talk, again=True)
    else:
        await answers.refuse(talk, None)


async def _tell_fault(talk: Talk) -> None:
    if stories.keep_words(talk):
        stories.say_story(talk)
    await asking.ask(talk, again=True)


async def _tell_more(talk: Talk) -> None:
    if await stories.told_more(talk):
        return
    if stories.keep_words(talk):
        await stories.say_kept(talk)
    else:
        await answers.refuse(talk, None)
