"""What somebody was writing: one draft of a person and a talk, on the server, until it is sent or emptied."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.desk import Draft
from services import clock
from services.actors import Actor
from services.desk import holding
from services.errors import Invalid, NotAllowed

LONGEST = 4000
_KEY_AT_MOST = 64


class Mode(StrEnum):
    REPLY = "reply"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class DraftView:
    """`key` is the one that the message will have: made once, whatever reloads or other devices come between."""

    mode: Mode
    text: str
    key: str
    saved_at: datetime | None


async def of(conversation_id: int, *, actor: Actor) -> DraftView:
    await holding.seen(conversation_id, actor)
    found = await Draft.filter(staff_id=_staff(actor), conversation_id=conversation_id).first()
    if found is None:
        return DraftView(Mode.REPLY, "", new_key(), None)
    return DraftView(Mode(found.mode), found.text, found.key, found.updated_at)


async def save(
    conversation_id: int, text: str, *, key: str, mode: Mode = Mode.REPLY, actor: Actor
) -> datetime:
    """When it was saved. Raises Invalid for a text that is too long to keep."""
    await holding.seen(conversation_id, actor)
    if len(text) > LONGEST:
        raise Invalid("human.too_long", longest=LONGEST)
    now = clock.now()
    row = Draft(
        staff_id=_staff(actor),
        conversation_id=conversation_id,
        mode=mode,
        text=text,
        key=checked_key(key),
        updated_at=now,
    )
    columns = ["mode", "text", "key", "updated_at"]
    await Draft.bulk_create([row], on_conflict=["staff_id", "conversation_id"], update_fields=columns)
    return now


async def clear(conversation_id: int, *, actor: Actor) -> None:
    """In the transaction that writes what it became."""
    await Draft.filter(staff_id=_staff(actor), conversation_id=conversation_id).delete()


async def with_text(*, actor: Actor) -> set[int]:
    """The talks in which this person left something half written."""
    found = Draft.filter(staff_id=_staff(actor)).exclude(text="")
    return {one.conversation_id for one in await found.only("id", "conversation_id")}


def new_key() -> str:
    return secrets.token_hex(12)


def checked_key(key: str) -> str:
    """Raises Invalid for what no page of ours made."""
    if not (8 <= len(key) <= _KEY_AT_MOST and key.isascii() and key.replace("-", "").isalnum()):
        raise Invalid("human.bad_key")
    return key


def _staff(actor: Actor) -> int:
    if actor.staff_id is None:
        raise NotAllowed("may_not.talks")
    return actor.staff_id
