"""Sentences that the bot did not understand, kept for teaching."""

from collections.abc import Sequence

from models.scripts import Misunderstanding


async def note(
    message_id: int, text: str, *, script: str, step: str, ranking: Sequence[tuple[str, float]]
) -> None:
    """`script` and `step` say where the talk stood, `ranking` what it might have meant."""
    await Misunderstanding.create(
        message_id=message_id, text=text, script=script, step=step, ranking=[list(one) for one in ranking]
    )
