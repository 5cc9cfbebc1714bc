"""What a technician says a job used and cost: nothing told is asked again, and no other number becomes a sum."""

import pytest

from tests.world.phone import Phone
from tests.world.rounds import Round

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def phone(work: Round) -> Phone:
    return await work.given("tap:p lock:c")


@pytest.mark.parametrize(
    ("said", "materials", "cost"),
    [
        ("水龙头弄好了 阀芯烧了换了一个 260 材料自己垫的", "阀芯", "260元"),
        ("弄好了 三角阀一个 40", "三角阀一个", "40元"),
        ("修好了换了个龙头一百二", "龙头", "120元"),
        ("好了 换了两块垫片 收了35", "垫片", "35元"),
    ],
)
async def test_all_that_is_told_stands_in_the_summary(
    phone: Phone, said: str, materials: str, cost: str
) -> None:
    await phone.says(said)
    shown = await phone.says("没拍")
    assert f"用料：{materials}\n收费：{cost}" in shown


@pytest.mark.parametrize(
    ("said", "materials", "cost"),
    [
        ("不对 阀芯两个 250块", "阀芯两个", 250),
        ("用料主板一块", "主板一块", 45),
        ("什么45块 费用是60", "阀芯", 60),
        ("钱不对 是五十", "阀芯", 50),
        ("料也不对 是三通一个", "三通一个", 45),
        ("是201的锁 不是水龙头", "阀芯", 45),
        ("错了 是58 还有生料带一卷", "阀芯、生料带一卷", 58),
        ("加个角阀1个", "阀芯、角阀1个", 45),
    ],
)
async def test_the_summary_is_put_right_in_one_sentence(
    phone: Phone, said: str, materials: str, cost: int
) -> None:
    await phone.says("水龙头修好了 换了阀芯 45")
    await phone.says("没拍")
    assert f"用料：{materials}\n收费：{cost}元" in await phone.says(said)


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("对 下一家201那个锁我20分钟到", ("awaiting_resident", "c 10:20")),
        ("对 201那家去不了 腰闪了", ("awaiting_resident", "gone")),
        ("对 就是费用改成80", ("p", "c 13:00")),
    ],
)
async def test_the_summary_is_confirmed_and_the_next_job_seen_to(
    work: Round, phone: Phone, said: str, stands: tuple[str, str]
) -> None:
    await phone.says("水龙头修好了 换了阀芯 45")
    await phone.says("没拍")
    await phone.says(said)
    assert (await work.stands("tap"), await work.stands("lock")) == stands
