"""What one simulated account and platform are like. Everything the platform's pages leave open is a field here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType


class Mode(StrEnum):
    """The account's message mode, as chosen on the platform's settings page."""

    SAFE = "safe"
    PLAIN = "plain"
    COMPATIBLE = "compatible"


class MenuIds(StrEnum):
    """What comes back as `bizmsgmenuid` of a tapped option: what was sent, 101, 102 … in order, 0, or nothing."""

    FULL = "full"
    NUMBERED = "numbered"
    ZERO = "zero"
    NONE = "none"


# Calls a day for a verified service account; an API that is not named has no limit here.
DAILY_LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "token": 2000,
        "message/custom/send": 500_000,
        "message/template/send": 100_000,
        "message/mass/send": 100,
        "message/mass/sendall": 100,
        "media/upload": 100_000,
        "qrcode/create": 100_000,
        "menu/create": 1000,
        "user/get": 500,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Keys are the account's own; durations are seconds. `public_url` overrides the address put into PicUrl."""

    callback: str = "http://127.0.0.1:8080/wechat"
    app_id: str = "wx5e0c3b7a91d24f68"
    app_secret: str = "0123456789abcdef0123456789abcdef"
    token: str = "guanjia"
    aes_key: str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    mode: Mode = Mode.SAFE
    account: str = "gh_5e0c3b7a91d2"
    account_name: str = "管家物业"
    host: str = "127.0.0.1"
    port: int = 8081
    public_url: str = ""
    state_dir: Path | None = None
    people_file: Path | None = None
    templates_file: Path | None = None

    push_timeout: float = 5.0
    pushes: int = 3
    # A connection that is refused or cut early is pushed again when the slot of `push_timeout` is over,
    # unless this names another pause between two pushes.
    push_pause: float | None = None
    retry_on_status: bool = False
    fresh_nonce: bool = True
    failure_sentence: str = "该公众号提供的服务出现故障，请稍后再试"
    reply_text_bytes: int = 2048
    # Two events of one person in one second would look like one to an application that, as the platform
    # advises, tells events apart by sender and second. A hand on a phone is slower than that.
    distinct_event_seconds: bool = True

    menu_ids: MenuIds = MenuIds.NUMBERED
    tap_opens_window: bool = False
    payment_opens_window: bool = False
    message_window: float = 48 * 3600
    message_sends: int = 5
    action_window: float = 60
    action_sends: int = 3
    token_life: int = 7200
    token_overlap: int = 300
    media_life: float = 3 * 86400
    # Accounts of today have category templates, whose values are typed: what does not fit is refused. Those of the
    # old library are cut at so many characters instead.
    category_templates: bool = True
    template_value_chars: int = 20
    # Whether the answer 40252, in review, names the message that the platform's report will be about.
    review_names_message: bool = True
    subscribe_title_chars: int = 15
    subscribe_content_chars: int = 200
    template_dedupe: float = 600
    mass_per_month: int = 4
    # A template id that the account does not have is refused (40037) unless this is set.
    accept_unknown_templates: bool = True
    daily_limits: Mapping[str, int] = field(default_factory=lambda: DAILY_LIMITS)
