"""What the bot says and asks. Importing this room fills the registry with every action and source."""

from dialogs import (
    activity,
    complaint,
    contact,
    faq,
    fees,
    merchant,
    notice,
    repair,
    service_request,
    smalltalk,
    survey,
)
from dialogs.registry import registry

__all__ = [
    "activity",
    "complaint",
    "contact",
    "faq",
    "fees",
    "merchant",
    "notice",
    "registry",
    "repair",
    "service_request",
    "smalltalk",
    "survey",
]
