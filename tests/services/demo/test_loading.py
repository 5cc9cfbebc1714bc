"""The demo data is whole, and everybody in it can do their part."""

import itertools
import json
from datetime import date

import pytest

from models.calendar import Holiday
from models.community import Community, House, Occupant
from models.people import Person, Staff, Technician
from models.tickets import Category
from services import actors
from services.company import passwords
from services.demo import loading
from services.desk import canned
from services.estate import homes, scenes
from services.repairs import categories, known_faults, technicians


@pytest.mark.usefixtures("demo")
async def test_the_estates_are_as_large_as_promised() -> None:
    assert await Community.all().count() == 3
    assert await House.all().count() == 600
    assert await Technician.all().count() == 6
    assert await House.filter(label="3-2-501").exists()
    assert await House.filter(label="B-1203").exists()
    phones = await Occupant.all().values_list("phone", flat=True)
    assert len(phones) == len(set(phones)) > 600


@pytest.mark.usefixtures("demo")
async def test_a_second_load_changes_nothing() -> None:
    assert not await loading.load()
    assert await House.all().count() == 600


@pytest.mark.usefixtures("demo")
async def test_every_trade_has_somebody_and_a_stand_in_everywhere() -> None:
    everywhere = itertools.product(await Category.all(), await Community.all())
    for category, community in everywhere:
        able = await technicians.candidates(await categories.by_code(category.code), community.id)
        assert len(able) >= 2, (category.code, community.name)


@pytest.mark.usefixtures("demo")
async def test_people_of_the_phone_page_are_who_they_should_be() -> None:
    shown = loading.demo_people()
    assert json.loads(json.dumps(shown)) == shown
    for one in shown:
        comes_back = one["role"] == "住户" and one["follow"]
        assert comes_back != bool(await scenes.resolve(one["scene"])), one
        person = await Person.filter(channel_id=one["openid"]).first()
        assert (person is not None) is one["follow"]
        if person is not None and one["role"] == "住户":
            assert await homes.find(person.id)
        if person is not None and one["role"] == "师傅":
            assert await technicians.of_person(person.id)


@pytest.mark.usefixtures("monday", "demo")
async def test_holidays_and_an_outage_are_there() -> None:
    assert (await Holiday.get(day=date(2026, 10, 10))).working
    assert not (await Holiday.get(day=date(2026, 10, 1))).working
    community = await Community.get(code="c:yunqi")
    house = await House.get(community=community, label="4-1-101")
    known = await known_faults.outages(community.id, building_id=house.building_id, category_code="water")
    assert len(known) == 1
    assert await known_faults.outages(community.id, building_id=house.building_id + 1) == []


@pytest.mark.usefixtures("demo")
async def test_the_desk_has_replies_at_hand() -> None:
    clerk = await actors.staff((await Staff.get(login="xu")).id)
    assert [one.title for one in await canned.find("sfsm", actor=clerk)] == ["师傅上门时间"]


@pytest.mark.usefixtures("demo")
async def test_staff_of_an_earlier_demo_can_sign_in_too() -> None:
    await Staff.filter(login__in=["xu", "tang"]).update(password_hash="")
    await Staff.filter(login="tang").update(name="唐小姐")  # a company's own, who happens to have this name
    assert not await loading.load()
    assert await passwords.is_right(passwords.DEMO, (await Staff.get(login="xu")).password_hash)
    assert (await Staff.get(login="tang")).password_hash == ""
