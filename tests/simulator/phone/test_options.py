"""Tappable options: found in texts, given out, and sent back by a tap."""

import pytest

from simulator.jsonio import JsonObject
from simulator.texts import read, readable
from tests.simulator.conftest import Account, Phone

LINKS = (
    "请选择：\n"
    '1. <a href="weixin://bizmsgmenu?msgmenucontent=厨房&msgmenuid=k1">厨房</a>\n'
    '2. <a href="weixin://bizmsgmenu?msgmenucontent=50%25以上&amp;msgmenuid=k2">A&amp;B</a>\n'
    '看<a href="https://example.cn/a?b=1">说明</a>'
)


async def test_a_text_keeps_its_readable_words_and_gives_its_options(phone: Phone, account: Account) -> None:
    openid = await phone.follower("o1")
    account.says(LINKS)
    reply = (await phone.says(openid, "报修"))["reply"]
    assert isinstance(reply, dict)
    assert reply["text"] == "请选择：\n1. 厨房\n2. A&B\n看说明"
    assert reply["options"] == [{"text": "厨房", "id": "k1"}, {"text": "50%以上", "id": "k2"}]
    parts = reply["parts"]
    assert isinstance(parts, list)
    assert parts[-1] == {"kind": "link", "text": "说明", "url": "https://example.cn/a?b=1"}


async def test_a_tap_sends_the_words_and_the_id(phone: Phone, account: Account) -> None:
    openid = await phone.follower("o1")
    await phone.post("/sim/mode", {"menu_ids": "full"})
    await phone.send(openid, type="option", text="厨房", id="k1")
    push = account.pushes[-1]
    assert (push["MsgType"], push["Content"], push["bizmsgmenuid"]) == ("text", "厨房", "k1")
    assert (await phone.messages(openid))[-1]["text"] == "厨房"


@pytest.mark.parametrize(
    ("menu_ids", "returned"), [("full", "k2"), ("numbered", "102"), ("zero", "0"), ("none", None)]
)
async def test_what_comes_back_of_an_id(
    phone: Phone, account: Account, menu_ids: str, returned: str | None
) -> None:
    openid = await phone.follower("o1")
    account.says(LINKS)
    await phone.says(openid, "报修")
    await phone.post("/sim/mode", {"menu_ids": menu_ids})
    await phone.send(openid, type="option", text="50%以上", id="k2")
    push = account.pushes[-1]
    assert (push["Content"], push.get("bizmsgmenuid")) == ("50%以上", returned)


async def test_a_menu_message_has_options_too(phone: Phone) -> None:
    openid = await phone.follower("o1")
    await phone.log_in()
    entries: JsonObject = {"list": [{"id": "1", "content": "满意"}, {"id": "2", "content": "不满意"}]}
    menu: JsonObject = {"head_content": "服务如何？", **entries, "tail_content": "谢谢"}
    await phone.call("message/custom/send", {"touser": openid, "msgtype": "msgmenu", "msgmenu": menu})
    message = (await phone.messages(openid))[-1]
    assert message["text"] == "服务如何？\n满意\n不满意\n谢谢"
    assert message["options"] == [{"text": "满意", "id": "1"}, {"text": "不满意", "id": "2"}]


def test_what_is_no_link_stays_as_it_is() -> None:
    for text in ("a < b > c", "<a>", "<a href='x'>未完", "5 &lt; 6", ""):
        assert readable(read(text)) == text
