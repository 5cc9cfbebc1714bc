"""What the bot understood of a resident's last words, and 听错了？教一下."""

from dataclasses import dataclass
from typing import Any

from models.conversations import Conversation, Message
from services.actors import Actor
from services.desk import holding, veils
from services.desk.entries import Entry, Speaker
from services.errors import NotFound


@dataclass(frozen=True, slots=True)
class Heard:
    """`intent` with its score as the recogniser ranked it; `filled` are answers of the talk that runs."""

    message_id: int
    text: str
    rule: str
    intent: str
    score: float
    script: str
    step: str
    filled: list[str]


async def last(conversation: Conversation, *, actor: Actor) -> Heard | None:
    """Of the newest message that the bot looked at; None when it never did."""
    found = Message.filter(conversation_id=conversation.id, kind="text", answers_id__isnull=True)
    for row in await found.order_by("-id").limit(20):
        why: dict[str, Any] = row.body.get("why") or {}
        if why.get("ranking"):
            kept = (await veils.of_people([conversation.person_id], actor=actor))[conversation.person_id]
            entry = Entry("m", row.id, row.created_at, Speaker.RESIDENT, row.kind)
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
    return Heard(
        message_id=row.id,
        text=row.text,
        rule=why.get("rule", ""),
        intent=intent,
        score=float(score),
        script=place.get("script", ""),
        step=place.get("step", ""),
        filled=_filled(conversation) if open_ else [],
    )


def _filled(conversation: Conversation) -> list[str]:
    """What the resident has answered in the talk that runs, or in the one that was laid aside for people."""
    state = conversation.state
    frames = state.get("stack") or [
        frame for one in state.get("parked") or [] for frame in one.get("frames", [])
    ]
    shown = frames[-1].get("shown", {}) if frames else {}
    return [str(value) for value in shown.values() if value]
