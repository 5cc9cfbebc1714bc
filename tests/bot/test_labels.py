"""Lines whose label has nothing to say."""

from bot.scripts import texts


def test_a_label_without_a_value_falls_out() -> None:
    text = "编号：{number}\n地点：{place}\n照片：{photos:count}张"
    assert texts.fill(text, {"number": "T1001", "photos": []}) == "编号：T1001"


def test_a_greeting_stays_without_a_name() -> None:
    assert texts.fill("{my_name}您好，请说：", {"my_name": ""}) == "您好，请说："


def test_zero_is_something_to_say() -> None:
    assert texts.fill("名额：{left}", {"left": 0}) == "名额：0"
