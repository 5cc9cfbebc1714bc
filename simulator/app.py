"""Puts the simulator together as one aiohttp application."""

from collections.abc import AsyncIterator

from aiohttp import web
from aiohttp.typedefs import Handler
from yarl import URL

from simulator import demo, snapshot
from simulator.api import account, mass, media, messages, oauth, people, subscriptions, templates, tokens
from simulator.config import Config
from simulator.control import people as control_people
from simulator.control import platform as control_platform
from simulator.errors import BadControl
from simulator.phone import consent, page
from simulator.world import WORLD, create

_APIS = [
    *tokens.APIS,
    *messages.APIS,
    *templates.APIS,
    *subscriptions.APIS,
    *media.APIS,
    *account.APIS,
    *people.APIS,
    *mass.APIS,
    *oauth.APIS,
]
_PHONES = "phones.json"
_MOST_BYTES = 24 * 1024 * 1024


def create_app(config: Config) -> web.Application:
    """The simulator as an application, for a runner of one's own or for a test in the same process."""
    app = web.Application(middlewares=[_plain_errors], client_max_size=_MOST_BYTES)
    app[WORLD] = create(config)
    app.add_routes([api.route() for api in _APIS])
    app.add_routes([*control_people.ROUTES, *control_platform.ROUTES, *page.ROUTES, *consent.ROUTES])
    app.cleanup_ctx.append(_running)
    app.on_shutdown.append(_hang_up)
    return app


@web.middleware
async def _plain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A control request that makes no sense gets a sentence; one from another site's page is refused."""
    origin = request.headers.get("Origin", "")
    if origin and URL(origin).authority != request.host:
        return web.json_response({"error": "this is for the simulator's own page"}, status=403)
    try:
        return await handler(request)
    except BadControl as error:
        return web.json_response({"error": error.sentence}, status=error.status)


async def _running(app: web.Application) -> AsyncIterator[None]:
    world, config = app[WORLD], app[WORLD].config
    phones = config.state_dir / _PHONES if config.state_dir else None
    if phones:
        snapshot.load(world, phones)
    newcomers = demo.read_people(config.people_file) if config.people_file else []
    if config.templates_file:
        demo.add_templates(world, config.templates_file)
    await world.pusher.open()
    if phones:
        world.start(snapshot.keep(world, phones))
    demo.add_people(world, newcomers)
    yield
    await world.stop()
    await world.pusher.close()
    if phones:
        snapshot.save(world, phones)


async def _hang_up(app: web.Application) -> None:
    """Listeners would keep the server from closing."""
    app[WORLD].feed.tell(None)
