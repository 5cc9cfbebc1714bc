"""What becomes of an outbox row.

`workers/delivery` claims rows, sends them, and says here how it went. A row is claimed in a transaction of its
own, so a worker that is killed leaves it `sending`; nobody sends it again, the sweep marks it `unknown`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.queryset import QuerySet

from models.conversations import Conversation
from models.outbox import Outbox, OutboxStatus
from models.tasks import TaskKind
from models.tickets import Ticket
from models.values import Json
from services import clock, staff_tasks, timers
from services.delivery import windows
from services.estate import homes

REPORT = "delivery_report"
_REPORT_AGAIN = timedelta(seconds=30)

TEMPLATE = "template"
_OF_STAFF = "staff."  # such phrases tell staff what stands on their list anyway: nobody need call them

# What is due, oldest first, if it is its person's first: nothing goes while an earlier one of that person is on its
# way or waits to be retried. Written (LATERAL, and the very condition of the index outbox_open) so that the index of
# status and time leads and that of open rows follows, however many rows were sent before or wait: a join by itself
# read the whole table, the index of persons the history of each. Times are the database's: machines disagree.
_CLAIM = """
UPDATE outbox SET status = 'sending', claimed_at = coalesce($1, now()), attempts = attempts + 1
WHERE id IN (
    SELECT due.id FROM outbox AS due CROSS JOIN LATERAL (
        SELECT open.id FROM outbox AS open
        WHERE open.person_id = due.person_id AND open.status IN ('pending', 'sending')
            AND (open.status = 'sending' OR open.attempts > 0 OR open.not_before <= coalesce($1, now()))
        ORDER BY open.id LIMIT 1) AS first
    WHERE due.status = 'pending' AND due.not_before <= coalesce($1, now()) AND first.id = due.id
    ORDER BY due.not_before LIMIT $2 FOR UPDATE OF due SKIP LOCKED)
RETURNING id
"""

# News that is due for the same person right behind a claimed row, never tried before; nothing else may stand between.
_FELLOWS = """
UPDATE outbox SET status = 'sending', claimed_at = coalesce($1, now()), attempts = attempts + 1
WHERE id IN (
    SELECT news.id FROM outbox AS news
    WHERE news.person_id = $2 AND news.id > $3 AND news.status = 'pending' AND news.attempts = 0
        AND news.not_before <= coalesce($1, now()) AND news.rung = 'custom' AND news.payload ? 'phrase'
        AND NOT EXISTS (
            SELECT FROM outbox AS other WHERE other.person_id = $2 AND other.id > $3 AND other.id < news.id
                AND other.status IN ('pending', 'sending') AND other.not_before <= coalesce($1, now())
                AND NOT (other.payload ? 'phrase' AND other.attempts = 0 AND other.rung = 'custom'))
    ORDER BY news.id LIMIT $4 FOR UPDATE OF news SKIP LOCKED)
RETURNING id
"""
_MOST_FELLOWS = 9

_STUCK = """
SELECT id FROM outbox WHERE status = 'sending' AND claimed_at < coalesce($1, now()) - $2::interval LIMIT 100
"""

_STILL_SENDING = """
UPDATE outbox SET claimed_at = coalesce($1, now()) WHERE id = $2 AND status = 'sending'
"""


# The turn counts on under the conversation's lock, which this waits for.
_NUMBERS = """
UPDATE conversation SET options_shown = options_shown + $2 WHERE person_id = $1 RETURNING options_shown AS last
"""
FIRST_NUMBER = 1001  # of somebody who never wrote, and so has no conversation that counts


@dataclass(frozen=True, slots=True)
class Fault:
    """Why it was not sent: the platform's code, if it gave one, and what staff read."""

    words: str
    errcode: int | None = None


async def claim(limit: int) -> list[Outbox]:
    """Up to `limit` rows, now `sending`, with their person and that person's conversation loaded."""
    rows = await Outbox._meta.db.execute_query_dict(_CLAIM, [clock.held(), limit])
    if not rows:
        return []
    claimed = Outbox.filter(id__in=[row["id"] for row in rows]).order_by("id")
    return await claimed.select_related("person__conversation")


async def fellows(row: Outbox) -> list[Outbox]:
    """Other news that is due for the same person now, also `sending` from here on; none beside what is no news."""
    if "phrase" not in row.payload or row.attempts > 1:
        return []
    found = await Outbox._meta.db.execute_query_dict(
        _FELLOWS, [clock.held(), row.person_id, row.id, _MOST_FELLOWS]
    )
    if not found:
        return []
    rows = await Outbox.filter(id__in=[one["id"] for one in found]).order_by("id")
    for one in rows:
        one.person = row.person
    return rows


async def put_back(row: Outbox) -> None:
    """A claimed row that has to wait for its turn after all, as if it had never been claimed."""
    await _mine(row).update(status=OutboxStatus.PENDING, attempts=row.attempts - 1)


async def due_in() -> float | None:
    """Seconds until the next row that waits for its time; None without one."""
    now = clock.now()
    soon = Outbox.filter(status=OutboxStatus.PENDING, not_before__gt=now).order_by("not_before")
    row = await soon.first().only("not_before")
    return (row.not_before - now).total_seconds() if row else None


def sends_left(row: Outbox) -> int | None:
    """How many customer messages still go through, by our own ledger; None when it is empty: the platform says."""
    return windows.of(_conversation(row)).left(clock.now())


def _conversation(row: Outbox) -> Conversation | None:
    found: Conversation | None = getattr(row.person, "conversation", None)
    return found


async def numbers(row: Outbox, count: int) -> int:
    """The first of `count` numbers for the options of this message; the same ones when it is sent again."""
    if "numbered_from" not in row.payload:
        first = await _take_numbers(row.person_id, count)
        row.payload = {**row.payload, "numbered_from": first}
        await _mine(row).update(payload=row.payload)
    return int(row.payload["numbered_from"])


async def _take_numbers(person_id: int, count: int) -> int:
    taken = await Conversation._meta.db.execute_query_dict(_NUMBERS, [person_id, count])
    return taken[0]["last"] - count + 1 if taken else FIRST_NUMBER


async def part_sent(row: Outbox, parts: int) -> None:
    """`parts` of its messages went out as customer messages; the platform allows one fewer."""
    row.payload = {**row.payload, "sent_parts": parts}
    await _mine(row).update(payload=row.payload)
    await Outbox._meta.db.execute_query(_STILL_SENDING, [clock.held(), row.id])
    await windows.used(row.person_id)


async def window_closed(row: Outbox) -> None:
    """The platform refused for its window, whatever our ledger said."""
    await windows.refused(row.person_id)


async def sent(row: Outbox, *, reply: Json | None = None, platform_id: str = "") -> None:
    """`reply` is what the person sees, kept so that a typed number finds its option."""
    payload = {**row.payload, "reply": reply} if reply is not None else row.payload
    await _mine(row).update(
        status=OutboxStatus.SENT,
        payload=payload,
        platform_id=platform_id,
        sent_at=clock.now(),
        errcode=None,
        error="",
    )


async def in_review(row: Outbox, *, reply: Json, platform_id: str) -> None:
    """The platform looks at it first, and delivers it by itself: neither sent nor refused until it reports."""
    await _mine(row).update(
        status=OutboxStatus.REVIEW,
        payload={**row.payload, "reply": reply},
        platform_id=platform_id,
        sent_at=clock.now(),
        errcode=None,
        error="",
    )


async def unanswered(row: Outbox) -> None:
    """It may have arrived, and may be sent again for as long as the platform knows it for the same."""
    row.payload = {"unanswered_at": clock.now().isoformat(), **row.payload}
    await _mine(row).update(payload=row.payload)


def unanswered_for(row: Outbox) -> timedelta:
    """How long ago it may first have arrived; nothing for a row that surely did not."""
    first = row.payload.get("unanswered_at")
    return clock.now() - datetime.fromisoformat(first) if first else timedelta(0)


async def retry(row: Outbox, fault: Fault, *, after: timedelta) -> None:
    await _mine(row).update(
        status=OutboxStatus.PENDING,
        not_before=clock.now() + after,
        errcode=fault.errcode,
        error=fault.words,
    )


async def next_rung(row: Outbox, fault: Fault, rung: str) -> None:
    """Refused as it was; try it at once as something else."""
    await _mine(row).update(
        status=OutboxStatus.PENDING,
        rung=rung,
        not_before=clock.now(),
        errcode=fault.errcode,
        error=fault.words,
    )


async def failed(row: Outbox, fault: Fault, *, reply: Json | None = None) -> None:
    """Every rung refused it (`reply`, in words): staff have to call. Needs a unit of work."""
    if reply is not None:
        row.payload = {**row.payload, "reply": reply}
    await _give_up(row, OutboxStatus.FAILED, fault, "undelivered")


async def unknown(row: Outbox, fault: Fault, *, reply: Json | None = None) -> None:
    """It may have arrived (`reply`, in words). Never sent again; staff decide."""
    if reply is not None:
        row.payload = {**row.payload, "reply": reply}
        await _mine(row).update(payload=row.payload, sent_at=clock.now())
    await _give_up(row, OutboxStatus.UNKNOWN, fault, "delivery_unknown")


async def _give_up(row: Outbox, status: OutboxStatus, fault: Fault, reason: str) -> None:
    found = Outbox.filter(id=row.id, status=row.status)  # not if somebody decided in the meantime
    if not await found.update(status=status, errcode=fault.errcode, error=fault.words):
        return
    if str(row.payload.get("phrase", "")).startswith(_OF_STAFF):
        return
    ticket = await _ticket(row)
    await staff_tasks.gather(
        TaskKind.PHONE,
        reason,
        key=f"outbox:{row.id}",
        values={"said": _said(row.payload), "why": fault.words},
        community_id=ticket.community_id if ticket else await homes.community_of(row.person_id),
        person_id=row.person_id,
        ticket_id=ticket.id if ticket else None,
    )


def _said(payload: Json) -> str:
    """What was to be said, as far as it was put into words."""
    return str(payload.get("reply", {}).get("text", ""))


async def _ticket(row: Outbox) -> Ticket | None:
    """The ticket that the message is about, if it still exists."""
    named = row.payload.get("values", {}).get("ticket")
    return await Ticket.filter(id=named).first() if isinstance(named, int) else None


async def give_up_on_stuck(older_than: timedelta) -> int:
    """Rows whose worker died while sending: whether they went out, nobody knows. How many there were."""
    found = await Outbox._meta.db.execute_query_dict(_STUCK, [clock.held(), older_than])
    stuck = await Outbox.filter(id__in=[row["id"] for row in found])
    for row in stuck:
        await unknown(row, Fault("发送时程序中断"))
    return len(stuck)


async def give_up_on_reviews(older_than: timedelta) -> int:
    """Messages that the platform kept for review and never reported on. How many there were."""
    kept = Outbox.filter(status=OutboxStatus.REVIEW, sent_at__lt=clock.now() - older_than)
    rows = await kept.limit(100)
    for row in rows:
        await unknown(row, Fault("微信一直没有给出审核结果"))
    return len(rows)


async def reported(platform_id: str, fault: str) -> None:
    """The platform's later word on a template message that it had taken; `fault` "" means that it arrived."""
    if not fault and platform_id:
        passed = Outbox.filter(platform_id=platform_id, status=OutboxStatus.REVIEW)
        await passed.update(status=OutboxStatus.SENT)
    if fault and platform_id.isdecimal() and not await _withdraw(platform_id, fault):
        # The word may come before the worker wrote down the id that it is about.
        due = clock.now() + _REPORT_AGAIN
        await timers.set_timer(REPORT, int(platform_id), due, note={"fault": fault})


async def _withdraw(platform_id: str, fault: str) -> bool:
    """Sent after all it was not. False when no row has that id."""
    taken = (OutboxStatus.SENT, OutboxStatus.REVIEW)
    row = await Outbox.get_or_none(platform_id=platform_id, status__in=taken)
    if row is not None:
        await _give_up(row, OutboxStatus.FAILED, Fault(fault), "undelivered")
    return row is not None


async def report_again(platform_id: int, note: Json) -> None:
    await _withdraw(str(platform_id), note["fault"])


def _mine(row: Outbox) -> QuerySet[Outbox]:
    """The row, unless somebody else decided about it in the meantime."""
    return Outbox.filter(id=row.id, status=OutboxStatus.SENDING)
