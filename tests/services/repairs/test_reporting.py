"""What residents do with a repair."""

import asyncio
from datetime import timedelta

import pytest

from models.events import SubjectKind
from models.media import MediaFile, MediaStatus
from models.tickets import Ticket, TicketPhoto
from models.timers import Timer
from services import actors, clock, events, work
from services.errors import Invalid, NotAllowed, NotFound
from services.repairs import numbers, pictures, reporting
from services.repairs.insertion import Report
from tests.world import estate
from tests.world.estate import Estate, told
from tests.world.units import within


async def _photo(place: Estate, name: str) -> int:
    media = await MediaFile.create(person=place.resident, media_id=name)
    return media.id


async def test_a_report_becomes_a_ticket_with_photos_an_event_and_a_waiting_dispatch(place: Estate) -> None:
    photos = [await _photo(place, "a"), await _photo(place, "b")]
    made = await within(
        reporting.submit(
            Report(place.resident.id, place.community.id, "water"),
            photos=[*photos, photos[0]],
            actor=actors.person(place.resident.id),
        )
    )
    ticket = await Ticket.get(id=made.id)
    assert (ticket.number, ticket.status) == (made.number, "submitted")
    assert await TicketPhoto.filter(ticket_id=made.id).count() == 2
    [event] = await events.of(SubjectKind.TICKET, made.id)
    assert (event.verb, event.before, event.after) == ("submit", "", "submitted")
    assert (event.actor_kind, event.actor_id) == ("person", place.resident.id)
    assert (await Timer.get(key=f"dispatch:{made.id}")).kind == "dispatch"


async def test_the_statement_that_writes_a_report_fills_every_column_as_the_model_would(
    place: Estate,
) -> None:
    made = await estate.reported(place)
    by_statement = await Ticket.get(id=made.id)
    by_model = await Ticket.create(
        number="x", community=place.community, reporter=place.resident, category_id=by_statement.category_id
    )
    given = {
        "id",
        "number",
        "house_id",
        "place",
        "description",
        "contact_name",
        "contact_phone",
        "created_at",
        "respond_by",
        "arrive_by",
    }
    for column in set(Ticket._meta.db_fields) - given:
        assert getattr(by_statement, column) == getattr(by_model, column), column


async def test_a_report_of_an_unknown_category_is_refused(place: Estate) -> None:
    with pytest.raises(Invalid, match="no_such_category"):
        await estate.reported(place, "spaceship")


async def test_a_tenth_photo_is_refused(place: Estate) -> None:
    photos = [await _photo(place, str(n)) for n in range(10)]
    with pytest.raises(Invalid, match="too_many_photos"):
        await within(
            reporting.submit(
                Report(place.resident.id, place.community.id, "water"),
                photos=photos,
                actor=actors.person(place.resident.id),
            )
        )


async def test_a_photo_that_could_not_be_opened_is_none(place: Estate) -> None:
    photos = [await _photo(place, str(n)) for n in range(10)]
    await MediaFile.filter(id__in=photos[:2]).update(status=MediaStatus.FAILED)
    made = await within(
        reporting.submit(
            Report(place.resident.id, place.community.id, "water"),
            photos=photos,
            actor=actors.person(place.resident.id),
        )
    )
    assert [one.media_id for one in await pictures.of(made.id)] == photos[2:]
    await MediaFile.filter(id=photos[2]).update(status=MediaStatus.FAILED)
    async with work.unit():
        assert await reporting.add_photo(made.id, photos[0], actor=actors.person(place.resident.id)) == 7


async def test_reports_at_the_same_moment_get_different_numbers(place: Estate) -> None:
    async def one() -> str:
        return (await estate.reported(place)).number

    made = await asyncio.gather(*(one() for _ in range(20)))
    assert len(set(made)) == 20
    assert all(numbers.read(number) == number for number in made)


async def test_urging_again_waits_an_hour(place: Estate) -> None:
    with clock.fixed(estate.MONDAY_10):
        made = await estate.reported(place)
        assert await within(reporting.urge(made.id, actor=actors.person(place.resident.id))) == 1
    with clock.fixed(estate.MONDAY_10 + timedelta(minutes=20)), pytest.raises(NotAllowed) as refused:
        await within(reporting.urge(made.id, actor=actors.person(place.resident.id)))
    assert refused.value.values["minutes"] == 40
    with clock.fixed(estate.MONDAY_10 + timedelta(minutes=60)):
        assert await within(reporting.urge(made.id, actor=actors.person(place.resident.id))) == 2


async def test_a_repair_of_somebody_else_does_not_exist(place: Estate) -> None:
    made = await estate.reported(place)
    with pytest.raises(NotFound):
        await within(reporting.cancel(made.id, actor=actors.person(place.supervisor.id)))
    assert await reporting.of_person_one(place.supervisor.id, made.number) is None


async def test_a_cancelled_repair_is_not_dispatched_and_says_nothing_more(place: Estate) -> None:
    made = await estate.reported(place)
    await within(reporting.cancel(made.id, actor=actors.person(place.resident.id), reason="自己修好了"))
    assert not await Timer.exists(subject_id=made.id)
    assert await told(place.resident.id) == []
    with pytest.raises(NotAllowed):
        await within(reporting.cancel(made.id, actor=actors.person(place.resident.id)))


async def test_a_later_photo_is_kept_once(place: Estate) -> None:
    made = await estate.reported(place)
    photo = await _photo(place, "late")
    assert await within(reporting.add_photo(made.id, photo, actor=actors.person(place.resident.id))) == 1
    assert await within(reporting.add_photo(made.id, photo, actor=actors.person(place.resident.id))) == 1


async def test_a_resident_reads_the_repair_by_the_number_they_type(place: Estate) -> None:
    made = await estate.reported(place)
    typed = made.number.lower().replace("bx", "bx ")
    seen = await reporting.of_person_one(place.resident.id, typed)
    assert seen is not None
    assert seen.id == made.id
    assert {"cancel", "urge", "photo", "remark"} <= seen.can
    assert [one.number for one in await reporting.of_person(place.resident.id, only_open=True)] == [
        made.number
    ]
