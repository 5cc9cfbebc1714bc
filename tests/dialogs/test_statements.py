"""How often the database is asked for one message, with the beginning and the end of its transaction.

Each is said twice, by different people: what a process remembers is known the second time.
"""

from types import SimpleNamespace

import pytest

from models.people import Person, Technician
from services import cache
from tests.world import estate, places
from tests.world.asked import statements
from tests.world.estate import Estate
from tests.world.phone import Phone, Town

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def what_is_kept_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "time", SimpleNamespace(monotonic=lambda: 0.0))


@pytest.fixture
async def neighbours(town: Town, place: Estate) -> list[Phone]:
    """The resident of the place and another one, who were told before what follows a first word."""
    other = await places.resident(place.houses[1], "李敏")
    await Person.filter(id__in=[place.resident.id, other.id]).update(phone="13800000001")
    phones = [town.phone(one.channel_id) for one in (place.resident, other)]
    for phone in phones:
        await phone.says("你好")
    return phones


async def asked(phone: Phone, words: str) -> list[str]:
    """The statements of the transaction in which this is answered."""
    with statements() as heard:
        await phone.says(words)
    return heard[heard.index("BEGIN;") : heard.index("COMMIT;") + 1]


async def second(phones: list[Phone], words: str) -> list[str]:
    await phones[0].says(words)
    return await asked(phones[1], words)


async def test_a_report_from_the_first_sentence_to_a_correction_of_its_receipt(
    neighbours: list[Phone],
) -> None:
    assert len(await second(neighbours, "厨房水龙头一直漏水，关不紧")) == 6
    assert len(await second(neighbours, "明天下午3点")) == 5
    assert len(await second(neighbours, "改成后天上午10点")) == 6


async def test_strangers(town: Town, neighbours: list[Phone]) -> None:
    assert len(await second([town.phone("o_first"), town.phone("o_second")], "你好")) == 6
    phones = [town.phone("o_third"), town.phone("o_fourth")]
    assert len(await second(phones, "绑定")) == 7
    assert len(await second(phones, "同意")) == 5


async def test_a_technician_accepts(town: Town, place: Estate) -> None:
    man, phone = await Technician.get(name="王强"), town.phone("o_王强")
    for made in (await estate.given_to(place, man), await estate.given_to(place, man)):
        heard = await asked(phone, f"{made.number} 接了，半小时到")
    assert len(heard) == 8
