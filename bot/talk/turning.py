"""Readings of a message as something else than an answer: a command, danger, a withdrawal, another matter."""

import re

from bot.scripts.catalogue import Compiled
from bot.scripts.format import SlotType
from bot.talk import (
    answers,
    asking,
    digressions,
    engine,
    leaving,
    naming,
    offers,
    options,
    questions,
    settling,
    slots,
    taps,
)
from bot.talk.opening import begin
from bot.talk.readings import CERTAIN, CRIES, Reading
from bot.talk.settling import steering_option
from bot.talk.state import Offered
from bot.talk.steering import aside, ordered, steer
from bot.talk.taken import Taken
from bot.talk.talk import Talk
from bot.understanding.acts import Act, Acts, Asked, says
from bot.understanding.entities import is_broken
from bot.understanding.matching import CONTAINED
from bot.understanding.normal import normal
from bot.why import Rule

_IS_OVER = re.compile(r"没事[了啦]|没问题了|好了|不用(?:来|修|管)|误报|恢复了|来[水电]了")
_WITHDRAWS = re.compile(
    r"(?:算了|那|就|我们?|还是|嗯+|对[的啊呀]?|是[的啊呀]?|好[的吧啊]?|行吧?|帮我|给我|请|麻烦)*"
    r"(?:不(?:想|用)?(?:去|来|参加|要|修|报|办|看|约|租|买|住|绑|弄|搞)了|去不了了?|来不了了?|取消|撤(?:回|销|单)?|退(?:出|掉)?|解绑|解除|删)"
    r"(?:报名|报修|绑定|活动|掉)?[吧了啊呀掉的]*(?:谢谢)?"
)
_SURE = 0.8
_DOUBTFUL = 0.72  # of a danger that only the recogniser sees: an answer to the open question is surer
_ALIKE = 0.55  # likeness of an option, for a word that starts another talk to answer this one
_NONE_OF_TIMES = 8  # characters
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
    if found := ordered(talk):
        return Reading(Rule.COMMAND, 0.98, lambda talk: steer(talk, found), found, "command")
    return None


async def starting(talk: Talk, acts: Acts) -> Reading | None:
    """The very words that start another talk, or the one that was left for this."""
    heard, free = talk.turn.heard, bool(talk.step.collect) and talk.slot(talk.step).type is SlotType.TEXT
    if digressions.praises(talk):
        return Reading(Rule.DIGRESSION, 0.97, _praise, digressions.PRAISE, f"script:{digressions.PRAISE}")
    if ordered := digressions.commanded(talk):
        return _begin(Rule.KEYWORD, 0.96, ordered.script.script)
    if not free and (place := digressions.begun_anew(talk)) is not None:
        intent = heard.meaning.intent if heard.meaning else ""
        return Reading(
            Rule.STARTS_OVER,
            0.95 if digressions.is_begun_by_word(talk) or digressions.asks_another(talk) else 0.7,
            lambda talk: engine.start_over(talk, place, heard.text, intent),
        )
    if instead := digressions.named_instead(talk):
        said = digressions.wished_instead(talk)
        return Reading(Rule.KEYWORD, 0.95, lambda talk: _begin_instead(talk, instead.script.script, said))
    if not free and (more := digressions.begun_besides(talk)):
        return _begin(Rule.DIGRESSION, 0.96, more.script.script)
    if (left := digressions.below(talk)) is not None:
        return Reading(Rule.FALLS_BACK, 0.93, lambda talk: engine.fall_back(talk, left))
    if not free and (named := digressions.named(talk)):
        surely = digressions.is_keyword(talk) or len(heard.text.strip()) <= _CURT
        meant = options.by_name(acts, talk.frame.options, talk.turn.now)
        answers_too = meant is not None and not meant.rivals and meant.likeness >= _ALIKE
        return _begin(
            Rule.KEYWORD,
            (0.74 if answers_too else 0.93) if surely else 0.8,  # 差评 is 不满意, where that is asked
            named.script.script,
        )
    return None


async def shown_earlier(talk: Talk, acts: Acts) -> Reading | None:
    """The very words of an option that was shown before the open question."""
    if naming.offered(talk.turn.heard.text, talk.frame.options):
        return None
    if option_id := await taps.earlier(talk):
        return Reading(
            Rule.EARLIER_OPTION, 0.9, lambda talk: taps.shown_before(talk, option_id), option_id, "earlier"
        )
    return None


async def elsewhere(talk: Talk, acts: Acts) -> Reading | None:
    """Another matter, clearly meant."""
    free = bool(talk.step.collect) and talk.slot(talk.step).type is SlotType.TEXT
    found = digressions.wanted(talk, free=free)
    meaning = talk.turn.heard.meaning
    if found is None or meaning is None or talk.step.digress != "allow":
        return None
    if (talk.step.takes and _is_of_this(talk)) or _asks_why_of_this(talk, acts) or _tells_fault(talk, acts):
        return None
    score = (0.84 if digressions.asks(found, talk) else 0.68) * meaning.confidence
    if len(naming.plain(acts.text)) <= _CURT and talk.frame.options and not digressions.is_question(talk):
        score = min(
            score, 0.68 * meaning.confidence
        )  # 太差了 rates what was asked, and complains of nothing new
    if acts.best in (Act.WAIT, Act.REFUSE) and acts.chance(acts.best) >= CERTAIN and not acts.asked:
        score = min(score, CERTAIN)  # 我手机号刚换，想一下 looks it up, 不太想给你们电话 asks for no number
    if says("asks_meaning", acts.text):
        return None  # 什么叫上门时间 asks about the question
    if talk.step.takes and not acts.asked and not any(one.grows for one in found.script.slots.values()):
        return None  # 发票抬头开错了，帮我改一下, where a message is left, asks for nothing that could be looked up
    if _first_needs_this(talk, found):
        score = max(score, _NEEDED)
    return _begin(Rule.DIGRESSION, score, found.script.script) if score >= CERTAIN else None


_NEEDED = 0.74  # of a fault that is told where the home has to be bound first


def _first_needs_this(talk: Talk, found: Compiled) -> bool:
    """地库漏水漏到车上了, where consent is asked: a fault by its name, for which the open talk is needed first."""
    entities, guard = talk.turn.heard.entities, found.script.guard
    needs = guard is not None and guard.otherwise == talk.frame.script and not talk.turn.person.bound
    return needs and bool(talk.step.choose) and entities is not None and entities.category is not None


def _asks_why_of_this(talk: Talk, acts: Acts) -> bool:
    """凭什么同意 where consent is asked wants to know why, and complains of nobody."""
    meaning = talk.turn.heard.meaning
    complains = meaning is not None and meaning.intent == "complaint"
    return complains and acts.about is Asked.WHY and bool(talk.step.why) and len(acts.text) <= _CURT


def _tells_fault(talk: Talk, acts: Acts) -> bool:
    """整个屋没电, where it is asked what is broken: no wish to read what was announced."""
    asked = talk.step.collect and talk.slot(talk.step).reads == "fault"
    return bool(asked) and not acts.asked and is_broken(normal(acts.text))


def _is_of_this(talk: Talk) -> bool:
    """Whether the thing and the place that the words name are those of the running talk: 麻烦带个三角阀来."""
    entities = talk.turn.heard.entities
    if entities is None or not entities.category:
        return False
    held = list(talk.frame.slots.values())
    return entities.category in held and (entities.place is None or entities.place in held)


async def withdrawing(talk: Talk, acts: Acts) -> Reading | None:
    """算了不交了, 不看了: the running talk is dropped; where an option does just that, it is taken."""
    gives_up = leaving.gives_up(acts)
    if acts.asked or not (gives_up or acts.best in (Act.WITHDRAW, Act.FALSE_ALARM)):
        return None
    if acts.best is Act.FALSE_ALARM and questions.goes_on(acts):
        return None
    if acts.best is Act.FALSE_ALARM and (safe := _nothing_happened(talk)):
        named = options.by_name(acts, talk.frame.options, talk.turn.now)
        if named and named.offer is not safe and named.likeness >= CONTAINED:
            return None  # 里头困着人 sounds like 人都出来了, and is the contrary
        return Reading(Rule.NO, 0.97, lambda talk: taps.pick(talk, safe), safe.text, "option")
    if acts.best is Act.FALSE_ALARM and not _IS_OVER.search(acts.text):
        return None  # 就是返臭味, 这家没事: nobody has raised an alarm, and the matter stays
    if (not gives_up or leaving.drops_matter(acts)) and digressions.begun_anew(talk) is not None:
        return None  # 取消报修, 算了不修了 in the list of repairs ask which one, and drop no list
    if not gives_up and await _answers_too(talk):
        return None  # 算了，厨房 gives in, and answers
    if talk.compiled.photos and _PHOTOS.search(acts.text) and slots.no_photos(acts.text, talk.turn):
        return Reading(Rule.NOTHING_TO_GIVE, 0.92, _without_photos, effect="skip")  # 算了不拍了
    if undoing := _undoing_elsewhere(talk, acts):
        return Reading(Rule.GIVES_UP, 0.92, lambda talk: taps.pick(talk, undoing), undoing.text, "option")
    score = 0.92 if gives_up else 0.9 * acts.chance(acts.best)
    if score < 0.9 * (_SURE if settling.is_text_asked(talk) else CERTAIN):
        return None  # where any words are an answer, “大门坏了” tells more than it drops
    if ending := options.dropping(talk.frame.options, acts.text):
        if options.is_binding(ending) and not _WITHDRAWS.fullmatch(naming.plain(acts.text)):
            return None  # 我妈说要退出, 我想想再退: that much binds nobody
        return Reading(Rule.GIVES_UP, score, lambda talk: taps.pick(talk, ending), ending.text, "option")
    return Reading(Rule.GIVES_UP, score, leaving.cancel, effect="cancel")


_PHOTOS = re.compile(r"拍|照|图")


async def _without_photos(talk: Talk) -> None:
    """There are none; everything else stays as it is, and the open question too."""
    talk.skip(talk.compiled.photos)
    await aside(talk, "bot.ok")


def _undoing_elsewhere(talk: Talk, acts: Acts) -> Offered | None:
    """别来了，自己弄好了, where only another time is asked: what another question of the script offers undoes it."""
    if talk.step.confirm or not (talk.compiled.script.quick and talk.step.collect):
        return None
    for step in talk.compiled.script.steps:
        for one in step.options:
            named = any(len(word) > 1 and word in acts.text for word in (one.text, *one.keywords))
            if one.go and named and options.drops(Offered(one.text)):
                return Offered(one.text, go=talk.link(one.go))
    return None


async def _answers_too(talk: Talk) -> bool:
    """Whether the words give a value of the open question, or name one of its options."""
    acts, step = talk.turn.heard.acts, talk.step
    if acts is None or not says("sighs", acts.text) or talk.frame.mode:
        return False
    if step.collect and talk.slot(step).type not in (SlotType.TEXT, SlotType.PHOTOS):
        return isinstance(await answers.typed(talk), Taken)
    named = options.by_name(acts, talk.frame.options, talk.turn.now)
    kept = named is not None and not options.drops(named.offer) and named.offer.value != asking.NO
    return kept and named is not None and named.likeness >= CONTAINED


def _nothing_happened(talk: Talk) -> Offered | None:
    """The option that says that nothing happened, or else the one that nobody is in danger."""
    return next(
        (one for word in ("误报", "没危险") for one in talk.frame.options if options.names(one, word)), None
    )


async def none_of_these(talk: Talk, acts: Acts) -> Reading | None:
    """都不是, 没有我要的: the option that says so, the one that skips, or the end of a short list."""
    if acts.best is not Act.NONE_OF_THESE or not talk.frame.options:
        return None
    if talk.compiled.script.quick and (rest := offers.behind_a_no(acts.text)):
        return _asks_instead(talk, rest)
    score = 0.9 * acts.chance(Act.NONE_OF_THESE)
    timed = talk.step.collect and talk.slot(talk.step).type is SlotType.TIME
    if timed and (score < _CURTLY or len(naming.plain(acts.text)) > _NONE_OF_TIMES):
        return None  # 哪个屋都不热 refuses no time, and who says more than 都不合适 wants something else
    for words in ("都不是", "没有我", "其他", "人工", "不要", "不用"):
        if found := next((one for one in talk.frame.options if options.names(one, words)), None):
            return Reading(
                Rule.NONE_OF_THESE, score, lambda talk: taps.pick(talk, found), found.text, "option"
            )
    skip = next((one for one in talk.frame.options if one.value == asking.SKIP), None)
    if skip is not None:
        return Reading(Rule.NONE_OF_THESE, score, lambda talk: taps.pick(talk, skip), skip.text, "option")
    if talk.compiled.script.quick:
        return Reading(Rule.NONE_OF_THESE, score, leaving.leave_quietly, effect="cancel")
    return None


def _asks_instead(talk: Talk, rest: str) -> Reading | None:
    """都不是，我问访客停车怎么收费: what is wanted instead of the short answer on the screen."""
    if talk.turn.heard.understand is None:
        return None
    meaning = talk.turn.heard.understand(rest)
    own = meaning.ranking[0][0] in talk.compiled.script.triggers.intents
    found = talk.bot.catalogue.for_intent(meaning.intent, talk.turn.person)
    if not own and (found is None or meaning.action != "answer"):
        return None
    script = talk.frame.script if own or found is None else found.script.script
    return Reading(
        Rule.NONE_OF_THESE, 0.93, lambda talk: _begin_instead(talk, script, rest), script, f"script:{script}"
    )


async def suspected(talk: Talk, acts: Acts) -> Reading | None:
    """Danger that is only suspected: asked at once, with the phone of whoever is on duty."""
    meaning = talk.turn.heard.meaning
    if meaning is None or not questions.is_danger_suspected(talk) or _only_hurries(talk, acts):
        return None
    if acts.best is Act.FALSE_ALARM:
        return None  # 没砸到人
    score = 0.9 if acts.best is Act.DANGER else 0.55 + 0.3 * meaning.confidence
    if acts.best is not Act.DANGER and not settling.is_text_asked(talk):
        score = min(score, _DOUBTFUL)
    return Reading(Rule.SUSPICION, score, questions.ask_danger, effect="danger")


def _only_hurries(talk: Talk, acts: Acts) -> bool:
    """快点, 别废话赶紧上门, 在床那屋: no rule found a danger, and in a talk such words urge or answer."""
    meaning = talk.turn.heard.meaning
    if meaning is None or meaning.danger != "other" or acts.best is Act.DANGER:
        return False
    urges = acts.best in CRIES or acts.chance(Act.URGE) >= _SOMEWHAT
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


async def _praise(talk: Talk) -> None:
    """It is kept for whom it is about; the running talk goes on, unless it was denied."""
    text = talk.turn.heard.text.strip()
    if digressions.denies_this(talk):
        engine.leave(talk)
    await begin(talk, digressions.PRAISE, {"words": text}, beside=True)


async def _begin_instead(talk: Talk, script: str, said: str) -> None:
    """Another talk in the place of this one, which was not meant."""
    engine.leave(talk)
    understand = talk.turn.heard.understand
    await begin(talk, script, {}, said=said, meaning=understand(said) if said and understand else None)
