"""Why a message was answered as it was: kept with the message, so that "why did it say that?" has an answer."""

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TypeVar

from bot.understanding.values import Understanding
from models.values import Json

RANKED = 3  # intents that are kept of a ranking


class Rule(StrEnum):
    """The branches of the router. What is stored under these names is looked up later: rename none."""

    NONE = ""
    HELD = "held"  # people have the talk
    LEFT_QUEUE = "left_queue"
    FOLLOWED = "followed"
    SCANNED = "scanned"
    MENU = "menu"
    PHOTO = "photo"
    LOCATION = "location"
    NO_WORDS = "no_words"  # a voice message, a link …
    TAPPED = "tapped"
    OPTION = "option"  # an option of the open question, typed
    EARLIER_OPTION = "earlier_option"  # the words of an option shown before
    STANDING_OPTION = "standing_option"  # an option outside of any talk
    MEANT_OPTION = "meant_option"  # an option of a pushed message, meant by a sentence
    COMMAND = "command"
    DANGER = "danger"
    KEYWORD = "keyword"
    ANSWER = "answer"
    UNFIT = "unfit"  # no answer to the open question, which is asked again
    GIVES_UP = "gives_up"
    CORRECTION = "correction"
    ABUSE = "abuse"
    STARTS_OVER = "starts_over"
    FALLS_BACK = "falls_back"  # to a talk that was left for this one
    TOLD_EARLY = "told_early"
    TOLD_INSTEAD = "told_instead"
    TOLD_MORE = "told_more"
    DIGRESSION = "digression"
    ONCE_MORE = "once_more"  # the words that start what runs already
    WHICH = "which"  # asked which of several things is meant
    RESUME = "resume"
    STICKER = "sticker"
    INTENT = "intent"
    DEED = "deed"  # what a technician does with a job
    DEED_TOLD = "deed_told"  # materials or the price, told before they are asked
    DEED_UNSURE = "deed_unsure"
    PLACE = "place"  # an option by its place in the list
    NAMED = "named"  # an option named in a sentence, in other words or by its sound
    WHICH_OPTION = "which_option"  # asked which of two options is meant
    YES = "yes"
    NO = "no"
    ANY_WORDS = "any_words"  # where any words are an answer
    OWN_WORDS = "own_words"  # where a list was offered
    ANY_TIME = "any_time"
    ALL_STARS = "all_stars"
    PHOTOS_DONE = "photos_done"
    NOTHING_TO_GIVE = "nothing_to_give"
    DONE_HERE = "done_here"
    NONE_OF_THESE = "none_of_these"
    WRONG_SLOT = "wrong_slot"  # only what is wrong was said
    SOMETHING_WRONG = "something_wrong"
    WAITING = "waiting"
    UNWILLING = "unwilling"
    QUESTION = "question"
    COURTESY = "courtesy"
    URGING = "urging"
    PROTEST = "protest"
    PIECE = "piece"  # of a sentence that comes in several messages
    SUSPICION = "suspicion"  # danger that is only suspected
    ALL_CLEAR = "all_clear"  # an alert called back
    LOST = "lost"
    FAILED = "failed"  # a fault of ours; the person was asked for patience


@dataclass(frozen=True, slots=True)
class Place:
    """Where a talk stood: the step that waited for an answer, and the number of the matter that it follows."""

    script: str
    version: int
    step: str
    number: str = ""

    def told(self) -> str:
        return f"{self.script}@{self.version}:{self.step}"

    def row(self) -> Json:
        row: Json = {"script": self.script, "version": self.version, "step": self.step}
        return {**row, "number": self.number} if self.number else row


@dataclass(frozen=True, slots=True)
class Weighed:
    """One reading of the message that was weighed against others, and the words it rests on."""

    kind: str
    score: float
    words: str = ""


Stored = TypeVar("Stored", Place, Weighed)


@dataclass(slots=True)
class Why:
    """What took the message, what was understood, and where the talk stood before and after."""

    rule: str = Rule.NONE
    ranking: tuple[tuple[str, float], ...] = ()
    action: str = ""
    danger: str = ""
    before: Place | None = None
    after: Place | None = None
    readings: list[Weighed] = field(default_factory=list)

    def understood(self, meaning: Understanding) -> None:
        self.ranking = tuple((intent, round(score, 3)) for intent, score in meaning.ranking[:RANKED])
        self.action, self.danger = meaning.action, meaning.danger or ""

    def row(self) -> Json:
        """For orjson, which knows dataclasses; what is empty is left out."""
        full: Json = {
            "rule": self.rule,
            "ranking": self.ranking,
            "action": self.action,
            "danger": self.danger,
            "before": self.before and self.before.row(),
            "after": self.after and self.after.row(),
            "readings": self.readings,
        }
        return {name: value for name, value in full.items() if value}

    @classmethod
    def of(cls, row: Json) -> "Why":
        """As it was stored, by this release or another one; what we do not know is left out."""
        before, after = row.get("before"), row.get("after")
        return cls(
            rule=row.get("rule", Rule.NONE),
            ranking=tuple((intent, score) for intent, score in row.get("ranking", ())),
            action=row.get("action", ""),
            danger=row.get("danger", ""),
            before=_known(Place, before) if before else None,
            after=_known(Place, after) if after else None,
            readings=[_known(Weighed, one) for one in row.get("readings", ())],
        )

    def told(self) -> str:
        """On one line: repair@3:place -> repair@3:time, rule answer, heard repair_report 0.93 …"""
        if not self.rule:
            return ""
        moved = [one.told() if one else "-" for one in (self.before, self.after)]
        ranked = [f"{intent} {score:.2f}" for intent, score in self.ranking]
        heard = [f"heard as {self.action}: {', '.join(ranked)}"] if ranked else []
        danger = [f"danger {self.danger}"] if self.danger else []
        weighed = [f"{one.kind} {one.score:.2f} {one.words}".rstrip() for one in self.readings]
        return "; ".join([self.rule, " -> ".join(moved), *heard, *danger, *weighed])


def _known(kind: type[Stored], row: Json) -> Stored:
    return kind(**{name: row[name] for name in (one.name for one in fields(kind)) if name in row})
