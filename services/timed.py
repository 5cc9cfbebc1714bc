"""What timers of complaints, activities and notices run; the worker imports this."""

from models.conversations import Json
from services import timers
from services.cases import complaints
from services.community import activities, notices, waitlist


@timers.on("complaint_deadline")
async def complaint_deadline(complaint_id: int, _: Json) -> None:
    await complaints.check_deadline(complaint_id)


@timers.on("complaint_autoclose")
async def complaint_autoclose(complaint_id: int, _: Json) -> None:
    await complaints.close_answered(complaint_id)


@timers.on("activity_reminder")
async def activity_reminder(activity_id: int, _: Json) -> None:
    await activities.remind(activity_id)


@timers.on("waitlist_offer_expired")
async def waitlist_offer_expired(signup_id: int, _: Json) -> None:
    await waitlist.expire_offer(signup_id)


@timers.on("notice_publish")
async def notice_publish(notice_id: int, note: Json) -> None:
    await notices.run_publish(notice_id, after=note.get("after"))
