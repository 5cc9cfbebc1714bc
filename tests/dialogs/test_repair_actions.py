"""What scripts may do with a repair after it was reported: put it right, move it, take an arrival back, ask back."""

from datetime import timedelta

import pytest

from bot.turn import Heard, Turn, Who
from bot.values import Kind, Plain
from dialogs.registry import registry
from models.people import Person, Technician
from models.tickets import Ticket
from services import actors, clock
from services.errors import Invalid, NotAllowed
from services.repairs import jobs, ratings
from tests.world import estate, places
from tests.world.estate import Estate, told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")

TOMORROW = estate.MONDAY_10 + timedelta(days=1)
WINDOW: Plain = {"start": TOMORROW.isoformat(), "end": (TOMORROW + timedelta(hours=2)).isoformat()}


@pytest.fixture
async def place(database: str) -> Estate:
    built = await estate.build()
    await places.bind(built.resident, built.house)
    return built


@pytest.fixture
async def plumber(place: Estate) -> Technician:
    return await estate.technician(place, "水工", "water")


async def _does(who: Person | int | None, action: str, **given: Plain) -> tuple[str, dict[str, Plain]]:
    """What a step of a script gets: the outcome and its values."""
    assert who is not None
    person = who if isinstance(who, int) else who.id
    technician = await Technician.get_or_none(person_id=person)
    turn = Turn(
        Who(id=person, technician_id=technician.id if technician else 0), Heard(Kind.TEXT), clock.now()
    )
    outcome = await within(registry.actions[action].run(turn, **given))
    return outcome.name, dict(outcome.values)


async def test_only_what_is_given_is_put_right(place: Estate, plumber: Technician) -> None:
    made = await estate.given_to(place, plumber)
    _, values = await _does(
        place.resident, "repair.correct", ticket=str(made.id), house="1-201", phone="13911112222"
    )
    assert (values["technician"], values["status"]) == ("水工", "dispatched")
    ticket = await estate.ticket(made)
    assert (ticket.house_id, ticket.contact_phone) == (place.houses[1].id, "13911112222")
    assert (ticket.place, ticket.description) == ("厨房", "水龙头漏水")
    assert (await told(plumber.person_id or 0))[-1] == "job.corrected"


async def test_the_repair_is_picked_by_what_the_words_are_about(place: Estate) -> None:
    tap, toilet = await estate.reported(place), await estate.reported(place)
    gate = await estate.reported(place, "elevator")
    await Ticket.filter(id=toilet.id).update(place="卫生间", description="马桶水箱一直进水")
    await Ticket.filter(id=gate.id).update(place="单元门口", description="门禁刷卡没反应")
    for said, made in (
        ("马桶修得怎么样了", toilet),
        ("门禁那个催一下师傅", gate),
        ("厨房龙头什么时候来修", tap),
        (f"{tap.number}到哪一步了", tap),
    ):
        assert await _does(place.resident, "repair.pick", said=said) == ("ok", {"ticket": str(made.id)}), said
    for said in ("我的报修", "催一下师傅", ""):
        assert (await _does(place.resident, "repair.pick", said=said))[0] == "many", said


async def test_an_appointment_is_moved(place: Estate, plumber: Technician) -> None:
    made = await estate.given_to(place, plumber)
    await _does(place.resident, "repair.reschedule", ticket=str(made.id), time=WINDOW)
    assert (await estate.ticket(made)).appointment_start == TOMORROW
    with pytest.raises(Invalid, match="appointment_past"):
        await _does(place.resident, "repair.reschedule", ticket=str(made.id), time=None)


async def test_a_promise_outside_of_the_window_is_asked_back(place: Estate, plumber: Technician) -> None:
    made = await estate.given_to(place, plumber)
    await _does(place.resident, "repair.reschedule", ticket=str(made.id), time=WINDOW)
    man = plumber.person_id
    early = (estate.MONDAY_10 + timedelta(hours=1)).isoformat()
    name, values = await _does(man, "jobs.may_promise", ticket=str(made.id), eta=early)
    assert (name, values["appointment"]) == ("outside", WINDOW)
    assert (await _does(man, "jobs.may_promise", ticket=str(made.id), eta=WINDOW))[0] == "ok"


async def test_a_mistaken_arrival_is_taken_back(place: Estate, plumber: Technician) -> None:
    made = await estate.arrived(place, plumber)
    _, values = await _does(plumber.person_id, "jobs.undo_arrive", ticket=str(made.id))
    assert str(values["number"]).replace(" ", "") == made.number
    assert (await estate.ticket(made)).status == "confirmed"


async def test_what_was_closed_is_called_not_fixed_for_a_week(place: Estate, plumber: Technician) -> None:
    made = await estate.finished(place, plumber)
    me = actors.person(place.resident.id)
    await within(ratings.rate(made.id, actor=me, speed=5, quality=5))
    assert (await _does(place.resident, "repair.pick_unrated", closed="true"))[1]["ticket"] == str(made.id)
    assert (await _does(place.resident, "repair.may", ticket=str(made.id), verb="reopen"))[0] == "ok"
    with clock.fixed(estate.MONDAY_10 + timedelta(days=8)):
        assert (await _does(place.resident, "repair.pick_unrated", closed="true"))[0] == "none"
        assert (await _does(place.resident, "repair.may", ticket=str(made.id), verb="reopen"))[0] == "closed"
        with pytest.raises(NotAllowed, match="too_late"):
            await _does(place.resident, "repair.may", ticket=str(made.id), verb="rate")


async def test_who_asks_hears_what_was_promised(place: Estate, plumber: Technician) -> None:
    made = await estate.given_to(place, plumber)
    promised = estate.MONDAY_10 + timedelta(hours=1)
    await within(jobs.confirm(made.id, actor=actors.technician(plumber.id), eta=promised))
    _, values = await _does(place.resident, "repair.look", ticket=str(made.id))
    assert values["promised"] == promised.isoformat()


@pytest.mark.parametrize(
    ("said", "area"),
    [
        ("我家大门的锁拧不动了", "home"),
        ("入户门关不严", "home"),
        ("小区大门的道闸抬不起来", "public"),
        ("我家门口的楼道灯不亮", "public"),
        ("客厅空调漏水,我住青禾花园3栋2单元202", "home"),
        ("小区花园的灯不亮", "public"),
    ],
)
async def test_ones_own_door_is_at_home(place: Estate, said: str, area: str) -> None:
    sorted_ = await _does(
        place.resident, "repair.sort", said=said, category="electric", area=None, place=_there(said)
    )
    assert sorted_[1]["area"] == area


def _there(said: str) -> str:
    return "大门" if "门" in said else ""


async def test_whose_technician_is_named_is_the_repair_that_is_meant(
    place: Estate, plumber: Technician
) -> None:
    mine = await estate.given_to(place, plumber)
    await estate.reported(place, "elevator")
    picked = await _does(place.resident, "repair.pick", said="水师傅到哪了")
    assert picked == ("ok", {"ticket": str(mine.id)})


async def test_what_was_mended_elsewhere_is_not_asked_after(place: Estate, plumber: Technician) -> None:
    await estate.finished(place, plumber)
    there = await _does(place.resident, "repair.mended", said="厨房水龙头又漏水", category="water")
    elsewhere = await _does(place.resident, "repair.mended", said="阳台水管漏水", category="water")
    assert (there[0], elsewhere[0]) == ("mended", "ok")


async def test_no_water_at_all_is_another_matter_than_a_dripping_tap(place: Estate) -> None:
    await estate.reported(place)
    given = {"category": "water", "area": "home", "house": "", "place": ""}
    assert (await _does(place.resident, "repair.known", **given, said="水龙头还在漏水"))[0] == "mine"
    assert (await _does(place.resident, "repair.known", **given, said="我家一滴水都没有"))[0] == "ok"
