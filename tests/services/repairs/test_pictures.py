"""Photos that staff add: seen with the others, each an event, and told to whoever has yet to do the job."""

import pytest

from models.community import ManagementOffice
from models.events import SubjectKind
from models.media import MediaFile
from models.people import Person, Role, Staff, Technician
from models.tickets import PhotoStage, Ticket
from services import actors, events
from services.actors import OPERATOR, Actor
from services.errors import Invalid, NotAllowed, NotFound
from services.repairs import job_pages, merging, pictures, ratings, sheet
from services.repairs.job_links import token
from tests.world import estate
from tests.world.estate import Estate, told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")

FIRST, SECOND = "a" * 64, "b" * 64
BEFORE, AFTER = PhotoStage.BEFORE, PhotoStage.AFTER


@pytest.fixture
async def clerk(place: Estate) -> Actor:
    made = await Staff.create(login="clerk", name="小徐", role=Role.SERVICE, office=place.office)
    return await actors.staff(made.id)


async def _attach(ticket_id: int, *hashes: str, stage: PhotoStage = BEFORE, actor: Actor) -> int:
    return await within(pictures.attach(ticket_id, hashes, stage=stage, actor=actor))


async def _shown(ticket_id: int) -> list[tuple[str, str, str]]:
    return [(one.stored, one.stage, one.staff) for one in await pictures.of(ticket_id)]


async def test_each_is_an_event_and_seen_as_added_by_staff(
    place: Estate, plumber: Technician, clerk: Actor
) -> None:
    made = await estate.given_to(place, plumber)
    assert await _attach(made.id, FIRST, SECOND, FIRST, actor=clerk) == 2
    assert await _attach(made.id, SECOND, stage=AFTER, actor=clerk) == 0  # it is there already
    assert await _shown(made.id) == [(FIRST, "before", "小徐"), (SECOND, "before", "小徐")]
    happened = await events.of(SubjectKind.TICKET, made.id, verbs=["attach"])
    assert [(one.actor_kind, one.body["stage"]) for one in happened] == [("staff", "before")] * 2
    assert {one.person_id for one in await MediaFile.all()} == {place.resident.id}
    assert plumber.person_id is not None
    assert (await told(plumber.person_id)).count("job.office_photo") == 1
    page = await job_pages.read(token(made.id, plumber.id))
    assert [(one.after, one.staff) for one in page.photos] == [(False, "小徐")] * 2
    assert await sheet.photo(made.id, page.photos[0].media_id, actor=clerk) == (FIRST, "image/jpeg")


async def test_of_work_that_is_done_nobody_is_told_and_it_is_shown_when_it_is_done_anew(
    place: Estate, plumber: Technician, clerk: Actor
) -> None:
    made = await estate.finished(place, plumber)
    await within(ratings.close(made.id, actor=OPERATOR))
    assert await _attach(made.id, FIRST, stage=AFTER, actor=clerk) == 1
    assert await Ticket.filter(id=made.id, status="closed").exists()
    assert plumber.person_id is not None
    assert "job.office_photo" not in await told(plumber.person_id)
    await within(ratings.not_fixed(made.id, reason="还漏", actor=clerk))
    page = await job_pages.read(token(made.id, plumber.id))
    assert [(one.after, one.staff) for one in page.photos] == [(True, "小徐")]


async def test_those_of_a_merged_one_stay_with_it_and_are_seen_with_the_living(
    place: Estate, clerk: Actor
) -> None:
    main, other = await estate.reported(place), await estate.reported(place)
    await within(merging.merge(other.id, into_id=main.id, actor=OPERATOR))
    await _attach(other.id, FIRST, actor=clerk)
    assert await _shown(main.id) == [(FIRST, "before", "小徐")]
    assert [one.verb for one in await events.of(SubjectKind.TICKET, main.id)][-1] == "attach"
    await within(merging.unmerge(other.id, actor=OPERATOR))
    assert (await _shown(main.id), await _shown(other.id)) == ([], [(FIRST, "before", "小徐")])


async def test_none_too_many_and_those_of_strangers_are_refused(place: Estate, clerk: Actor) -> None:
    made = await estate.reported(place)
    some = [f"{number:064x}" for number in range(20)]
    for hashes, phrase in (((), "photos_needed"), (some[:10], "too_many_photos")):
        with pytest.raises(Invalid, match=phrase):
            await _attach(made.id, *hashes, actor=clerk)
    await _attach(made.id, *some[:9], actor=clerk)
    await _attach(made.id, *some[9:18], actor=clerk)
    with pytest.raises(Invalid, match="too_many_photos"):
        await _attach(made.id, some[18], actor=clerk)
    far = await Staff.create(
        login="far", name="远", role=Role.SERVICE, office=await ManagementOffice.create(name="西区")
    )
    with pytest.raises(NotFound):
        await _attach(made.id, FIRST, actor=await actors.staff(far.id))
    neighbour = await Person.create(channel_id="o_neighbour")
    with pytest.raises(NotAllowed):
        await _attach(made.id, FIRST, actor=actors.person(neighbour.id))
