"""Every kind of push that the platform's pages name is taken in all three modes, known or only kept."""

import base64
import time
from datetime import timedelta

import pytest

from bot.values import PAID, Kind
from tests.wechat.pushes import event, push
from wechat.allowances import Allowances
from wechat.callback import Callback, Mode
from wechat.codec import decode
from wechat.crypto import Seal
from wechat.signature import sign

TOKEN, APP = "token", "wx1234567890abcdef"
KEY = base64.b64encode(bytes(range(32))).decode()[:43]
SCANNED = "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>h:qinghe-1-1-101</ScanResult></ScanCodeInfo>"
PHOTOS = (
    "<SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>0a</PicMd5Sum></item>"
    "<item><PicMd5Sum>0b</PicMd5Sum></item></PicList></SendPicsInfo>"
)
PLACE = (
    "<SendLocationInfo><Location_X>30.27</Location_X><Location_Y>120.15</Location_Y><Scale>15</Scale>"
    "<Label>翠湖花园东门</Label><Poiname></Poiname></SendLocationInfo>"
)
KEYED = "<EventKey>K</EventKey>"


def subscribed(*templates: str) -> str:
    return "".join(
        f"<List><TemplateId>{one}</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List>"
        for one in templates
    )


CASES = [
    ("text", push("text", "<Content>漏水</Content>"), Kind.TEXT),
    ("image", push("image", "<PicUrl>http://p</PicUrl><MediaId>m</MediaId>"), Kind.IMAGE),
    ("voice", push("voice", "<MediaId>m</MediaId><Format>amr</Format><MediaId16K>w</MediaId16K>"), Kind.VOICE),
    ("video", push("video", "<MediaId>m</MediaId><ThumbMediaId>t</ThumbMediaId>"), Kind.VIDEO),
    ("shortvideo", push("shortvideo", "<MediaId>m</MediaId><ThumbMediaId>t</ThumbMediaId>"), Kind.VIDEO),
    ("link", push("link", "<Title>停水</Title><Url>http://u</Url>"), Kind.LINK),
    ("new kind", push("hologram", "<Beam>1</Beam>"), Kind.OTHER),
    ("subscribe", event("subscribe", "<EventKey></EventKey>"), Kind.FOLLOW),
    ("subscribe by code", event("subscribe", "<EventKey>qrscene_h:1</EventKey><Ticket>T</Ticket>"), Kind.FOLLOW),
    ("subscribe by trade", event("subscribe", "<EventKey>last_trade_no_4200</EventKey>"), Kind.FOLLOW),
    ("unsubscribe", event("unsubscribe", "<EventKey></EventKey>"), Kind.UNFOLLOW),
    ("SCAN", event("SCAN", "<EventKey>h:1</EventKey><Ticket>T</Ticket>"), Kind.SCAN),
    ("CLICK", event("CLICK", KEYED), Kind.MENU),
    ("scancode_waitmsg", event("scancode_waitmsg", KEYED + SCANNED), Kind.MENU),
    ("scancode_push", event("scancode_push", KEYED + SCANNED), Kind.SILENT),
    ("VIEW", event("VIEW", "<EventKey>http://u</EventKey><MenuId>7</MenuId>"), Kind.SILENT),
    ("view_miniprogram", event("view_miniprogram", "<EventKey>pages/x</EventKey><MenuId>7</MenuId>"), Kind.SILENT),
    ("LOCATION", event("LOCATION", "<Latitude>30.2</Latitude><Longitude>120.1</Longitude><Precision>40</Precision>"),
     Kind.SILENT),
    ("pic_sysphoto", event("pic_sysphoto", KEYED + PHOTOS), Kind.SILENT),
    ("pic_photo_or_album", event("pic_photo_or_album", KEYED + PHOTOS), Kind.SILENT),
    ("pic_weixin", event("pic_weixin", KEYED + PHOTOS), Kind.SILENT),
    ("location_select", event("location_select", KEYED + PLACE), Kind.SILENT),
    ("template sent", event("TEMPLATESENDJOBFINISH", "<MsgID>7</MsgID><Status>success</Status>"), Kind.DELIVERY),
    ("template blocked", event("TEMPLATESENDJOBFINISH", "<MsgID>7</MsgID><Status>failed:user block</Status>"),
     Kind.DELIVERY),
    ("template limited", event("TEMPLATESENDJOBFINISH", "<MsgID>7</MsgID><Status>failed:freq limit</Status>"),
     Kind.DELIVERY),
    ("mass sent", event("MASSSENDJOBFINISH", "<MsgID>7</MsgID><Status>send success</Status><SentCount>3</SentCount>"),
     Kind.DELIVERY),
    ("kf_create_session", event("kf_create_session", "<KfAccount>a@b</KfAccount>"), Kind.SILENT),
    ("kf_close_session", event("kf_close_session", "<KfAccount>a@b</KfAccount>"), Kind.SILENT),
    ("kf_switch_session", event("kf_switch_session", "<FromKfAccount>a</FromKfAccount>"), Kind.SILENT),
    ("popup, one", event("subscribe_msg_popup_event",
     f"<SubscribeMsgPopupEvent>{subscribed('a')}</SubscribeMsgPopupEvent>"), Kind.SILENT),
    ("popup, several", event("subscribe_msg_popup_event",
     f"<SubscribeMsgPopupEvent>{subscribed('a', 'b')}</SubscribeMsgPopupEvent>"), Kind.SILENT),
    ("change", event("subscribe_msg_change_event",
     f"<SubscribeMsgChangeEvent>{subscribed('a')}</SubscribeMsgChangeEvent>"), Kind.SILENT),
    ("sent", event("subscribe_msg_sent_event",
     "<SubscribeMsgSentEvent><List><TemplateId>a</TemplateId><MsgID>9</MsgID><ErrorCode>0</ErrorCode>"
     "<ErrorStatus>success</ErrorStatus></List></SubscribeMsgSentEvent>"), Kind.DELIVERY),
    ("new event", event("hologram_event", "<EventKey>x</EventKey>"), Kind.SILENT),
]  # fmt: skip


def sent(mode: Mode, message: bytes) -> Kind:
    """The kind of what comes out of a push in this mode, compatible mode with both forms in one."""
    stamp = str(int(time.time()))
    query = {"timestamp": stamp, "nonce": "n", "signature": sign(TOKEN, stamp, "n")}
    body = message
    if mode is not Mode.PLAIN:
        secret = Seal(KEY, APP).close(message)
        query |= {"encrypt_type": "aes", "msg_signature": sign(TOKEN, stamp, "n", secret)}
        shown = (
            message.decode().removeprefix("<xml>").removesuffix("</xml>") if mode is Mode.COMPATIBLE else ""
        )
        body = f"<xml>{shown}<Encrypt><![CDATA[{secret}]]></Encrypt></xml>".encode()
    door = Callback(token=TOKEN, app_id=APP, encoding_aes_key=KEY, mode=mode)
    door.admit(query)
    return door.receive(query, body).inbound.kind


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize(("message", "kind"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_every_kind_that_is_named_is_taken(mode: Mode, message: bytes, kind: Kind) -> None:
    assert sent(mode, message) is kind


def test_too_many_messages_are_told_to_staff_in_words() -> None:
    told = decode(event("TEMPLATESENDJOBFINISH", "<MsgID>7</MsgID><Status>failed:freq limit</Status>"))
    assert told.extra["fault"] == "too_often"


@pytest.mark.parametrize(
    "push",
    [
        event("merchant_order", "<OrderId>o-1</OrderId><OrderStatus>2</OrderStatus>"),
        event("user_pay_from_pay_cell", "<CardId>c</CardId><TransId>4200</TransId><Fee>100</Fee>"),
    ],
)
def test_a_payment_is_told_apart_and_allows_what_the_settings_say(push: bytes) -> None:
    told = decode(push)
    assert (told.kind, PAID in told.extra) == (Kind.SILENT, True)
    opens = Allowances(payment_opens_window=True).after(told.kind, tapped=False, paid=True)
    assert opens and opens.length == timedelta(hours=48)
    assert Allowances().after(told.kind, tapped=False, paid=True) is None
