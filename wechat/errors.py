"""Everything that this room raises.

WeChatError
├── PushError          a push that we do not take
│   ├── BadSignature   not from the platform, too old, or replayed
│   └── BadPush        nothing that the platform would send
└── ApiError           a call to the platform that brought no result
    ├── Unreachable    surely not sent: may be tried again
    ├── Unknown        the outcome is unknown: must not be repeated blindly
    └── Refused        the platform answered with an error code
"""

from enum import StrEnum


class WeChatError(Exception):
    """Anything between us and the platform."""


class PushError(WeChatError):
    """A push that we do not take."""


class BadSignature(PushError):
    """Not from the platform, too old, or a replay."""


class BadPush(PushError):
    """Not a push that the platform would send. The message names the fault, never the content."""


class ApiError(WeChatError):
    """A call that brought no result. `words` is what staff read."""

    @property
    def words(self) -> str:
        return str(self)


class Unreachable(ApiError):
    """The request surely did not reach the platform."""

    @property
    def words(self) -> str:
        return "连不上微信服务器"


class Unknown(ApiError):
    """The request may have been carried out: the answer is missing."""

    @property
    def words(self) -> str:
        return "微信没有答复，不知道是否送达"


class Reason(StrEnum):
    """Why the platform refused, as far as it changes what we do next."""

    BUSY = "busy"
    TOKEN = "token"
    CREDENTIALS = "credentials"
    RATE = "rate"
    QUOTA = "quota"
    OUT_OF_WINDOW = "out_of_window"
    OUT_OF_COUNT = "out_of_count"
    NOT_ACCEPTED = "not_accepted"
    NO_SUCH_USER = "no_such_user"
    NOT_FOLLOWING = "not_following"
    MEDIA = "media"
    CONTENT = "content"
    UNAUTHORIZED = "unauthorized"
    NO_TEMPLATE = "no_template"
    IN_REVIEW = "in_review"  # not refused: the platform delivers by itself once it has looked, and reports it
    MARKETING = "marketing"
    BANNED = "banned"
    PUNISHED = "punished"
    TOO_OFTEN = "too_often"
    NO_MASS_LEFT = "no_mass_left"
    OTHER = "other"


_REASONS = {
    -1: Reason.BUSY,
    40001: Reason.TOKEN,
    40014: Reason.TOKEN,
    42001: Reason.TOKEN,
    41001: Reason.TOKEN,
    40125: Reason.CREDENTIALS,
    40013: Reason.CREDENTIALS,
    40164: Reason.CREDENTIALS,
    40003: Reason.NO_SUCH_USER,
    40007: Reason.MEDIA,
    40033: Reason.CONTENT,
    40037: Reason.NO_TEMPLATE,
    40249: Reason.MARKETING,
    40252: Reason.IN_REVIEW,
    43004: Reason.NOT_FOLLOWING,
    43101: Reason.NOT_ACCEPTED,
    43106: Reason.PUNISHED,
    43116: Reason.BANNED,
    43117: Reason.TOO_OFTEN,
    44002: Reason.CONTENT,
    44004: Reason.CONTENT,
    45002: Reason.CONTENT,
    45009: Reason.QUOTA,
    45011: Reason.RATE,
    45028: Reason.NO_MASS_LEFT,
    45015: Reason.OUT_OF_WINDOW,
    45047: Reason.OUT_OF_COUNT,
    47001: Reason.CONTENT,
    47003: Reason.CONTENT,
    48001: Reason.UNAUTHORIZED,
}

_WORDS = {
    Reason.BUSY: "微信系统繁忙",
    Reason.TOKEN: "公众号凭证失效",
    Reason.CREDENTIALS: "公众号的密钥或服务器地址白名单不对",
    Reason.RATE: "发送太频繁，被微信限制",
    Reason.QUOTA: "今天的发送次数已用完",
    Reason.OUT_OF_WINDOW: "对方超过48小时没有联系公众号，不能主动发消息",
    Reason.OUT_OF_COUNT: "对方回复之前，主动发送的条数已用完",
    Reason.NOT_ACCEPTED: "对方没有同意接收这类通知",
    Reason.NO_SUCH_USER: "查无此人",
    Reason.NOT_FOLLOWING: "对方没有关注公众号",
    Reason.MEDIA: "图片已过期或不存在",
    Reason.CONTENT: "内容不符合微信的要求",
    Reason.UNAUTHORIZED: "公众号没有这个接口的权限",
    Reason.NO_TEMPLATE: "公众号没有这个模板，请核对设置里的模板编号",
    Reason.IN_REVIEW: "微信正在审核这条消息",
    Reason.MARKETING: "微信把这条当成了营销内容，没有发出",
    Reason.BANNED: "这个模板被微信封禁了，请到公众号后台另选一个",
    Reason.PUNISHED: "公众号正被微信处罚，暂时发不了模板消息",
    Reason.TOO_OFTEN: "给对方发得太频繁，微信这次没有发出",
    Reason.NO_MASS_LEFT: "这个月的群发次数已用完",
    Reason.OTHER: "微信拒绝了发送",
}

_PASSING = frozenset({Reason.BUSY, Reason.TOKEN, Reason.RATE})


class Refused(ApiError):
    """The platform answered with an error code: surely not carried out."""

    def __init__(self, errcode: int, errmsg: str, message_id: str = "") -> None:
        """`message_id` is the platform's name of a message that it keeps for review."""
        super().__init__(f"{errcode} {errmsg}")
        self.message_id = message_id
        self.errcode = errcode
        self.errmsg = errmsg
        self.reason = _REASONS.get(errcode, Reason.OTHER)

    @property
    def passing(self) -> bool:
        """Whether the same call may succeed a little later."""
        return self.reason in _PASSING

    @property
    def words(self) -> str:
        return f"{_WORDS[self.reason]}（{self.errcode}）"
