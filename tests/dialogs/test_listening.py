"""Answers in their talks, as people write and dictate them: a labelled set that must not get worse.

Each file of `listening/` holds talks on the shipped script of its name. They are played with the real recogniser.
"""

from pathlib import Path

import pytest

from bot.rehearsal.transcript import play
from bot.scripts import yamls
from bot.scripts.format import Script, Transcript
from bot.understanding import Understander
from dialogs import shipped
from dialogs.registry import registry

FOLDER = Path(__file__).parent / "listening"
BOT = shipped.bot(registry, company="安居物业")


def _talks() -> list[tuple[Script, Transcript]]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        script = BOT.catalogue.newest(path.stem).script
        rows = yamls.load(path.read_text("utf-8"))
        assert isinstance(rows, dict)
        found += [(script, Transcript.model_validate(row)) for row in rows["tests"]]
    return found


TALKS = _talks()


@pytest.mark.parametrize(
    ("script", "talk"), TALKS, ids=[f"{script.script}: {talk.name}" for script, talk in TALKS]
)
async def test_what_was_said_is_taken(script: Script, talk: Transcript, understander: Understander) -> None:
    found, player = await play(script, talk, BOT, understander)
    told = "\n".join(f"{who}: {text}" for who, text in player.log)
    assert not found, "\n".join(found) + "\n--- talk ---\n" + told
