"""What staff do, each with something to do it to, for trying who may."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from models.activities import SignUp
from models.billing import PaymentMethod
from models.community import House
from models.people import BindingStatus, Role, Staff, Technician
from models.tasks import TaskKind
from models.tickets import Ticket
from services import actors, clock, staff_tasks
from services.cases import complaint_course, complaint_desk, request_desk
from services.community import activities, notices, surveys
from services.desk import notes, ratings, replies, taking
from services.desk.replies import Words
from services.estate import reviews
from services.money import payments
from services.repairs import by_phone, dispatch, handling, merging
from tests.world import estate, offices
from tests.world.offices import Subject, Town

Act = Callable[[int, int], Awaitable[object]]  # what it is done to, who


async def _with_plumber(town: Town, who: int) -> int:
    await estate.technician(town.place, "挑中的", on_duty=False)
    return await offices.ticket(town, who)


async def _assign(ticket_id: int, who: int) -> None:
    chosen = await Technician.filter(name="挑中的").get()
    await dispatch.assign(ticket_id, technician_id=chosen.id, actor=await actors.staff(who))


async def _merge(ticket_id: int, who: int) -> None:
    main = await Ticket.all().order_by("id").first()
    assert main is not None
    await merging.merge(ticket_id, into_id=main.id, actor=await actors.staff(who))


async def _transfer(talk_id: int, who: int) -> None:
    colleague, _ = await Staff.get_or_create({"name": "小唐", "role": Role.SERVICE}, login="colleague")
    await taking.transfer(talk_id, actor=await actors.staff(who), to_staff_id=colleague.id)


async def _snooze(talk_id: int, who: int) -> None:
    await taking.snooze(talk_id, None, actor=await actors.staff(who))


async def _say(talk_id: int, who: int) -> None:
    await replies.say(talk_id, Words("您好"), key="page-key-1", seen=None, actor=await actors.staff(who))


async def _wait_for_word(talk_id: int, who: int) -> None:
    words, clerk = Words("您好"), await actors.staff(who)
    await replies.wait_for_word(talk_id, words, key="page-key-1", seen=None, actor=clerk)


async def _resolve(talk_id: int, who: int) -> None:
    await ratings.resolve(talk_id, seen=None, actor=await actors.staff(who))


async def _close_survey(survey_id: int, who: int) -> None:
    await surveys.close(survey_id, actor=await actors.staff(who))


async def _cancel_activity(activity_id: int, who: int) -> None:
    await activities.cancel(activity_id, reason="台风", actor=await actors.staff(who))


async def _check_in(activity_id: int, who: int) -> None:
    signed_up = await SignUp.get()
    await activities.check_in(activity_id, signed_up.code, actor=await actors.staff(who))


async def _publish(notice_id: int, who: int) -> None:
    await notices.publish(notice_id, actor=await actors.staff(who))


async def _withdraw(notice_id: int, who: int) -> None:
    await notices.withdraw(notice_id, actor=await actors.staff(who))


async def _pay(bill_id: int, who: int) -> None:
    house = await House.get(bills__isnull=False)
    clerk = await actors.staff(who)
    await payments.record(house.id, [bill_id], 100, method=PaymentMethod.CASH, actor=clerk)


def _as(make: Subject, verb: Callable[..., Awaitable[object]], **more: str | bool) -> tuple[Subject, Act]:
    async def act(it: int, who: int) -> None:
        await verb(it, actor=await actors.staff(who), **more)

    return make, act


async def _reschedule(ticket_id: int, who: int) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    await handling.reschedule(ticket_id, actor=await actors.staff(who), eta=tomorrow)


REPAIRS: dict[str, tuple[Subject, Act]] = {
    "handling.accept": _as(offices.ticket, handling.accept),
    "handling.decline": _as(offices.ticket, handling.decline, reason="重复"),
    "handling.cancel": _as(offices.ticket, handling.cancel),
    "handling.prioritize": _as(offices.ticket, handling.prioritize, urgent=True),
    "handling.remark": _as(offices.ticket, handling.remark, text="先看一下"),
    "handling.hold": _as(offices.working_ticket, handling.hold, reason="等配件"),
    "by_phone.finish": _as(offices.working_ticket, by_phone.finish),
    "by_phone.arrive": _as(offices.confirmed_ticket, by_phone.arrive),
    "handling.look_again": _as(offices.ticket_for_nobody, handling.look_again),
    "handling.reschedule": (offices.confirmed_ticket, _reschedule),
    "dispatch.assign": (_with_plumber, _assign),
    "merging.merge": (offices.second_ticket, _merge),
    "staff_tasks.take dispatch": _as(offices.task(TaskKind.DISPATCH), staff_tasks.take),
    "staff_tasks.done dispatch": _as(offices.task(TaskKind.DISPATCH), staff_tasks.done),
}


DESK: dict[str, tuple[Subject, Act]] = {
    "complaint_desk.accept": _as(offices.complaint, complaint_desk.accept),
    "complaint_desk.answer": _as(offices.complaint, complaint_desk.answer, text="已处理"),
    "complaint_desk.close": _as(offices.complaint, complaint_desk.close, note="重复"),
    "complaint_course.note": _as(offices.complaint, complaint_course.note, text="看过了"),
    "request_desk.accept": _as(offices.request, request_desk.accept),
    "request_desk.decline": _as(offices.request, request_desk.decline, note="没有人手"),
    "request_desk.finish": _as(offices.accepted_request, request_desk.finish),
    "taking.take": _as(offices.talk, taking.take),
    "taking.hand_back": _as(offices.held_talk, taking.hand_back),
    "taking.release": _as(offices.held_talk, taking.release),
    "taking.transfer": (offices.held_talk, _transfer),
    "taking.snooze": (offices.held_talk, _snooze),
    "replies.say": (offices.held_talk, _say),
    "replies.wait_for_word": (offices.held_talk, _wait_for_word),
    "ratings.resolve": (offices.held_talk, _resolve),
    "notes.add": _as(offices.talk, notes.add, text="记一下", key="note-key-1"),
    "reviews.approve": _as(offices.binding(BindingStatus.PENDING), reviews.approve),
    "reviews.confirm": _as(offices.binding(BindingStatus.ACTIVE), reviews.confirm),
    "reviews.settle_well": _as(offices.binding(BindingStatus.PENDING), reviews.settle_well),
    "reviews.reject": _as(offices.binding(BindingStatus.PENDING), reviews.reject, reason="不符"),
    "reviews.disable": _as(offices.binding(BindingStatus.ACTIVE), reviews.disable, reason="搬走"),
    "reviews.restore": _as(offices.binding(BindingStatus.DISABLED), reviews.restore),
    "staff_tasks.done phone": _as(offices.task(TaskKind.PHONE), staff_tasks.done),
    "staff_tasks.done review": _as(offices.task(TaskKind.REVIEW), staff_tasks.done),
}
DESK |= {
    "surveys.close": (offices.survey, _close_survey),
    "activities.cancel": (offices.activity, _cancel_activity),
    "activities.check_in": (offices.activity, _check_in),
    "notices.publish": (offices.notice, _publish),
    "notices.withdraw": (offices.notice, _withdraw),
    "payments.record": (offices.bill, _pay),
}
VERBS = REPAIRS | DESK
