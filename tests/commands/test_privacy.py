"""run.py export and run.py forget, as an operator types them."""

import argparse
from pathlib import Path

import pytest

from commands import StartError, export, forget
from commands.office import residents
from models.people import Person
from services import work
from services.privacy.erasure import Forgotten
from settings import Settings
from tests.world import places

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def person() -> Person:
    house = await places.house(await places.community(), "3-2-501")
    person = await Person.create(channel_id="o_wang", name="王秀兰", phone="13800007777")
    await places.bind(person, house)
    return person


async def test_somebody_is_found_by_id_openid_and_phone_in_any_spelling(person: Person) -> None:
    for text in (str(person.id), "o_wang", "13800007777", "+86 138-0000-7777"):
        assert await residents.person(text) == person.id
    other = await Person.create(channel_id="o_li", name="李强", phone="13800007777")
    with pytest.raises(StartError, match=f"More than one person.*{person.id} 王秀兰.*{other.id} 李强"):
        await residents.person("13800007777")
    with pytest.raises(StartError, match="Nobody"):
        await residents.person("13911112222")


async def test_forgetting_says_first_how_much_it_would_be(
    person: Person, test_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[Forgotten] = []
    asked = argparse.Namespace(person="o_wang", yes=False, from_list=False, by=None)
    await forget.work(asked, done)
    assert "2 rows; --yes erases them" in capsys.readouterr().out and done == []
    async with work.unit():
        await forget.work(argparse.Namespace(**{**vars(asked), "yes": True}), done)
    assert "forgotten: 2 rows" in capsys.readouterr().out
    assert (await Person.get(id=person.id)).name == ""


async def test_a_copy_is_written_where_it_is_told(
    person: Person, test_settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with work.unit():
        await export.work(argparse.Namespace(person="o_wang", file=tmp_path / "a.zip", by=None))
    assert (tmp_path / "a.zip").stat().st_size and "2 files" in capsys.readouterr().out
    with pytest.raises(StartError, match="not overwritten"):
        export.run(argparse.Namespace(person="o_wang", file=tmp_path / "a.zip", by=None))
