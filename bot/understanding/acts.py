"""What an answer does in a talk, whatever is being asked: agrees, refuses, asks back, waits, corrects, tells …

A small learned recogniser says what is likely; what an answer begins with (heads.py) and a few rules of
`data/acts.tsv` decide where being wrong would bind somebody. Nothing here knows a script.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from bot.understanding.chances import chances, lifted, ranked
from bot.understanding.danger import danger
from bot.understanding.data import lines
from bot.understanding.entities.ordinals import find_ordinals
from bot.understanding.features import Cut, features_of
from bot.understanding.heads import Head, head, plain_tidy
from bot.understanding.memory import MEMORABLE, Memory
from bot.understanding.normal import normal
from bot.understanding.recogniser import Model
from bot.understanding.signs import words_of_signs


class Act(StrEnum):
    """What an answer can be."""

    YES = "yes"
    NO = "no"
    NONE = "none"  # nothing to give: 没有, 没拍, 不用了
    DONT_KNOW = "dont_know"
    AS_YOU_LIKE = "as_you_like"
    LATER = "later"
    WAIT = "wait"
    REFUSE = "refuse"  # will not tell
    QUESTION = "question"
    CORRECT = "correct"  # something said before is wrong
    WITHDRAW = "withdraw"
    DONT_YET = "dont_yet"  # what would bind is not to be done: 先别提交
    BACK = "back"
    AGAIN = "again"
    THANKS = "thanks"
    FILLER = "filler"
    GREETING = "greeting"
    URGE = "urge"
    ABUSE = "abuse"
    INFORM = "inform"
    NONE_OF_THESE = "none_of_these"
    ALL_OF_THESE = "all_of_these"
    ORDINAL = "ordinal"
    DANGER = "danger"
    FALSE_ALARM = "false_alarm"


class Asked(StrEnum):
    """What a question is about."""

    WHY = "why"
    COST = "cost"
    DURATION = "duration"
    RESPONSIBILITY = "responsibility"
    HOW = "how"
    WHAT = "what"


Ranking = tuple[tuple[Act, float], ...]
Learned = tuple[dict[Act, float], Asked | None]


@dataclass(frozen=True, slots=True)
class Acts:
    """What one answer does. `rest` is what follows a yes, a no or a none at its head, in normal form.

    `agrees` is a clear yes and nothing that takes it back: only this may bind somebody. `clauses` are what it
    consists of, when there are several. `ordinals` as in `find_ordinals`.
    """

    text: str
    ranking: Ranking
    about: Asked | None = None
    negated: bool = False
    asked: bool = False
    conditional: bool = False
    agrees: bool = False
    head: str = ""
    rest: str = ""
    ordinals: tuple[int, ...] = ()
    clauses: tuple[str, ...] = ()

    @property
    def best(self) -> Act:
        return self.ranking[0][0]

    @property
    def margin(self) -> float:
        """How far the best stands before the next."""
        return self.ranking[0][1] - (self.ranking[1][1] if len(self.ranking) > 1 else 0.0)

    def chance(self, act: Act) -> float:
        return next((chance for one, chance in self.ranking if one is act), 0.0)


def says(feature: str, text: str) -> bool:
    """Whether the words have a feature that one sort of question asks for: `suits`, where a time is asked."""
    return bool(_rule(feature).search(normal(text)))


NOTHING_SAID = Acts("", ((Act.FILLER, 1.0),))
_SPLIT = re.compile(
    r"[,，。;；!！?？\n、]+|\s(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])\s|(?<=.)(?=不过|但是|另外|还有(?!要|个|没|吗)|顺便|然后)"
)
_CLAUSES = 6
_HEADED = {"yes": Act.YES, "no": Act.NO, "wrong": Act.CORRECT, "none": Act.NONE}
# After a yes these leave it standing; after anything else the rest is what was meant.
_BESIDE = frozenset({Act.YES, Act.THANKS, Act.FILLER, Act.GREETING, Act.URGE, Act.AS_YOU_LIKE, Act.NONE})
_DIGITS = re.compile(r"\d+")
_AGREED = 0.8  # of a yes that stands at the head, to bind somebody
_FIRM = 0.6  # of a second yes behind the first, and the characters that it may have
_CURT = 6
_LEARNED = 0.95  # of one that is only learned


@dataclass(frozen=True, slots=True)
class ActReader:
    """Reads answers with a learned `model`; safe to share. What was learned of recent answers is remembered."""

    model: Model = field(repr=False)
    cut: Cut = field(repr=False)
    remembered: Memory[str, Learned] = field(default_factory=Memory, repr=False, compare=False)

    def read(self, text: str) -> Acts:
        """What the whole answer does."""
        shown = _rule("gives_in").sub("", normal(words_of_signs(text)))
        clauses = tuple(clause for one in _SPLIT.split(shown) if (clause := one.strip()))[:_CLAUSES]
        begun = head(shown)
        asked = bool(_rule("asked").search(_rule("not_asked").sub("", shown)))
        conditional = bool(_rule("conditional").search(begun.rest if begun.kind else shown))
        negated = bool(_rule("negated").search(_rule("not_negated").sub("", shown)))
        learned, about = self._learned(shown)
        ranking = ranked(self._decided(shown, begun, learned, asked=asked, conditional=conditional))
        return Acts(
            text=text,
            ranking=ranking,
            about=_about(shown, about) if Act.QUESTION in dict(ranking) else None,
            negated=negated,
            asked=asked,
            conditional=conditional,
            agrees=not (asked or conditional) and _agrees(shown, ranking, begun, negated=negated),
            head=begun.kind,
            rest=begun.rest if begun.kind else "",
            ordinals=() if asked else find_ordinals(shown),
            clauses=clauses if len(clauses) > 1 else (),
        )

    def _learned(self, shown: str) -> Learned:
        """What was learned; numbers are alike to it, so that “电话换成…” is looked at once, whatever the number."""
        alike = _DIGITS.sub("0", shown)
        if len(alike) > MEMORABLE:
            return self._computed(alike)
        return self.remembered.get(alike, lambda: self._computed(alike))

    def _computed(self, shown: str) -> Learned:
        """The chances of the acts; the kinds of question are one act with the likeliest kind beside it."""
        found: dict[Act, float] = {}
        best, about = 0.0, None
        learned = chances(self.model, features_of(shown, self.cut))
        for (act, kind), chance in zip(_classes(tuple(self.model.intents)), learned, strict=True):
            found[act] = found.get(act, 0.0) + chance
            if kind and chance > best:
                best, about = chance, kind
        return found, about

    def _decided(
        self, shown: str, begun: Head, learned: dict[Act, float], *, asked: bool, conditional: bool
    ) -> dict[Act, float]:
        """What was learned, after what the words themselves say."""
        if _rule("settled").search(shown):
            return lifted(learned, Act.YES)
        if ruled := _ruled(shown):
            return lifted(learned, ruled)
        if not plain_tidy(shown) and not begun.kind:
            return lifted(learned, Act.THANKS if _rule("thanking").search(shown) else Act.FILLER)
        if begun.kind and not begun.rest:
            return lifted(learned, _HEADED[begun.kind])
        if begun.kind:
            ordered = bool(_rule("ordered").search(shown)) and not _rule("never_yes").search(begun.rest)
            return self._after_head(begun, asked=asked, conditional=conditional, ordered=ordered)
        if not asked and find_ordinals(shown):
            return lifted(learned, Act.ORDINAL)
        best = _likeliest(learned)
        if not asked and best in _WEAK and _rule("changing").search(shown):
            return lifted(learned, Act.CORRECT)
        if best in _WEAK and _rule("asks_outright").search(shown):
            return lifted(learned, Act.QUESTION)
        if asked or _rule("never_yes").search(shown):
            return _without_yes(learned)
        return learned

    def _after_head(self, begun: Head, *, asked: bool, conditional: bool, ordered: bool) -> dict[Act, float]:
        """“好的，不过改成明天” corrects, “好的，等一下” waits, “好的，麻烦快点” stays a yes.

        What is `ordered` outright stays so whatever is told with it: “提交吧，家里有狗小心点”.
        """
        act = _HEADED[begun.kind]
        found = self._decided(
            begun.rest,
            Head("", begun.rest),
            self._learned(begun.rest)[0],
            asked=asked,
            conditional=conditional,
        )
        after = _likeliest(found)
        if act is Act.YES and not (asked or conditional) and _rule("besides").search(begun.rest):
            return {act: 0.85, Act.INFORM: 0.1}
        if after is Act.QUESTION and not asked:
            after = Act.INFORM
        if after is Act.WITHDRAW and begun.kind == "yes" and _ruled(begun.rest) is not Act.WITHDRAW:
            after = Act.INFORM  # whoever said yes takes it back in plain words, or not at all
        if conditional and after in _WEAK and begun.kind != "wrong":
            return {Act.CORRECT: 0.7, act: 0.25}
        if begun.kind == "wrong" and after in (Act.INFORM, Act.YES, Act.NO, Act.CORRECT):
            return {Act.CORRECT: 0.9, after: 0.05}
        if begun.kind == "no" and after in (Act.INFORM, Act.CORRECT, Act.YES) and not asked:
            first = Act.CORRECT if _rule("instead").search(begun.rest) else Act.NO
            return {first: 0.6, (Act.NO if first is Act.CORRECT else after): 0.3}
        if after is Act.FILLER and begun.rest:
            return {after: 0.6, act: 0.35}  # “嗯……这个嘛” has not made up its mind
        if after in _BESIDE and not asked:
            sure = 0.95 if found.get(act, 0.0) >= _FIRM and len(begun.rest) <= _CURT else 0.6
            return {act: 0.85, after: 0.1} if after is not act else {act: sure}
        if after is Act.INFORM and not conditional:
            sure = 0.8 if ordered and act is Act.YES and not asked else 0.55
            return {act: sure, Act.INFORM: 0.95 - sure}
        return {after: 0.7, act: 0.25} if after is not act else {act: 0.95}


def _about(shown: str, learned: Asked | None) -> Asked | None:
    """What a question is about: money where money is spoken of, else what was learned."""
    return (
        Asked.COST if learned and learned is not Asked.WHY and _rule("asks_cost").search(shown) else learned
    )


@cache
def _classes(names: tuple[str, ...]) -> tuple[tuple[Act, Asked | None], ...]:
    """The classes of the model as acts, those of questions with their kind."""
    parts = (name.partition(".") for name in names)
    return tuple((Act(act), Asked(kind) if kind else None) for act, _, kind in parts)


_WEAK = frozenset({Act.INFORM, Act.YES, Act.NO, Act.AS_YOU_LIKE, Act.FILLER, Act.ORDINAL})


def _likeliest(chances: dict[Act, float]) -> Act:
    return max(chances, key=lambda act: chances[act])


def _agrees(shown: str, ranking: Ranking, begun: Head, *, negated: bool) -> bool:
    """A yes at the head with nothing besides that counts, a yes by rule, or one learned that no word takes back."""
    act, chance = ranking[0]
    if act is not Act.YES or _rule("trails_off").search(shown):
        return False
    if _rule("settled").search(shown):
        return True
    if begun.kind == "yes":
        return chance >= _AGREED
    if negated or _rule("never_yes").search(shown):
        return False
    return chance >= _LEARNED or _ruled(shown) is Act.YES


def _without_yes(chances: dict[Act, float]) -> dict[Act, float]:
    others = {act: chance for act, chance in chances.items() if act is not Act.YES}
    total = sum(others.values()) or 1.0
    return {act: chance / total for act, chance in others.items()}


def _ruled(shown: str) -> Act | None:
    """The act that a rule gives, the first that fits."""
    if _is_danger(_DIGITS.sub("0", shown)):
        return Act.DANGER
    return next(
        (
            act
            for act, pattern, unless in _acts()
            if pattern.search(shown) and not (unless and unless.search(shown))
        ),
        None,
    )


def _is_danger(shown: str) -> bool:
    if len(shown) > MEMORABLE:
        return danger(shown) is not None
    return _DANGERS.get(shown, lambda: danger(shown) is not None)


_DANGERS: Memory[str, bool] = Memory()


@cache
def _acts() -> tuple[tuple[Act, re.Pattern[str], re.Pattern[str] | None], ...]:
    names = {act.value for act in Act}
    return tuple((Act(name), pattern, unless) for name, pattern, unless in _rows() if name in names)


@cache
def _rule(name: str) -> re.Pattern[str]:
    """Everything that says `name`, a feature that is no act."""
    patterns = [pattern.pattern for found, pattern, _ in _rows() if found == name]
    assert patterns, f"acts.tsv has nothing for {name}"
    return re.compile("|".join(patterns))


@cache
def _rows() -> list[tuple[str, re.Pattern[str], re.Pattern[str] | None]]:
    rows = ((line + "\t\t").split("\t")[:3] for line in lines("acts.tsv"))
    return [
        (name, re.compile(pattern), re.compile(unless) if unless else None) for name, pattern, unless in rows
    ]
