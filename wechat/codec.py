"""A push's XML into the bot's own words."""

import re

from bot.values import Inbound
from wechat import events, messages
from wechat.errors import BadPush
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


_SEALED = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=]++)(?:\]\]>)?\s*</Encrypt>")


def sealed_part(body: bytes) -> str:
    """The ciphertext in the envelope of a sealed push.

    Found, not parsed: nothing else in the envelope counts, and the signature covers what is found.
    """
    found = _SEALED.search(body)
    if found is None:
        raise BadPush("Encrypt is missing")
    return found[1].decode()
