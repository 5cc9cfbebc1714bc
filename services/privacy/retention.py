"""What is old enough to go: messages, sentences that were not understood, photos. A night's work, in small steps."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from models.complaints import ComplaintPhoto
from models.conversations import Message
from models.media import MediaFile, MediaStatus
from models.outbox import Outbox
from models.scripts import Misunderstanding
from models.tickets import TicketPhoto
from services import clock, work
from services.company import chat_codes, sessions, throttle
from services.delivery import media
from services.privacy import named_files
from services.repairs.moves import OPEN

_STEP = 1000
_HOURS = range(2, 5)  # at night, when nobody waits
_FRESH_S = 86_400  # a file without a row may be one whose row is just being written

# Numbers grow with time, so that the oldest stand first: whether there is anything to do is known from them alone.
_OLDEST = """
SELECT id FROM (SELECT id, created_at FROM {table} ORDER BY id LIMIT $2) AS oldest WHERE created_at < $1
"""
_OLDEST_SENT = """
SELECT id FROM (SELECT id, created_at, status FROM outbox ORDER BY id LIMIT $2) AS oldest
WHERE created_at < $1 AND status NOT IN ('pending', 'sending')
"""
# Not of a repair that is still open, and nothing that a worker has in its hands.
_OLD_MEDIA = """
SELECT media_file.id FROM media_file WHERE created_at < $1 AND status IN ('stored', 'failed') AND NOT EXISTS (
    SELECT FROM ticket_photo JOIN ticket ON ticket.id = ticket_photo.ticket_id
    WHERE ticket_photo.media_id = media_file.id AND ticket.status = ANY($3))
ORDER BY media_file.id LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Days:
    """How long each is kept; 0 is for ever."""

    messages: int
    misunderstandings: int
    media: int


async def at_night(days: Days, folder: Path) -> int:
    """One step; how much went, nothing by day. The photos lie in `folder`."""
    if clock.local(clock.now()).hour not in _HOURS:
        return 0
    return await step(days, folder)


async def step(days: Days, folder: Path) -> int:
    gone = await _messages(days.messages) + await _misunderstandings(days.misunderstandings)
    gone += await _media(days.media) + await _access()
    return gone or await _orphans(folder)


async def _messages(days: int) -> int:
    async with work.unit():
        old = await _old(Message, _OLDEST.format(table="message"), days)
        await Misunderstanding.filter(message_id__in=old).update(message_id=None)
        await Message.filter(id__in=old).delete()
        sent = await _old(Outbox, _OLDEST_SENT, days)
        await Outbox.filter(id__in=sent).delete()
    return len(old) + len(sent)


async def _misunderstandings(days: int) -> int:
    old = await _old(Misunderstanding, _OLDEST.format(table="misunderstanding"), days)
    await Misunderstanding.filter(id__in=old).delete()
    return len(old)


async def _access() -> int:
    """Failed tries to sign in, which nobody counts any more, codes that are over, sessions that ended long ago."""
    return await throttle.sweep() + await chat_codes.sweep() + await sessions.sweep()


async def _media(days: int) -> int:
    """The files go as orphans, once nobody has them any more."""
    async with work.unit():
        old = await _old(MediaFile, _OLD_MEDIA, days, sorted(OPEN))
        for model in (TicketPhoto, ComplaintPhoto):
            await model.filter(media_id__in=old).delete()
        await MediaFile.filter(id__in=old, status__in=[MediaStatus.STORED, MediaStatus.FAILED]).delete()
    return len(old)


async def _old(
    model: type[Message | Outbox | Misunderstanding | MediaFile], query: str, days: int, *more: list[str]
) -> list[int]:
    if not days:
        return []
    before = clock.now() - timedelta(days=days)
    rows = await model._meta.db.execute_query_dict(query, [before, _STEP, *more])
    return [row["id"] for row in rows]


async def _orphans(folder: Path) -> int:
    """Files that no row names: their photos were forgotten, or the process died between file and row."""
    gone = 0
    there = await asyncio.to_thread(_old_files, folder)
    for start in range(0, len(there), _STEP):
        some = there[start : start + _STEP]
        gone += await asyncio.to_thread(_remove, folder, set(some) - await named_files.of(some))
    return gone


def _old_files(folder: Path) -> list[str]:
    before = time.time() - _FRESH_S
    found = [one for one in folder.glob("[0-9a-f][0-9a-f]/*") if len(one.name) == 62]
    return [one.parent.name + one.name for one in found if one.stat().st_mtime < before]


def _remove(folder: Path, orphans: Iterable[str]) -> int:
    files = [media.path(folder, sha256) for sha256 in orphans]
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)
