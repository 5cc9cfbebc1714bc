"""The routes and words of the pages of complaints, for the application to mount."""

from collections.abc import Sequence

from handlers.complaints import acts, calls, lists, requests, sheets, words
from handlers.instructions import pages as instructions
from handlers.web.routes import Routes

ROUTES: Sequence[Routes] = (
    lists.routes,
    sheets.routes,
    acts.routes,
    requests.routes,
    calls.routes,
    instructions.routes,
)
FILTERS = words.FILTERS | calls.FILTERS | instructions.FILTERS
