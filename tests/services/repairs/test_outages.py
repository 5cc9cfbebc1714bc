"""停水停电: told to those who reported it, once each, and its end too."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.community import ManagementOffice
from models.outbox import Outbox
from models.people import Person, Role, Staff
from models.tasks import StaffTask
from services import actors, clock
from services.actors import OPERATOR
from services.errors import Invalid, NotAllowed, NotFound
from services.repairs import known_faults, merging, outages, reporting
from services.repairs.insertion import Report, Submitted
from services.repairs.outages import Draft, Supply, When
from tests.world import estate
from tests.world.estate import Estate, told
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


def _draft(place: Estate, *, hours: float = 0, building: bool = True) -> Draft:
    now = clock.now()
    return Draft(
        (place.community.id,),
        place.house.building_id if building else None,
        Supply.WATER,
        "水泵房检修，1栋停水。",
        now + timedelta(hours=hours),
        now + timedelta(hours=hours + 4),
    )


async def _report(place: Estate, name: str, *, house: int = 0, what: str = "家里没水了") -> Submitted:
    who, _ = await Person.get_or_create({"name": name}, channel_id=f"o_{name}")
    report = Report(who.id, place.community.id, "water", house_id=place.houses[house].id, description=what)
    return await within(reporting.submit(report, actor=actors.person(who.id)))


async def _heard(name: str) -> list[str]:
    return [
        one for one in await told((await Person.get(channel_id=f"o_{name}")).id) if one.startswith("outage")
    ]


async def _known(place: Estate) -> list[str]:
    found = await known_faults.outages(
        place.community.id, building_id=place.house.building_id, category_code="water"
    )
    return [one.text for one in found]


async def test_who_reported_it_hears_of_it_and_of_its_end_once(place: Estate) -> None:
    main, other = await _report(place, "甲"), await _report(place, "乙", house=1)
    await _report(place, "甲")
    await _report(place, "漏的", what="水管漏水")
    await _report(place, "别栋", house=2)
    await within(merging.merge(other.id, into_id=main.id, actor=OPERATOR))
    draft = _draft(place)
    assert await outages.would_hear(draft, actor=OPERATOR) == 2
    (made,) = await within(outages.make(draft, actor=OPERATOR))
    assert await _known(place) == [draft.text]
    await within(
        outages.change(made, text=draft.text, starts_at=draft.starts_at, ends_at=None, actor=OPERATOR)
    )
    await _report(place, "丙")  # all the same; they hear when it is looked at next, and of its end
    who = await Person.get(channel_id="o_丙")
    await within(outages.hear([made], actor=actors.person(who.id)))
    assert await within(outages.end(made, actor=OPERATOR)) == 3
    assert await _known(place) == []
    for name in ("甲", "乙"):
        rows = await Outbox.filter(person__channel_id=f"o_{name}", key__startswith="outage:").order_by("id")
        assert [row.payload["phrase"] for row in rows] == ["outage.known", "outage.moved", "outage.over"]
    assert await _heard("丙") == ["outage.over"]
    assert await _heard("漏的") == await _heard("别栋") == []
    with pytest.raises(NotAllowed):
        await within(outages.end(made, actor=OPERATOR))


async def test_a_coming_one_is_told_when_it_begins(place: Estate) -> None:
    await _report(place, "甲")
    (made,) = await within(outages.make(_draft(place, hours=2), actor=OPERATOR))
    assert (await _heard("甲"), await _known(place)) == ([], [])
    assert [one.id for one in await outages.listed([When.COMING], actor=OPERATOR)] == [made]
    await estate.run_timers(timedelta(hours=2))
    assert await _heard("甲") == ["outage.known"]


async def test_the_expected_end_asks_staff(place: Estate) -> None:
    (made,) = await within(outages.make(_draft(place), actor=OPERATOR))
    await estate.run_timers(timedelta(hours=4))
    (task,) = await StaffTask.filter(reason="outage_over", done_at=None)
    assert task.values == {"kind": "water", "where": "青禾一期1栋"}
    with clock.fixed(clock.now() + timedelta(hours=5)):
        assert [one.when for one in await outages.listed([When.NOW], actor=OPERATOR)] == [When.DUE]
        await within(outages.end(made, actor=OPERATOR))
    assert not await StaffTask.exists(reason="outage_over", done_at=None)


async def test_called_off_before_it_began_or_ended_by_mistake(place: Estate) -> None:
    await _report(place, "甲")
    (early,) = await within(outages.make(_draft(place, hours=2), actor=OPERATOR))
    assert await within(outages.end(early, actor=OPERATOR)) == 0
    (made,) = await within(outages.make(_draft(place), actor=OPERATOR))
    await within(outages.end(made, actor=OPERATOR))
    await within(outages.undo_end(made, actor=OPERATOR))
    assert await _known(place) == [_draft(place).text]
    assert "outage.over" not in await _heard("甲")  # it had not left yet
    await within(outages.end(made, actor=OPERATOR))
    assert (await _heard("甲")).count("outage.over") == 1


async def test_what_cannot_be_is_refused(place: Estate) -> None:
    draft, now = _draft(place), clock.now()
    for wrong in (
        replace(draft, community_ids=()),
        replace(draft, text=" "),
        replace(draft, text="停" * 301),
        replace(draft, ends_at=draft.starts_at),
        replace(draft, starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1)),
        replace(draft, building_id=99),
    ):
        with pytest.raises(Invalid):
            await within(outages.make(wrong, actor=OPERATOR))


async def test_only_where_one_works(place: Estate) -> None:
    elsewhere = await ManagementOffice.create(name="西区", phone="1")
    clerk = await Staff.create(login="far", name="远", role=Role.SERVICE, office=elsewhere)
    (made,) = await within(outages.make(_draft(place), actor=OPERATOR))
    far = await actors.staff(clerk.id)
    for act in (outages.make(_draft(place), actor=far), outages.end(made, actor=far)):
        with pytest.raises(NotFound):
            await within(act)
    assert await outages.listed([When.NOW], actor=far) == []
