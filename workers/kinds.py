"""What runs when a timer is due: one written table from the kind of a timer to its function.

Each runs in one unit of work with the timer's end. It locks its own subject first and looks again whether there is
anything to do: the subject may have moved on while the timer waited for that lock.
"""

from collections.abc import Awaitable, Callable, Mapping

from models.values import Json
from services.actors import SYSTEM
from services.cases import complaint_moves, complaints, rounds
from services.community import activities, notices, waitlist
from services.delivery import undelivered
from services.desk import (
    handover,
    held_replies,
    holding,
    opening,
    promises,
    shifts,
    silence,
    taking,
)
from services.estate import tenancies
from services.repairs import deadlines, dispatch, outage_news, outages, sla

Ringing = Callable[[int, Json], Awaitable[None]]  # the subject's id and the timer's note


async def _complaint_first(complaint_id: int, _: Json) -> None:
    await complaints.check_first(complaint_id)


async def _complaint_deadline(complaint_id: int, _: Json) -> None:
    await complaints.check_deadline(complaint_id)


async def _complaint_autoclose(complaint_id: int, _: Json) -> None:
    await complaints.close_answered(complaint_id)


async def _activity_reminder(activity_id: int, _: Json) -> None:
    await activities.remind(activity_id)


async def _waitlist_offer_expired(signup_id: int, _: Json) -> None:
    await waitlist.expire_offer(signup_id)


async def _end_of_snooze(conversation_id: int, _: Json) -> None:
    await taking.wake_due(conversation_id, actor=SYSTEM)


async def _end_of_shift(staff_id: int, _: Json) -> None:
    await shifts.end_due(staff_id, actor=SYSTEM)


async def _notice_publish(notice_id: int, note: Json) -> None:
    await notices.run_publish(notice_id, after=note.get("after"))


async def _end_of_tenancy(binding_id: int, note: Json) -> None:
    await tenancies.run_end(binding_id, str(note.get("reason") or ""), actor=SYSTEM)


KINDS: Mapping[str, Ringing] = {
    dispatch.KIND: dispatch.run,
    deadlines.KIND: sla.ring,
    outage_news.KIND: outages.ring,
    rounds.KIND: rounds.unseen,
    handover.KIND: handover.time_out,
    holding.SILENCE: silence.ring,
    holding.CLOSING: silence.close_for_today,
    held_replies.KIND: held_replies.expire,
    taking.SNOOZE: _end_of_snooze,
    shifts.KIND: _end_of_shift,
    opening.KIND: opening.ring,
    promises.KIND: promises.ring,
    undelivered.REPORT: undelivered.report_again,
    tenancies.KIND: _end_of_tenancy,
    complaint_moves.FIRST: _complaint_first,
    complaint_moves.DEADLINE: _complaint_deadline,
    complaint_moves.AUTOCLOSE: _complaint_autoclose,
    "activity_reminder": _activity_reminder,
    "waitlist_offer_expired": _waitlist_offer_expired,
    "notice_publish": _notice_publish,
}
