"""What becomes of an outbox row.

`workers/delivery` claims rows, sends them, and says here how it went. A row is claimed in a transaction of its
own, so a worker that is killed leaves it `sending`; nobody sends it again, the sweep marks it `unknown`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from tortoise.queryset import QuerySet

from models.conversations import Conversation, Hold
from models.outbox import Outbox, OutboxStatus
from models.tasks import TaskKind
from models.tickets import Ticket
from models.values import Json
from services import clock, staff_tasks, timers
from services.delivery import windows
from services.estate import homes

REPORT = "delivery_report"
_REPORT_AGAIN = timedelta(seconds=30)
_READABLE_FOR = timedelta(days=7)  # by the link of a template message

UNREACHED, UNREACHED_KIND = "notice_unreached", TaskKind.PHONE
TEMPLATE = "template"
SUBSCRIPTION = "subscription"
_NOTICE = "notice."
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

_WAITS_AGAIN = """
UPDATE conversation SET waiting_since = least(waiting_since, $2) WHERE person_id = $1 AND hold <> 'bot'
"""

_FACTS = "UPDATE outbox SET payload = payload || $1::jsonb WHERE id = $2 AND status = 'sending'"

# The turn counts on under the conversation's lock, which this waits for.
_NUMBERS = """
UPDATE conversation SET options_shown = options_shown + $2 WHERE person_id = $1 RETURNING options_shown AS last
"""
FIRST_NUMBER = 1001  # of somebody who never wrote, and so has no conversation that counts


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed message with whom it is for. `sends_left` is what our ledger allows, None when it is empty: then the
    platform says.
    """

    id: int
    key: str
    person_id: int
    channel_id: str
    following: bool
    payload: Json
    status: OutboxStatus
    rung: str
    attempts: int
    sends_left: int | None
    subscriptions_left: int = 0
    held: bool = False  # people talk with this person now
    fleeting: bool = False  # what is left ends within the minute


@dataclass(frozen=True, slots=True)
class Told:
    """The words of a message that went out, and whose they are."""

    text: str
    channel_id: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why it was not sent, which `task.undelivered` words, and the number that the platform gave, if any."""

    code: str
    errcode: int | None = None


async def told(outbox_id: int) -> Told | None:
    """What a message says that went out a short while ago; None for any other."""
    left = (OutboxStatus.SENT, OutboxStatus.REVIEW, OutboxStatus.UNKNOWN)
    fresh = Outbox.filter(id=outbox_id, status__in=left, sent_at__gt=clock.now() - _READABLE_FOR)
    row = await fresh.select_related("person").first()
    text = str(row.payload.get("reply", {}).get("text", "")) if row else ""
    return Told(text, row.person.channel_id) if row and text else None


async def claim(limit: int) -> list[Letter]:
    """Up to `limit` messages, now `sending`."""
    rows = await Outbox._meta.db.execute_query_dict(_CLAIM, [clock.held(), limit])
    if not rows:
        return []
    return await _letters(Outbox.filter(id__in=[row["id"] for row in rows]))


async def letters(ids: Sequence[int]) -> list[Letter]:
    return await _letters(Outbox.filter(id__in=list(ids)))


async def _letters(found: QuerySet[Outbox]) -> list[Letter]:
    return [_letter(one) for one in await found.order_by("id").select_related("person__conversation")]


def _letter(outbox: Outbox) -> Letter:
    conversation: Conversation | None = getattr(outbox.person, "conversation", None)
    opened = windows.of(conversation)
    return Letter(
        id=outbox.id,
        key=outbox.key,
        person_id=outbox.person_id,
        channel_id=outbox.person.channel_id,
        following=outbox.person.following,
        payload=outbox.payload,
        status=outbox.status,
        rung=outbox.rung,
        attempts=outbox.attempts,
        sends_left=opened.left(clock.now()),
        fleeting=opened.fleeting(clock.now()),
        subscriptions_left=conversation.subscriptions_left if conversation else 0,
        held=conversation is not None and conversation.hold is Hold.STAFF,
    )


async def fellows(letter: Letter) -> list[Letter]:
    """Other news that is due for the same person now, also `sending` from here on; none beside what is no news."""
    if "phrase" not in letter.payload or letter.attempts > 1:
        return []
    found = await Outbox._meta.db.execute_query_dict(
        _FELLOWS, [clock.held(), letter.person_id, letter.id, _MOST_FELLOWS]
    )
    return await _letters(Outbox.filter(id__in=[one["id"] for one in found])) if found else []


async def wait(letter: Letter, span: timedelta) -> None:
    """It can wait for a better moment, as if it had never been claimed; what comes behind it need not."""
    later = {"attempts": letter.attempts - 1, "not_before": clock.now() + span}
    await _mine(letter).update(status=OutboxStatus.PENDING, **later)


async def put_back(letter: Letter) -> None:
    """A claimed letter that has to wait for its turn after all, as if it had never been claimed."""
    await _mine(letter).update(status=OutboxStatus.PENDING, attempts=letter.attempts - 1)


async def due_in() -> float | None:
    """Seconds until the next row that waits for its time; None without one."""
    now = clock.now()
    soon = Outbox.filter(status=OutboxStatus.PENDING, not_before__gt=now).order_by("not_before")
    row = await soon.first().only("not_before")
    return (row.not_before - now).total_seconds() if row else None


async def numbers(letter: Letter, count: int) -> int:
    """The first of `count` numbers for the options of this message; the same ones when it is sent again."""
    if "numbered_from" in letter.payload:
        return int(letter.payload["numbered_from"])
    first = await _take_numbers(letter.person_id, count)
    await _keep(letter, {"numbered_from": first})
    return first


async def _take_numbers(person_id: int, count: int) -> int:
    taken = await Conversation._meta.db.execute_query_dict(_NUMBERS, [person_id, count])
    return int(taken[0]["last"]) - count + 1 if taken else FIRST_NUMBER


async def _keep(letter: Letter, facts: Json) -> None:
    """What is known of this sending, so that the next attempt knows it, too."""
    await Outbox._meta.db.execute_query(_FACTS, [orjson.dumps(facts).decode(), letter.id])


async def part_sent(letter: Letter, parts: int) -> None:
    """`parts` of its messages went out as customer messages; the platform allows one fewer."""
    await _keep(letter, {"sent_parts": parts})
    await Outbox._meta.db.execute_query(_STILL_SENDING, [clock.held(), letter.id])
    await windows.used(letter.person_id)


async def window_closed(letter: Letter) -> None:
    """The platform refused for its window, whatever our ledger said."""
    await windows.refused(letter.person_id)


async def sent(letter: Letter, *, reply: Json | None = None, platform_id: str = "") -> None:
    """`reply` is what the person sees, kept so that a typed number finds its option."""
    payload = {**letter.payload, "reply": reply} if reply is not None else letter.payload
    await _mine(letter).update(
        status=OutboxStatus.SENT,
        payload=payload,
        platform_id=platform_id,
        sent_at=clock.now(),
        errcode=None,
        error="",
    )


async def in_review(letter: Letter, *, reply: Json, platform_id: str) -> None:
    """The platform looks at it first, and delivers it by itself: neither sent nor refused until it reports."""
    await _mine(letter).update(
        status=OutboxStatus.REVIEW,
        payload={**letter.payload, "reply": reply},
        platform_id=platform_id,
        sent_at=clock.now(),
        errcode=None,
        error="",
    )


async def unanswered(letter: Letter) -> None:
    """It may have arrived, and may be sent again for as long as the platform knows it for the same."""
    if "unanswered_at" not in letter.payload:
        await _keep(letter, {"unanswered_at": clock.now().isoformat()})


def unanswered_for(letter: Letter) -> timedelta:
    """How long ago it may first have arrived; nothing for a letter that surely did not."""
    first = letter.payload.get("unanswered_at")
    return clock.now() - datetime.fromisoformat(first) if first else timedelta(0)


async def retry(letter: Letter, fault: Fault, *, after: timedelta) -> None:
    await _mine(letter).update(
        status=OutboxStatus.PENDING,
        not_before=clock.now() + after,
        errcode=fault.errcode,
        error=fault.code,
    )


async def next_rung(letter: Letter, fault: Fault, rung: str) -> None:
    """Refused as it was; try it at once as something else."""
    await _mine(letter).update(
        status=OutboxStatus.PENDING,
        rung=rung,
        not_before=clock.now(),
        errcode=fault.errcode,
        error=fault.code,
    )


async def failed(letter: Letter, fault: Fault, *, reply: Json | None = None) -> None:
    """Every rung refused it (`reply`, in words): staff have to call. Needs a unit of work."""
    await _give_up(letter, OutboxStatus.FAILED, fault, "undelivered", reply)


async def unknown(letter: Letter, fault: Fault, *, reply: Json | None = None) -> None:
    """It may have arrived (`reply`, in words). Never sent again; staff decide."""
    if reply is not None:
        await _mine(letter).update(payload={**letter.payload, "reply": reply}, sent_at=clock.now())
    await _give_up(letter, OutboxStatus.UNKNOWN, fault, "delivery_unknown", reply)


async def _give_up(
    letter: Letter, status: OutboxStatus, fault: Fault, reason: str, reply: Json | None = None
) -> None:
    found = Outbox.filter(id=letter.id, status=letter.status)  # not if somebody decided in the meantime
    if not await found.update(status=status, errcode=fault.errcode, error=fault.code):
        return
    if str(letter.payload.get("phrase", "")).startswith(_OF_STAFF):
        return
    if status is OutboxStatus.FAILED:
        await _waits_again(letter)
    said = reply or letter.payload.get("reply", {})
    if str(letter.payload.get("phrase", "")).startswith(_NOTICE):
        await _not_reached(letter)
        return
    ticket = await _ticket(letter)
    await staff_tasks.gather(
        TaskKind.PHONE,
        reason,
        key=f"outbox:{letter.id}",
        values={"said": str(said.get("text", "")), "why": fault.code, "errcode": fault.errcode},
        community_id=ticket.community_id if ticket else await homes.community_of(letter.person_id),
        person_id=letter.person_id,
        ticket_id=ticket.id if ticket else None,
    )


async def _waits_again(letter: Letter) -> None:
    """What staff said did not arrive: the resident has waited since before it."""
    if waited := letter.payload.get("waited"):
        await Conversation._meta.db.execute_query(
            _WAITS_AGAIN, [letter.person_id, datetime.fromisoformat(waited)]
        )


async def _not_reached(letter: Letter) -> None:
    """A notice that many did not get is one task for each community: nobody calls three hundred people."""
    values, community_id = letter.payload.get("values", {}), await homes.community_of(letter.person_id)
    await staff_tasks.tally(
        UNREACHED_KIND,
        UNREACHED,
        key=unreached_key(values, community_id),
        values={"title": str(values.get("title", ""))},
        community_id=community_id,
    )


def unreached_key(values: Json, community_id: int | None) -> str:
    return f"notice:{values.get('notice')}:{community_id}:unreached"


async def _ticket(letter: Letter) -> Ticket | None:
    """The ticket that the message is about, if it still exists."""
    named = letter.payload.get("values", {}).get("ticket")
    return await Ticket.filter(id=named).first() if isinstance(named, int) else None


async def give_up_on_stuck(older_than: timedelta) -> int:
    """Rows whose worker died while sending: whether they went out, nobody knows. How many there were."""
    found = await Outbox._meta.db.execute_query_dict(_STUCK, [clock.held(), older_than])
    stuck = await _letters(Outbox.filter(id__in=[one["id"] for one in found]))
    for letter in stuck:
        await unknown(letter, Fault("interrupted"))
    return len(stuck)


async def give_up_on_reviews(older_than: timedelta) -> int:
    """Messages that the platform kept for review and never reported on. How many there were."""
    kept = Outbox.filter(status=OutboxStatus.REVIEW, sent_at__lt=clock.now() - older_than)
    letters = await _letters(kept.limit(100))
    for letter in letters:
        await unknown(letter, Fault("no_review"))
    return len(letters)


async def reported(platform_id: str, fault: str) -> None:
    """The platform's later word on a template message that it had taken; `fault` "" means that it arrived."""
    if not fault and platform_id:
        passed = Outbox.filter(platform_id=platform_id, status=OutboxStatus.REVIEW)
        await passed.update(status=OutboxStatus.SENT)
        await Outbox.filter(platform_id=platform_id, status=OutboxStatus.SENT).update(arrived_at=clock.now())
    if fault and platform_id.isdecimal() and not await _withdraw(platform_id, fault):
        # The word may come before the worker wrote down the id that it is about.
        due = clock.now() + _REPORT_AGAIN
        await timers.set_timer(REPORT, int(platform_id), due, note={"fault": fault})


async def _withdraw(platform_id: str, fault: str) -> bool:
    """Sent after all it was not. False when no row has that id."""
    taken = (OutboxStatus.SENT, OutboxStatus.REVIEW)
    found = await _letters(Outbox.filter(platform_id=platform_id, status__in=taken))
    for letter in found:
        await _give_up(letter, OutboxStatus.FAILED, Fault(fault), "undelivered")
    return bool(found)


async def report_again(platform_id: int, note: Json) -> None:
    await _withdraw(str(platform_id), note["fault"])


def _mine(letter: Letter) -> QuerySet[Outbox]:
    """The letter, unless somebody else decided about it in the meantime."""
    return Outbox.filter(id=letter.id, status=OutboxStatus.SENDING)
