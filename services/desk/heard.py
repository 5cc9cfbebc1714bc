"""What the bot understood of a resident's last words, and 听错了？教一下."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.conversations import Conversation, Message
from models.values import Json
from services import reasons
from services.actors import Actor
from services.desk import holding, veils
from services.desk.entries import Entry, Speaker
from services.errors import NotFound

_LOOKED_AT = 20  # messages, from the newest back


@dataclass(frozen=True, slots=True)
class Heard:
    """`intent` with its score as the recogniser ranked it; `filled` are answers of the talk that runs.

    They stand by the slots of the script `running`, "" where none runs.
    """

    message_id: int
    text: str
    rule: str
    intent: str
    score: float
    script: str
    step: str
    running: str
    filled: Mapping[str, str]


async def last(conversation: Conversation, *, actor: Actor) -> Heard | None:
    """Of the newest message that the bot looked at; None when it never did."""
    found = Message.filter(conversation_id=conversation.id, kind="text", answers_id__isnull=True)
    rows = await found.order_by("-id").limit(_LOOKED_AT)
    told = await reasons.of([one.id for one in rows])
    for row in rows:
        why: dict[str, Any] = told.get(row.id, {})
        if why.get("ranking"):
            kept = (await veils.of_people([conversation.person_id], actor=actor))[conversation.person_id]
            entry = Entry("m", row.id, row.created_at, Speaker.RESIDENT, row.kind, row.text)
            if await veils.over([(entry, kept)]):
                return None
            return _heard(conversation, row, why, open_=not kept.running)
    return None


async def message(conversation_id: int, message_id: int, *, actor: Actor) -> str:
    """The text of one message of this talk. Raises NotFound."""
    await holding.seen(conversation_id, actor)
    row = await Message.filter(
        id=message_id, conversation_id=conversation_id, answers_id__isnull=True
    ).first()
    if row is None or not row.text:
        raise NotFound("human.no_such_talk")
    return row.text


def _heard(conversation: Conversation, row: Message, why: dict[str, Any], *, open_: bool) -> Heard:
    intent, score = why["ranking"][0]
    place = why.get("after") or why.get("before") or {}
    frame = _frame(conversation) if open_ else {}
    return Heard(
        message_id=row.id,
        text=row.text,
        rule=why.get("rule", ""),
        intent=intent,
        score=float(score),
        script=place.get("script", ""),
        step=place.get("step", ""),
        running=str(frame.get("script", "")),
        filled={name: str(value) for name, value in frame.get("shown", {}).items() if value},
    )


def _frame(conversation: Conversation) -> Json:
    """Of the talk that runs, or of the one that was laid aside for people."""
    state = conversation.state
    frames = state.get("stack") or [
        frame for one in state.get("parked") or [] for frame in one.get("frames", [])
    ]
    return frames[-1] if frames else {}
