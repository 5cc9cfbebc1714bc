"""One-time subscription messages (一次性订阅消息): one for each time that the person agrees on a page of WeChat.

https://developers.weixin.qq.com/doc/service/guide/product/message/One-time_subscription_info.html
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote, urlencode

from settings import Settings

TITLE_AT_MOST = 15
CONTENT_AT_MOST = 200
SCENE = 1  # all our news is of one kind: how things go on
PAGES = "https://mp.weixin.qq.com"
PATH = "/subscribed"  # of our own, to which people return


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """For one account. `pages` is where WeChat's own pages are, `back` our address to which the person returns."""

    app_id: str
    template_id: str
    secret: str
    pages: str
    back: str

    def link(self, person: str) -> str:
        """The page on which the person agrees to one message."""
        asked = {
            "action": "get_confirm",
            "appid": self.app_id,
            "scene": str(SCENE),
            "template_id": self.template_id,
            "redirect_url": self.back,
            "reserved": self._sealed(person),
        }
        return f"{self.pages}/mp/subscribemsg?{urlencode(asked, quote_via=quote)}#wechat_redirect"

    def agreed(self, query: Mapping[str, str]) -> str | None:
        """The person who comes back and agreed, "" for one who did not. None for what was never asked by us."""
        person = query.get("openid", "")
        if not hmac.compare_digest(query.get("reserved", "").encode(), self._sealed(person).encode()):
            return None
        if query.get("template_id") != self.template_id or query.get("scene") != str(SCENE):
            return None
        return person if query.get("action") == "confirm" else ""

    def _sealed(self, person: str) -> str:
        """Nobody else can say that a person agreed."""
        return hmac.new(self.secret.encode(), f"{self.template_id}:{person}".encode(), sha256).hexdigest()


def of(settings: Settings) -> Subscriptions | None:
    """Those of the account in the settings; None without a template for them."""
    wechat = settings.wechat
    if not wechat.subscription_template:
        return None
    return Subscriptions(
        app_id=wechat.app_id,
        template_id=wechat.subscription_template,
        secret=wechat.app_secret,
        pages=PAGES if settings.real_account else settings.wechat_api_url,
        back=f"{settings.public_url}{PATH}",
    )
