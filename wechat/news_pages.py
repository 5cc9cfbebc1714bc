"""The page that a template message leads to: its values hold twenty characters, the page all that we had to say.

Whoever has the address may read it, so it is sealed, sent to one person alone, and ends after a week.
"""

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256

from settings import Settings

PATH = "/news"
_TOKEN = re.compile(r"(\d{1,18})-([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class NewsPages:
    """Of one account. `base` is where phones reach us."""

    secret: str
    base: str

    def link(self, message_id: int) -> str:
        """Where this message stands in full."""
        return f"{self.base}{PATH}/{message_id}-{self._sealed(message_id)}"

    def of(self, token: str) -> int | None:
        """The message of such an address; None for one that we never gave to anybody."""
        found = _TOKEN.fullmatch(token)
        if found is None or not hmac.compare_digest(found[2], self._sealed(int(found[1]))):
            return None
        return int(found[1])

    def _sealed(self, message_id: int) -> str:
        return hmac.new(self.secret.encode(), f"news:{message_id}".encode(), sha256).hexdigest()[:32]


def of(settings: Settings) -> NewsPages | None:
    """None where phones cannot reach us: a real account whose public address nobody named."""
    if settings.real_account and not settings.web.public_url:
        return None
    return NewsPages(settings.wechat.app_secret, settings.public_url)
