"""Things to look at later. PostgreSQL keeps them; workers/schedules runs what is due."""

from datetime import datetime

from models.conversations import Json, Timer
from services import outbox


async def set_timer(
    kind: str, subject_id: int, due_at: datetime, *, key: str = "", note: Json | None = None
) -> None:
    """Run `kind` for the subject at `due_at`. The key defaults to kind:subject; setting again moves it."""
    await Timer.bulk_create(
        [
            Timer(
                key=key or f"{kind}:{subject_id}",
                kind=kind,
                subject_id=subject_id,
                due_at=due_at,
                note=note or {},
            )
        ],
        on_conflict=["key"],
        update_fields=["due_at", "note", "attempts"],
    )
    outbox.wake("timers")


async def clear(kind: str, subject_id: int) -> None:
    await Timer.filter(key=f"{kind}:{subject_id}").delete()
