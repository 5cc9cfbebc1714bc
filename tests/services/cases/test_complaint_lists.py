"""What the list and the sheet of complaints show to staff: which, in what order, and nothing of who stays unnamed."""

from datetime import timedelta

import pytest

from models.complaints import Complaint, ComplaintKind
from models.media import MediaFile, MediaStatus
from models.outbox import Outbox, OutboxStatus
from models.people import Person
from services import actors, clock
from services.cases import complaint_desk, complaint_lists, complaint_sheet, complaints
from services.cases.complaint_lists import Tab, Wanted, Whose
from services.errors import NotFound
from tests.services.cases.complained import complain, numbers
from tests.world import places
from tests.world.asked import statements
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database", "monday")


async def test_what_was_sent_shows_how_it_goes(resident: Person) -> None:
    clerk, made = await places.clerk(), await complain(resident)
    await within(complaint_desk.answer(made.id, "已处理。", actor=clerk))
    for status, arrived, shown in (
        (OutboxStatus.PENDING, None, "pending"),
        (OutboxStatus.SENT, None, "sent"),
        (OutboxStatus.SENT, clock.now(), "arrived"),
        (OutboxStatus.FAILED, None, "failed"),
    ):
        await Outbox.filter(person_id=resident.id).update(status=status, arrived_at=arrived, error="media")
        assert (await complaint_sheet.of(made.id, actor=clerk)).happened[-1].sent == shown


async def test_an_anonymous_one_is_told_by_nothing_of_its_sheet_or_list(resident: Person) -> None:
    clerk, me = await places.clerk(), actors.person(resident.id)
    made = await within(complaints.submit(ComplaintKind.COMPLAINT, "噪音", "太吵", actor=me, anonymous=True))
    sheet = await complaint_sheet.of(made.id, actor=clerk)
    assert (sheet.name, sheet.house, sheet.phone, sheet.talk) == ("", "", "", None)
    with pytest.raises(NotFound):
        await within(complaint_sheet.phone(made.id, actor=clerk))
    [row] = (await complaint_lists.page(Tab.NEW, actor=clerk)).rows
    assert (row.name, row.house) == ("", "")
    assert not (await complaint_lists.page(Tab.NEW, actor=clerk, wanted=Wanted(search="1-1-101"))).rows


async def test_a_photo_is_shown_of_its_own_complaint_alone(resident: Person) -> None:
    clerk, me = await places.clerk(), actors.person(resident.id)
    file = await MediaFile.create(
        person=resident, media_id="m", status=MediaStatus.STORED, sha256="a" * 64, mime="image/jpeg"
    )
    made = await within(
        complaints.submit(ComplaintKind.COMPLAINT, "噪音", "看图", actor=me, media_ids=[file.id])
    )
    other = await complain(resident)
    [picture] = (await complaint_sheet.of(made.id, actor=clerk)).pictures
    assert (await complaint_sheet.picture(made.id, picture.id, actor=clerk)).sha256 == "a" * 64
    with pytest.raises(NotFound):
        await complaint_sheet.picture(other.id, picture.id, actor=clerk)


async def test_tabs_count_what_they_hold_and_what_is_due_first_stands_on_top(resident: Person) -> None:
    clerk = await places.clerk()
    made = [await complain(resident, f"第{number}件") for number in range(4)]
    await within(complaint_desk.accept(made[1].id, actor=clerk))
    await within(complaint_desk.answer(made[2].id, "已处理。", actor=clerk))
    await Complaint.filter(id=made[3].id).update(respond_by=clock.now() - timedelta(hours=1))
    assert await numbers(Tab.NEW, clerk) == [made[3].number, made[0].number]
    counts = await complaint_lists.counts(actor=clerk)
    assert counts == {Tab.NEW: 2, Tab.WORKING: 1, Tab.ANSWERED: 1, Tab.ENDED: 0, Tab.ALL: 4}
    assert await complaint_lists.late(actor=clerk) == 1
    assert await numbers(Tab.ALL, clerk, Wanted(late=True)) == [made[3].number]
    assert await numbers(Tab.ALL, clerk, Wanted(whose=Whose.MINE)) == [made[2].number, made[1].number]
    assert await numbers(Tab.ALL, clerk, Wanted(search="第0件")) == [made[0].number]
    assert await numbers(Tab.ALL, clerk, Wanted(search=made[1].number.lower())) == [made[1].number]
    with statements() as asked:  # with houses joined, one without a hit takes five times as long
        assert (
            sum((await complaint_lists.counts(actor=clerk, wanted=Wanted(search="没有这句"))).values()) == 0
        )
    assert not [one for one in asked if "JOIN" in one and '"complaint"' in one]
    assert await numbers(Tab.ALL, clerk, Wanted(kind=ComplaintKind.SUGGESTION)) == []


@pytest.mark.parametrize("tab", [Tab.NEW, Tab.ALL])
async def test_pages_follow_each_other_without_a_gap_or_a_doublet(resident: Person, tab: Tab) -> None:
    clerk = await places.clerk()
    everything = {(await complain(resident)).number for _ in range(5)}
    seen: list[str] = []
    after = ""
    while True:
        page = await complaint_lists.page(tab, actor=clerk, after=after, limit=2)
        seen += [one.number for one in page.rows]
        if not (after := page.after):
            break
    assert len(seen) == 5 and set(seen) == everything
