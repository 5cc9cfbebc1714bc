"""Pushes as the platform writes them, made by hand."""

ACCOUNT = "gh_5a1b2c3d4e5f"
OPENID = "oYk9u5Jq3Zx0bV7cN2mL8pR4sT6w"
CREATED = 1763860000


def push(kind: str, body: str = "", *, msg_id: str = "24953812345678901") -> bytes:
    """A message of `kind`; `msg_id` "" leaves the number out."""
    number = f"<MsgId>{msg_id}</MsgId>" if msg_id else ""
    return _xml(f"<MsgType><![CDATA[{kind}]]></MsgType>{body}{number}")


def event(name: str, body: str = "") -> bytes:
    return _xml(f"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event>{body}")


def text(content: str, *, msg_id: str = "24953812345678901") -> bytes:
    return push("text", f"<Content><![CDATA[{content}]]></Content>", msg_id=msg_id)


def _xml(body: str) -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>\n"
        f"<FromUserName><![CDATA[{OPENID}]]></FromUserName>\n"
        f"<CreateTime>{CREATED}</CreateTime>\n{body}\n</xml>"
    ).encode()
