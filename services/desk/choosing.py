"""What a resident said in a talk, to be chosen from for a ticket: words and photos, newest last."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from models.conversations import Message
from models.media import MediaFile, MediaStatus
from services.actors import Actor
from services.desk import holding, veils
from services.desk.entries import Entry, Speaker

_KINDS = ("text", "voice", "image")
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Said:
    """`file_id` is that of a photo, 0 for words; `stored` says whether it has come."""

    id: int
    at: datetime
    text: str
    file_id: int = 0
    stored: bool = False


async def of_talk(conversation_id: int, *, actor: Actor) -> list[Said]:
    """The last of it. Raises NotFound outside of their scope."""
    conversation = await holding.seen(conversation_id, actor)
    found = Message.filter(conversation_id=conversation.id, answers_id__isnull=True, kind__in=_KINDS)
    rows = list(reversed(await found.order_by("-id").limit(_SHOWN)))
    entries = [Entry("m", row.id, row.created_at, Speaker.RESIDENT, row.kind, row.text) for row in rows]
    kept = await veils.of_entries(entries, conversation.person_id, actor=actor)
    rows = [row for row, entry in zip(rows, entries, strict=True) if entry.id not in kept]
    files = await _files(rows)
    said = [_said(row, files.get(str(row.body.get("media_id", "")))) for row in rows]
    return [one for one in said if one.text or one.file_id]


async def chosen(conversation_id: int, ids: Collection[int], *, actor: Actor) -> list[Said]:
    """Those of these messages that are of the talk."""
    return [one for one in await of_talk(conversation_id, actor=actor) if one.id in ids]


async def _files(rows: list[Message]) -> dict[str, MediaFile]:
    named = [str(row.body["media_id"]) for row in rows if row.kind == "image" and row.body.get("media_id")]
    return {one.media_id: one for one in await MediaFile.filter(media_id__in=named)} if named else {}


def _said(row: Message, file: MediaFile | None) -> Said:
    if file is None or file.status is MediaStatus.FAILED:
        return Said(row.id, row.created_at, "" if row.kind == "image" else row.text)
    return Said(row.id, row.created_at, "", file.id, file.status is MediaStatus.STORED)
