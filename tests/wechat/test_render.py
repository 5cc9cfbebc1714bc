from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.replies import ArticlesReply

from bot.values import Article, Option, Reply
from wechat.render import LIMIT, custom, fits_passive, passive, split, text_of

CARD = Article("停水通知", "明天 9 点", "https://x/1", "https://x/1.jpg")


def fields(xml: bytes) -> dict[str, str]:
    return {e.tag: e.text or "" for e in ElementTree.fromstring(xml).iter()}


def size(reply: Reply) -> int:
    return len(text_of(reply).encode())


def test_a_text_answer_goes_back_the_way_it_came():
    assert fields(passive(Reply("收到"), "o1", "gh_1", 1763860000)) == {
        "xml": "",
        "ToUserName": "o1",
        "FromUserName": "gh_1",
        "CreateTime": "1763860000",
        "MsgType": "text",
        "Content": "收到",
    }


def test_options_are_numbered_links_below_the_text():
    options = (Option("厨房", "a:1:where:1", number=1041), Option("卫生间", "a:1:where:2", number=1042))
    reply = Reply("在哪里漏？", options)
    assert text_of(reply) == (
        "在哪里漏？\n"
        '1. <a href="weixin://bizmsgmenu?msgmenucontent=厨房&msgmenuid=1041">厨房</a>\n'
        '2. <a href="weixin://bizmsgmenu?msgmenucontent=卫生间&msgmenuid=1042">卫生间</a>'
    )


def test_an_options_words_cannot_break_its_link():
    line = text_of(Reply(options=(Option('5% & "a" <b>', "s:x&y=#1", number=1001),)))
    link = line.partition('href="')[2].partition('"')[0]
    content, key = link.partition("?")[2].split("&")
    assert unquote(content) == 'msgmenucontent=5% & "a" <b>'
    assert key == "msgmenuid=1001"
    assert line.count("<") == 2


def test_only_whole_numbers_go_out_as_ids():
    line = text_of(Reply(options=(Option("查进度", "s:progress?ticket=7"),)))
    assert "msgmenuid=1" in line
    assert "progress" not in line


def test_nobodys_words_become_a_link():
    assert "<a" not in text_of(Reply('看<a href="http://evil">这里</a>, 3<5'))
    assert "3<5" in text_of(Reply("3<5"))


def test_what_would_end_the_xml_early_arrives_whole():
    assert fields(passive(Reply("a]]>b\x00"), "o", "g", 1))["Content"] == "a]]>b"


def test_a_card():
    ours = fields(passive(Reply(article=CARD), "o", "g", 1))
    theirs = ArticlesReply(source="g", target="o", time=1)
    theirs.add_article(
        {"title": CARD.title, "description": CARD.description, "image": CARD.picture_url, "url": CARD.url}
    )
    peer = fields(theirs.render().encode())
    assert {k: v.strip() for k, v in peer.items()} == ours


@pytest.mark.parametrize(
    ("reply", "fits"),
    [
        (Reply("好"), True),
        (Reply(article=CARD), True),
        (Reply("a" * LIMIT), True),
        (Reply("a" * LIMIT + "b"), False),
        (Reply("好" * 683), False),
        (Reply(image="ab" * 32), False),
        (Reply("图", image="ab" * 32), False),
        (Reply("卡", article=CARD), False),
        (Reply(), False),
    ],
)
def test_what_one_passive_answer_can_carry(reply: Reply, fits: bool):
    assert fits_passive(reply) is fits
    if not fits:
        with pytest.raises(ValueError, match="does not fit"):
            passive(reply, "o", "g", 1)


def test_custom_messages():
    assert custom(Reply("好"), "o") == {"touser": "o", "msgtype": "text", "text": {"content": "好"}}
    assert custom(Reply(image="x"), "o", "m") == {
        "touser": "o",
        "msgtype": "image",
        "image": {"media_id": "m"},
    }
    card = custom(Reply(article=CARD), "o")
    assert card["news"] == {
        "articles": [
            {
                "title": "停水通知",
                "description": "明天 9 点",
                "url": "https://x/1",
                "picurl": "https://x/1.jpg",
            }
        ]
    }


def test_a_long_text_is_cut_at_sentences_and_keeps_its_options_at_the_end():
    sentence = "您的报修已经安排师傅上门处理，请保持电话畅通。"
    options = (Option("好的", "ok"), Option("改时间", "change"))
    parts = split(Reply(sentence * 80, options))
    assert len(parts) > 1
    assert all(p.text.endswith("。") for p in parts)
    assert [p.options for p in parts] == [()] * (len(parts) - 1) + [options]
    assert "".join(p.text for p in parts) == sentence * 80


def test_picture_card_and_text_are_separate_messages():
    parts = split(Reply("说明", (Option("好"),), image="x", article=CARD))
    assert parts == [Reply(image="x"), Reply(article=CARD), Reply("说明", (Option("好"),))]


def test_too_many_options_are_numbered_in_the_text():
    options = tuple(Option(f"第{n}栋二单元住户家中厨房", f"house:{n}") for n in range(1, 41))
    parts = split(Reply("选哪个？", options))
    said = "\n".join(text_of(p) for p in parts)
    assert all(f"{n}. 第{n}栋" in said for n in range(1, 41))
    assert all(size(p) <= LIMIT for p in parts)


def test_nothing_to_say_is_no_message():
    assert split(Reply()) == []


@settings(deadline=None)
@given(
    st.text(alphabet=st.sampled_from("漏水。\n <a，]>&\ud83d好"), max_size=3000),
    st.lists(st.text(max_size=40), max_size=30),
)
def test_every_part_fits_and_nothing_is_lost(text: str, options: list[str]):
    reply = Reply(text, tuple(Option(o, str(n)) for n, o in enumerate(options)))
    parts = split(reply)
    assert all(size_of_sent(p) <= LIMIT for p in parts)
    kept = "".join(p.text for p in parts)
    assert kept.count("漏") >= text.count("漏")


def size_of_sent(reply: Reply) -> int:
    return len(text_of(reply).encode(errors="replace"))


@given(
    st.text(max_size=700),
    st.lists(st.builds(Option, st.text(max_size=60), st.text(max_size=60)), max_size=9),
)
def test_what_is_said_to_fit_without_counting_fits(text: str, options: list[Option]):
    reply = Reply(text, tuple(options))
    if fits_passive(reply):
        assert len(text_of(reply).encode(errors="replace")) <= LIMIT
