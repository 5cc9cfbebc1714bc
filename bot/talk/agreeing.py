"""Readings of a message as a yes, a no, or nothing to give, to whatever option stands for that."""

import re

from bot.scripts.format import SlotType
from bot.talk import asking, corrections, leaving, naming, options, settling
from bot.talk.readings import Reading
from bot.talk.talk import Talk
from bot.understanding import command
from bot.understanding.acts import Act, Acts, says
from bot.why import Rule

_NOTHING = (Act.NONE, Act.DONT_KNOW, Act.AS_YOU_LIKE, Act.REFUSE)
_DONE = (Act.THANKS, Act.FILLER, Act.YES, Act.GREETING, Act.NONE)
_SEEN = re.compile(r"^(?:好|嗯|哦|行)?的?(?:知道|晓得|明白|看到|了解|清楚)(?:了|啦)?$")
_TELLS_MORE = 0.1
_LONGEST_GOODBYE = 24  # characters: a longer message tells something


async def agreeing(talk: Talk, acts: Acts) -> Reading | None:
    """A clear yes to a question that can be agreed to."""
    if talk.frame.mode == "change" or settling.is_text_asked(talk):
        return None
    drops = acts.head == "yes" and not acts.asked and says("drops", acts.rest)
    if not (drops or acts.agrees or _goes_on(acts)):
        return None
    offer = options.agreeing(talk.frame.options)
    if offer is None:
        return None
    if drops and options.drops(offer):
        return settling.pick(Rule.YES, 0.94, offer)  # 是啊不要了
    if offer.light and _goes_on(acts):
        return settling.pick(Rule.YES, 0.9, offer, more=acts.rest)
    if not acts.agrees or (not acts.head and await _names_another(talk, acts)):
        return None
    if acts.rest and acts.chance(Act.INFORM) >= _TELLS_MORE:
        return settling.pick(Rule.YES, 0.94, offer, more=acts.rest)
    return settling.pick(Rule.YES, 0.94, offer)


def _goes_on(acts: Acts) -> bool:
    """嗯两个人, where 报名 binds nobody yet: a yes, and what is asked next."""
    told = acts.best is Act.YES and acts.head == "yes" and bool(acts.rest)
    return told and not (acts.agrees or acts.asked or acts.negated or acts.conditional)


async def _names_another(talk: Talk, acts: Acts) -> bool:
    """我想去书法班, where another activity is to be confirmed: no agreement, for all its likeness to one."""
    return bool(talk.step.confirm and talk.step.change and (await corrections.planned(talk, acts)).values)


async def refusing(talk: Talk, acts: Acts) -> Reading | None:
    """A no. Where something can be changed it asks what is wrong; only 取消 and its like drop it all."""
    if settling.is_text_asked(talk) or talk.frame.mode == "change":
        return None
    if (
        talk.step.collect
        and talk.slot(talk.step).type is SlotType.TIME
        and says("not_then", naming.plain(acts.text))
    ):
        return None  # 周六没空 is no 尽快，都在家
    if not_that := _not_that(talk, acts):
        return not_that
    if acts.best not in (Act.NO, Act.DONT_YET):
        return None
    if acts.best is Act.DONT_YET and talk.step.collect and says("hands_in", acts.text):
        return None  # 先不交，还要试一下水: no word about what is asked
    offer = options.refusing(talk.frame.options)
    if talk.step.choose and offer and _names_yes(talk, acts):
        return None  # 点过同意了呀 refuses nothing
    if acts.best is Act.DONT_YET and offer and offer.value != asking.NO and options.drops(offer):
        return None  # 别取消啊，我就问问
    if acts.best is Act.DONT_YET and talk.step.choose and not options.ending(talk.frame.options):
        return None  # 我儿子说先别点, where consent is asked, refuses nothing
    score = 0.9 * max(acts.chance(Act.NO), acts.chance(Act.DONT_YET))
    if offer and (offer.value != asking.NO or offer.to or offer.go or not talk.step.change):
        return settling.pick(Rule.NO, score, offer)
    if talk.step.confirm and acts.best is Act.NO and says("drops", acts.text):
        return Reading(Rule.NO, score, leaving.cancel, effect="cancel")  # 先不加
    if talk.step.confirm and talk.step.change and acts.best is Act.NO:
        return Reading(Rule.NO, score, asking.ask_change, effect="change")
    return None


def _names_yes(talk: Talk, acts: Acts) -> bool:
    """Whether the option that agrees is named, and not denied."""
    yes = options.agreeing(talk.frame.options)
    return yes is not None and options.are_named(acts, [yes], talk.turn.now)


def _not_that(talk: Talk, acts: Acts) -> Reading | None:
    """不是那盏，是我家门口的, where 是同一处吗 was asked: a no that tells what it is instead."""
    told = acts.best in (Act.CORRECT, Act.INFORM) or (acts.best is Act.NO and bool(acts.rest))
    if not told or acts.asked or not talk.step.choose or not says("not_that", naming.plain(acts.text)):
        return None
    no = options.denying(talk.frame.options)
    if no is None:
        return None
    others = [one for one in talk.frame.options if one is not no]
    if options.are_named(acts, others, talk.turn.now):
        return None
    return settling.pick(Rule.NO, 0.93, no, tells=True)


async def nothing_to_change(talk: Talk, acts: Acts) -> Reading | None:
    """没有, 就这些了, 不用改了, 谢谢, where a light yes stands for it: what is shown is done already."""
    yes = next((one for one in talk.frame.options if one.value == asking.YES and one.light), None)
    if yes is None or talk.frame.mode or acts.asked or len(acts.text) > _LONGEST_GOODBYE:
        return None
    if says("nothing_else", acts.text):
        return settling.pick(Rule.DONE_HERE, 0.95, yes)
    bare_no = acts.best is Act.NO and not acts.rest and command(acts.text) is None
    if acts.best not in (Act.NONE, Act.THANKS) and not bare_no:
        return None
    told = acts.rest if acts.chance(Act.INFORM) >= _TELLS_MORE else ""
    return settling.pick(Rule.DONE_HERE, 0.85 * acts.chance(acts.best), yes, more=told)


async def nothing_to_give(talk: Talk, acts: Acts) -> Reading | None:
    """没有, 不知道, 随便, 不想说, where the question may be left out."""
    offer = next((one for one in talk.frame.options if one.value == asking.SKIP), None)
    if offer is None or acts.best not in _NOTHING:
        return None
    if acts.asked and not (acts.best is Act.DONT_KNOW and acts.chance(acts.best) >= settling.DONT_KNOW):
        return None  # 记不清在哪了 asks nothing
    if talk.slot(talk.step).type is SlotType.TEXT and acts.best is Act.DONT_KNOW and len(acts.text) > 16:
        return None  # a story that begins with 不知道
    if talk.slot(talk.step).reads == "money" and acts.best is Act.AS_YOU_LIKE:
        return None  # 看着给 names no sum, and is not the same as nothing
    return settling.pick(Rule.NOTHING_TO_GIVE, 0.92 * acts.chance(acts.best), offer)


async def done_here(talk: Talk, acts: Acts) -> Reading | None:
    """谢谢, 知道了, 收到, where the list has an option that ends it."""
    says_so = len(acts.text) <= _LONGEST_GOODBYE and not acts.asked and says("nothing_else", acts.text)
    says_so = says_so or (len(acts.text) <= _LONGEST_GOODBYE and bool(_SEEN.match(naming.plain(acts.text))))
    if says_so and talk.step.collect and talk.compiled.script.quick and not talk.slots_told():
        return Reading(Rule.DONE_HERE, 0.9, leaving.leave_quietly, effect="cancel")
    if not talk.step.choose or not (says_so or acts.best in _DONE or _is_bare_no(talk, acts)):
        return None
    offer = options.leaving(talk.frame.options, agreed=acts.agrees)
    if offer is None or options.agreeing(talk.frame.options) not in (None, offer):
        return None
    return settling.pick(Rule.DONE_HERE, 0.95 if says_so else 0.8 * acts.chance(acts.best), offer)


def _is_bare_no(talk: Talk, acts: Acts) -> bool:
    """不用啦谢谢, where no option is a no by itself."""
    return acts.best is Act.NO and not acts.rest and options.refusing(talk.frame.options) is None
