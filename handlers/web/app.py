"""The pages of staff as one application, to be mounted below /desk: middleware, routes, what they share."""

from collections.abc import Sequence

from aiohttp import web

from dialogs import audit as audit_words
from handlers.account import own, scanning, sign_in
from handlers.audit import lists as audit_lists
from handlers.complaints import mounted as complaints
from handlers.desk import (
    acts,
    beside,
    canned,
    canned_page,
    files,
    flows,
    kept,
    lists,
    live,
    saying,
    streaming,
    templates,
    words,
)
from handlers.faults import acts as fault_acts
from handlers.faults import outages as fault_outages
from handlers.faults import overview as fault_overview
from handlers.residents import acts as residents_acts
from handlers.residents import jobs as residents_jobs
from handlers.residents import lists as residents_lists
from handlers.residents import merges as residents_merges
from handlers.residents import sheets as residents_sheets
from handlers.residents import words as residents_words
from handlers.search import asking
from handlers.search import page as search_page
from handlers.search import words as search_words
from handlers.tickets import acts as ticket_acts
from handlers.tickets import bulk as ticket_bulk
from handlers.tickets import lists as ticket_lists
from handlers.tickets import opening as ticket_opening
from handlers.tickets import photos as ticket_photos
from handlers.tickets import sheets as ticket_sheets
from handlers.tickets import words as ticket_words
from handlers.today import acts as today_acts
from handlers.today import calls as today_calls
from handlers.today import page as today_page
from handlers.today import promising
from handlers.today import words as today_words
from handlers.web import (
    assets,
    csrf,
    errors,
    headers,
    home,
    limits,
    network,
    pages,
    rights,
    routes,
    session,
    watch,
)
from handlers.web.limits import Limits
from handlers.web.routes import Routes
from handlers.web.watch import Watch
from settings import Settings

# Every room's routes, in one written list: what is not here does not exist.
ROUTES: Sequence[Routes] = (
    home.routes,
    assets.routes,
    sign_in.routes,
    own.routes,
    canned.routes,
    canned_page.routes,
    acts.routes,
    lists.routes,
    flows.routes,
    saying.routes,
    files.routes,
    beside.routes,
    streaming.routes,
    ticket_lists.routes,
    ticket_opening.routes,
    ticket_bulk.routes,
    ticket_photos.routes,
    ticket_sheets.routes,
    ticket_acts.routes,
    fault_overview.routes,
    fault_acts.routes,
    fault_outages.routes,
    today_page.routes,
    today_acts.routes,
    today_calls.routes,
    promising.routes,
    search_page.routes,
    residents_lists.routes,
    residents_sheets.routes,
    residents_acts.routes,
    residents_merges.routes,
    residents_jobs.of_residents,
    residents_jobs.routes,
    *complaints.ROUTES,
    audit_lists.routes,
)


def add(app: web.Application, settings: Settings) -> None:
    """Mount the pages. Raises UndeclaredRouteError when a route does not say who may use it."""
    app.add_subapp(routes.PREFIX, create(settings))


def create(settings: Settings, all_routes: Sequence[Routes] = ROUTES) -> web.Application:
    app = web.Application(
        # From the outside in: whatever happens is answered; then who asks, how often, whether they may, whether
        # it was them, and the transaction.
        middlewares=[
            errors.middleware,
            session.middleware,
            limits.middleware,
            rights.middleware,
            csrf.middleware,
            rights.in_unit,
        ]
    )
    app.on_response_prepare.extend([headers.prepare, session.prepare])
    app[network.PROXIES] = network.proxies(settings)
    app[session.INSECURE_HTTP] = settings.desk.insecure_http
    app[pages.COMPANY] = settings.company.name
    app[limits.LIMITS] = Limits()
    app[watch.WATCH] = Watch()
    app.cleanup_ctx.append(watch.running)
    app.on_shutdown.append(watch.shut_down)
    scanning.add(app, settings)
    live.add(app, settings)
    asking.add(app, settings)
    kept.add(app, settings, templates.of_account(settings))
    pages.environment().filters |= (
        words.FILTERS
        | ticket_words.FILTERS
        | today_words.FILTERS
        | search_words.FILTERS
        | audit_words.FILTERS
        | residents_words.FILTERS
        | complaints.FILTERS
    )
    pages.environment().globals |= words.GLOBALS
    routes.mount(app, all_routes)
    routes.must_be_declared(app)
    return app
