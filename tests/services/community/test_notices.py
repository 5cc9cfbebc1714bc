"""Notices: only for whom they are meant, read, acknowledged, sent once to each."""

from datetime import timedelta

import pytest

from models.events import SubjectKind
from models.notices import Level, Notice, NoticeKind, NoticeRead, NoticeStatus, NoticeTarget
from models.outbox import Outbox, OutboxStatus
from models.people import Binding, BindingStatus, Person
from models.timers import Timer
from services import actors, clock, events
from services.actors import OPERATOR
from services.community import notices
from services.errors import NotAllowed, NotFound
from tests.world import places
from tests.world.units import within
from workers import schedules
from workers.kinds import KINDS

pytestmark = pytest.mark.usefixtures("database", "monday")


async def _notice(
    title: str,
    level: Level,
    subject_id: int = 0,
    *,
    kind: NoticeKind = NoticeKind.GENERAL,
    push: bool = False,
) -> Notice:
    notice = await Notice.create(title=title, text=f"{title}的内容", kind=kind, push=push)
    await NoticeTarget.create(notice=notice, level=level, subject_id=subject_id)
    return notice


async def _published(
    title: str, level: Level, subject_id: int = 0, *, kind: NoticeKind = NoticeKind.GENERAL
) -> Notice:
    notice = await _notice(title, level, subject_id, kind=kind)
    await within(notices.publish(notice.id, actor=OPERATOR))
    return notice


async def _titles(person: Person, kind: NoticeKind | None = None) -> set[str]:
    return {shown.title for shown in await notices.visible(person.id, kind=kind, limit=50)}


async def test_each_sees_what_is_aimed_at_them_and_nothing_else() -> None:
    here, there = await places.community(), await places.community("阳光家园")
    home, next_door = await places.house(here, "3-2-501"), await places.house(here, "3-1-501")
    far = await places.house(there, "3-2-501")
    assert home.unit_id and next_door.unit_id
    aims = [
        ("全体", Level.ALL, 0),
        ("小区", Level.COMMUNITY, here.id),
        ("3栋", Level.BUILDING, home.building_id),
        ("2单元", Level.UNIT, home.unit_id),
        ("501", Level.HOUSE, home.id),
        ("别的小区", Level.COMMUNITY, there.id),
    ]
    for title, level, subject in aims:
        await _published(title, level, subject)
    person, neighbour = await places.resident(home), await places.resident(next_door)
    stranger, foreigner = await places.person(), await places.resident(far)
    await _published("本人", Level.PERSON, person.id)
    assert await _titles(person) == {"全体", "小区", "3栋", "2单元", "501", "本人"}
    assert await _titles(neighbour) == {"全体", "小区", "3栋"}
    assert await _titles(foreigner) == {"全体", "别的小区"}
    assert await _titles(stranger) == {"全体"}
    own = await Notice.get(title="501")
    with pytest.raises(NotFound):
        await notices.read(neighbour.id, own.id, actor=actors.person(neighbour.id))
    with pytest.raises(NotFound):
        await notices.acknowledge(neighbour.id, own.id, actor=actors.person(neighbour.id))


async def test_who_moved_out_no_longer_sees_the_houses_notices() -> None:
    home = await places.house(await places.community())
    person = await places.resident(home)
    await _published("催缴", Level.HOUSE, home.id)
    assert await _titles(person) == {"催缴"}
    await Binding.filter(person=person).update(status=BindingStatus.ENDED)
    assert await _titles(person) == set()


async def test_what_one_house_is_told_reaches_its_confirmed_residents_alone() -> None:
    home = await places.house(await places.community())
    known, claims = await places.resident(home), await places.person()
    await places.bind(claims, home, matched=False)
    await _published("催缴", Level.HOUSE, home.id)
    await _published("停水", Level.BUILDING, home.building_id)
    assert await _titles(known) == {"催缴", "停水"}
    assert await _titles(claims) == {"停水"}
    pushed = await _notice("再催", Level.HOUSE, home.id, push=True)
    assert await notices.head_count(pushed.id, actor=OPERATOR) == 1


async def test_drafts_scheduled_expired_and_withdrawn_ones_are_not_shown() -> None:
    person = await places.person()
    await _notice("草稿", Level.ALL)
    later = await _notice("定时", Level.ALL)
    await within(notices.publish(later.id, actor=OPERATOR, at=clock.now() + timedelta(hours=1)))
    old = await _published("过期", Level.ALL)
    await Notice.filter(id=old.id).update(expires_at=clock.now())
    back = await _published("撤回", Level.ALL)
    await within(notices.withdraw(back.id, actor=OPERATOR))
    await _published("温馨", Level.ALL, kind=NoticeKind.TIP)
    assert await _titles(person) == {"温馨"}
    assert await _titles(person, NoticeKind.URGENT) == set()


async def test_an_urgent_one_wants_its_receipt_until_the_tap() -> None:
    person = await places.person()
    urgent = await _published("停水", Level.ALL, kind=NoticeKind.URGENT)
    assert (await notices.read(person.id, urgent.id, actor=actors.person(person.id))).wants_receipt
    for _ in range(2):
        assert not (
            await notices.acknowledge(person.id, urgent.id, actor=actors.person(person.id))
        ).wants_receipt
    assert (await NoticeRead.get(person=person)).receipt_at is not None


async def test_its_author_its_receipts_and_its_end_are_recorded() -> None:
    person, clerk = await places.person(), await places.clerk()
    notice = await _notice("停水", Level.ALL, kind=NoticeKind.URGENT)
    await Notice.filter(id=notice.id).update(community_id=(await places.community()).id)
    await within(notices.publish(notice.id, actor=OPERATOR))
    for _ in range(2):
        await notices.acknowledge(person.id, notice.id, actor=actors.person(person.id))
    await within(notices.withdraw(notice.id, actor=OPERATOR))
    happened = await events.of(SubjectKind.NOTICE, notice.id)
    assert [(one.verb, one.actor_kind, one.after) for one in happened] == [
        ("published", "system", "published"),
        ("received", "person", ""),
        ("withdrawn", "system", "withdrawn"),
    ]
    other = await _notice("停电", Level.ALL)
    await Notice.filter(id=other.id).update(community_id=(await places.community("阳光家园")).id)
    await within(notices.publish(other.id, actor=clerk))
    [published] = await events.of(SubjectKind.NOTICE, other.id)
    assert (published.actor_kind, published.actor_id) == ("staff", clerk.id)


async def test_a_pushed_notice_reaches_each_of_its_people_once_in_batches(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(notices, "BATCH", 3)
    here = await places.community()
    home, other = await places.house(here), await places.house(here, "2-1-101")
    people = [await places.resident(home) for _ in range(7)]
    await places.resident(other)
    await Person.filter(id=people[0].id).update(following=False)
    notice = await _notice("停电", Level.BUILDING, home.building_id, kind=NoticeKind.URGENT, push=True)
    await NoticeTarget.create(notice=notice, level=Level.PERSON, subject_id=people[1].id)
    await within(notices.publish(notice.id, actor=OPERATOR))
    assert (await Notice.get(id=notice.id)).head_count == 6
    while timer := await Timer.first():
        await within(KINDS["notice_publish"](timer.subject_id, timer.note))
        await within(
            KINDS["notice_publish"](timer.subject_id, timer.note)
        )  # a worker that died after its batch
        await Timer.filter(id=timer.id).delete()
    told = await Outbox.all().order_by("id")
    assert [row.person_id for row in told] == [person.id for person in people[1:]]
    assert {row.payload["phrase"] for row in told} == {"notice.urgent"}


async def test_a_scheduled_notice_comes_out_at_its_time_and_is_published_once() -> None:
    person = await places.person()
    notice = await _notice("春节快乐", Level.ALL, push=True)
    at = clock.now() + timedelta(hours=2)
    await within(notices.publish(notice.id, actor=OPERATOR, at=at))
    timer = await Timer.get(kind="notice_publish", due_at=at)
    await within(KINDS["notice_publish"](timer.subject_id, timer.note))
    assert (await Notice.get(id=notice.id)).status is NoticeStatus.PUBLISHED
    assert await _titles(person) == {"春节快乐"}
    with pytest.raises(NotAllowed, match=r"notice\.published"):
        await within(notices.publish(notice.id, actor=OPERATOR))


async def test_what_a_withdrawn_notice_has_not_sent_yet_stays_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "BATCH", 2)
    for _ in range(3):
        await places.person()
    notice, other = await _notice("停水", Level.ALL, push=True), await _notice("停电", Level.ALL, push=True)
    for one in (notice, other):
        await within(notices.publish(one.id, actor=OPERATOR))
        await within(notices.run_publish(one.id, after=0))
    gone = await Outbox.filter(key__startswith=f"notice:{notice.id}:").first()
    assert gone is not None
    await Outbox.filter(id=gone.id).update(status=OutboxStatus.SENT)
    await within(notices.withdraw(notice.id, actor=OPERATOR))
    await within(notices.run_publish(notice.id, after=gone.person_id))
    kept = Outbox.filter(status=OutboxStatus.PENDING)
    assert [row.key.rpartition(":")[0] for row in await kept] == [f"notice:{other.id}"] * 2
    assert await Outbox.filter(status=OutboxStatus.CANCELLED).count() == 1


async def test_between_batches_there_is_time_for_what_single_people_wait_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(notices, "BATCH", 1)
    await places.person()
    notice = await _notice("停水", Level.ALL, push=True)
    with clock.fixed(clock.now()):
        await within(notices.publish(notice.id, actor=OPERATOR))
        assert (await Timer.get(kind="notice_publish")).due_at == clock.now()
        await within(notices.run_publish(notice.id, after=0))
        assert (await Timer.all().order_by("-due_at").first()).due_at == clock.now() + notices.PAUSE


@pytest.mark.parametrize(
    ("kind", "sent"), [(NoticeKind.GENERAL, 0), (NoticeKind.FESTIVAL, 0), (NoticeKind.URGENT, 1)]
)
async def test_at_night_only_what_is_urgent_is_sent(kind: NoticeKind, sent: int) -> None:
    person = await places.person()
    notice = await _notice("停水", Level.ALL, kind=kind, push=True)
    night = clock.now().replace(hour=14)  # ten in the evening, here
    with clock.fixed(night):
        await within(notices.publish(notice.id, actor=OPERATOR))
        await schedules.run_due()
        assert await _titles(person) == {"停水"}
        assert await Outbox.all().count() == sent
    with clock.fixed(night + timedelta(hours=9, minutes=59)):
        await schedules.run_due()
        assert await Outbox.all().count() == sent
    with clock.fixed(night + timedelta(hours=10)):
        await schedules.run_due()
    assert (await Outbox.get()).person_id == person.id
    assert not await Timer.exists()
