"""What people answer after the first sentence, by kind: taken as meant, or the question stays open.

Each file of `answers/` belongs to the shipped script of its name. A talk comes to a question by the lines of `to`,
with these slots filled; then each sentence of `said` is tried by itself, and what must come of it stands beside it.
"""

from pathlib import Path

import pytest

from bot.rehearsal.transcript import play
from bot.scripts import yamls
from bot.scripts.format import Script, Transcript
from bot.understanding import Understander
from dialogs import shipped
from dialogs.registry import registry

FOLDER = Path(__file__).parent / "answers"
BOT = shipped.bot(registry, company="安居物业")


def _read(path: Path) -> dict[str, object]:
    rows = yamls.load(path.read_text("utf-8"))
    assert isinstance(rows, dict)
    return rows


def _talks() -> list[tuple[Script, Transcript]]:
    common, found = _read(FOLDER / "stubs.yaml"), []
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.stem == "stubs":
            continue
        script, file = BOT.catalogue.newest(path.stem).script, _read(path)
        talks = file["talks"]
        assert isinstance(talks, list)
        for talk in talks:
            stubs = {**common, **(file.get("stubs") or {}), **(talk.pop("stubs", None) or {})}
            said, to = talk.pop("said"), talk.pop("to", [])
            found += [
                (
                    script,
                    Transcript.model_validate(
                        {**talk, "name": text, "stubs": stubs, "talk": [*to, {"me": text, **must}]}
                    ),
                )
                for text, must in said.items()
            ]
    return found


TALKS = _talks()


@pytest.mark.parametrize(
    ("script", "talk"), TALKS, ids=[f"{script.script}: {talk.name}" for script, talk in TALKS]
)
async def test_an_answer_is_taken_as_it_is_meant(
    script: Script, talk: Transcript, understander: Understander
) -> None:
    found, player = await play(script, talk, BOT, understander)
    told = "\n".join(f"{who}: {text}" for who, text in player.log)
    assert not found, "\n".join(found) + "\n--- talk ---\n" + told
