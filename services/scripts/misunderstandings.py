"""Sentences that the bot did not understand, or took for something else, kept for teaching."""

from collections.abc import Sequence

import orjson

from models import rows
from models.conversations import Message
from models.events import SubjectKind
from models.scripts import Misunderstanding
from services import clock, events, reasons
from services.actors import Actor
from services.errors import Invalid, NotFound
from services.events import Subject
from services.scope import Field

_LONGEST_NOTE = 300
_NOTE = """
INSERT INTO misunderstanding (message_id, text, script, step, ranking, meant, note, handled, created_at)
VALUES ($1, $2, $3, $4, $5::jsonb, '', '', false, $6)
"""


async def note(
    message_id: int, text: str, *, script: str, step: str, ranking: Sequence[tuple[str, float]]
) -> None:
    """`script` and `step` say where the talk stood, `ranking` what it might have meant."""
    wanted = orjson.dumps(ranking).decode()
    await rows.records(Misunderstanding, _NOTE, message_id, text, script, step, wanted, clock.now())


async def correct(message_id: int, *, meant: str, note: str, actor: Actor) -> int:
    """听错了？教一下: what staff say that was meant, an intent or in their words. Raises Invalid for neither."""
    actor.doing(Field.TALKS)
    row = await Message.filter(id=message_id, answers_id__isnull=True).first()
    if row is None or not row.text:
        raise NotFound("human.no_such_talk")
    if not meant and not note.strip():
        raise Invalid("human.teach_empty")
    why = (await reasons.of([row.id])).get(row.id, {})
    place = why.get("before") or {}
    made = await Misunderstanding.create(
        message_id=row.id,
        text=row.text,
        script=place.get("script", ""),
        step=place.get("step", ""),
        ranking=why.get("ranking", []),
        meant=meant[:32],
        note=note.strip()[:_LONGEST_NOTE],
        taught_by_id=actor.staff_id,
    )
    await events.record(
        Subject(SubjectKind.CONVERSATION, row.conversation_id), "taught", actor=actor, note=meant
    )
    return int(made.id)
