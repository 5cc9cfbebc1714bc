"""One's duty and another matter in one sentence: both are seen to, and nothing done already is announced."""

import pytest

from models.people import Technician
from tests.world import estate
from tests.world.estate import Estate
from tests.world.rounds import Round

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("states", "said", "after", "on_duty"),
    [
        ("tap:p", "下班了 水龙头那个缺阀芯 明天上午再弄", {"tap": "h"}, False),
        ("tap:d", "早 上班了 那单我十一点到", {"tap": "c 11:00"}, True),
        ("tap:d lamp:d", "都退了吧 我下班了 娃发烧", {"tap": "gone", "lamp": "gone"}, False),
        ("tap:c23", "明天请半天假 上午那单退了 去医院", {"tap": "gone"}, True),
        ("tap:d", "好 收工了 有急的打我电话", {"tap": "d"}, False),
    ],
)
async def test_both_are_done_at_once(
    work: Round, man: Technician, states: str, said: str, after: dict[str, str], on_duty: bool
) -> None:
    phone = await work.given(states)
    assert "一件一件" not in await phone.says(said)
    assert {name: await work.stands(name) for name in after} == after
    assert (await Technician.get(id=man.id)).on_duty is on_duty


async def test_coming_on_duty_with_a_question_shows_the_jobs(work: Round, man: Technician) -> None:
    phone = await work.given("tap:c25")
    await Technician.filter(id=man.id).update(on_duty=False)
    assert "1栋101" in await phone.says("我上工了 明天都哪几家")
    assert (await Technician.get(id=man.id)).on_duty


async def test_two_jobs_go_to_a_colleague_with_the_reason_that_was_told(
    work: Round, place: Estate, man: Technician
) -> None:
    phone = await work.given("tap:d lamp:d")
    await estate.technician(place, "吴海涛", "water", "electric")
    assert "捎句话" not in await phone.says("俩单都转给老吴 我闪着腰了")
    assert (await work.stands("tap"), await work.stands("lamp")) == ("gone", "gone")


async def test_leaving_for_today_is_no_message_for_a_colleague(
    work: Round, place: Estate, man: Technician
) -> None:
    phone = await work.given("tap:d")
    await estate.technician(place, "吴海涛", "water", "electric")
    assert "捎句话" in await phone.says("这单转给老吴")
    await phone.says("今天不干了 下班")
    assert await work.stands("tap") == "gone"
    assert not (await Technician.get(id=man.id)).on_duty
