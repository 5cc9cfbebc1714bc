"""One fault reported by several: one of them is repaired, and everybody hears of it once."""

from datetime import timedelta

import pytest

from models.community import Community
from models.events import SubjectKind
from models.media import MediaFile
from models.outbox import Outbox
from models.people import Person, Technician
from models.tasks import StaffTask
from models.tickets import DispatchMode, Ticket
from services import actors, clock, events
from services.actors import OPERATOR
from services.errors import Invalid, NotAllowed, NotFound
from services.repairs import (
    handling,
    jobs,
    known_faults,
    merging,
    pictures,
    ratings,
    reporting,
    sheet,
)
from services.repairs.insertion import Submitted
from services.repairs.moves import Verb
from tests.services.repairs.reports import five, numbers_said, report
from tests.world import estate
from tests.world.estate import Estate, told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


def _ids(made: list[Submitted]) -> list[int]:
    return [one.id for one in made]


async def _mend(made: Submitted, who: Technician) -> None:
    actor = actors.technician(who.id)
    await within(jobs.confirm(made.id, actor=actor, eta=clock.now() + timedelta(hours=1)))
    await within(jobs.arrive(made.id, actor=actor))
    await within(jobs.finish(made.id, actor=actor, materials="水泵一台", cost_fen=3500))


async def test_five_reports_are_one_and_all_hear_of_its_end_once(place: Estate) -> None:
    plumber = await estate.technician(place, "水工")
    people, made = await five(place)
    again = await report(place, people[1])  # somebody who reported it twice
    await within(merging.merge_all([*_ids(made[1:]), again.id], into_id=made[0].id, actor=OPERATOR))
    assert await told(people[1].id) == ["repair.merged"]
    await estate.run_timers()
    await _mend(made[0], plumber)
    for person, own in zip(people, made, strict=True):
        assert (await told(person.id)).count("repair.finished") == 1
        for phrase in ("repair.dispatched", "repair.confirmed", "repair.arrived", "repair.finished"):
            assert await numbers_said(person, phrase) == [own.number]
    costs = await Outbox.filter(payload__contains={"phrase": "repair.finished"}).order_by("person_id")
    assert [row.payload["values"]["cost_fen"] for row in costs] == [3500, None, None, None, None]


async def test_both_ends_have_events_with_numbers(place: Estate) -> None:
    _, (main, other, *_) = await five(place)
    await within(merging.merge(other.id, into_id=main.id, actor=OPERATOR))
    await within(merging.unmerge(other.id, actor=OPERATOR))

    async def happened(one: Submitted) -> list[tuple[str, str]]:
        return [(event.verb, event.note) for event in await events.of(SubjectKind.TICKET, one.id)][1:]

    assert await happened(main) == [("join", other.number), ("part", other.number)]
    assert await happened(other) == [("merge", main.number), ("unmerge", main.number)]


async def test_what_is_said_to_a_merged_one_reaches_the_living_one(place: Estate) -> None:
    plumber = await estate.technician(place, "水工")
    people, (main, other, *_) = await five(place)
    await within(merging.merge(other.id, into_id=main.id, actor=OPERATOR))
    await estate.run_timers()
    me = actors.person(people[1].id)
    await within(reporting.urge(other.id, actor=me))
    with pytest.raises(NotAllowed) as early:
        await within(reporting.urge(main.id, actor=actors.person(people[0].id)))
    assert early.value.values["number"] == main.number
    await within(reporting.add_remark(other.id, "六楼也没水", actor=me))
    assert plumber.person_id is not None
    assert (await told(plumber.person_id))[-2:] == ["job.urged", "job.remark"]
    assert (await estate.ticket(main)).urged_count == 1
    for verb in (Verb.APPOINT, Verb.CORRECT):
        with pytest.raises(NotAllowed) as refused:
            await within(reporting.check(other.id, verb, actor=me))
        assert refused.value.values["into"] == main.number
    with pytest.raises(NotFound):  # a neighbour who reported something else
        await within(reporting.urge(main.id, actor=actors.person(people[4].id)))


async def test_a_resident_reads_of_a_merged_one_how_the_living_one_stands(place: Estate) -> None:
    plumber = await estate.technician(place, "水工")
    people, (main, other, *_) = await five(place)
    await within(merging.merge(other.id, into_id=main.id, actor=OPERATOR))
    await estate.run_timers()
    (seen,) = await reporting.of_person(people[1].id, only_open=True)
    assert (seen.id, seen.number, seen.merged_into) == (other.id, other.number, main.number)
    assert (seen.status, seen.technician) == ("dispatched", "水工")
    assert seen.can == {Verb.URGE, Verb.REMARK, Verb.PHOTO, Verb.CANCEL}
    await _mend(main, plumber)
    assert [one.id for one in await ratings.unrated(people[1].id)] == [other.id]


async def test_each_reporter_may_rate_and_anyone_may_say_it_is_not_fixed(place: Estate) -> None:
    plumber = await estate.technician(place, "水工")
    people, (main, other, third, *_) = await five(place)
    await within(merging.merge_all([other.id, third.id], into_id=main.id, actor=OPERATOR))
    await estate.run_timers()
    await _mend(main, plumber)
    await within(ratings.rate(other.id, actor=actors.person(people[1].id), speed=2, quality=5))
    assert (await estate.ticket(main)).status == "awaiting_resident"  # the others have not said a word yet
    assert await ratings.unrated(people[1].id) == []
    await within(ratings.rate(main.id, actor=actors.person(people[0].id), speed=5, quality=5))
    assert [one.rating_speed for one in (await estate.ticket(main), await estate.ticket(other))] == [5, 2]
    await within(ratings.not_fixed(third.id, actor=actors.person(people[2].id), reason="七楼还没水"))
    assert (await estate.ticket(main)).status == "in_progress"
    assert [(await estate.ticket(one)).rated_at for one in (main, other)] == [None, None]
    assert (await told(people[1].id))[-1] == "repair.not_fixed_yet"
    await within(jobs.finish(main.id, actor=actors.technician(plumber.id)))
    assert (await told(people[1].id))[-1] == "repair.finished"


async def test_who_takes_a_report_back_takes_it_from_nobody_else(place: Estate) -> None:
    plumber = await estate.technician(place, "水工")
    people, (main, other, third, *_) = await five(place)
    await within(merging.merge_all([other.id, third.id], into_id=main.id, actor=OPERATOR))
    await estate.run_timers()
    await within(reporting.cancel(main.id, actor=actors.person(people[0].id)))
    living = await estate.ticket(main)
    assert (living.status, living.contact_name) == ("dispatched", people[1].name)
    assert await reporting.of_person(people[0].id, only_open=True) == []
    await within(reporting.cancel(other.id, actor=actors.person(people[1].id)))
    assert (await estate.ticket(other)).status == "cancelled"
    assert (await estate.ticket(main)).status == "dispatched"
    actor = actors.technician(plumber.id)
    await within(jobs.confirm(main.id, actor=actor, eta=clock.now() + timedelta(hours=1)))
    assert [(await told(one.id)).count("repair.confirmed") for one in people[:3]] == [0, 0, 1]
    await within(handling.cancel(third.id, actor=OPERATOR))  # the last who waited, by phone
    assert (await estate.ticket(main)).status == "cancelled"
    assert plumber.person_id is not None
    assert (await told(plumber.person_id))[-1] == "job.cancelled"


async def test_photos_of_either_are_seen_with_the_living_one(place: Estate) -> None:
    people, (main, other, *_) = await five(place)
    files = []
    for person in people[:2]:
        files.append(
            await MediaFile.create(
                person=person, media_id=f"m{person.id}", sha256="a" * 64, status="stored", mime="image/jpeg"
            )
        )
    await within(reporting.add_photo(main.id, files[0].id, actor=actors.person(people[0].id)))
    await within(merging.merge(other.id, into_id=main.id, actor=OPERATOR))
    await within(reporting.add_photo(other.id, files[1].id, actor=actors.person(people[1].id)))
    assert [one.media_id for one in await pictures.of(main.id)] == [one.id for one in files]
    assert await sheet.photo(main.id, files[1].id, actor=OPERATOR) == ("a" * 64, "image/jpeg")
    await within(merging.unmerge(other.id, actor=OPERATOR))
    assert [one.media_id for one in await pictures.of(main.id)] == [files[0].id]
    assert [one.media_id for one in await pictures.of(other.id)] == [files[1].id]


async def test_followers_of_either_hear_of_the_end_once(place: Estate) -> None:
    plumber = await estate.technician(place, "水工")
    _, (main, other, *_) = await five(place)
    neighbour = await Person.create(channel_id="o_neighbour", name="邻居")
    for one in (main, other):
        await within(known_faults.follow(one.id, actor=actors.person(neighbour.id)))
    await within(merging.merge(other.id, into_id=main.id, actor=OPERATOR))
    await estate.run_timers()
    await _mend(main, plumber)
    assert await told(neighbour.id) == ["repair.followed_finished"]


async def test_a_technician_who_names_the_merged_one_works_on_the_living_one(place: Estate) -> None:
    plumber = await estate.technician(place, "水工")
    _, (main, other, *_) = await five(place)
    await estate.run_timers()
    await within(merging.merge(other.id, into_id=main.id, actor=OPERATOR))
    assert plumber.person_id is not None
    joined = await Outbox.filter(person_id=plumber.person_id, status="pending").order_by("-id").first()
    assert joined is not None
    assert joined.payload["phrase"] == "job.joined"
    assert (joined.payload["values"]["merged"], joined.payload["values"]["count"]) == (other.number, 2)
    found = await jobs.one(other.number, technician_id=plumber.id)
    assert found is not None
    assert found.id == main.id
    await _mend(other, plumber)  # his old message still had the buttons
    assert (await estate.ticket(main)).status == "awaiting_resident"


@pytest.mark.parametrize("status", ["submitted", "dispatched", "confirmed"])
async def test_taken_apart_it_is_what_it_was(place: Estate, status: str) -> None:
    people, (main, other, *_) = await five(place)
    plumber = await estate.technician(place, "水工") if status != "submitted" else None
    if plumber:
        await estate.run_timers()
    if plumber and status == "confirmed":
        eta = clock.now() + timedelta(hours=3)
        await within(jobs.confirm(other.id, actor=actors.technician(plumber.id), eta=eta))
    before = await estate.ticket(other)
    assert before.status == status
    await within(merging.merge(other.id, into_id=main.id, actor=OPERATOR))
    await Outbox.filter(payload__contains={"phrase": "repair.merged"}).update(status="sent")  # it was read
    await within(merging.unmerge(other.id, actor=OPERATOR))
    after = await estate.ticket(other)
    for name in ("status", "technician_id", "eta", "dispatched_at", "duplicate_of_id"):
        assert getattr(after, name) == getattr(before, name), name
    assert (await told(people[1].id))[-1] == "repair.unmerged"
    assert await estate.due(other) is not None
    if plumber is None:
        assert await estate.due(other, "dispatch") is not None
    else:
        assert (await told(plumber.person_id or 0))[-1] == "job.assigned"


async def test_a_promise_that_is_over_is_asked_for_anew(place: Estate) -> None:
    plumber = await estate.technician(place, "水工")
    _, (main, other, *_) = await five(place)
    await estate.run_timers()
    eta = clock.now() + timedelta(hours=1)
    await within(jobs.confirm(other.id, actor=actors.technician(plumber.id), eta=eta))
    await within(merging.merge(other.id, into_id=main.id, actor=OPERATOR))
    with clock.fixed(clock.now() + timedelta(hours=2)):
        await within(merging.unmerge(other.id, actor=OPERATOR))
    assert ((await estate.ticket(other)).status, (await estate.ticket(other)).eta) == ("dispatched", None)


async def test_it_is_taken_apart_within_a_day_or_not_at_all(place: Estate) -> None:
    _, (main, other, third, *_) = await five(place)
    await within(merging.merge(other.id, into_id=main.id, actor=OPERATOR))
    later = clock.now() + timedelta(hours=24, minutes=1)
    with clock.fixed(later), pytest.raises(NotAllowed, match="unmerge_too_late"):
        await within(merging.unmerge(other.id, actor=OPERATOR))
    with pytest.raises(NotAllowed):
        await within(merging.unmerge(third.id, actor=OPERATOR))


async def test_what_was_merged_before_comes_along_and_goes_back(place: Estate) -> None:
    people, (first, second, third, fourth, _) = await five(place)
    await within(merging.merge(third.id, into_id=second.id, actor=OPERATOR))
    await within(merging.merge(second.id, into_id=first.id, actor=OPERATOR))
    assert (await estate.ticket(third)).duplicate_of_id == first.id
    await within(merging.merge(fourth.id, into_id=third.id, actor=OPERATOR))  # where it lives, it is merged
    assert (await estate.ticket(fourth)).duplicate_of_id == first.id
    await within(merging.unmerge(second.id, actor=OPERATOR))
    assert (await estate.ticket(third)).duplicate_of_id == second.id
    assert (await estate.ticket(fourth)).duplicate_of_id == first.id
    assert [one.merged_into for one in await reporting.of_person(people[2].id)] == [second.number]


async def test_a_manual_category_is_on_the_list_again(place: Estate) -> None:
    await estate.mode("water", DispatchMode.MANUAL)
    _, (main, other, *_) = await five(place)
    await estate.run_timers()
    await within(merging.merge(other.id, into_id=main.id, actor=OPERATOR))
    await within(merging.unmerge(other.id, actor=OPERATOR))
    await estate.run_timers()
    ticket = await estate.ticket(other)
    assert await _open_tasks(ticket) == ["manual"]


async def _open_tasks(ticket: Ticket) -> list[str]:
    rows = await StaffTask.filter(ticket_id=ticket.id, done_at=None)
    return [row.reason for row in rows]


async def test_all_or_none(place: Estate) -> None:
    _, made = await five(place)
    await within(handling.decline(made[2].id, actor=OPERATOR, reason="不属物业"))
    with pytest.raises(NotAllowed):
        await within(merging.merge_all(_ids(made[1:]), into_id=made[0].id, actor=OPERATOR))
    assert not await Ticket.exists(status="duplicate")


async def test_two_communities_have_no_fault_in_common(place: Estate) -> None:
    _, (main, other, *_) = await five(place)
    far = await Community.create(office=place.office, code="c:two", name="青禾二期")
    await Ticket.filter(id=other.id).update(community_id=far.id)
    with pytest.raises(Invalid):
        await within(merging.merge(other.id, into_id=main.id, actor=OPERATOR))
