"""Readings of a message as an option of the open question: its place, its name, a yes or no, nothing to give."""

import re
from collections.abc import Sequence

from bot.scripts.format import SlotType
from bot.talk import asking, corrections, leaving, naming, options, settling, slots
from bot.talk.readings import Reading
from bot.talk.slots import Taken
from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.understanding import command
from bot.understanding.acts import Act, Acts, says
from bot.understanding.heads import head
from bot.understanding.matching import CONTAINED
from bot.values import Plain
from bot.why import Rule

_NOTHING = (Act.NONE, Act.DONT_KNOW, Act.AS_YOU_LIKE, Act.REFUSE)
_DONE = (Act.THANKS, Act.FILLER, Act.YES, Act.GREETING, Act.NONE)
_SEEN = re.compile(r"^(?:好|嗯|哦|行)?的?(?:知道|晓得|明白|看到|了解|清楚)(?:了|啦)?$")
_NAMED = 0.5  # of an option that is named, and what it gains by likeness
_BY_LIKENESS = 0.45
_MISHEARD = _NAMED + _BY_LIKENESS * 0.8
MOST_ALIKE = _NAMED + _BY_LIKENESS * CONTAINED
_PARTLY = 0.8  # of one that is named by the thing in it alone
_TELLS_MORE = 0.1
_WAITS = 0.8  # chance of waiting, for words that are only like an option
_LONGEST_GOODBYE = 24  # characters: a longer message tells something
_PLACE = 6  # characters of a place in a list, where any words are an answer
_WORDY = 3  # characters beyond an option's own: more is not that option where any words are an answer


async def exactly(talk: Talk, acts: Acts) -> Reading | None:
    """The number or the very words of an option."""
    offer = naming.offered(talk.turn.heard.text, talk.frame.options)
    return settling.pick(Rule.OPTION, 1.0, offer) if offer else None


_TURNS_BACK = re.compile(
    r"^(?:但|不过|可是|可(?!以)|先|等|才怪|个|的话|之后|以后|是(?!业主|租|家)|什么|吗|前|怎么?样?|为什么|会不会|会怎|要不要|要钱)"
)


async def plainly(talk: Talk, acts: Acts) -> Reading | None:
    """同意 of “同意，1栋1单元302，吴强”, 我不同意, 都说了同意: a clause is an option, word for word.

    What stands beside it goes on; where something comes before it, nothing may be conditional.
    """
    if not talk.step.choose or talk.frame.mode:
        return None
    clauses = acts.clauses or (acts.text,)
    found = [
        (at, one)
        for at, clause in enumerate(clauses)
        if (one := options.word_for_word(clause, talk.frame.options))
    ]
    if not found or any(one is not found[0][1] for _, one in found):
        return None
    at, offer = found[0]
    if acts.asked and at == len(clauses) - 1:
        return None  # 同意呢？
    if (at and (acts.conditional or _leads_to_nothing(clauses[:at]))) or _goes_back(talk, offer, clauses, at):
        return None
    return settling.pick(Rule.OPTION, 0.96, offer, matter=True)


def _goes_back(talk: Talk, offer: Offered, clauses: Sequence[str], at: int) -> bool:
    """Whether what follows takes it back, asks about it, or names another option: 同意 之后能改吗."""
    others = [naming.plain(one.text) for one in talk.frame.options if one is not offer]
    for clause in map(naming.plain, clauses[at + 1 :]):
        named = any(one in clause and one not in naming.plain(offer.text) for one in others)
        if _TURNS_BACK.match(clause) or named:
            return True
    return False


def _leads_to_nothing(before: Sequence[str]) -> bool:
    """Whether what stands before it hands it to others, puts it off or denies it: 等我老公回来 同意, 我妈说 同意."""
    said = [naming.plain(one) for one in before]
    return any(_TURNS_BACK.match(one) or _OTHERS_SAY.search(one) or head(one).kind == "no" for one in said)


_OTHERS_SAY = re.compile(r"(?<!我)(?:说|讲|问|让我|叫我)$")


async def by_place(talk: Talk, acts: Acts) -> Reading | None:
    """第二个, 最后那个, 一和三."""
    if _means_all(talk, acts):
        return _several(talk, [one for one in talk.frame.options if _is_among(talk, acts, one)])
    if not acts.ordinals or acts.best in (Act.QUESTION, Act.BACK) or _counts(talk):
        return None
    if settling.is_text_asked(talk) and len(naming.plain(acts.text)) > _PLACE:
        return None  # 车库入口往里第三个灯 tells where it is
    found = options.by_place(acts, talk.frame.options)
    if not found:
        return None
    if len(found) > 1 and talk.step.collect and talk.slot(talk.step).many:
        return _several(talk, found)
    return settling.pick(Rule.PLACE, 0.95, found[0]) if len(found) == 1 else None


def _means_all(talk: Talk, acts: Acts) -> bool:
    """都得改, where several may be chosen."""
    if not talk.step.collect or not talk.slot(talk.step).many or acts.asked or len(acts.text) > settling.CURT:
        return False
    return acts.best is Act.ALL_OF_THESE and acts.chance(Act.ALL_OF_THESE) >= settling.IDLE


def _is_among(talk: Talk, acts: Acts, option: Offered) -> bool:
    """Whether 都要改 means this option too; 除了停车都要改 leaves one out."""
    if option.value in (asking.SKIP, asking.MORE):
        return False
    return not (
        says("leaves_out", acts.text)
        and any(len(word) > 1 and word in acts.text for word in options.names_of(option))
    )


async def by_whole_name(talk: Talk, acts: Acts) -> Reading | None:
    """An option whose whole name stands in a sentence."""
    named, wholly = _nameable(talk, acts)
    return _named(talk, acts, named, wholly=True) if wholly else None


async def by_likeness(talk: Talk, acts: Acts) -> Reading | None:
    """An option in other words, in part, or only by its sound."""
    named, wholly = _nameable(talk, acts)
    return None if wholly else _named(talk, acts, named, wholly=False)


def _nameable(talk: Talk, acts: Acts) -> tuple[list[Offered], bool]:
    """The options that words may name, none where a number is asked, and whether one's whole name is said."""

    def found() -> tuple[list[Offered], bool]:
        if _counts(talk):
            return [], False
        named = talk.frame.options
        if any(one.value == asking.SKIP for one in named) and (
            settling.is_text_asked(talk) or _tells_a_time(talk)
        ):
            named = [one for one in named if one.value != asking.SKIP]
        return named, options.are_named(acts, named, talk.turn.now)

    return talk.once("nameable", found)


def _tells_a_time(talk: Talk) -> bool:
    """Where a time is asked, 周末都可以 names one: its 都可以 is not the option that leaves the time open."""
    if not talk.step.collect or talk.slot(talk.step).type is not SlotType.TIME:
        return False
    window, _ = slots.bare_time(talk.turn.heard, talk.turn)
    return window is not None and window.said not in slots.AT_ANY_TIME


def _named(talk: Talk, acts: Acts, named: Sequence[Offered], *, wholly: bool) -> Reading | None:
    if _wordy(talk) and not wholly:
        return _by_sound(talk, acts, named)  # a likeness is no name where more may be said
    meant = options.by_name(acts, named, talk.turn.now, subjects=talk.step.subjects)
    if _wordy(talk) and (meant is None or not _is_all(talk, acts, meant)):
        return _by_sound(talk, acts, named)
    if meant is None:
        listed = talk.step.collect and talk.slot(talk.step).source and not talk.frame.mode
        part = options.by_part(acts, named) if listed else None
        return settling.pick(Rule.NAMED, _PARTLY, part) if part else None
    if talk.step.collect and talk.slot(talk.step).type is SlotType.RATING and meant.likeness < CONTAINED:
        return None  # a story about the visit, which is kept beside the stars
    if (talk.step.takes or talk.step.sure) and meant.likeness < CONTAINED:
        return None  # words that are taken beside the options share a character or two with some of them
    if talk.step.confirm and meant.offer.value == asking.YES and meant.likeness < CONTAINED:
        return None  # 孙女也跟着去，一共三个 is only like a yes
    if acts.best is Act.WAIT and meant.likeness < CONTAINED and acts.chance(Act.WAIT) >= _WAITS:
        return None  # 我出去看一眼别家 is no 就我家
    if (
        acts.best is Act.DONT_KNOW
        and meant.likeness < CONTAINED
        and acts.chance(acts.best) >= settling.DONT_KNOW
    ):
        return None  # 我也搞不清 shares no more than a word with 另一件
    score = _NAMED + _BY_LIKENESS * meant.likeness
    if acts.best is Act.WITHDRAW and meant.likeness < CONTAINED:
        score -= 0.1  # 又能接了，不拒了 is only like 接不了
    if meant.rivals and (only := _by_itself(talk, acts)):
        return settling.pick(Rule.NAMED, _NAMED + _BY_LIKENESS * CONTAINED, only)
    several = talk.step.collect and talk.slot(talk.step).many and talk.frame.mode != "change"
    if several and (meant.likeness >= CONTAINED or slots.names_two(acts.text)):
        return None  # several may be named: the slot's own reader finds them all
    if meant.rivals:
        return _which(meant, score - 0.1)
    if several:
        return None
    tells = acts.best is Act.INFORM and len(naming.plain(acts.text)) > len(meant.offer.text) + _WORDY
    tells = tells and bool(talk.step.collect) and meant.likeness < CONTAINED
    return settling.pick(Rule.NAMED, score, meant.offer, tells=tells)


def _by_sound(talk: Talk, acts: Acts, named: Sequence[Offered]) -> Reading | None:
    free = settling.is_text_asked(talk) and not acts.asked  # 人出来没 is not 人出来了
    heard = options.by_sound(acts.text, named) if free else None
    return settling.pick(Rule.NAMED, _MISHEARD, heard) if heard else None


def _by_itself(talk: Talk, acts: Acts) -> Offered | None:
    """The one option that a clause is, word for word: 留名 of “留名 地点改成4栋”."""
    said = [one for one in acts.clauses if naming.ordinal(one) is None]
    found = [one for clause in said if (one := naming.offered(clause, talk.frame.options))]
    return found[0] if len(found) == 1 else None


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


def _wordy(talk: Talk) -> bool:
    """Where an option's words may stand in an answer of one's own: 明天下午三点 is more than 明天下午."""
    return settling.is_text_asked(talk) or (
        bool(talk.step.collect) and talk.slot(talk.step).type is SlotType.TIME
    )


def _counts(talk: Talk) -> bool:
    """Where a number is asked, 三个 counts and names no third option."""
    return bool(talk.step.collect) and talk.slot(talk.step).type in (SlotType.NUMBER, SlotType.PHONE)


def _is_all(talk: Talk, acts: Acts, meant: options.Meant) -> bool:
    tells = (
        bool(talk.step.collect) and talk.slot(talk.step).reads == "fault"
    )  # 厨房水管漏水 is more than 水管漏水
    beyond = _WORDY if settling.is_text_asked(talk) and not tells else 0
    longest = max(len(naming.plain(word)) for word in (meant.offer.text, *meant.offer.keywords))
    return meant.likeness >= CONTAINED and len(naming.plain(acts.text)) <= longest + beyond


def _several(talk: Talk, found: list[Offered]) -> Reading:
    value: list[Plain] = [one.value or one.text for one in talk.frame.options if one in found]
    shown = "、".join(one.text for one in talk.frame.options if one in found)
    return Reading(Rule.PLACE, 0.95, lambda talk: settling.take(talk, Taken(value, shown)), shown, "value")


def _which(meant: options.Meant, score: float) -> Reading:
    async def ask(talk: Talk) -> None:
        await asking.ask_which(talk, [meant.offer, *meant.rivals])

    return Reading(Rule.WHICH_OPTION, score, ask, meant.offer.text, "which")
