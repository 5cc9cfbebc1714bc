from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.values import Inbound, Kind
from tests.wechat.pushes import ACCOUNT, CREATED, OPENID, event, push, text
from wechat.codec import decode
from wechat.errors import BadPush


def test_a_text_message():
    assert decode(text("厨房水龙头漏水")) == Inbound(
        external_id=f"{ACCOUNT}:{OPENID}:24953812345678901",
        person=OPENID,
        kind=Kind.TEXT,
        sent_at=datetime.fromtimestamp(CREATED, UTC),
        account=ACCOUNT,
        text="厨房水龙头漏水",
    )


@pytest.mark.parametrize(
    "kind",
    [
        "text", "image", "voice", "video", "location", "link", "something_new",
    ],
)  # fmt: skip
def test_the_same_number_of_two_senders_names_two_messages(kind: str):
    inside = (
        "<Content>好</Content><MediaId>m</MediaId><Location_X>30.1</Location_X><Location_Y>120.2</Location_Y>"
        "<Label>x</Label><Title>t</Title><Url>http://u</Url>"
    )
    body = push(kind, inside)
    other = body.replace(OPENID.encode(), b"o_somebody_else")
    assert decode(body).external_id != decode(other).external_id
    assert decode(body).external_id == decode(body).external_id


@pytest.mark.parametrize(
    "text",
    [
        "【收到不支持的消息类型，暂无法显示】",
        "[收到不支持的消息类型，暂无法显示]",
        "【收到不支持的消息类型,暂无法显示】",
        "[Unsupported Message]",
        "[unsupported message type]",
        "【收到一条不支持的消息】",
        "【收到不支持的訊息類型，暫無法顯示】",
        "[Received an unsupported message type. Unable to display.]",
        "[收到一条暂不支持的消息类型，请在手机上查看]",
        "该消息类型暂不支持显示",
        "【该消息类型暂不能展示】",
        "[该消息类型无法显示]",
        "该内容暂时无法查看",
        "[当前微信版本不支持展示该内容，请升级至最新版本。]",
        " \n【收到不支持的消息类型，暂无法显示】 ",
    ],
)
def test_what_the_platform_could_not_pass_on_is_not_a_text(text: str):
    decoded = decode(push("text", f"<Content><![CDATA[{text}]]></Content>"))
    assert (decoded.kind, decoded.text) == (Kind.OTHER, "")


@pytest.mark.parametrize(
    "text",
    [
        "你们不支持微信付款吗",
        "（不支持微信付款）",
        "收到",
        "[收到]",
        "收到不支持的消息类型是什么意思",
        "这个内容无法显示怎么办",
        "公众号里的消息无法显示，帮我看看",
        "当前物业不支持电动车进电梯的消息是真的吗",
        "收到通知，我不支持涨物业费",
    ],
)
def test_words_of_people_stay_a_text(text: str):
    assert decode(push("text", f"<Content><![CDATA[{text}]]></Content>")).kind is Kind.TEXT


def test_a_tapped_option_brings_what_came_back_of_its_number():
    tapped = decode(push("text", "<Content><![CDATA[满意]]></Content><bizmsgmenuid>101</bizmsgmenuid>"))
    assert (tapped.text, tapped.tapped) == ("满意", "101")


@pytest.mark.parametrize(
    ("body", "kind", "media_id"),
    [
        (push("image", "<PicUrl>http://p/1</PicUrl><MediaId>m1</MediaId>"), Kind.IMAGE, "m1"),
        (push("image", "<PicUrl>http://p/1</PicUrl>"), Kind.OTHER, ""),
        (push("voice", "<MediaId>m2</MediaId><Format>amr</Format>"), Kind.VOICE, "m2"),
        (push("video", "<MediaId>m3</MediaId><ThumbMediaId>t</ThumbMediaId>"), Kind.VIDEO, "m3"),
        (push("shortvideo", "<MediaId>m4</MediaId>"), Kind.VIDEO, "m4"),
    ],
)
def test_media_messages(body: bytes, kind: Kind, media_id: str):
    inbound = decode(body)
    assert (inbound.kind, inbound.media_id) == (kind, media_id)


def test_a_voice_message_keeps_what_the_platform_says_about_it():
    body = "<MediaId>m</MediaId><Format>amr</Format><MediaId16K>m16</MediaId16K><Recognition></Recognition>"
    assert decode(push("voice", body)).extra == {"format": "amr", "media_id_16k": "m16"}


def test_a_location():
    inbound = decode(
        push(
            "location",
            "<Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y>"
            "<Scale>20</Scale><Label><![CDATA[3号楼]]></Label>",
        )
    )
    assert (inbound.latitude, inbound.longitude, inbound.text) == (23.134521, 113.358803, "3号楼")


def test_a_link():
    inbound = decode(push("link", "<Title>通知</Title><Description>停水</Description><Url>http://x</Url>"))
    assert (inbound.kind, inbound.text) == (Kind.LINK, "通知")
    assert inbound.extra == {"description": "停水", "url": "http://x"}


@pytest.mark.parametrize(
    ("body", "key", "extra"),
    [
        (event("subscribe"), "", {}),
        (event("subscribe", "<EventKey></EventKey>"), "", {}),
        (event("subscribe", "<EventKey>qrscene_c:7</EventKey><Ticket>T</Ticket>"), "c:7", {"ticket": "T"}),
        (event("subscribe", "<EventKey>last_trade_no_40</EventKey>"), "", {"origin": "last_trade_no_40"}),
    ],
)
def test_following(body: bytes, key: str, extra: dict[str, str]):
    inbound = decode(body)
    assert (inbound.kind, inbound.key, inbound.extra) == (Kind.FOLLOW, key, extra)


@pytest.mark.parametrize(
    ("body", "kind", "key"),
    [
        (event("unsubscribe"), Kind.UNFOLLOW, ""),
        (event("SCAN", "<EventKey>house:12</EventKey><Ticket>T</Ticket>"), Kind.SCAN, "house:12"),
        (event("CLICK", "<EventKey>repair</EventKey>"), Kind.MENU, "repair"),
        (event("VIEW", "<EventKey>http://x</EventKey>"), Kind.SILENT, "http://x"),
        (event("view_miniprogram", "<EventKey>pages/a</EventKey>"), Kind.SILENT, "pages/a"),
        (event("scancode_push", "<EventKey>6</EventKey>"), Kind.SILENT, "6"),
        (event("pic_photo_or_album", "<EventKey>6</EventKey>"), Kind.SILENT, "6"),
        (event("location_select", "<EventKey>6</EventKey>"), Kind.SILENT, "6"),
        (event("kf_create_session", "<KfAccount>a@b</KfAccount>"), Kind.SILENT, ""),
        (event("something_new", "<Whatever>1</Whatever>"), Kind.SILENT, ""),
    ],
)
def test_events(body: bytes, kind: Kind, key: str):
    inbound = decode(body)
    assert (inbound.kind, inbound.key) == (kind, key)


def test_a_scan_that_waits_for_our_answer_counts_as_a_tap_on_the_menu():
    info = "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>H-501</ScanResult></ScanCodeInfo>"
    inbound = decode(event("scancode_waitmsg", f"<EventKey>bind</EventKey>{info}"))
    assert (inbound.kind, inbound.key) == (Kind.MENU, "bind")
    assert inbound.extra == {"scanned": "H-501", "scan_type": "qrcode"}


def test_a_position_report():
    where = "<Latitude>23.13</Latitude><Longitude>113.35</Longitude><Precision>119.3</Precision>"
    inbound = decode(event("LOCATION", where))
    assert (inbound.kind, inbound.latitude, inbound.longitude) == (Kind.SILENT, 23.13, 113.35)


@pytest.mark.parametrize("spelling", ["MsgID", "MsgId"])
def test_the_fate_of_a_template_message(spelling: str):
    body = event(
        "TEMPLATESENDJOBFINISH", f"<{spelling}>200163840</{spelling}><Status>failed:user block</Status>"
    )
    inbound = decode(body)
    assert inbound.kind == Kind.DELIVERY
    assert inbound.extra == {"message_id": "200163840", "fault": "blocked"}


def test_a_template_message_that_arrived_has_no_fault():
    body = event("TEMPLATESENDJOBFINISH", "<MsgID>1</MsgID><Status>success</Status>")
    assert decode(body).extra == {"message_id": "1", "fault": ""}


def test_the_fates_of_several_subscription_messages_in_one_push():
    items = "".join(
        f"<List><TemplateId>t</TemplateId><MsgID>{n}</MsgID><ErrorStatus>{s}</ErrorStatus></List>"
        for n, s in ((17, "success"), (18, "failed"))
    )
    inbound = decode(
        event("subscribe_msg_sent_event", f"<SubscribeMsgSentEvent>{items}</SubscribeMsgSentEvent>")
    )
    assert inbound.kind == Kind.DELIVERY
    assert inbound.extra == {"message_id": "17,18", "fault": "not_delivered"}


def test_an_unknown_message_is_kept_with_what_it_says():
    inbound = decode(push("hologram", "<Shape>cube</Shape>"))
    assert inbound.kind == Kind.OTHER
    assert inbound.extra == {"Shape": "cube", "type": "hologram"}


def test_space_around_fields_is_not_part_of_them():
    body = push("text", "<Content><![CDATA[好]]></Content>").replace(
        b"<MsgType><![CDATA[text]]>", b"<MsgType> text\n"
    )
    assert decode(body).kind == Kind.TEXT


def test_two_reports_in_the_same_second_are_two():
    first, second = (
        decode(event("TEMPLATESENDJOBFINISH", f"<MsgID>{n}</MsgID><Status>success</Status>")) for n in (1, 2)
    )
    assert first.external_id != second.external_id


def test_a_retried_event_has_the_same_id():
    assert decode(event("CLICK", "<EventKey>repair</EventKey>")) == decode(
        event("CLICK", "<EventKey>repair</EventKey>\n")
    )


def test_ids_stay_short_and_distinct_however_long_the_key():
    ids = {
        decode(event("VIEW", f"<EventKey>http://x/{'a' * 900}{n}</EventKey>")).external_id for n in range(3)
    }
    assert len(ids) == 3
    assert all(len(i) <= 128 for i in ids)


def test_a_control_character_does_not_lose_the_message():
    assert decode(text("水管\x08漏水")).text == "水管漏水"


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<xml><MsgType>&b;</MsgType></xml>"
)
OUTSIDE = (
    b'<!DOCTYPE xml [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    b"<xml><ToUserName>a</ToUserName><Content>&f;</Content></xml>"
)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"\xff\xfe<\x00x\x00m\x00l\x00>\x00",
        b"<xml>",
        b"<xml></xml>",
        b"<html><body/></html>",
        b'{"MsgType":"text"}',
        b"<xml><MsgType>text</MsgType></xml>",
        b"\xd6\xd0<xml></xml>",
        BOMB,
        OUTSIDE,
        BOMB.decode().encode("utf-16"),
        b"<!-- " + BOMB + b" -->" + BOMB,
        push("text", "<Content>a</Content>", msg_id=""),
        push("text", "<MsgType>image</MsgType><Content>a</Content>"),
        push("text", "<FromUserName>somebody else</FromUserName>"),
        push("location", "<Location_X>north</Location_X><Location_Y>1</Location_Y>"),
        push("location", "<Location_X>nan</Location_X><Location_Y>1</Location_Y>"),
        push("location"),
        push("image", f"<MediaId>{'m' * 200}</MediaId>"),
        event("CLICK"),
        event(""),
        text("a").replace(str(CREATED).encode(), b"soon"),
        text("a").replace(str(CREATED).encode(), b"9" * 40),
        text("a").replace(OPENID.encode(), b"two words"),
        b"<xml>" + b"<a>" * 10_000,
    ],
)
def test_what_the_platform_never_sends_is_refused(body: bytes):
    with pytest.raises(BadPush):
        decode(body)


def test_markup_in_a_persons_text_is_just_text():
    assert decode(text("<!DOCTYPE html><a>&amp;</a>")).text == "<!DOCTYPE html><a>&amp;</a>"


@given(st.binary(max_size=300))
def test_random_bytes_raise_nothing_else(noise: bytes):
    with pytest.raises(BadPush):
        decode(noise)


@given(st.binary(max_size=60), st.integers(0, 300))
def test_a_damaged_push_is_read_or_refused(noise: bytes, at: int):
    whole = text("你好")
    try:
        decode(whole[:at] + noise + whole[at:])
    except BadPush as fault:
        assert str(fault)
