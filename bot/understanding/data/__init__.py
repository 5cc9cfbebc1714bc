"""The tables that understanding reads: words, rules, phrases. All of them are plain text to edit."""

from pathlib import Path

HERE = Path(__file__).parent


def lines(name: str) -> list[str]:
    """The lines of a table in this folder, without comments (#) and blank lines."""
    text = (HERE / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
