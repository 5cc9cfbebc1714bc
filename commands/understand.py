"""run.py understand: say what sentences mean, one JSON object a line, or measure how well."""

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from bot.understanding import Understander, Understanding
    from commands import Subparsers

_SHANGHAI = ZoneInfo("Asia/Shanghai")


def register(subparsers: "Subparsers") -> None:
    parser = subparsers.add_parser("understand", description="Say what sentences mean, or measure how well.")
    parser.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="a sentence a line; - is the input"
    )
    parser.add_argument("--now", type=_moment, metavar="ISO", help="the moment to read times from")
    parser.add_argument(
        "--evaluate", metavar="FILE", help="measure: sentence<TAB>intent, or entities as .jsonl"
    )
    parser.add_argument(
        "--json", metavar="OUT", help="where the figures go (NAME.evaluation.json in this folder)"
    )
    parser.add_argument("--errors", action="store_true", help="list the sentences that were got wrong")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    """Raises StartError when the input cannot be used."""
    from bot.understanding.evaluation import LabelError
    from commands import StartError

    try:
        _measure(chosen) if chosen.evaluate else _print(chosen)
    except (OSError, UnicodeDecodeError, LabelError) as error:
        raise StartError(f"读不了输入：{error}") from None


def _print(chosen: argparse.Namespace) -> None:
    sentences = _sentences(chosen.file)
    understander, now = _understander(), chosen.now or datetime.now(_SHANGHAI)
    for sentence in sentences:
        print(json.dumps(as_json(understander.understand(sentence, now)), ensure_ascii=False))


def _sentences(name: str) -> Iterable[str]:
    text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    return [line for line in text.split("\n") if line.strip()]


def _measure(chosen: argparse.Namespace) -> None:
    from bot.understanding.evaluation import evaluate, report

    labelled = Path(chosen.evaluate)
    if not labelled.is_file():
        raise FileNotFoundError(f"没有文件 {labelled}")
    result = evaluate(_understander(), labelled, chosen.now or datetime.now(_SHANGHAI))
    print(report(result, errors=chosen.errors))
    Path(chosen.json or f"{labelled.stem}.evaluation.json").write_text(
        result.as_json() + "\n", encoding="utf-8"
    )


def _understander() -> "Understander":
    from bot.understanding import load
    from settings import root

    return load(root() / "var" / "understanding")


def as_json(understood: "Understanding") -> dict[str, object]:
    """The printed form of one understanding; of the entities only those that were found."""
    from bot.understanding.evaluation import entities_json

    return {
        "text": understood.text,
        "intent": understood.intent,
        "confidence": understood.confidence,
        "ranking": [list(pair) for pair in understood.ranking],
        "action": understood.action,
        "entities": entities_json(understood.entities),
    }


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}”不是 ISO 8601 时刻，例如 2026-11-20T10:30:00+08:00"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=_SHANGHAI)
