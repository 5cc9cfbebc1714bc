"""How long, and how often, the platform lets an account write by itself after what a person did.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html
"""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from bot.values import Kind

_WROTE = (timedelta(hours=48), 5)
_ACTED = (timedelta(minutes=1), 3)

ALLOWANCES: Mapping[Kind, tuple[timedelta, int]] = MappingProxyType(
    dict.fromkeys((Kind.TEXT, Kind.IMAGE, Kind.VOICE, Kind.VIDEO, Kind.LOCATION, Kind.LINK), _WROTE)
    | dict.fromkeys((Kind.MENU, Kind.FOLLOW, Kind.SCAN), _ACTED)
)
