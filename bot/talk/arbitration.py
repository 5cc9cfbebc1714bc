"""One decision for each message in a running talk: what it may be, in order of precedence, and what wins.

Each rule that may still win looks at the message and gives a reading with a score, or nothing. The surest wins; of
equally sure ones the one that stands first. `run.py talks N --why` shows what was read and what won.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.talk import (
    afterwards,
    agreeing,
    choosing,
    free_words,
    job_midway,
    job_retold,
    manners,
    replying,
    telling,
    turning,
)
from bot.talk.readings import Decision, Reading, decide
from bot.talk.talk import Talk
from bot.understanding.acts import NOTHING_SAID, Acts, says

Look = Callable[[Talk, Acts], Awaitable[Reading | None]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`name` is how people read it in the list of rules; `at_most` is the highest score that it gives.

    What cannot win any more is not looked at, unless it may be taken `beside` what wins.
    """

    name: str
    look: Look
    at_most: float = 1.0
    beside: bool = False


AT_ONCE = (
    Rule("the words of a command, or an option that is just that", turning.commanding),
    Rule("the number or the very words of an option", choosing.exactly),
)
RULES = (
    *AT_ONCE,
    Rule("what is said of a report that is handed in", afterwards.told, at_most=0.96),
    Rule("the very words of an option, and then more", choosing.plainly),
    Rule("what a technician does with a job", job_midway.doing),
    Rule("what a finished job used and cost, told anew", job_retold.reading),
    Rule("what a technician tells of a finished job", job_retold.telling),
    Rule("danger that is only suspected", turning.suspected),
    Rule("an alert called back", turning.all_clear),
    Rule("the words of an option that was shown earlier", turning.shown_earlier, at_most=0.9),
    Rule("the words that start another talk", turning.starting),
    Rule("an option by its place", choosing.by_place),
    Rule("a clear yes", agreeing.agreeing),
    Rule("a no", agreeing.refusing),
    Rule("a withdrawal", turning.withdrawing),
    Rule("none of these", turning.none_of_these, at_most=0.93),
    Rule("a correction", telling.correcting, at_most=0.93, beside=True),
    Rule("an option by its whole name", choosing.by_whole_name),
    Rule("an option in other words", choosing.by_likeness, at_most=choosing.MOST_ALIKE),
    Rule("a value of the open question", replying.by_value, at_most=0.93),
    Rule("the end of the photos", replying.photos_done, at_most=0.93),
    Rule("nothing to change in what is done", agreeing.nothing_to_change, at_most=0.95),
    Rule("nothing to give", agreeing.nothing_to_give, at_most=0.92),
    Rule("nothing more to tell at the summary", telling.nothing_more, at_most=0.95),
    Rule("waiting", manners.waiting, at_most=0.94),
    Rule("a question asked back", manners.asking_back, at_most=0.9),
    Rule("unwilling to tell", manners.unwilling, at_most=0.93),
    Rule("the end of a short list", agreeing.done_here, at_most=0.95),
    Rule("another matter", turning.elsewhere, at_most=0.84),
    Rule("an answer that an option only leads to", telling.leading_on, at_most=0.93),
    Rule("an answer to a question still to come", telling.told_early, at_most=0.89),
    Rule("something told beside the question", telling.told_beside, at_most=0.95),
    Rule("a protest and nothing else", manners.protesting, at_most=0.93),
    Rule("an outburst", manners.abusive, at_most=0.92),
    Rule("urging", manners.urging, at_most=0.9),
    Rule("courtesy", manners.courteous, at_most=0.95),
    Rule("any words, where any words are an answer", free_words.any_words, at_most=0.93),
)


async def arbitrate(talk: Talk) -> Decision | None:
    """What the message is in the running talk; None when nothing takes it.

    A command and the very words of an option are taken at once: what such a message does needs no understanding.
    """
    for rule in AT_ONCE:
        if reading := await rule.look(talk, NOTHING_SAID):
            return Decision(reading)
    acts = talk.turn.heard.acts
    if acts is None:
        return None
    talk.weigh_anew()
    found: list[Reading] = []
    best = 0.0
    for rule in RULES[len(AT_ONCE) :]:
        if rule.at_most <= best and not (rule.beside and acts.clauses):
            continue
        if reading := await rule.look(talk, acts):
            found.append(reading)
            best = max(best, reading.score)
    return _together(decide(found), acts) if found else None


def _together(decision: Decision, acts: Acts) -> Decision:
    """An answer and a correction in one message ("业主，电话改成139…") are both taken."""
    corrects = next((one for one in _all(decision) if one.effect == "correct" and one.also), None)
    answers = next((one for one in _all(decision) if one.effect.startswith(_ANSWERS)), None)
    if corrects is None or answers is None or min(corrects.score, answers.score) < _BESIDE:
        return decision
    if decision.taken not in (corrects, answers):
        return decision
    empty = says("names_what_errs", acts.clauses[0])
    if empty and (decision.taken is corrects or _GOES_ON.match(acts.clauses[1])):
        others = tuple(one for one in _all(decision) if one is not corrects)
        return Decision(corrects, others)  # 刚才快慢点错了，是三星: what follows a correction belongs to it
    also = corrects.also
    assert also is not None

    async def both(talk: Talk) -> None:
        await also(talk)
        await answers.act(talk)

    return Decision(replace(answers, act=both), decision.others)


def _all(decision: Decision) -> tuple[Reading, ...]:
    return (decision.taken, *decision.others)


_ANSWERS = ("option", "value")
_GOES_ON = re.compile(r"^(?:而?是|应该|应为|要|改|换)")


_BESIDE = 0.85
