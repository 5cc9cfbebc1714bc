"""One sentence in, its meaning out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.understanding import entities, rules
from bot.understanding.acts import ActReader, Acts
from bot.understanding.danger import Hazard, hazard, is_letter
from bot.understanding.examples import shipped, trades
from bot.understanding.examples.acts import acts
from bot.understanding.features import Cut, features_of
from bot.understanding.memory import MEMORABLE, Memory
from bot.understanding.normal import normal
from bot.understanding.pinyin import Pinyin, learned
from bot.understanding.recogniser import Model
from bot.understanding.signs import only_signs
from bot.understanding.sounds import by_sound
from bot.understanding.store import trained
from bot.understanding.technicians import DeedReader, Deeds
from bot.understanding.values import Action, Understanding
from bot.understanding.words import tokenizer

EMERGENCY = "emergency"
UNKNOWN = "unknown"
_REPORT = "repair_report"
_REPAIRS = frozenset({"repair_report", "repair_progress"})
_SHOWN = 5
# The thresholds are chosen by measurement, see docs/understanding.md.
MARGIN = 0.37
_ALARMED = 0.3  # chance from which an emergency comes first, whatever else is likelier
_TOLD = 0.05  # below this chance a hazard in a long letter is a story, not an alarm
_DISBELIEVED = 0.005  # below this chance a hazard is only named: “燃气报警器自己装要报备吗”
_DOUBTED = 0.1  # below this chance a hazard that a rule found is asked back
_HALF = 0.5  # of such an emergency: first in the ranking, but not sure enough to be answered
_CERTAIN = 0.97  # of an emergency that a rule found
_FIRST = "3栋2单元501水管漏水，明天下午三点来，电话13800001234，两个人，100元"
# How often what is written in pinyin is about this, beside what is written in characters.
_OFTEN = {_REPORT: 4, EMERGENCY: 2, "house_binding": 4}
_CODED = re.compile(r"\[|/:")  # the platform's faces are written in letters
_DIGITS = re.compile(r"\d+")  # one number or another: what is wanted stays the same

Ranking = tuple[tuple[str, float], ...]

_WORDLESS: Ranking = ((UNKNOWN, 1.0), ("smalltalk", 0.0))  # signs and emoji mean anything or nothing


class Gist(NamedTuple):
    """What the words say, whatever numbers stand among them and whenever they are said."""

    ranking: Ranking
    hazard: Hazard | None
    fault: entities.Fault


@dataclass(frozen=True, slots=True)
class Understander:
    """Immutable and safe to share between tasks; replace it to change what is understood."""

    cut: Cut = field(repr=False)
    model: Model = field(repr=False)
    reader: ActReader = field(repr=False)
    deeds: DeedReader = field(repr=False)
    pinyin: Pinyin = field(repr=False)
    margin: float = MARGIN
    remembered: Memory[str, Gist] = field(default_factory=Memory, repr=False, compare=False)
    acts_known: Memory[str, Acts] = field(default_factory=Memory, repr=False, compare=False)
    deeds_known: Memory[str, Deeds] = field(default_factory=Memory, repr=False, compare=False)

    def understand(self, text: str, now: datetime) -> Understanding:
        """`now` is aware; times such as 明天 are read from it."""
        shown = normal(text)
        short = len(shown) <= MEMORABLE
        ranking, found, fault = self._remembered(_DIGITS.sub("0", shown)) if short else self._gist(shown)
        intent, confidence = ranking[0]
        suspected = intent == EMERGENCY and not (found and confidence >= _CERTAIN)
        return Understanding(
            text=text,
            intent=intent,
            confidence=confidence,
            ranking=ranking,
            action="ask" if suspected else _action(ranking, self.margin),
            entities=entities.named(shown, now, fault),
            danger=(found.kind if found else "other") if intent == EMERGENCY else None,
        )

    def acts(self, text: str) -> Acts:
        """What `text` does as an answer in a running talk, whatever was asked."""
        if len(text) > MEMORABLE:
            return self.reader.read(text)
        return self.acts_known.get(text, lambda: self.reader.read(text))  # 好的, 明天下午, 1: said all day

    def technician(self, text: str) -> Deeds:
        """What a technician's message does with a job, and which job it means."""
        if len(text) > MEMORABLE:
            return self.deeds.read(text)
        return self.deeds_known.get(text, lambda: self.deeds.read(text))

    def _remembered(self, shown: str) -> Gist:
        """Residents say the same short things all day: 好的, 明天下午, 电话换成 (whatever number)."""
        return self.remembered.get(shown, lambda: self._gist(shown))

    def _gist(self, shown: str) -> Gist:
        ranking, found = self._ranked(shown)
        if found is None and self._is_doubtful(ranking) and (heard := by_sound(shown)) != shown:
            other, hazard_heard = self._ranked(heard)
            if other[0][0] == _REPORT and _action(other, self.margin) == "answer":
                ranking, found = other, hazard_heard
        mending = _is_repair(ranking) or found is not None
        fault = entities.find_fault(shown, mending=mending)
        if fault.category is None and ranking[0][0] == _REPORT:
            fault = fault.beside(entities.find_fault(by_sound(shown), mending=True))
        return Gist(ranking, found, fault)

    def _is_doubtful(self, ranking: Ranking) -> bool:
        """Whether words may be meant as they sound: nothing is sure, or a thing for a shop that is no such thing."""
        return ranking[0][0] in (EMERGENCY, UNKNOWN) or _action(ranking, self.margin) == "ask"

    def _ranked(self, shown: str) -> tuple[Ranking, Hazard | None]:
        if not any(map(str.isalnum, shown)) or (_CODED.search(shown) and only_signs(shown)):
            return _WORDLESS, None
        chances = self._chances(shown)
        alarm = chances.get(EMERGENCY, 0.0)
        found = hazard(shown)
        if found and (found.sure or alarm >= (_TOLD if is_letter(shown) else _DOUBTED)):
            chances = _raised(chances, _CERTAIN)
        elif found and not is_letter(shown) and alarm >= _DISBELIEVED:
            chances = _raised(chances, _HALF)
        elif alarm >= _ALARMED:
            chances = _raised(chances, max(alarm, max(chances.values()) + 0.01))
        best = sorted(chances.items(), key=lambda pair: (-pair[1], pair[0]))[:_SHOWN]
        return tuple((intent, round(chance, 4)) for intent, chance in best), found

    def _chances(self, shown: str) -> dict[str, float]:
        scores = self.model.scores(features_of(shown, self.cut)).astype(np.float64)
        earned = rules.points(shown)
        if earned:
            scores = scores + np.array([earned.get(intent, 0.0) for intent in self.model.intents])
        odds = np.exp(scores - scores.max())
        return dict(zip(self.model.intents, (odds / odds.sum()).tolist(), strict=True))


def _is_repair(ranking: Ranking) -> bool:
    """A repair, or an emergency that only the recogniser suspects where a repair comes next."""
    first, *rest = (intent for intent, _ in ranking)
    return first in _REPAIRS or (first == EMERGENCY and rest[:1] != [] and rest[0] in _REPAIRS)


def _raised(chances: dict[str, float], alarm: float) -> dict[str, float]:
    """The emergency gets the chance `alarm`, the others share the rest as before."""
    alarm = min(max(alarm, chances.get(EMERGENCY, 0.0)), 0.999)
    others = 1.0 - chances.get(EMERGENCY, 0.0)
    rest = (
        {intent: chance * (1.0 - alarm) / others for intent, chance in chances.items()} if others > 0 else {}
    )
    return {**rest, EMERGENCY: alarm}


def _action(ranking: Ranking, margin: float) -> Action:
    (intent, best), (_, second) = ranking[:2]
    if best - second < margin:
        return "ask"
    return "unknown" if intent == UNKNOWN else "answer"


def load(
    cache_dir: Path,
    examples: Iterable[tuple[str, str]] | None = None,
    *,
    words: Iterable[str] = (),
    margin: float = MARGIN,
) -> Understander:
    """Blocks while reading the cached model, or for seconds while learning one: call it off the loop.

    `examples` replaces the shipped ones, `words` are added to the dictionary. Two intents whose chances are
    closer than `margin` are asked back. Raises RuntimeError when the examples cannot be learned from.
    """
    pairs = list(examples) if examples is not None else shipped()
    extra = tuple(words)
    cut = tokenizer(cache_dir, extra)
    answers = acts()
    models = trained(cache_dir, {"intents": pairs, "acts": answers, "trades": trades()}, extra)
    readers = ActReader(models["acts"], cut), DeedReader(models["trades"], cut)
    written = [
        *((text, _OFTEN.get(intent, 1)) for text, intent in pairs),
        *((text, 1) for text, _ in answers),
    ]
    ready = Understander(cut, models["intents"], *readers, learned(written), margin)
    ready.acts(_FIRST)
    ready.technician(_FIRST)
    ready.understand(_FIRST, datetime.now(UTC))  # reads every table now, not while somebody waits
    return ready
