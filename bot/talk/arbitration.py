"""One decision for each message in a running talk: what it may be, in order of precedence, and what wins.

Each rule looks at the message and gives a reading with a score, or nothing. The surest wins; of equally sure ones
the one that stands first. `run.py talks N --why` shows what was read and what won.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.talk import replying, technicians, turning
from bot.talk.readings import Decision, Reading, decide
from bot.talk.talk import Talk
from bot.understanding.acts import NOTHING_SAID, Acts

Look = Callable[[Talk, Acts], Awaitable[Reading | None]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`name` is how people read it in the list of rules."""

    name: str
    look: Look


AT_ONCE = (
    Rule("the words of a command, or an option that is just that", turning.commanding),
    Rule("the number or the very words of an option", replying.exactly),
)
RULES = (
    *AT_ONCE,
    Rule("what a technician does with a job", technicians.doing),
    Rule("what a technician tells of a finished job", technicians.telling),
    Rule("danger that is only suspected", turning.suspected),
    Rule("an alert called back", turning.all_clear),
    Rule("the words of an option that was shown earlier", turning.shown_earlier),
    Rule("the words that start another talk", turning.starting),
    Rule("an option by its place", replying.by_place),
    Rule("a clear yes", replying.agreeing),
    Rule("a no", replying.refusing),
    Rule("a withdrawal", turning.withdrawing),
    Rule("none of these", turning.none_of_these),
    Rule("a correction", turning.correcting),
    Rule("an option by its name", replying.by_name),
    Rule("a value of the open question", replying.by_value),
    Rule("the end of the photos", replying.photos_done),
    Rule("nothing to give", replying.nothing_to_give),
    Rule("nothing more to tell at the summary", turning.nothing_more),
    Rule("waiting", turning.waiting),
    Rule("a question asked back", turning.asking_back),
    Rule("unwilling to tell", turning.unwilling),
    Rule("the end of a short list", replying.done_here),
    Rule("another matter", turning.elsewhere),
    Rule("an answer to a question still to come", turning.told_early),
    Rule("something told beside the question", turning.told_beside),
    Rule("an outburst", turning.abusive),
    Rule("urging", turning.urging),
    Rule("courtesy", turning.courteous),
    Rule("any words, where any words are an answer", replying.any_words),
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
    found = [reading for rule in RULES[len(AT_ONCE) :] if (reading := await rule.look(talk, acts))]
    return _together(decide(found)) if found else None


def _together(decision: Decision) -> Decision:
    """An answer and a correction in one message ("业主，电话改成139…") are both taken."""
    taken = decision.taken
    beside = next((one for one in decision.others if one.effect == "correct" and one.score >= _BESIDE), None)
    if beside is None or not taken.effect.startswith(("option", "value")) or not beside.also:
        return decision
    also = beside.also

    async def both(talk: Talk) -> None:
        await also(talk)
        await taken.act(talk)

    joined = replace(taken, act=both)
    return Decision(joined, decision.others)


_BESIDE = 0.85
