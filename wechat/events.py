"""Events: what happened. Sender, second, event and what it is about name them.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_event_pushes.html
"""

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

from bot.values import PAID, Inbound, Kind
from wechat.errors import BadPush, Reason
from wechat.fields import Fields, Place, all_facts, facts, inbound, message_id, need, number

_SCENE = "qrscene_"


def _event(
    fields: Fields,
    kind: Kind,
    *,
    about: str = "",
    key: str = "",
    place: Place | None = None,
    extra: Mapping[str, str] | None = None,
) -> Inbound:
    name = fields.get("Event", "").strip() or need(fields, "MsgType")
    identity = ":".join((need(fields, "FromUserName"), need(fields, "CreateTime"), name, about or key))
    return inbound(fields, kind, identity, key=key, place=place, extra=extra)


def _key(fields: Fields) -> str:
    return fields.get("EventKey", "").strip()


def _subscribe(fields: Fields, root: Element) -> Inbound:
    key = _key(fields)
    scene = key.removeprefix(_SCENE) if key.startswith(_SCENE) else ""
    extra = facts(fields, ticket="Ticket") if scene else facts(fields, origin="EventKey")
    return _event(fields, Kind.FOLLOW, key=scene, extra=extra)


def _unsubscribe(fields: Fields, root: Element) -> Inbound:
    return _event(fields, Kind.UNFOLLOW)


def _scan(fields: Fields, root: Element) -> Inbound:
    return _event(fields, Kind.SCAN, key=need(fields, "EventKey"), extra=facts(fields, ticket="Ticket"))


def _click(fields: Fields, root: Element) -> Inbound:
    return _event(fields, Kind.MENU, key=need(fields, "EventKey"))


def _scan_and_wait(fields: Fields, root: Element) -> Inbound:
    """The phone shows "receiving" until we answer, so this is a tap on the menu with something read."""
    extra = facts(all_facts(root), scanned="ScanResult", scan_type="ScanType")
    return _event(fields, Kind.MENU, key=need(fields, "EventKey"), extra=extra)


def _position(fields: Fields, root: Element) -> Inbound:
    place = number(fields, "Latitude"), number(fields, "Longitude")
    extra = facts(fields, precision="Precision", event="Event")
    return _event(fields, Kind.SILENT, place=place, extra=extra)


def _template_sent(fields: Fields, root: Element) -> Inbound:
    message = message_id(fields)
    extra = {"message_id": message, "fault": _fault(need(fields, "Status"))}
    return _event(fields, Kind.DELIVERY, about=message, extra=extra)


def _subscription_sent(fields: Fields, root: Element) -> Inbound:
    """One element for each message; the platform sends one at a time."""
    messages, states = _every(root, "MsgID"), _every(root, "ErrorStatus")
    if not messages or len(messages) != len(states):
        raise BadPush("MsgID or ErrorStatus is missing")
    fault = next(filter(None, map(_fault, states)), "")
    about = ",".join(messages)
    return _event(fields, Kind.DELIVERY, about=about, extra={"message_id": about, "fault": fault})


def _mass_sent(fields: Fields, root: Element) -> Inbound:
    """`missed` are followers who did not get it; the platform does not say who."""
    message, status = message_id(fields), fields.get("Status", "").strip().lower()
    fault = "" if status in ("send success", "sendsuccess") else "not_delivered"
    missed = fields.get("ErrorCount", "").strip()
    extra = {"message_id": message, "fault": fault, "missed": missed if missed.isdecimal() else "0"}
    return _event(fields, Kind.DELIVERY, about=message, extra=extra)


def _every(root: Element, tag: str) -> list[str]:
    return [element.text.strip() for element in root.iter(tag) if element.text]


def _fault(status: str) -> str:
    """Why a message did not arrive, as dialogs/phrases/task.yaml words it; "" for one that did."""
    if status == "success":
        return ""
    if "freq" in status:
        return Reason.TOO_OFTEN
    return "blocked" if "block" in status else "not_delivered"


def _paid(fields: Fields, root: Element) -> Inbound:
    """Who paid in the account's shop (微信小店) or at its counter (微信买单). Nothing to answer."""
    bought = fields.get("OrderId", "").strip() or fields.get("TransId", "").strip()
    extra = all_facts(root) | facts(fields, event="Event") | {PAID: "yes"}
    return _event(fields, Kind.SILENT, about=bought, extra=extra)


def unknown(fields: Fields, root: Element) -> Inbound:
    """Page views, photo pickers (the photos follow as messages), receipts, new kinds: kept, not answered."""
    if fields["MsgType"].strip() == "event":
        need(fields, "Event")
    about = _key(fields) or fields.get("MsgID", "").strip() or fields.get("MsgId", "").strip()
    extra = all_facts(root) | facts(fields, event="Event")
    return _event(fields, Kind.SILENT, about=about, key=_key(fields), extra=extra)


KINDS: dict[str, Callable[[Fields, Element], Inbound]] = {
    "subscribe": _subscribe,
    "unsubscribe": _unsubscribe,
    "scan": _scan,
    "click": _click,
    "scancode_waitmsg": _scan_and_wait,
    "location": _position,
    "templatesendjobfinish": _template_sent,
    "masssendjobfinish": _mass_sent,
    "subscribe_msg_sent_event": _subscription_sent,
    "merchant_order": _paid,
    "user_pay_from_pay_cell": _paid,
}
