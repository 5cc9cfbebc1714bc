"""Sentences in pinyin, and what only looks like them."""

import pytest

from bot.understanding import Understander

READ = {
    "wo jia ma tong lou shui le": "我家马桶漏水了",
    "kong tiao bu zhi leng le": "空调不制冷了",
    "wojiamatongdule": "我家马桶堵了",
    "chu fang shui long tou huai le yi zhi di shui": "厨房水龙头坏了一直滴水",
    "deng bu liang le": "灯不亮了",
    "dui jiang ji mei sheng yin": "对讲机没声音",
    "jia li mei dian": "家里没电",
    "ce suo mao shui le": "厕所冒水了",
    "Lou dao deng huai le": "楼道灯坏了",
    "wo bei guan zai dian ti li le": "我被关在电梯里了",
    "4 dong 1 dan yuan 602": "4栋1单元602",
    "4dong1danyuan602": "4栋1单元602",
    "wu dong er dan yuan san ling yi": "五栋二单元三零一",
    "B dong 1203": "B栋1203",
    "tong yi": "同意",
    "tong yi 5 dong 1 dan yuan 502 ye zhu": "同意 5栋1单元502 业主",
    "bu tong yi": "不同意",
    "ye zhu": "业主",
    "wo shi zu ke": "我是租客",
    "明天 xia wu": "明天下午",
    "wo bu xiang liu shou ji": "我不想留手机",
}
LEFT = [
    "my pipe is leaking",
    "can you come",
    "the lift is stuck",
    "hello",
    "wifi",
    "wifi bu hao yong",
    "app",
    "Kevin",
    "lili",
    "li na",
    "wang fang",
    "chen xiao ming",
    "BX 10176",
    "ok",
    "13800001234",
    "马桶漏水了",
    "",
]


@pytest.mark.parametrize(("written", "meant"), READ.items())
def test_pinyin_is_read_as_people_mean_it(understander: Understander, written: str, meant: str) -> None:
    assert understander.pinyin.read(written) == meant


@pytest.mark.parametrize("text", LEFT)
def test_names_english_and_brands_stay_as_they_are(understander: Understander, text: str) -> None:
    assert understander.pinyin.read(text) is None
