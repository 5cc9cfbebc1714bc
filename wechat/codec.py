"""A push's XML into the bot's own words."""

from bot.values import Inbound
from wechat import events, messages
from wechat.fields import need, top_fields
from wechat.xml import read


def decode(body: bytes) -> Inbound:
    """One push that is not sealed, or no longer. Raises BadPush when the platform would not send it."""
    root = read(body)
    fields = top_fields(root)
    kind = need(fields, "MsgType")
    if kind in messages.KINDS:
        return messages.KINDS[kind](fields)
    if kind == "event":
        return events.KINDS.get(fields.get("Event", "").strip().lower(), events.unknown)(fields, root)
    if kind.endswith("event"):  # device_event and whatever else comes
        return events.unknown(fields, root)
    return messages.unknown(fields, root)


def sealed_part(body: bytes) -> str:
    """The ciphertext in the envelope of a sealed push."""
    return need(top_fields(read(body)), "Encrypt")
