"""How well labelled sentences are understood: the figures of docs/understanding.md."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from bot.understanding.understander import EMERGENCY, Understander
from bot.understanding.values import Entities, Understanding

KINDS = ("room", "phone", "time", "category", "urgent")


class LabelError(ValueError):
    """A file of labelled sentences that cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class Score:
    """Right and wrong of one intent, or of one kind of entity (where `invented` are those that nobody named)."""

    support: int
    precision: float
    recall: float
    f1: float
    invented: int = 0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Shares are 0..1. `answered` counts what was not asked back; `wrong` lists text, label and answer."""

    sentences: int
    accuracy: float
    macro_f1: float = 0.0
    answered: float = 0.0
    answered_accuracy: float = 0.0
    emergency_recall: float | None = None
    intents: dict[str, Score] = field(default_factory=dict)
    entities: dict[str, Score] = field(default_factory=dict)
    confusion: dict[str, dict[str, int]] = field(default_factory=dict)
    wrong: list[tuple[str, str, str]] = field(default_factory=list)

    def as_json(self) -> str:
        """All figures, for other programs."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def evaluate(understander: Understander, path: Path, now: datetime) -> Evaluation:
    """`path` holds sentence<TAB>intent a line, or one JSON object a line with text, now and entities.

    Raises OSError, and LabelError naming the line that cannot be used.
    """
    if path.suffix == ".jsonl":
        return _entities(understander, _objects(path))
    pairs = list(_pairs(path))
    if not pairs:
        raise LabelError(f"{path.name} 里没有带标注的句子。")
    return _intents([(intent, understander.understand(text, now)) for text, intent in pairs])


def _pairs(path: Path) -> Iterable[tuple[str, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#") or line == "text\tintent":
            continue
        text, tab, intent = line.rpartition("\t")
        if not tab or not text.strip() or not intent.strip():
            raise LabelError(f"{path.name} 第 {number} 行不是“句子<TAB>意图”。")
        yield text, intent.strip()


def _intents(answers: Sequence[tuple[str, Understanding]]) -> Evaluation:
    right = [label == found.intent for label, found in answers]
    told = [ok for ok, (_, found) in zip(right, answers, strict=True) if found.action != "ask"]
    alarms = [found.intent == EMERGENCY for label, found in answers if label == EMERGENCY]
    scores = {label: _intent_score(label, answers) for label in sorted({label for label, _ in answers})}
    return Evaluation(
        sentences=len(answers),
        accuracy=_share(right),
        macro_f1=round(sum(score.f1 for score in scores.values()) / len(scores), 4),
        answered=round(len(told) / len(answers), 4),
        answered_accuracy=_share(told),
        emergency_recall=_share(alarms) if alarms else None,
        intents=scores,
        confusion=_confusion(answers),
        wrong=[(found.text, label, found.intent) for label, found in answers if label != found.intent],
    )


def _intent_score(label: str, answers: Sequence[tuple[str, Understanding]]) -> Score:
    true = sum(wanted == found.intent == label for wanted, found in answers)
    wanted = sum(wanted == label for wanted, _ in answers)
    answered = sum(found.intent == label for _, found in answers)
    return _score(true, wanted, answered)


def _score(true: int, wanted: int, answered: int, invented: int = 0) -> Score:
    precision, recall = true / max(1, answered), true / max(1, wanted)
    f1 = 2 * precision * recall / (precision + recall) if true else 0.0
    return Score(wanted, round(precision, 4), round(recall, 4), round(f1, 4), invented)


def _confusion(answers: Sequence[tuple[str, Understanding]]) -> dict[str, dict[str, int]]:
    table: dict[str, Counter[str]] = {}
    for label, found in answers:
        table.setdefault(label, Counter())[found.intent] += 1
    return {label: dict(row.most_common()) for label, row in sorted(table.items())}


def _objects(path: Path) -> Iterable[tuple[str, datetime, dict[str, object]]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            labelled = json.loads(line)
            yield labelled["text"], datetime.fromisoformat(labelled["now"]), labelled["entities"]
        except (ValueError, KeyError, TypeError) as error:
            raise LabelError(f"{path.name} 第 {number} 行没有 text、now、entities：{error}") from None


def _entities(
    understander: Understander, labelled: Iterable[tuple[str, datetime, dict[str, object]]]
) -> Evaluation:
    rows = [
        (text, wanted, entities_json(understander.understand(text, now).entities))
        for text, now, wanted in labelled
    ]
    if not rows:
        raise LabelError("没有带标注的句子。")
    return Evaluation(
        sentences=len(rows),
        accuracy=_share([wanted == found for _, wanted, found in rows]),
        entities={kind: _kind_score(kind, rows) for kind in KINDS},
        wrong=[(text, _shown(wanted), _shown(found)) for text, wanted, found in rows if wanted != found],
    )


def _kind_score(kind: str, rows: Sequence[tuple[str, dict[str, object], dict[str, object]]]) -> Score:
    true = sum(kind in wanted and wanted[kind] == found.get(kind) for _, wanted, found in rows)
    invented = sum(kind in found and kind not in wanted for _, wanted, found in rows)
    wanted_count = sum(kind in wanted for _, wanted, _ in rows)
    return _score(true, wanted_count, sum(kind in found for _, _, found in rows), invented)


def entities_json(found: Entities) -> dict[str, object]:
    """room, phone, time, category, urgent in the guide's form: the keys that were found and no others."""
    values: dict[str, object] = {"room": found.room, "phone": found.phone}
    if found.time:
        end = found.time.end.isoformat() if found.time.end else None
        values["time"] = {"start": found.time.start.isoformat(), "end": end}
    values["category"] = found.category
    values["urgent"] = found.urgent or None
    return {name: value for name, value in values.items() if value is not None}


def _shown(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _share(right: Sequence[bool]) -> float:
    return round(sum(right) / len(right), 4) if right else 0.0


def report(result: Evaluation, *, errors: bool = False) -> str:
    """The figures as text for a person."""
    lines = [f"句子 {result.sentences}，全对 {result.accuracy:.4f}"]
    if result.intents:
        lines.append(
            f"宏 F1 {result.macro_f1:.4f}，"
            f"直接回答 {result.answered:.3f}（其中答对 {result.answered_accuracy:.4f}），"
            f"反问 {1 - result.answered:.3f}，紧急召回 {_maybe(result.emergency_recall)}"
        )
    for name, score in (result.intents | result.entities).items():
        invented = f"  无中生有 {score.invented}" if name in KINDS else ""
        lines.append(
            f"{name:18} 精确 {score.precision:.3f}  召回 {score.recall:.3f}  句数 {score.support}{invented}"
        )
    for label, row in result.confusion.items():
        mistaken = "、".join(f"{other} {count}" for other, count in row.items() if other != label)
        lines += [f"{label} 被当成：{mistaken}"] if mistaken else []
    lines += (
        [f"× {text}\n  应为 {label}，答成 {found}" for text, label, found in result.wrong] if errors else []
    )
    return "\n".join(lines)


def _maybe(share: float | None) -> str:
    return "（无）" if share is None else f"{share:.4f}"
