"""Example sentences that the recogniser learns from, a sentence and its intent a line.

One file an intent holds what people type in a chat. Two hold sentences of every intent: `letters.tsv` what is written
at length, `dangers.tsv` dangers that are told without their own words, and what only sounds like one.
"""

from pathlib import Path

from bot.understanding.examples.chats import chats
from bot.understanding.examples.letters import letters

HERE = Path(__file__).parent


def shipped() -> list[tuple[str, str]]:
    """All examples that come with the program, in a fixed order."""
    written = [pair for path in sorted(HERE.glob("*.tsv")) for pair in read(path)]
    drawn = [*letters(HERE / "petitions.yaml"), *chats(HERE / "chats.yaml")]
    return list({**dict(drawn), **dict(written)}.items())


def trades() -> list[tuple[str, str]]:
    """What technicians write about their jobs, sentence and deed, apart from everything that residents write."""
    return list(dict(chats(HERE / "trades.yaml")).items())


def read(path: Path) -> list[tuple[str, str]]:
    """The (text, intent) pairs of one file. Raises ValueError naming the line that is not such a pair."""
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        text, tab, intent = line.rpartition("\t")
        if not tab or not text.strip() or not intent.strip():
            raise ValueError(f"{path.name} 第 {number} 行不是“句子<TAB>意图”。")
        pairs.append((text.strip(), intent.strip()))
    return pairs
