"""Readings of a message as an option of the open question: its number, its place, its name."""

import re
from collections.abc import Sequence

from bot.scripts.format import SlotType
from bot.talk import asking, naming, options, settling, slots, times
from bot.talk.readings import Reading
from bot.talk.state import Offered
from bot.talk.taken import Taken
from bot.talk.talk import Talk
from bot.understanding.acts import Act, Acts, says
from bot.understanding.heads import head
from bot.understanding.matching import CONTAINED
from bot.values import Plain
from bot.why import Rule

_NAMED = 0.5  # of an option that is named, and what it gains by likeness
_BY_LIKENESS = 0.45
_MISHEARD = _NAMED + _BY_LIKENESS * 0.8
MOST_ALIKE = _NAMED + _BY_LIKENESS * CONTAINED
_PARTLY = 0.8  # of one that is named by the thing in it alone
_WAITS = 0.8  # chance of waiting, for words that are only like an option
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
    window, _ = times.bare_time(talk.turn.heard, talk.turn)
    return window is not None and window.said not in times.AT_ANY_TIME


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
