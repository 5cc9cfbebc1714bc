"""候补: free seats go to the queue, in its order, each kept for a while. Callers hold the activity's lock."""

from datetime import timedelta

from models.activities import Activity, ActivityStatus, SignUp, SignUpStatus
from models.events import SubjectKind
from services import clock, events, outbox, timers, work
from services.actors import SYSTEM, Actor
from services.events import Subject


def seats_left(activity: Activity) -> int | None:
    """None without a quota."""
    return None if activity.quota is None else max(0, activity.quota - activity.seats_taken)


async def offer_free_seats(activity: Activity) -> None:
    """Offer to each in the queue's order whom the free seats hold; a large party does not block the rest."""
    if activity.status is not ActivityStatus.OPEN or activity.starts_at <= clock.now():
        return
    queue = SignUp.filter(activity_id=activity.id, status=SignUpStatus.WAITLISTED)
    for signup in await queue.order_by("queued_at", "id"):
        left = seats_left(activity)
        if left == 0:
            return
        if left is None or signup.party_size <= left:
            await _offer(activity, signup)


async def leave(activity: Activity, signup: SignUp, verb: str, *, actor: Actor) -> None:
    """Out of the activity or its queue; seats go on to the next."""
    held = signup.status in {SignUpStatus.CONFIRMED, SignUpStatus.OFFERED}
    await change(signup, SignUpStatus.WITHDRAWN, verb, actor=actor)
    await timers.clear("waitlist_offer_expired", signup.id)
    if held:
        activity.seats_taken -= signup.party_size
        await activity.save(update_fields=["seats_taken"])
        await offer_free_seats(activity)


async def expire_offer(signup_id: int) -> None:
    """By timer: seats kept for somebody who did not answer go on to the next, and they are told."""
    known = await SignUp.get_or_none(id=signup_id)
    if known is None:
        return
    activity = await work.lock(Activity.filter(id=known.activity_id))
    assert activity is not None, "a sign-up goes with its activity"
    signup = await SignUp.get(id=signup_id)
    until = signup.offered_until
    if signup.status is SignUpStatus.OFFERED and until and until <= clock.now():
        await leave(activity, signup, "offer_expired", actor=SYSTEM)
        key = f"offer_expired:{signup.id}:{int(until.timestamp())}"
        await outbox.tell(signup.person_id, "activity.offer_expired", {"title": activity.title}, key=key)


async def change(signup: SignUp, to: SignUpStatus, verb: str, *, actor: Actor) -> None:
    before = signup.status if signup.id else None
    signup.status = to
    await signup.save()
    await note(signup, verb, before, actor=actor)


async def note(
    signup: SignUp, verb: str, before: SignUpStatus | None, text: str = "", *, actor: Actor
) -> None:
    await events.record(
        Subject(SubjectKind.SIGN_UP, signup.id, signup.community_id),
        verb,
        actor=actor,
        before=before or "",
        after=signup.status,
        note=text,
        body={"activity": signup.activity_id, "person": signup.person_id},
    )


async def _offer(activity: Activity, signup: SignUp) -> None:
    until = min(clock.now() + timedelta(minutes=activity.offer_minutes), activity.starts_at)
    signup.offered_until = until
    activity.seats_taken += signup.party_size
    await activity.save(update_fields=["seats_taken"])
    await change(signup, SignUpStatus.OFFERED, "offered", actor=SYSTEM)
    await timers.set_timer("waitlist_offer_expired", signup.id, until)
    values: dict[str, outbox.Value] = {
        "title": activity.title,
        "activity": activity.id,
        "party": signup.party_size,
        "until": until.isoformat(),
    }
    key = f"offer:{signup.id}:{int(until.timestamp())}"
    await outbox.tell(signup.person_id, "activity.seat_offered", values, key=key)
