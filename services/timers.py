"""Things to look at later. PostgreSQL keeps them; workers/schedules runs what is due."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta

from models.conversations import Json, Timer
from services import clock, outbox

Ringing = Callable[[int, Json], Awaitable[None]]

kinds: dict[str, Ringing] = {}

_LONGEST_WAIT = timedelta(hours=1)


def on(kind: str) -> Callable[[Ringing], Ringing]:
    """Name the function that runs when a timer of this kind is due; it gets the subject's id and the note.

    It runs in one transaction with the timer's end. It takes the subject's own row lock first and looks again
    whether there is anything to do: the subject may have moved on while the timer waited for that lock.
    """

    def register(function: Ringing) -> Ringing:
        assert kind not in kinds, f"two functions for timers of kind {kind}"
        kinds[kind] = function
        return function

    return register


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


async def set_many(kind: str, subject_ids: Iterable[int], due_at: datetime) -> None:
    """As set_timer, for many subjects in one statement."""
    rows = [
        Timer(key=f"{kind}:{one}", kind=kind, subject_id=one, due_at=due_at, note={}) for one in subject_ids
    ]
    await Timer.bulk_create(rows, on_conflict=["key"], update_fields=["due_at", "note", "attempts"])
    outbox.wake("timers")


async def end(timer: Timer) -> None:
    """It was run; it stays when what ran set it anew."""
    await Timer.filter(id=timer.id, due_at=timer.due_at).delete()


async def put_off(timer_id: int) -> None:
    """It failed: one minute, two, four …, never more than an hour; nothing is dropped."""
    timer = await Timer.filter(id=timer_id).first()
    if timer is None:
        return
    wait = min(timedelta(minutes=2 ** min(timer.attempts, 10)), _LONGEST_WAIT)
    later = {"attempts": timer.attempts + 1, "due_at": clock.now() + wait}
    await Timer.filter(id=timer_id, due_at=timer.due_at).update(**later)


async def clear(kind: str, subject_id: int) -> None:
    await Timer.filter(key=f"{kind}:{subject_id}").delete()
