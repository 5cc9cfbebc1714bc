"""The tables that understanding reads: words, rules, phrases. All of them are plain text to edit."""

from pathlib import Path

import yaml

HERE = Path(__file__).parent


def lines(name: str) -> list[str]:
    """The lines of a table in this folder, without comments (#) and blank lines."""
    return lines_of(HERE / name)


def lines_of(path: Path) -> list[str]:
    """`lines` of a file anywhere."""
    text = path.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def pieces_of(path: Path) -> object:
    """What a YAML file of patterns or pieces holds; read by the C parser where there is one, ten times as fast."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
