"""小区活动: what there is, and taking part without ever giving away more seats than there are.

Every change locks the activity's row first; seats, queue and sign-ups are only decided under that lock.
"""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from tortoise.expressions import Q
from tortoise.functions import Sum

from models.activities import Activity, ActivityStatus, SignUp, SignUpStatus
from models.events import SubjectKind
from services import clock, events, outbox, timers, work, worktime
from services.actors import Actor
from services.community import waitlist
from services.community.activity_views import ActivityView, Details, Place, activity_view, place
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import homes
from services.estate.homes import Home
from services.events import Subject
from services.scope import Field

REMINDER_HOUR = 18  # local time, the day before
HOLDS_SEATS = (SignUpStatus.CONFIRMED, SignUpStatus.OFFERED, SignUpStatus.ATTENDED)
_WAITS_OR_COMES = (SignUpStatus.CONFIRMED, SignUpStatus.OFFERED, SignUpStatus.WAITLISTED)


async def visible(person_id: int, *, limit: int = 8) -> list[ActivityView]:
    """Activities still to come for the person's community or for everybody, soonest first."""
    home = await homes.find(person_id)
    coming = Activity.filter(_for(home), status=ActivityStatus.OPEN, starts_at__gt=clock.now())
    return [activity_view(one) for one in await coming.order_by("starts_at", "id").limit(limit)]


async def details(person_id: int, activity_id: int) -> Details:
    """Another community's activity raises NotFound."""
    home = await homes.find(person_id)
    activity = await Activity.get_or_none(Q(id=activity_id), ~Q(status=ActivityStatus.DRAFT), _for(home))
    if activity is None:
        raise NotFound("activity.not_found")
    mine = await _active(activity_id, person_id)
    return Details(
        activity=activity_view(activity),
        left=waitlist.seats_left(activity),
        waiting=await _waiting(activity),
        mine=await place(mine, activity) if mine else None,
        open_for_sign_up=_is_open(activity),
    )


async def mine(person_id: int) -> list[Place]:
    """The person's sign-ups for what is still to come, soonest first."""
    own = SignUp.filter(person_id=person_id, activity__starts_at__gt=clock.now())
    kept = own.exclude(status=SignUpStatus.WITHDRAWN).select_related("activity")
    return [await place(one, one.activity) for one in await kept.order_by("activity__starts_at", "id")]


async def sign_up(
    person_id: int,
    activity_id: int,
    *,
    party_size: int = 1,
    answers: Mapping[str, str] | None = None,
    actor: Actor,
) -> Place:
    """Confirmed when the seats are there, else in the queue: read `status`.

    Raises NotAllowed (binding.needed, activity.closed, activity.already_signed_up), Invalid
    (activity.party_size, activity.answer_missing), NotFound.
    """
    home = await homes.require(person_id)
    activity = await _lock(activity_id, _for(home))
    _check(activity, party_size, answers or {})
    if await _active(activity_id, person_id):
        raise NotAllowed("activity.already_signed_up", title=activity.title)
    found = await SignUp.get_or_none(activity_id=activity_id, person_id=person_id)
    signup = found or SignUp(activity_id=activity_id, person_id=person_id, code=await _code(activity_id))
    signup.community_id, signup.house_id = home.community_id, home.house_id
    signup.party_size, signup.answers, signup.queued_at = party_size, dict(answers or {}), clock.now()
    signup.offered_until = None
    await _seat_or_queue(activity, signup, actor)
    return await place(signup, activity)


async def withdraw(person_id: int, activity_id: int, *, actor: Actor) -> None:
    """Gives the seats back and offers them to the queue."""
    activity = await _lock(activity_id, Q())
    signup = await _require_active(activity_id, person_id)
    if signup.status is SignUpStatus.ATTENDED:
        raise NotAllowed("activity.already_attended", title=activity.title)
    await waitlist.leave(activity, signup, "withdrawn", actor=actor)


async def change_party(person_id: int, activity_id: int, party_size: int, *, actor: Actor) -> Place:
    """More people need free seats (NotAllowed activity.full with what is left); fewer give seats back."""
    activity = await _lock(activity_id, Q())
    _check_party(activity, party_size)
    signup = await _require_active(activity_id, person_id)
    if signup.status is SignUpStatus.ATTENDED:
        raise NotAllowed("activity.already_attended", title=activity.title)
    if signup.status in HOLDS_SEATS:
        more = party_size - signup.party_size
        left = waitlist.seats_left(activity)
        if left is not None and more > left:
            raise NotAllowed("activity.full", title=activity.title, left=left)
        activity.seats_taken += more
        await activity.save(update_fields=["seats_taken"])
    signup.party_size = party_size
    await signup.save(update_fields=["party_size"])
    await waitlist.note(signup, "party_changed", signup.status, str(party_size), actor=actor)
    await waitlist.offer_free_seats(activity)
    return await place(await SignUp.get(id=signup.id), activity)


async def accept_offer(person_id: int, activity_id: int, *, actor: Actor) -> Place:
    """The queue's next takes the kept seats; NotAllowed activity.offer_over when the time is up."""
    activity = await _lock(activity_id, Q())
    signup = await _require_active(activity_id, person_id)
    if signup.status is not SignUpStatus.OFFERED:
        raise NotAllowed("activity.offer_over", title=activity.title)
    await waitlist.change(signup, SignUpStatus.CONFIRMED, "offer_accepted", actor=actor)
    await timers.clear("waitlist_offer_expired", signup.id)
    await _set_reminder(activity)
    return await place(signup, activity)


async def check_in(activity_id: int, code: str, *, actor: Actor) -> Place:
    """By the code people show at the door; NotFound activity.code_unknown, NotAllowed when not confirmed.
    Showing it twice is harmless."""
    own = actor.doing(Field.CONTENT)
    activity = await _lock(activity_id, own.rows())
    signup = await SignUp.get_or_none(activity_id=activity_id, code=code.strip())
    if signup is None:
        raise NotFound("activity.code_unknown")
    if signup.status is SignUpStatus.ATTENDED:
        return await place(signup, activity)
    if signup.status is not SignUpStatus.CONFIRMED:
        raise NotAllowed("activity.not_confirmed")
    signup.attended_at = clock.now()
    await waitlist.change(signup, SignUpStatus.ATTENDED, "attended", actor=actor)
    return await place(signup, activity)


async def remind(activity_id: int) -> None:
    """By timer, the evening before: everybody with a place hears when, where and their check-in code."""
    activity = await Activity.get(id=activity_id)
    if activity.status is not ActivityStatus.OPEN or activity.starts_at <= clock.now():
        return
    morning = await worktime.after_quiet(clock.now())
    if clock.now() < morning < activity.starts_at:
        await timers.set_timer("activity_reminder", activity.id, morning)
        return
    coming = await SignUp.filter(activity_id=activity_id, status=SignUpStatus.CONFIRMED).order_by("id")
    told = [(one.person_id, _reminder(activity, one), f"activity_reminder:{one.id}") for one in coming]
    await outbox.tell_all(told, "activity.reminder")


async def cancel(activity_id: int, *, reason: str, actor: Actor) -> None:
    """It does not take place: everybody with a place or in the queue is told why."""
    own = actor.doing(Field.CONTENT)
    activity = await _lock(activity_id, own.own())
    if activity.status is ActivityStatus.CANCELLED:
        return
    before, activity.status = activity.status, ActivityStatus.CANCELLED
    await activity.save(update_fields=["status"])
    await events.record(
        Subject(SubjectKind.ACTIVITY, activity.id, activity.community_id),
        "cancelled",
        actor=actor,
        before=before,
        after=activity.status,
        note=reason,
    )
    values: dict[str, outbox.Value] = {"title": activity.title, "reason": reason}
    for signup in await SignUp.filter(activity_id=activity_id, status__in=_WAITS_OR_COMES):
        await waitlist.leave(activity, signup, "cancelled", actor=actor)
        await outbox.tell(
            signup.person_id, "activity.cancelled", values, key=f"activity_cancelled:{signup.id}"
        )


def _for(home: Home | None) -> Q:
    everyone = Q(community_id=None)
    return everyone | Q(community_id=home.community_id) if home else everyone


def _is_open(activity: Activity) -> bool:
    return activity.status is ActivityStatus.OPEN and clock.now() < activity.deadline_at


async def _lock(activity_id: int, theirs: Q) -> Activity:
    found = Activity.filter(theirs, id=activity_id).exclude(status=ActivityStatus.DRAFT)
    activity = await work.lock(found)
    if activity is None:
        raise NotFound("activity.not_found")
    return activity


async def _active(activity_id: int, person_id: int) -> SignUp | None:
    own = SignUp.filter(activity_id=activity_id, person_id=person_id)
    return await own.exclude(status=SignUpStatus.WITHDRAWN).first()


async def _require_active(activity_id: int, person_id: int) -> SignUp:
    signup = await _active(activity_id, person_id)
    if signup is None:
        raise NotFound("activity.not_signed_up")
    return signup


def _check(activity: Activity, party_size: int, answers: Mapping[str, str]) -> None:
    if not _is_open(activity):
        raise NotAllowed("activity.closed", title=activity.title)
    _check_party(activity, party_size)
    for question in activity.questions:
        if question.get("required") and not answers.get(question["key"], "").strip():
            raise Invalid("activity.answer_missing", question=str(question["text"]))


def _check_party(activity: Activity, party_size: int) -> None:
    if not 1 <= party_size <= activity.max_party:
        raise Invalid("activity.party_size", most=activity.max_party)


async def _seat_or_queue(activity: Activity, signup: SignUp, actor: Actor) -> None:
    """Whoever waits did not fit into what is free, so a newcomer who fits takes nobody's turn."""
    left = waitlist.seats_left(activity)
    if left is not None and signup.party_size > left:
        await waitlist.change(signup, SignUpStatus.WAITLISTED, "queued", actor=actor)
        return
    activity.seats_taken += signup.party_size
    await activity.save(update_fields=["seats_taken"])
    await waitlist.change(signup, SignUpStatus.CONFIRMED, "signed_up", actor=actor)
    await _set_reminder(activity)


async def _set_reminder(activity: Activity) -> None:
    eve = clock.local(activity.starts_at) - timedelta(days=1)
    due = eve.replace(hour=REMINDER_HOUR, minute=0, second=0, microsecond=0)
    if due > clock.now():
        await timers.set_timer("activity_reminder", activity.id, due)


def _reminder(activity: Activity, signup: SignUp) -> dict[str, outbox.Value]:
    return {
        "title": activity.title,
        "starts": activity.starts_at.isoformat(),
        "place": activity.place,
        "party": signup.party_size,
        "code": signup.code,
        "activity": activity.id,
    }


async def _code(activity_id: int) -> str:
    """Six digits nobody else has at this activity."""
    while True:
        code = f"{secrets.randbelow(1_000_000):06d}"
        if not await SignUp.filter(activity_id=activity_id, code=code).exists():
            return code


async def _waiting(activity: Activity) -> int:
    queue = SignUp.filter(activity_id=activity.id, status=SignUpStatus.WAITLISTED)
    rows = await queue.annotate(people=Sum("party_size")).values("people")
    return int(rows[0]["people"] or 0) if rows else 0
