"""Claiming what has to be sent: quick whatever was sent before, and by one time for all machines."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from tortoise.transactions import in_transaction

from models.media import MediaFile, MediaStatus
from models.outbox import Outbox, OutboxStatus
from models.people import Person
from services import clock, outbox, timekeeping, work
from services.delivery import claiming, media, undelivered

pytestmark = pytest.mark.usefixtures("database")

_HISTORY = """
INSERT INTO outbox (key, person_id, payload, status, rung, attempts, not_before, platform_id, error, created_at)
SELECT $1 || n, $2, '{}', $3, 'custom', 0, now() - interval '1 hour', '', '', now()
FROM generate_series(1, $4::int) AS n
"""


async def _rows(person: Person, status: OutboxStatus, count: int) -> None:
    await Outbox._meta.db.execute_query(_HISTORY, [f"{status}:{person.id}:", person.id, status.value, count])


async def _person(name: str) -> Person:
    return await Person.create(channel_id=f"o_{name}")


def _touched(plan: dict[str, object]) -> int:
    """Pages that the plan read."""
    return sum(int(str(plan.get(name, 0))) for name in ("Shared Hit Blocks", "Shared Read Blocks"))


async def _pages_of_a_claim() -> int:
    asked = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {claiming._CLAIM}"
    async with in_transaction() as connection:
        rows = await connection.execute_query_dict(asked, [None, 20])
        await connection.rollback()
    found = rows[0]["QUERY PLAN"]
    return _touched((orjson.loads(found) if isinstance(found, str) else found)[0]["Plan"])


async def test_a_claim_reads_no_more_for_all_that_was_sent_before() -> None:
    people = [await _person(f"technician{number}") for number in range(5)]
    pages = []
    for history in (0, 3000):
        for person in people:
            await _rows(person, OutboxStatus.SENT, history)
            await _rows(person, OutboxStatus.PENDING, 40)
        await Outbox._meta.db.execute_query("VACUUM ANALYZE outbox")  # other tests left dead rows there
        pages.append(await _pages_of_a_claim())
        await Outbox.all().delete()
    assert pages[1] < 2 * pages[0] + 100, pages


async def test_each_person_gets_one_at_a_time_and_the_oldest_first() -> None:
    first, second = await _person("a"), await _person("b")
    for person in (first, second):
        for number in range(3):
            await outbox.put(person.id, {"reply": {"text": "x"}}, key=f"{person.id}:{number}")
    assert [row.key for row in await claiming.claim(10)] == [f"{first.id}:0", f"{second.id}:0"]
    assert await claiming.claim(10) == []


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> timedelta:
    """This machine's clock is wrong, as a machine's clock is: nobody holds it."""
    by = timedelta(seconds=90)
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + by)
    return by


async def test_what_another_machine_is_sending_is_not_given_up_by_one_whose_clock_is_ahead(
    ahead: timedelta,
) -> None:
    person = await _person("a")
    await Outbox.create(
        key="1", person_id=person.id, payload={}, not_before=datetime.now(UTC) - timedelta(seconds=1)
    )
    assert len(await claiming.claim(1)) == 1
    row = await Outbox.get()
    assert row.claimed_at and abs(row.claimed_at - datetime.now(UTC)) < timedelta(seconds=30)
    assert await undelivered.give_up_on_stuck(timedelta(seconds=60)) == 0
    with clock.fixed(datetime.now(UTC) + timedelta(seconds=61)):
        async with work.unit():
            assert await undelivered.give_up_on_stuck(timedelta(seconds=60)) == 1


async def test_a_clock_that_is_ahead_claims_nothing_before_its_time(ahead: timedelta) -> None:
    person = await _person("a")
    await Outbox.create(
        key="1", person_id=person.id, payload={}, not_before=datetime.now(UTC) + timedelta(seconds=45)
    )
    assert await claiming.claim(1) == []


async def test_photos_are_released_by_the_same_time(ahead: timedelta) -> None:
    person = await _person("a")
    await MediaFile.create(person_id=person.id, media_id="m", kind="image")
    assert len(await media.claim(1)) == 1
    assert await media.release_stuck(timedelta(seconds=60)) == 0
    assert (await MediaFile.get()).status == MediaStatus.FETCHING


def test_a_machine_goes_by_the_clock_of_the_database() -> None:
    asked = datetime(2026, 11, 27, 12, tzinfo=UTC)
    answered = asked + timedelta(milliseconds=20)
    try:
        theirs = asked - timedelta(seconds=90)
        behind = clock.go_by(theirs, asked=asked, answered=answered)
        assert abs(behind + timedelta(seconds=90)) < timedelta(seconds=1)
        assert abs(clock.now() - (datetime.now(UTC) - timedelta(seconds=90))) < timedelta(seconds=1)
    finally:
        assert clock.go_by(asked, asked=asked, answered=answered) == timedelta(0)


async def test_the_database_on_this_machine_agrees_with_it() -> None:
    assert await timekeeping.measure() == timedelta(0)
