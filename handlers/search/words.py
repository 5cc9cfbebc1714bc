"""What a matter that was found reads like."""

from handlers.web.wording import phrase
from services.desk.search import Matter

_STATES = {
    "ticket": "desk.ticket_state",
    "complaint": "case.complaint_state",
    "request": "case.request_state",
}


def state(one: Matter) -> str:
    return phrase(_STATES[one.kind], {"state": one.status}) or one.status


FILTERS = {"matter_state": state}
