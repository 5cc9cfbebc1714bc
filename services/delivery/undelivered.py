"""Messages that every rung refused, that may or may not have arrived, that the platform took back: people decide."""

from datetime import datetime, timedelta

from models.conversations import Conversation
from models.outbox import Outbox, OutboxStatus
from models.tasks import TaskKind
from models.tickets import Ticket
from models.values import Json
from services import clock, staff_tasks, timers
from services.delivery import claiming, windows
from services.delivery.claiming import Letter
from services.delivery.sending import SUBSCRIPTION, TEMPLATE, Fault
from services.estate import homes

REPORT = "delivery_report"
_REPORT_AGAIN = timedelta(seconds=30)
UNREACHED, UNREACHED_KIND = "notice_unreached", TaskKind.PHONE
_NOTICE = "notice."
_OF_STAFF = "staff."  # such phrases tell staff what stands on their list anyway: nobody need call them
_STUCK = """
SELECT id FROM outbox WHERE status = 'sending' AND claimed_at < coalesce($1, now()) - $2::interval LIMIT 100
"""
_WAITS_AGAIN = """
UPDATE conversation SET waiting_since = least(waiting_since, $2) WHERE person_id = $1 AND hold <> 'bot'
"""


async def failed(letter: Letter, fault: Fault, *, reply: Json | None = None) -> None:
    """Every rung refused it (`reply`, in words): staff have to call. Needs a unit of work."""
    await _give_up(letter, OutboxStatus.FAILED, fault, "undelivered", reply)


async def unknown(letter: Letter, fault: Fault, *, reply: Json | None = None) -> None:
    """It may have arrived (`reply`, in words), and the platform allows one fewer. Never sent again; staff decide."""
    if letter.rung not in (SUBSCRIPTION, TEMPLATE):
        await windows.used(letter.person_id)
    if reply is not None:
        await claiming.mine(letter).update(payload={**letter.payload, "reply": reply}, sent_at=clock.now())
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
    stuck = await claiming.letters_of(Outbox.filter(id__in=[one["id"] for one in found]))
    for letter in stuck:
        await unknown(letter, Fault("interrupted"))
    return len(stuck)


async def give_up_on_reviews(older_than: timedelta) -> int:
    """Messages that the platform kept for review and never reported on. How many there were."""
    kept = Outbox.filter(status=OutboxStatus.REVIEW, sent_at__lt=clock.now() - older_than)
    letters = await claiming.letters_of(kept.limit(100))
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
    found = await claiming.letters_of(Outbox.filter(platform_id=platform_id, status__in=taken))
    for letter in found:
        await _give_up(letter, OutboxStatus.FAILED, Fault(fault), "undelivered")
    return bool(found)


async def report_again(platform_id: int, note: Json) -> None:
    await _withdraw(str(platform_id), note["fault"])
