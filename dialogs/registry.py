"""The registry with every action and source of this product; importing this fills it."""

from dialogs.actions import (  # noqa: F401 - each fills the registry
    activity,
    binding,
    children,
    complaint,
    contact,
    faq,
    fees,
    hazard,
    human,
    job,
    merchant,
    notice,
    own_work,
    repair,
    repair_heard,
    repair_sorted,
    service_request,
    smalltalk,
    survey,
    technician,
    ticket_corrections,
    ticket_ratings,
    tickets,
)
from dialogs.actions.registry import registry

__all__ = ["registry"]
