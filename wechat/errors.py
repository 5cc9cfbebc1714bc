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
    """A call that brought no result. `code` names why; dialogs/phrases/task.yaml words it for staff."""

    code = ""


class Unreachable(ApiError):
    """The request surely did not reach the platform."""

    code = "unreachable"


class Unknown(ApiError):
    """The request may have been carried out: the answer is missing."""

    code = "unanswered"


class Reason(StrEnum):
    """Why the platform refused, as far as it changes what we do next or what staff read."""

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
    MASS_KNOWN = "mass_known"  # not refused: it was taken before, under the same key
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
    45065: Reason.MASS_KNOWN,
    45066: Reason.RATE,
    45015: Reason.OUT_OF_WINDOW,
    45047: Reason.OUT_OF_COUNT,
    47001: Reason.CONTENT,
    47003: Reason.CONTENT,
    48001: Reason.UNAUTHORIZED,
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
        self.code = str(self.reason)

    @property
    def passing(self) -> bool:
        """Whether the same call may succeed a little later."""
        return self.reason in _PASSING
