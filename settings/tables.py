"""The tables of the settings: what each key holds, and what is refused.

A new key is one line in its class here and one commented line in settings.toml; defaults stand only there.
"""

import base64
import binascii
import ipaddress
import re
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Port = Annotated[int, Field(ge=1, le=65535)]
Count = Annotated[int, Field(ge=1)]
Days = Annotated[int, Field(ge=0)]  # 0 is for ever
Seconds = Annotated[float, Field(gt=0)]
Weekday = Annotated[int, Field(ge=1, le=7)]
Secret = Annotated[str, Field(repr=False)]  # kept out of logs and messages
Name = Annotated[str, Field(min_length=1)]


class CallbackMode(StrEnum):
    """How the platform sends its pushes: the choice on the account's own settings page."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


def root() -> Path:
    """The folder of the project, to which relative paths in the settings refer."""
    return Path(__file__).resolve().parents[1]


def _rooted(path: Path) -> Path:
    return path if path.is_absolute() else root() / path


def _aes_key(key: str) -> str:
    try:
        size = len(base64.b64decode(key + "=", validate=True))
    except binascii.Error as error:
        raise ValueError("Input should be the 43 letters and digits shown by the platform") from error
    if len(key) != 43 or size != 32:
        raise ValueError("Input should be the 43 letters and digits shown by the platform")
    return key


_PERIOD = r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d"


def _hours(text: str) -> str:
    spans = [span.strip() for span in text.split(",")]
    if not all(re.fullmatch(_PERIOD, span) and span[:5] < span[6:] for span in spans):
        raise ValueError("Input should be hours of one day such as 08:30-18:00 or 08:30-12:00, 13:30-18:00")
    if any(after[:5] <= before[6:] for before, after in pairwise(spans)):
        raise ValueError("Input should be periods of one day in their order, with a break between them")
    return text


def _night(text: str) -> str:
    if text and not re.fullmatch(_PERIOD, text):
        raise ValueError("Input should be one period such as 21:30-08:00, or empty")
    return text


Hours = Annotated[str, AfterValidator(_hours)]
Night = Annotated[str, AfterValidator(_night)]
Weekdays = Annotated[tuple[Weekday, ...], Field(min_length=1)]
StoredPath = Annotated[Path, AfterValidator(_rooted)]
AesKey = Annotated[str, AfterValidator(_aes_key), Field(repr=False)]


class Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Company(Table):
    name: Name
    quiet_hours: Night


class Web(Table):
    host: str
    port: Port
    public_url: str


class Desk(Table):
    insecure_http: bool
    proxies: tuple[str, ...]
    idle_minutes: Count
    session_hours: Count

    @model_validator(mode="after")
    def _networks(self) -> "Desk":
        for one in self.proxies:
            ipaddress.ip_network(one, strict=False)
        return self


class Database(Table):
    url: Secret
    pool_size: Count


class Redis(Table):
    url: Secret


class TemplateIds(Table):
    """A template message of the account: its id, and its keys where they are not ours; an id alone will do."""

    id: str
    keys: dict[str, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _id_alone(cls, given: object) -> object:
        return {"id": given} if isinstance(given, str) else given


class MassUse(StrEnum):
    """Which notices may go out as mass messages, of which a follower gets four a month."""

    NONE = "none"
    URGENT = "urgent"
    ALL = "all"


class Wechat(Table):
    account_id: Name
    app_id: Name
    app_secret: Secret = Field(min_length=1)
    token: Secret = Field(min_length=1)
    encoding_aes_key: AesKey
    mode: CallbackMode
    api_url: str
    tap_opens_window: bool
    payment_opens_window: bool
    mass_messages: MassUse
    subscription_template: str
    templates: dict[str, TemplateIds]
    timestamp_window_s: Count
    api_timeout_s: Seconds


class Understanding(Table):
    margin: Annotated[float, Field(ge=0, le=1)]


class Repairs(Table):
    auto_close_days: Count
    working_hours: Hours
    working_days: Weekdays
    urge_minutes: Count
    grab_minutes: Count
    reassignments: Annotated[int, Field(ge=0)]
    settle_seconds: Annotated[int, Field(ge=0)]
    reopen_days: Annotated[int, Field(ge=0)]
    undo_minutes: Annotated[int, Field(ge=0)]
    grace_minutes: Annotated[int, Field(ge=0)]
    stalled_days: Count
    low_stars: Annotated[int, Field(ge=0, le=5)]
    unmerge_hours: Count
    same_fault_households: Annotated[int, Field(ge=2)]
    same_fault_minutes: Count


class Complaints(Table):
    first_hours: Count
    answer_hours: Count
    suggestion_hours: Count
    auto_close_days: Count


class FollowUps(Table):
    after_days: Count
    percent: Annotated[int, Field(ge=0, le=100)]


class Human(Table):
    office_hours: Hours
    timeout_minutes: Count
    silence_minutes: Count


class Media(Table):
    dir: StoredPath
    max_photos: Count
    max_megapixels: Count


class Retention(Table):
    messages_days: Days
    misunderstandings_days: Days
    media_days: Days


class Metrics(Table):
    token: Secret


class Worker(Table):
    concurrency: Count
    sweep_s: Seconds
    rest_s: Seconds


class Simulator(Table):
    enabled: bool
    host: str
    port: Port


class Log(Table):
    level: Literal["debug", "info", "warning", "error"]
    format: Literal["text", "json"]
