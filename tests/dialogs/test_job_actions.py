"""Which job a technician means, and what may be promised for it, on real jobs."""

from datetime import timedelta

import pytest

from bot.scripts import texts
from bot.turn import Heard, Turn, Who
from bot.values import Kind, Plain
from dialogs.actions import job_names
from dialogs.registry import registry
from models.people import Technician
from models.tickets import Ticket
from services import actors, clock
from services.repairs import jobs
from tests.world import estate, places
from tests.world.estate import Estate
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")

TOMORROW = estate.MONDAY_10 + timedelta(days=1)


@pytest.fixture
async def place(database: str) -> Estate:
    built = await estate.build()
    await places.bind(built.resident, built.house)
    return built


@pytest.fixture
async def plumber(place: Estate) -> Technician:
    return await estate.technician(place, "水工", "water")


async def _does(who: Technician, action: str, **given: Plain) -> tuple[str, dict[str, Plain]]:
    turn = Turn(Who(id=who.person_id or 0, technician_id=who.id), Heard(Kind.TEXT), clock.now())
    outcome = await within(registry.actions[action].run(turn, **given))
    return outcome.name, dict(outcome.values)


async def _two_jobs(place: Estate, plumber: Technician) -> tuple[Ticket, Ticket]:
    """A dripping tap in the kitchen, begun, and a blocked drain in the bathroom, only sent."""
    first = await estate.ticket(await estate.arrived(place, plumber))
    second = await estate.ticket(await estate.given_to(place, plumber))
    await Ticket.filter(id=second.id).update(place="卫生间", description="下水道堵了")
    return first, second


async def test_the_job_is_picked_by_words_about_it(place: Estate, plumber: Technician) -> None:
    _, drain = await _two_jobs(place, plumber)
    await Ticket.filter(id=drain.id).update(description="马桶下水道堵了，水一直往上漫")
    for said in (
        "下水道那单转给别人",
        "马桶那单转给同事",
        "往上漫的那家转单",
        f"{drain.number} 转单",
        f"尾号{drain.number[-4:]} 转给同事",
    ):
        assert await _does(plumber, "jobs.pick", verb="transfer", said=said) == (
            "ok",
            {"ticket": str(drain.id)},
        )


async def test_two_jobs_that_read_alike_are_told_apart_by_their_numbers(
    place: Estate, plumber: Technician
) -> None:
    alike = [await estate.ticket(await estate.given_to(place, plumber)) for _ in range(2)]
    other = await estate.ticket(await estate.given_to(place, plumber))
    await Ticket.filter(id=other.id).update(place="卫生间")
    turn = Turn(Who(id=plumber.person_id or 0, technician_id=plumber.id), Heard(Kind.TEXT), clock.now())
    resident = Turn(Who(id=place.resident.id), Heard(Kind.TEXT), clock.now())
    asked: list[tuple[str, Turn, dict[str, Plain]]] = [
        ("jobs.mine", turn, {}), ("jobs.fit", turn, {"verb": "promise"}),
        ("repair.mine", resident, {}), ("repair.all", resident, {}),
    ]  # fmt: skip
    for source, whose, given in asked:
        listed = dict(await within(registry.sources[source].run(whose, **given)))
        assert len(set(listed.values())) == 3, source
        for one in alike:
            assert listed[str(one.id)].startswith(f"{texts.spoken(one.number)} "), source
        assert texts.spoken(other.number) not in listed[str(other.id)]


async def test_which_job_is_asked_when_nothing_tells(place: Estate, plumber: Technician) -> None:
    await _two_jobs(place, plumber)
    assert (await _does(plumber, "jobs.pick", verb="transfer", said="转单"))[0] == "many"


async def test_a_job_that_is_not_there_is_never_mistaken_for_another(
    place: Estate, plumber: Technician
) -> None:
    await estate.given_to(place, plumber)
    assert (await _does(plumber, "jobs.pick", verb="arrive", said="电梯那单到了"))[0] == "many"


async def test_work_under_way_is_finished_first(place: Estate, plumber: Technician) -> None:
    tap, drain = await _two_jobs(place, plumber)
    assert await _does(plumber, "jobs.pick", verb="finish", said="修好了") == ("ok", {"ticket": str(tap.id)})
    listed = await registry.sources["jobs.fit"].run(
        Turn(Who(id=plumber.person_id or 0, technician_id=plumber.id), Heard(Kind.TEXT), clock.now()),
        verb="finish",
    )
    assert [ticket for ticket, _ in listed] == [str(tap.id)]
    assert await _does(plumber, "jobs.pick", verb="finish", said="下水道那单弄好了") == (
        "ok",
        {"ticket": str(drain.id)},
    )


async def test_a_day_without_an_hour_is_promised_only_with_one(place: Estate, plumber: Technician) -> None:
    made = await estate.given_to(place, plumber)
    midnight = clock.local(TOMORROW).replace(hour=0)
    day: Plain = {"start": midnight.isoformat(), "end": (midnight + timedelta(days=1)).isoformat()}
    assert (await _does(plumber, "jobs.accept", ticket=str(made.id), eta=day))[0] == "day"
    assert (await estate.ticket(made)).status == "dispatched"
    today_at_three = clock.local(estate.MONDAY_10).replace(hour=15).isoformat()
    hour: Plain = {"start": today_at_three, "end": None}
    _, values = await _does(plumber, "jobs.accept", ticket=str(made.id), eta=day, hour=hour)
    assert values["promised"] == midnight.replace(hour=15).isoformat()


async def test_a_promise_outside_of_the_window_needs_a_second_word(
    place: Estate, plumber: Technician
) -> None:
    made = await estate.given_to(place, plumber)
    end = TOMORROW + timedelta(hours=2)
    await Ticket.filter(id=made.id).update(appointment_start=TOMORROW, appointment_end=end)
    soon = (estate.MONDAY_10 + timedelta(hours=1)).isoformat()
    name, values = await _does(plumber, "jobs.accept", ticket=str(made.id), eta=soon)
    assert name == "outside"
    wished = values["appointment"]
    assert isinstance(wished, dict)
    assert wished["end"] == end.isoformat()
    assert (await estate.ticket(made)).status == "dispatched"
    assert (await _does(plumber, "jobs.accept", ticket=str(made.id), eta=soon, sure=True))[0] == "ok"
    assert (await estate.ticket(made)).status == "confirmed"


async def test_a_delay_counts_from_what_was_promised(place: Estate, plumber: Technician) -> None:
    made = await estate.given_to(place, plumber)
    promised = estate.MONDAY_10 + timedelta(hours=2)
    await within(jobs.confirm(made.id, actor=actors.technician(plumber.id), eta=promised))
    _, values = await _does(plumber, "jobs.delayed", ticket=str(made.id), said="可能要晚半小时")
    eta = values["eta"]
    assert isinstance(eta, dict)
    assert eta["start"] == clock.local(promised + timedelta(minutes=30)).isoformat()
    assert (await _does(plumber, "jobs.delayed", ticket=str(made.id), said="要晚一些"))[0] == "unknown"


@pytest.mark.parametrize(
    ("said", "whom"),
    [("转给李强", 0), ("让小刘去吧，我走不开", 1), ("这单换刘师傅跑", 1), ("转给同事", None), ("转单", None)],
)
def test_a_colleague_is_found_as_people_call_them(said: str, whom: int | None) -> None:
    assert job_names.colleague(said, ["李强", "刘洋"]) == whom


def test_no_colleague_is_guessed_between_two_of_one_name() -> None:
    assert job_names.colleague("转给小刘", ["刘洋", "刘伟"]) is None


async def test_whoever_is_named_gets_the_job(place: Estate, plumber: Technician) -> None:
    other = await estate.technician(place, "李强", "water", on_duty=False)
    made = await estate.given_to(place, plumber)
    assert (await _does(plumber, "jobs.has_colleagues", ticket=str(made.id), said="转给李强"))[0] == "none"
    await Technician.filter(id=other.id).update(on_duty=True)
    assert await _does(plumber, "jobs.has_colleagues", ticket=str(made.id), said="转给李强") == (
        "ok",
        {"colleague": str(other.id)},
    )
