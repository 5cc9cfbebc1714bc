"""How long, and how often, the platform lets an account write by itself after what a person did.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.values import Kind
from services.delivery.windows import Allowance, Opening

_WROTE = Allowance(Opening.MESSAGE, timedelta(hours=48), 5)
_ACTED = Allowance(Opening.ACT, timedelta(minutes=1), 3)
_MESSAGES = frozenset((Kind.TEXT, Kind.IMAGE, Kind.VOICE, Kind.VIDEO, Kind.LOCATION, Kind.LINK, Kind.OTHER))
_ACTS = frozenset((Kind.MENU, Kind.FOLLOW, Kind.SCAN))


@dataclass(frozen=True, slots=True)
class Allowances:
    """The settings say what accounts report differently: whether a tapped option or a payment counts as a message."""

    tap_opens_window: bool = False
    payment_opens_window: bool = False

    def after(self, kind: Kind, *, tapped: bool, paid: bool = False) -> Allowance | None:
        """What an act allows. A tapped option comes as a text, and counts as a click on the menu.

        A payment gives nothing to accounts registered since June 2023, though a page of the platform still lists it.
        """
        if paid:
            return _WROTE if self.payment_opens_window else None
        if kind is Kind.TEXT and tapped and not self.tap_opens_window:
            return _ACTED
        if kind in _MESSAGES:
            return _WROTE
        return _ACTED if kind in _ACTS else None
