"""Readings of a message as talk about the talk: wait, why, no, hurry, thanks, a curse. The question stays open."""

import re
from functools import cache

from bot.talk import answers, asking, engine, leaving, naming, options, questions, settling, stories
from bot.talk.readings import CERTAIN, CRIES, STORY, Reading
from bot.talk.steering import aside
from bot.talk.talk import Talk
from bot.understanding.acts import Act, Acts, says
from bot.understanding.gist import tells
from bot.why import Rule

_BYE = re.compile(r"谢|辛苦|再见|拜拜|收到|知道|明白")
_GOODBYE = re.compile(
    r"(?:那|好的?|行|嗯+|就|先|谢谢|[吧啊了])*(?:再见|拜拜|拜了|回见|回头见|再会)[了啊哦吧啦]*"
)
_BY_GOODBYE = 0.95
_OUTBURST = 10  # characters: a curse so short is no answer, a longer one may be the story itself
_KNOWS_NOT = (Act.DONT_KNOW, Act.REFUSE, Act.NONE, Act.AS_YOU_LIKE, Act.NO, Act.WITHDRAW, Act.DONT_YET)
_FIRMLY = 0.9  # chance of a refusal that is put as a question
_FAIRLY = 0.75  # chance of 随便 and its like, for words that look like a question to ask nothing
_IDLE = 0.6  # chance of a greeting, for it to be no more than that


async def waiting(talk: Talk, acts: Acts) -> Reading | None:
    """稍等, 我看下, 先别提交: nothing is taken, the question stays open."""
    held = max(acts.chance(Act.WAIT), acts.chance(Act.DONT_YET))
    if acts.best not in (Act.WAIT, Act.DONT_YET) or held < CERTAIN or len(acts.text) > STORY:
        return None
    undoes = options.ending(talk.frame.options) is not None
    no = options.refusing(talk.frame.options)
    if acts.best is Act.DONT_YET and undoes and no and no.value != asking.NO:
        return None  # 别退, 先别取消: the option that leaves everything as it is
    if acts.best is Act.DONT_YET and talk.step.confirm and options.ending(talk.frame.options):
        return None  # 先留着吧, where 确定移出吗 is asked
    if any("等" in one.text for one in talk.frame.options):
        return None
    phrase = "bot.not_yet" if acts.best is Act.DONT_YET and talk.step.confirm else "bot.take_time"
    return Reading(Rule.WAITING, 0.94 * held, lambda talk: aside(talk, phrase), effect="stay")


async def unwilling(talk: Talk, acts: Acts) -> Reading | None:
    """不想说, 不知道, where the question cannot be left out: why it is asked is said, and the ways on."""
    if talk.step.unwilling and not talk.frame.mode and says("keeps_back", acts.text):
        firmly = says("has_none", acts.text) or talk.frame.asked.get(talk.step.id, 0) > 1
        return Reading(Rule.UNWILLING, 0.93, _go_without if firmly else questions.explain, effect="explain")
    if acts.best not in (Act.REFUSE, Act.DONT_KNOW) or acts.chance(acts.best) < CERTAIN:
        return None
    if acts.asked and (acts.best is not Act.REFUSE or acts.chance(Act.REFUSE) < _FIRMLY):
        return None  # 能不能不填 asks and refuses at once
    if len(acts.text) > STORY:
        return None
    return Reading(Rule.UNWILLING, 0.66 * acts.chance(acts.best), questions.explain, effect="explain")


async def _go_without(talk: Talk) -> None:
    await answers.onward(talk, talk.step, talk.step.unwilling)


async def asking_back(talk: Talk, acts: Acts) -> Reading | None:
    """A question about this step, its cost, its length, its reason; or one that an article answers."""
    chance = acts.chance(Act.QUESTION)
    if (not acts.asked and (acts.best is not Act.QUESTION or chance < CERTAIN)) or len(acts.text) > STORY * 2:
        return None
    if acts.best in CRIES and chance < CERTAIN:
        return None  # 你烦不烦, 快不快点: no question at all
    if questions.asks_effect(talk, acts):
        return Reading(Rule.QUESTION, 0.9, questions.answer, effect="answer")
    knows_not = acts.best in _KNOWS_NOT and acts.chance(acts.best) > (_FAIRLY if acts.asked else CERTAIN)
    if questions.tells_its_own_story(talk) or knows_not:
        return None
    return Reading(
        Rule.QUESTION, max(0.88 * chance, 0.7 if acts.asked else 0.0), questions.answer, effect="answer"
    )


async def urging(talk: Talk, acts: Acts) -> Reading | None:
    """快点, 急死了: heard, kept as urgent where that is known, and the question stays open."""
    if _hastens(talk, acts):
        return Reading(Rule.URGING, 0.9, _hasten, effect="early")
    if acts.best is not Act.URGE or len(acts.text) > STORY:
        return None
    return Reading(
        Rule.URGING, 0.6 * acts.chance(Act.URGE), lambda talk: aside(talk, "bot.hurry"), effect="stay"
    )


def _hastens(talk: Talk, acts: Acts) -> bool:
    """漏得厉害，快点, at a summary that could show it as urgent."""
    name = _urgency(talk)
    if not talk.step.confirm or talk.frame.mode or acts.asked or not name or talk.frame.slots.get(name):
        return False
    return acts.best in (Act.URGE, Act.INFORM) and says("hurries", acts.text)


def _urgency(talk: Talk) -> str:
    return next((name for name, slot in talk.compiled.named if slot.fill == "urgent"), "")


async def _hasten(talk: Talk) -> None:
    """It is urgent from now on, and what was told with it stands in the story."""
    name, acts = _urgency(talk), talk.turn.heard.acts
    shown = talk.phrase("bot.yes_option").text
    talk.put(name, True, shown)
    if acts is not None and acts.best is Act.INFORM:
        stories.keep_words(talk)
    talk.note("bot.noted", {"label": talk.compiled.script.slots[name].label or name, "value": shown})
    await engine.changed(talk)


async def courteous(talk: Talk, acts: Acts) -> Reading | None:
    """谢谢, 你好, 嗯: a short list is done; an open question is asked again, kindly."""
    brief = len(acts.text) <= STORY and not talk.frame.mode
    if brief and _GOODBYE.fullmatch(naming.plain(acts.text)):
        leave = leaving.leave_quietly if talk.compiled.script.quick else leaving.cancel
        return Reading(Rule.COURTESY, _BY_GOODBYE, leave, effect="cancel")
    if acts.best not in (Act.THANKS, Act.GREETING, Act.FILLER) or acts.chance(acts.best) < _IDLE:
        return None
    if acts.best is Act.FILLER and settling.is_text_asked(talk):
        return None
    if (
        acts.best is Act.THANKS
        and _BYE.search(acts.text)
        and talk.compiled.script.quick
        and not talk.slots_told()
    ):
        return Reading(Rule.COURTESY, 0.6 * acts.chance(acts.best), leaving.leave_quietly, effect="cancel")
    act = _wait if acts.best is Act.FILLER else _be_kind
    return Reading(Rule.COURTESY, 0.62 * acts.chance(acts.best), act, effect="stay")


def is_abusive(talk: Talk) -> bool:
    """Whether a word of abuse stands in the message."""
    return _any_of(talk.bot.abuse).search(naming.plain(talk.turn.heard.text)) is not None


@cache
def _any_of(words: frozenset[str]) -> re.Pattern[str]:
    """What finds any of the words, and nothing where there are none."""
    return re.compile("|".join(map(re.escape, sorted(words))) or r"(?!)")


def is_outburst(talk: Talk) -> bool:
    """Whether the message is hardly more than abuse."""
    return len(naming.plain(talk.turn.heard.text)) <= _OUTBURST and is_abusive(talk)


async def protesting(talk: Talk, acts: Acts) -> Reading | None:
    """都说了, 你听不懂啊, and no more: regretted once, and no part of what is reported."""
    if not is_misheard(talk) or tells(acts.text):
        return None
    return Reading(Rule.PROTEST, 0.93, lambda talk: aside(talk, "bot.misheard"), effect="stay")


def is_misheard(talk: Talk) -> bool:
    """Whether somebody who reports a fault protests against what was asked or understood."""
    reports = any(slot.reads == "fault" for slot in talk.compiled.script.slots.values())
    return reports and says("protests", talk.turn.heard.text)


async def abusive(talk: Talk, acts: Acts) -> Reading | None:
    """An outburst: answered calmly, the question stays open."""
    if not is_outburst(talk):
        return None
    return Reading(Rule.ABUSE, 0.92, lambda talk: aside(talk, "bot.abuse"), effect="stay")


async def _be_kind(talk: Talk) -> None:
    await aside(talk, "bot.here")


async def _wait(talk: Talk) -> None:
    """嗯嗯啊 brings no answer: who says nothing else is offered the ways out."""
    if not answers.stuck(talk):
        talk.note("bot.here")
        await asking.ask(talk)
