"""Residents are found as people name them, within the communities of whoever looks."""

from datetime import timedelta

import pytest

from models.community import Occupant, Relation
from models.found_by import asked, keys
from models.people import Binding, BindingStatus, Role
from services import actors, clock, paging
from services.actors import OPERATOR, Actor
from services.errors import Invalid, NotFound
from services.estate import bindings, finding, people
from tests.world import estate, offices, places
from tests.world.estate import Estate
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
async def place(database: str) -> Estate:
    place = await estate.build()
    await Occupant.create(
        house=place.houses[1], name="单于晓", phone="0571-88886666", relation=Relation.TENANT
    )
    await Occupant.create(house=place.houses[2], name="买买提·艾力", phone="", relation=Relation.OWNER)
    await Occupant.create(house=place.houses[3], name="Anna Maria Schmidt", phone="13711112222")
    await places.bind(place.resident, place.house)
    return place


async def _people(text: str, actor: Actor = OPERATOR) -> list[str]:
    return [one.name for one in (await finding.find(text, actor=actor)).people.rows]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("王芳", "王芳"),
        ("芳", "王芳"),
        ("wf", "王芳"),
        ("WF", "王芳"),
        ("0001", "王芳"),
        ("138 0000 0001", "王芳"),
        ("+86 138-0000-0001", "王芳"),
        ("13800000001", "王芳"),
        ("sy", "单于晓"),
        ("cyx", "单于晓"),
        ("6666", "单于晓"),
        ("0571-88886666", "单于晓"),
        ("买买提艾力", "买买提·艾力"),
        ("schm", "Anna Maria Schmidt"),
        ("Anna", "Anna Maria Schmidt"),
        ("annamaria", "Anna Maria Schmidt"),
        ("王芳 1-101", "王芳"),
        ("wf 1栋101", "王芳"),
        ("王芳 2-101", None),
        ("芳王", None),
        ("9999", None),
    ],
)
async def test_somebody_is_found_by_what_people_know_of_them(
    place: Estate, text: str, name: str | None
) -> None:
    assert await _people(text) == ([name] if name else [])


@pytest.mark.parametrize("text", ["1-101", "1栋101室", "一栋一零一", "１－１０１"])
async def test_a_house_is_found_in_every_spelling(place: Estate, text: str) -> None:
    found = await finding.find(text, actor=OPERATOR)
    assert [(one.house, one.owners, one.bound) for one in found.houses] == [("1-101", "王芳", 1)]


async def test_a_house_with_many_figures_is_no_phone(place: Estate) -> None:
    await places.house(place.community, "12-2-1503")
    for text in ("12-2-1503", "12 - 2 - 1503", "12 栋 2 单元 1503 室"):
        assert [one.house for one in (await finding.find(text, actor=OPERATOR)).houses] == ["12-2-1503"], text
    assert await _people("8888 6666") == [] and await _people("0571 8888 6666") == ["单于晓"]


async def test_a_room_alone_is_found_where_the_community_is_known(place: Estate) -> None:
    assert (await finding.find("101", actor=OPERATOR)).houses == []
    found = await finding.find("101", actor=OPERATOR, community_id=place.community.id)
    assert [one.house for one in found.houses] == ["1-101", "2-101"]


async def test_nobody_finds_what_belongs_to_another_office(database: str) -> None:
    town = await offices.build()
    near = await actors.staff((await town.staff()).id)
    far = await actors.staff((await town.staff(far=True)).id)
    assert (await _people("王芳", near), await _people("王芳", far)) == (["王芳"], [])
    assert (await finding.find("1-101", actor=far)).houses == []
    assert list((await finding.listed(actor=far)).rows) == []
    with pytest.raises(NotFound):
        await finding.find("王芳", actor=far, community_id=town.place.community.id)
    with pytest.raises(NotFound):
        await finding.buildings(town.place.community.id, actor=far)
    boss = await actors.staff((await town.staff(Role.SUPERVISOR)).id)
    with pytest.raises(Exception, match=r"may_not\.residents"):
        await finding.listed(actor=boss)


async def test_whoever_moved_away_is_found_last_and_their_line_of_the_list_not_at_all(place: Estate) -> None:
    await Binding.filter(name="王芳").update(status=BindingStatus.ENDED, ended_at=clock.now())
    lines = (await finding.find("王芳", actor=OPERATOR)).people.rows
    assert [one.status for one in lines] == [None, BindingStatus.ENDED]
    await Occupant.filter(name="王芳").update(left_at=clock.now() - timedelta(days=1))
    lines = (await finding.find("王芳", actor=OPERATOR)).people.rows
    assert [one.status for one in lines] == [BindingStatus.ENDED]


async def test_a_new_name_and_a_new_phone_are_found_and_the_old_ones_no_more(place: Estate) -> None:
    mine = place.resident.id
    await within(people.change_phone(mine, "13955554321", actor=actors.person(mine)))
    assert await _people("4321") == ["王芳"]
    await within(
        bindings.bind(
            mine, house_id=place.house.id, name="王芳芳", phone="13955554321", relation=Relation.OWNER,
            notice_version="1", actor=actors.person(mine),
        )
    )  # fmt: skip
    assert await _people("王芳芳 4321") == ["王芳芳"]


async def test_the_list_of_houses_goes_on_where_the_page_before_ended(
    place: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "LIMIT", 3)
    first = await finding.listed(actor=OPERATOR, community_id=place.community.id)
    rest = await finding.listed(actor=OPERATOR, community_id=place.community.id, after=first.after)
    assert [one.house for one in [*first.rows, *rest.rows]] == ["1-101", "1-201", "2-101", "2-201"]
    assert rest.after == ""
    [block, _] = await finding.buildings(place.community.id, actor=OPERATOR)
    inside = await finding.listed(actor=OPERATOR, community_id=place.community.id, building_id=block.id)
    assert [one.house for one in inside.rows] == ["1-101", "1-201"]
    with pytest.raises(Invalid):
        await finding.listed(actor=OPERATOR, after="1; DROP TABLE house")


def test_every_key_that_is_asked_for_is_one_that_is_kept() -> None:
    for name, phone in (("王芳", "13800000001"), ("欧阳娜娜", "0571-88880001"), ("阿卜杜热合曼·买买提", "")):
        kept = set(keys(name, phone))
        assert set(asked(name)) <= kept
        assert set(asked(phone[-4:])) <= kept | {""}
    assert paging.read(paging.mark(3, 4, 5), 3) == (3, 4, 5)
