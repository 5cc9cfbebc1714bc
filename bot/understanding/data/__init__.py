"""The tables that understanding reads: words, rules, phrases. All of them are plain text to edit."""

from pathlib import Path

HERE = Path(__file__).parent


def lines(name: str) -> list[str]:
    """The lines of a table in this folder, without comments (#) and blank lines."""
    return lines_of(HERE / name)


def lines_of(path: Path) -> list[str]:
    """`lines` of a file anywhere."""
    text = path.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
