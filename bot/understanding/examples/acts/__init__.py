"""Example answers that the recogniser of dialogue acts learns from, independent of any script.

A file of one act holds an answer a line; `question.why.txt` and its like name the kind of question too.
`answers.yaml` and `inform.yaml` draw more from patterns; what people tell comes, in part, from what they write first.
"""

from pathlib import Path

from bot.understanding.data import lines_of
from bot.understanding.examples import shipped
from bot.understanding.examples.chats import chats

HERE = Path(__file__).parent
_TELLING = frozenset({"repair_report", "complaint", "suggestion", "viewing", "merchant", "activity_signup"})
_EACH = 6  # of the first sentences that tell something, every so manyth is an example
_LONGEST = 40


def acts() -> list[tuple[str, str]]:
    """All examples that come with the program, answer and act, in a fixed order."""
    written = {text: path.stem for path in sorted(HERE.glob("*.txt")) for text in lines_of(path)}
    told = [text for text, intent in shipped() if intent in _TELLING and len(text) <= _LONGEST]
    drawn = dict.fromkeys(told[::_EACH], "inform")
    for name in ("inform.yaml", "answers.yaml"):
        drawn |= dict(chats(HERE / name))
    return list((drawn | written).items())
