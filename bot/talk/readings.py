"""What a message may be in a running talk: readings, each with a score, of which one table decides."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.talk.talk import Talk
from bot.understanding import acts
from bot.why import Rule, Weighed

STORY = 24  # characters: more than that asks nothing of the bot, it tells
CERTAIN = 0.5  # chance of an act, for a message to be no other
CRIES = (acts.Act.URGE, acts.Act.ABUSE)

Act = Callable[[Talk], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a message. `rule` says what found it, `score` (0 to 1) says how surely.

    `effect` tells readings apart that would do the same; `words` is what was read, for whoever asks why. `also` is
    what of it can be done before another reading is taken.
    """

    rule: Rule
    score: float
    act: Act = field(repr=False, compare=False)
    words: str = ""
    effect: str = ""
    also: Act | None = field(default=None, repr=False, compare=False)

    def weighed(self) -> Weighed:
        """As it is kept with the message, for whoever asks why."""
        return Weighed(self.rule, round(self.score, 2), self.words)


@dataclass(frozen=True, slots=True)
class Decision:
    """The reading that won, and all others, surest first."""

    taken: Reading
    others: tuple[Reading, ...] = ()


def decide(readings: Sequence[Reading]) -> Decision:
    """The surest reading; of equally sure ones the earlier, for they come in the order of precedence."""
    ranked = sorted(readings, key=lambda one: -one.score)
    return Decision(ranked[0], tuple(ranked[1:]))
