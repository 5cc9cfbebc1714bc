"""The platform's error codes and the way it words them."""

import secrets

from simulator.jsonio import JsonObject, JsonValue

MESSAGES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40005: "invalid file type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40010: "invalid voice size",
    40011: "invalid video size",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40025: "invalid sub button name size",
    40026: "invalid sub button key size",
    40027: "invalid sub button url size",
    40029: "invalid code",
    40030: "invalid refresh_token",
    40032: "invalid openid list size",
    40035: "invalid parameter",
    40037: "invalid template_id",
    40053: "invalid action info",
    40062: "invalid title size",
    40097: "invalid args",
    40125: "invalid appsecret",
    40249: "template message is judged as marketing",
    40252: "template message is in review, it will be sent once passed",
    40163: "code been used",
    40164: "invalid ip, not in whitelist",
    41001: "access_token missing",
    41004: "appsecret missing",
    41005: "media data missing",
    42001: "access_token expired",
    42003: "code expired",
    43001: "require GET method",
    43002: "require POST method",
    43004: "require subscribe",
    43106: "account is punished, template message is limited",
    43116: "template is banned",
    43117: "template message to this user is limited for frequency",
    43101: "user refuse to accept the msg",
    44002: "empty post data",
    44003: "empty news data",
    44004: "empty content",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45028: "has no masssend quota",
    45047: "out of response count limit",
    45056: "too many tag now, no need to add new",
    45059: "too many tags of one fan",
    45065: "clientmsgid exist",
    45157: "tag name duplicated",
    45158: "tag name is too long",
    45159: "invalid tag id",
    46003: "menu no exist",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    48006: "forbid to clear quota because of reaching the limit",
    50005: "user is unsubscribed",
}


def rid() -> str:
    """The request id that the platform appends to an error."""
    return "-".join(secrets.token_hex(4) for _ in range(3))


class ApiError(Exception):
    """An answer of the platform with an errcode; `detail` follows the platform's own words."""

    def __init__(self, errcode: int, detail: str = "") -> None:
        super().__init__(errcode, detail)
        self.errcode = errcode
        self.detail = detail

    def body(self) -> JsonObject:
        words = MESSAGES.get(self.errcode, "unknown error")
        detail = f" {self.detail}" if self.detail else ""
        return {"errcode": self.errcode, "errmsg": f"{words}{detail} rid: {rid()}"}


class BadControl(Exception):
    """A control request that makes no sense: a sentence for whoever sent it."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def ok(**extra: JsonValue) -> JsonObject:
    """The platform's plain success, with what else it says."""
    return {"errcode": 0, "errmsg": "ok", **extra}
