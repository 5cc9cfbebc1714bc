"""Which real house somebody means, and which ones come close."""

import pytest

from models.community import Community
from services.estate import houses
from tests.world import places

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def place() -> Community:
    community = await places.community()
    for label in ("3-1-501", "3-2-501", "3-2-502", "3-2-601", "12-1-1201"):
        await places.house(community, label)
    await places.house(await places.community("别的小区"), "3-2-501")
    return community


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("3-2-501", ["3-2-501"]),
        ("3栋2单元501", ["3-2-501"]),
        ("三栋二单元五零一", ["3-2-501"]),
        ("十二栋一单元1201", ["12-1-1201"]),
        ("3栋501", ["3-1-501", "3-2-501"]),
        ("3号楼602", ["3-2-502", "3-2-601"]),
        ("3栋2单元503", ["3-2-501", "3-2-502"]),
        ("1201", ["12-1-1201"]),
        ("12栋1单元201", []),  # a single house that is only near is none
        ("9栋9单元999", []),
        ("我家", []),
    ],
)
async def test_words_find_houses(place: Community, said: str, meant: list[str]) -> None:
    found = await houses.resolve(place.id, said)
    assert sorted(one.label for one in found) == meant
    assert {one.community_id for one in found} <= {place.id}


@pytest.mark.parametrize("said", ["3-2-501", "3栋2单元501", "03-02-0501", "三栋二单元0501"])
async def test_a_house_is_found_whether_or_not_its_list_wrote_zeros(said: str) -> None:
    community = await places.community()
    await places.house(community, "03-02-0501")
    await places.house(community, "3-2-1501")
    assert [one.label for one in await houses.resolve(community.id, said)] == ["03-02-0501"]


async def test_code_names_its_house(place: Community) -> None:
    found = await houses.by_code(f"h:{place.id}-3-2-502")
    assert found and found.shown == "3栋2单元502"
    assert await houses.by_code("h-nobody") is None
