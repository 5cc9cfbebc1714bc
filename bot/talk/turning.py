"""Readings of a message as anything but an answer: a command, danger, a correction, a question, another matter …"""

import re

from bot.scripts.format import SlotType
from bot.talk import (
    answers,
    asking,
    corrections,
    digressions,
    early_answers,
    engine,
    options,
    questions,
    replying,
    slots,
    taps,
)
from bot.talk.opening import begin
from bot.talk.readings import Reading
from bot.talk.replying import steering_option
from bot.talk.state import Offered
from bot.talk.steering import aside, steer
from bot.talk.talk import Talk
from bot.understanding import command
from bot.understanding.acts import Act, Acts, Asked
from bot.understanding.matching import CONTAINED
from bot.why import Rule

_IS_OVER = re.compile(r"没事[了啦]|没问题了|好了|不用(?:来|修|管)|误报|恢复了|来[水电]了")
_SENDS = re.compile(
    r"^(?:我|还)*(?:有|发|拍了?|补|传)(?:[一两几\d])?[张个](?:照片?|图|相片)|照片(?:马上|这就|一会儿?|等下|待会儿?)(?:就)?(?:发|传|补)"
)
_DENIES = re.compile(r"[不错改换没别重]|有(?:个)?问题|弄混|搞混|写反|误")
_WITHDRAWS = re.compile(
    r"(?:算了|那|就|我们?|还是|嗯+|对|是的?|好的?|帮我|给我|请|麻烦)*"
    r"(?:不(?:想|用)?(?:去|来|参加|要|修|报|办|看|约|租|买|住|绑|弄|搞)了|去不了了?|来不了了?|取消|撤(?:回|销|单)?|退(?:出|掉)?|解绑|解除|删)"
    r"(?:报名|报修|绑定|活动|掉)?[吧了啊呀掉的]*(?:谢谢)?"
)
_PHOTOS = re.compile(r"照|拍|图|[相影]")
_BYE = re.compile(r"谢|辛苦|再见|拜拜|收到|知道|明白")
OUTBURST = 10  # characters: a curse so short is no answer, a longer one may be the story itself
_STORY = 24  # characters: more than that asks nothing of the bot, it tells
_CERTAIN = 0.5
_SURE = 0.8
_KNOWS_NOT = (Act.DONT_KNOW, Act.REFUSE, Act.NONE, Act.AS_YOU_LIKE, Act.NO, Act.WITHDRAW, Act.DONT_YET)
_IDLE = 0.6  # chance of a greeting, for it to be no more than that
_DOUBTFUL = 0.72  # of a danger that only the recogniser sees: an answer to the open question is surer
_CRIES = (Act.URGE, Act.ABUSE)
_BRIEF = 12  # characters of an answer
_SOMEWHAT, _FAINTLY, _SURELY = (
    0.15,
    0.05,
    0.85,
)  # chances of urging, and of a danger that only the recogniser sees
_CURTLY = 0.72
_CURT = 6  # characters: so short a message that begins like a command is one


async def commanding(talk: Talk, acts: Acts) -> Reading | None:
    """取消 上一步 帮助 菜单 人工 重来, as the whole message."""
    if offer := steering_option(talk):
        return Reading(Rule.OPTION, 0.99, lambda talk: taps.pick(talk, offer), offer.text, "option")
    if found := command(talk.turn.heard.text):
        return Reading(Rule.COMMAND, 0.98, lambda talk: steer(talk, found), found, "command")
    return None


async def starting(talk: Talk, acts: Acts) -> Reading | None:
    """The very words that start another talk, or the one that was left for this."""
    heard, free = talk.turn.heard, bool(talk.step.collect) and talk.slot(talk.step).type is SlotType.TEXT
    if ordered := digressions.commanded(talk):
        return _begin(Rule.KEYWORD, 0.96, ordered.script.script)
    if not free and (place := digressions.begun_anew(talk)) is not None:
        intent = heard.meaning.intent if heard.meaning else ""
        return Reading(
            Rule.STARTS_OVER,
            0.95 if digressions.is_begun_by_word(talk) else 0.7,
            lambda talk: engine.start_over(talk, place, heard.text, intent),
        )
    if instead := digressions.named_instead(talk):
        return Reading(Rule.KEYWORD, 0.95, lambda talk: _begin_instead(talk, instead.script.script))
    if (left := digressions.below(talk)) is not None:
        return Reading(Rule.FALLS_BACK, 0.93, lambda talk: engine.fall_back(talk, left))
    if not free and (named := digressions.named(talk)):
        return _begin(
            Rule.KEYWORD,
            0.93 if digressions.is_keyword(talk) or len(heard.text.strip()) <= _CURT else 0.8,
            named.script.script,
        )
    return None


async def shown_earlier(talk: Talk, acts: Acts) -> Reading | None:
    """The very words of an option that was shown before the open question."""
    if slots.offered(talk.turn.heard.text, talk.frame.options):
        return None
    if option_id := await taps.earlier(talk):
        return Reading(
            Rule.EARLIER_OPTION, 0.9, lambda talk: taps.shown_before(talk, option_id), option_id, "earlier"
        )
    return None


async def correcting(talk: Talk, acts: Acts) -> Reading | None:
    """What was said before is to be something else."""
    if acts.asked and acts.best is not Act.CORRECT:
        return None
    plan = await corrections.planned(talk, acts) if corrections.turns(acts) or talk.step.confirm else None
    if plan is None:
        return None
    turned = corrections.turns(acts) or acts.conditional
    if plan.values and (turned or acts.best is Act.INFORM):
        return Reading(
            Rule.CORRECTION,
            0.91 if turned else 0.7,
            lambda talk: _correct(talk, plan),
            effect="correct",
            also=(lambda talk: _apply(talk, plan)) if turned and acts.clauses else None,
        )
    if plan.wrong and turned:
        return Reading(
            Rule.WRONG_SLOT, 0.9, lambda talk: answers.change(talk, plan.wrong), plan.wrong, "change"
        )
    if (turned or talk.step.confirm) and await answers.would_correct(talk):
        return Reading(Rule.CORRECTION, 0.86 if turned else 0.72, _correct_entities, effect="correct")
    if acts.best is Act.CORRECT and talk.step.confirm and talk.step.change and _DENIES.search(acts.text):
        return Reading(Rule.SOMETHING_WRONG, 0.75, asking.ask_change, effect="change")
    return None


async def waiting(talk: Talk, acts: Acts) -> Reading | None:
    """稍等, 我看下, 先别提交: nothing is taken, the question stays open."""
    held = max(acts.chance(Act.WAIT), acts.chance(Act.DONT_YET))
    if acts.best not in (Act.WAIT, Act.DONT_YET) or held < _CERTAIN or len(acts.text) > _STORY:
        return None
    if acts.best is Act.DONT_YET and (no := options.refusing(talk.frame.options)) and no.value != asking.NO:
        return None  # 别退, 先别取消: the option that leaves everything as it is
    if any(options.names(one, "等") for one in talk.frame.options):
        return None
    phrase = "bot.not_yet" if acts.best is Act.DONT_YET and talk.step.confirm else "bot.take_time"
    return Reading(Rule.WAITING, 0.94 * held, lambda talk: aside(talk, phrase), effect="stay")


async def nothing_more(talk: Talk, acts: Acts) -> Reading | None:
    """没有, 没照片, 不用补了, where the summary also invites to add something: nothing is added, nothing dropped."""
    if not talk.step.confirm or talk.frame.mode or acts.asked:
        return None
    if _SENDS.search(acts.text):
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


async def unwilling(talk: Talk, acts: Acts) -> Reading | None:
    """不想说, 不知道, where the question cannot be left out: why it is asked is said, and the ways on."""
    if acts.best not in (Act.REFUSE, Act.DONT_KNOW) or acts.chance(acts.best) < _CERTAIN or acts.asked:
        return None
    if len(acts.text) > _STORY:
        return None
    return Reading(Rule.UNWILLING, 0.7 * acts.chance(acts.best), questions.explain, effect="explain")


async def asking_back(talk: Talk, acts: Acts) -> Reading | None:
    """A question about this step, its cost, its length, its reason; or one that an article answers."""
    chance = acts.chance(Act.QUESTION)
    if (not acts.asked and (acts.best is not Act.QUESTION or chance < _CERTAIN)) or len(
        acts.text
    ) > _STORY * 2:
        return None
    if acts.best in _CRIES and chance < _CERTAIN:
        return None  # 你烦不烦, 快不快点: no question at all
    if questions.tells_its_own_story(talk) or (acts.best in _KNOWS_NOT and acts.chance(acts.best) > _CERTAIN):
        return None
    return Reading(
        Rule.QUESTION, max(0.88 * chance, 0.7 if acts.asked else 0.0), questions.answer, effect="answer"
    )


async def elsewhere(talk: Talk, acts: Acts) -> Reading | None:
    """Another matter, clearly meant."""
    free = bool(talk.step.collect) and talk.slot(talk.step).type is SlotType.TEXT
    found = digressions.wanted(talk, free=free)
    meaning = talk.turn.heard.meaning
    if found is None or meaning is None or talk.step.digress != "allow":
        return None
    if (talk.step.takes and _is_of_this(talk)) or _asks_why_of_this(talk, acts):
        return None
    score = (0.84 if digressions.asks(found, talk) else 0.68) * meaning.confidence
    return _begin(Rule.DIGRESSION, score, found.script.script) if score >= _CERTAIN else None


async def leading_on(talk: Talk, acts: Acts) -> Reading | None:
    """The answer to a question still to come, where an option of this one only leads to that question."""
    if not early_answers.leads_on(talk) or not await _tells_early(talk):
        return None
    return Reading(Rule.TOLD_EARLY, 0.93, _tell_early, effect="early")


def _asks_why_of_this(talk: Talk, acts: Acts) -> bool:
    """凭什么同意 where consent is asked wants to know why, and complains of nobody."""
    meaning = talk.turn.heard.meaning
    complains = meaning is not None and meaning.intent == "complaint"
    return complains and acts.about is Asked.WHY and bool(talk.step.why) and len(acts.text) <= _CURT


def _is_of_this(talk: Talk) -> bool:
    """Whether the thing and the place that the words name are those of the running talk: 麻烦带个三角阀来."""
    entities = talk.turn.heard.entities
    if entities is None or not entities.category:
        return False
    held = list(talk.frame.slots.values())
    return entities.category in held and (entities.place is None or entities.place in held)


async def told_early(talk: Talk, acts: Acts) -> Reading | None:
    """The answer to a question still to come."""
    if not await _tells_early(talk):
        return None
    return Reading(Rule.TOLD_EARLY, 0.66 if acts.asked else 0.73, _tell_early, effect="early")


async def _tells_early(talk: Talk) -> bool:
    free = bool(talk.step.collect) and talk.slot(talk.step).type is SlotType.TEXT
    return (not free or digressions.no_place(talk)) and await early_answers.would_tell(talk)


async def told_beside(talk: Talk, acts: Acts) -> Reading | None:
    """A story where stars were asked, or more of the matter itself."""
    if digressions.is_question(talk) or digressions.repeated(talk):
        return None
    if early_answers.adds(talk):
        return Reading(Rule.TOLD_MORE, 0.95, _add, effect="more")
    if early_answers.tells_instead(talk):
        return Reading(Rule.TOLD_INSTEAD, 0.85, _tell_instead, effect="beside")
    if early_answers.grows(talk):
        return Reading(Rule.TOLD_MORE, 0.5, _tell_more, effect="more")
    return None


async def withdrawing(talk: Talk, acts: Acts) -> Reading | None:
    """算了不交了, 不看了: the running talk is dropped; where an option does just that, it is taken."""
    gives_up = answers.gives_up(acts)
    if acts.asked or not (gives_up or acts.best in (Act.WITHDRAW, Act.FALSE_ALARM)):
        return None
    if acts.best is Act.FALSE_ALARM and (safe := _nothing_happened(talk)):
        named = options.by_name(acts, talk.frame.options, talk.turn.now)
        if named and named.offer is not safe and named.likeness >= CONTAINED:
            return None  # 里头困着人 sounds like 人都出来了, and is the contrary
        return Reading(Rule.NO, 0.97, lambda talk: taps.pick(talk, safe), safe.text, "option")
    if acts.best is Act.FALSE_ALARM and not _IS_OVER.search(acts.text):
        return None  # 就是返臭味, 这家没事: nobody has raised an alarm, and the matter stays
    if not gives_up and digressions.begun_anew(talk) is not None:
        return None  # 取消报修 in the list of repairs asks which one, and drops no list
    score = 0.92 if gives_up else 0.9 * acts.chance(acts.best)
    if score < 0.9 * (_SURE if replying.is_text_asked(talk) else _CERTAIN):
        return None  # where any words are an answer, “大门坏了” tells more than it drops
    if ending := options.ending(talk.frame.options):
        if options.is_binding(ending) and not _WITHDRAWS.fullmatch(slots.plain(acts.text)):
            return None  # 我妈说要退出, 我想想再退: that much binds nobody
        return Reading(Rule.GIVES_UP, score, lambda talk: taps.pick(talk, ending), ending.text, "option")
    return Reading(Rule.GIVES_UP, score, answers.cancel, effect="cancel")


def _nothing_happened(talk: Talk) -> Offered | None:
    """The option that says that nothing happened, or else the one that nobody is in danger."""
    return next(
        (one for word in ("误报", "没危险") for one in talk.frame.options if options.names(one, word)), None
    )


async def none_of_these(talk: Talk, acts: Acts) -> Reading | None:
    """都不是, 没有我要的: the option that says so, the one that skips, or the end of a short list."""
    if acts.best is not Act.NONE_OF_THESE or not talk.frame.options:
        return None
    score = 0.9 * acts.chance(Act.NONE_OF_THESE)
    if talk.step.collect and talk.slot(talk.step).type is SlotType.TIME and score < _CURTLY:
        return None  # 哪个屋都不热 refuses no time
    for words in ("都不是", "没有我", "其他", "人工", "不要", "不用"):
        if found := next((one for one in talk.frame.options if options.names(one, words)), None):
            return Reading(
                Rule.NONE_OF_THESE, score, lambda talk: taps.pick(talk, found), found.text, "option"
            )
    skip = next((one for one in talk.frame.options if one.value == asking.SKIP), None)
    if skip is not None:
        return Reading(Rule.NONE_OF_THESE, score, lambda talk: taps.pick(talk, skip), skip.text, "option")
    if talk.compiled.script.quick:
        return Reading(Rule.NONE_OF_THESE, score, answers.leave_quietly, effect="cancel")
    return None


async def urging(talk: Talk, acts: Acts) -> Reading | None:
    """快点, 急死了: heard, kept as urgent where that is known, and the question stays open."""
    if acts.best is not Act.URGE or len(acts.text) > _STORY:
        return None
    return Reading(
        Rule.URGING, 0.6 * acts.chance(Act.URGE), lambda talk: aside(talk, "bot.hurry"), effect="stay"
    )


async def courteous(talk: Talk, acts: Acts) -> Reading | None:
    """谢谢, 你好, 嗯: a short list is done; an open question is asked again, kindly."""
    if acts.best not in (Act.THANKS, Act.GREETING, Act.FILLER) or acts.chance(acts.best) < _IDLE:
        return None
    if acts.best is Act.FILLER and replying.is_text_asked(talk):
        return None
    if (
        acts.best is Act.THANKS
        and _BYE.search(acts.text)
        and talk.compiled.script.quick
        and not talk.slots_told()
    ):
        return Reading(Rule.COURTESY, 0.6 * acts.chance(acts.best), answers.leave_quietly, effect="cancel")
    act = _wait if acts.best is Act.FILLER else _be_kind
    return Reading(Rule.COURTESY, 0.62 * acts.chance(acts.best), act, effect="stay")


async def abusive(talk: Talk, acts: Acts) -> Reading | None:
    """An outburst: answered calmly, the question stays open."""
    text = slots.plain(talk.turn.heard.text)
    if len(text) > OUTBURST or not any(word in text for word in talk.bot.abuse):
        return None
    return Reading(Rule.ABUSE, 0.92, lambda talk: aside(talk, "bot.abuse"), effect="stay")


async def suspected(talk: Talk, acts: Acts) -> Reading | None:
    """Danger that is only suspected: asked at once, with the phone of whoever is on duty."""
    meaning = talk.turn.heard.meaning
    if meaning is None or not questions.is_danger_suspected(talk) or _only_hurries(talk, acts):
        return None
    if acts.best is Act.FALSE_ALARM:
        return None  # 没砸到人
    score = 0.9 if acts.best is Act.DANGER else 0.55 + 0.3 * meaning.confidence
    if acts.best is not Act.DANGER and not replying.is_text_asked(talk):
        score = min(score, _DOUBTFUL)
    return Reading(Rule.SUSPICION, score, questions.ask_danger, effect="danger")


def _only_hurries(talk: Talk, acts: Acts) -> bool:
    """快点, 别废话赶紧上门, 在床那屋: no rule found a danger, and in a talk such words urge or answer."""
    meaning = talk.turn.heard.meaning
    if meaning is None or meaning.danger != "other" or acts.best is Act.DANGER:
        return False
    urges = acts.best in _CRIES or acts.chance(Act.URGE) >= _SOMEWHAT
    curt = len(acts.text) <= _BRIEF and acts.chance(Act.DANGER) < _FAINTLY
    return (urges or curt) and meaning.ranking[0][1] < _SURELY


async def all_clear(talk: Talk, acts: Acts) -> Reading | None:
    """误报, 没事了: the alert that was just raised is called back."""
    if not questions.is_all_clear(talk):
        return None
    return Reading(Rule.ALL_CLEAR, 0.94, questions.call_back, effect="all_clear")


def _begin(rule: Rule, score: float, script: str) -> Reading:
    async def act(talk: Talk) -> None:
        await begin(talk, script, {}, meaning=talk.turn.heard.meaning)

    return Reading(rule, score, act, script, f"script:{script}")


async def _begin_instead(talk: Talk, script: str) -> None:
    """Another talk in the place of this one, which was not meant."""
    engine.leave(talk)
    await begin(talk, script, {})


async def _apply(talk: Talk, plan: corrections.Plan) -> None:
    await corrections.apply(talk, plan)


async def _correct(talk: Talk, plan: corrections.Plan) -> None:
    changed = await corrections.apply(talk, plan)
    early_answers.keep_correction(talk, changed)
    talk.frame.asked[talk.step.id] = 1
    talk.frame.mode = ""
    await engine.changed(talk, changed)


async def _correct_entities(talk: Talk) -> None:
    await answers.correct(talk)


async def _be_kind(talk: Talk) -> None:
    await aside(talk, "bot.here")


async def _wait(talk: Talk) -> None:
    """嗯嗯啊 brings no answer: who says nothing else is offered the ways out."""
    if not answers.stuck(talk):
        talk.note("bot.here")
        await asking.ask(talk)


async def _tell_early(talk: Talk) -> None:
    if not await early_answers.told_early(talk):
        await early_answers.keep_for_later(talk)


async def _tell_instead(talk: Talk) -> None:
    await early_answers.told_instead(talk)


async def _add(talk: Talk) -> None:
    if early_answers.keep_words(talk, early_answers.added(talk.turn.heard.text)):
        await early_answers.say_kept(talk, again=True)
    else:
        await answers.refuse(talk, None)


async def _tell_more(talk: Talk) -> None:
    if await early_answers.told_more(talk):
        return
    if early_answers.keep_words(talk):
        await early_answers.say_kept(talk)
    else:
        await answers.refuse(talk, None)
