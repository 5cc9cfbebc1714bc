"""Serves the platform's API: faults, token, daily limit, JSON in and out, and the log of calls."""

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from aiohttp import web

from simulator.calls import Call
from simulator.errors import ApiError
from simulator.faults import Fault
from simulator.jsonio import Fields, JsonObject, JsonValue, parse_object
from simulator.world import WORLD, World


@dataclass(slots=True, kw_only=True)
class Ask:
    """One call: the JSON that came with it (empty for GET and uploads) and the raw request beside it."""

    world: World
    request: web.Request
    body: Fields = field(default_factory=lambda: Fields({}, _refuse))

    @property
    def origin(self) -> str:
        return str(self.request.url.origin())

    def query(self, name: str) -> str:
        return self.request.query.get(name, "")


Answer: TypeAlias = JsonObject | web.Response
Serve: TypeAlias = Callable[[Ask], Awaitable[Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """One endpoint. `name` is what faults, limits and the log call it; uploads read the body themselves.

    `although` serves the call when a fault answers with one of these codes, which do not mean that nothing happens.
    """

    name: str
    path: str
    method: str
    serve: Serve
    needs_token: bool = True
    reads_json: bool = True
    although: Mapping[int, Serve] = field(default_factory=dict)

    def route(self) -> web.RouteDef:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await _handle(self, request)

        return web.route(self.method, self.path, handle)


def post(
    name: str,
    serve: Serve,
    *,
    path: str = "",
    needs_token: bool = True,
    reads_json: bool = True,
    although: Mapping[int, Serve] | None = None,
) -> Api:
    return Api(
        name=name,
        path=path or f"/cgi-bin/{name}",
        method="POST",
        serve=serve,
        needs_token=needs_token,
        reads_json=reads_json,
        although=although or {},
    )


def get(name: str, serve: Serve, *, path: str = "", needs_token: bool = True) -> Api:
    return Api(name=name, path=path or f"/cgi-bin/{name}", method="GET", serve=serve, needs_token=needs_token)


def _refuse(sentence: str) -> Exception:
    return ApiError(40035, f"hint: [{sentence}]")


async def _handle(api: Api, request: web.Request) -> web.StreamResponse:
    world = request.app[WORLD]
    ask = Ask(world=world, request=request)
    started, number = time.time(), world.calls.number()
    fault = world.faults.take(api.name)
    answer = await _faulted(api, ask, fault)
    response = answer if isinstance(answer, web.Response) else _json(answer)
    world.calls.add(
        Call(
            n=number,
            api=api.name,
            body=_logged(ask),
            status=response.status,
            errcode=_errcode(answer),
            fault=fault is not None,
            time=started,
            seconds=time.time() - started,
        )
    )
    return response


async def _faulted(api: Api, ask: Ask, fault: Fault | None) -> Answer:
    """With `after` the call works at once and only its answer is late or broken."""
    if fault is None:
        return await _answer(api, ask)
    worked = await _answer(api, ask) if fault.after else None
    with contextlib.suppress(ApiError):  # the fault comes before anything that is wrong with the call
        await _read(api, ask)  # now: whoever waits no longer takes what was not read with them
    await asyncio.sleep(fault.delay)
    if fault.errcode is not None and fault.errcode in api.although:
        return await _answer(replace(api, serve=api.although[fault.errcode]), ask)
    if fault.ends_call:
        return _broken(ask, fault)
    return await _answer(api, ask) if worked is None else worked


def _broken(ask: Ask, fault: Fault) -> Answer:
    if fault.drop:
        if ask.request.transport is not None:
            ask.request.transport.abort()
        return web.Response(status=499)
    if fault.status is not None:
        return web.Response(status=fault.status, text="simulated fault")
    return ApiError(fault.errcode or -1).body()


async def _answer(api: Api, ask: Ask) -> Answer:
    try:
        readable = await _read(api, ask)
        if api.needs_token:
            ask.world.tokens.check(ask.query("access_token"))
        ask.world.daily.count(api.name)
        if not readable:
            raise ApiError(47001)
        return await api.serve(ask)
    except ApiError as error:
        return error.body()


async def _read(api: Api, ask: Ask) -> bool:
    """Read the JSON of a POST into the call; False if it is not a JSON object."""
    if api.method != "POST" or not api.reads_json:
        return True
    raw = await ask.request.read()
    if not raw:
        raise ApiError(44002)
    values = parse_object(raw)
    ask.body = Fields(values or {}, _refuse)
    return values is not None


def _json(answer: JsonObject) -> web.Response:
    text = json.dumps(answer, ensure_ascii=False)
    return web.Response(body=text.encode(), headers={"Content-Type": "application/json; encoding=utf-8"})


def _errcode(answer: Answer) -> int | None:
    if isinstance(answer, web.Response):
        return None
    errcode = answer.get("errcode", 0)
    return errcode if isinstance(errcode, int) else None


def _logged(ask: Ask) -> JsonValue:
    """The body as it came, and for a GET the query; never a token or a secret."""
    values = dict(ask.body.values) or {**ask.request.query}
    return {name: value for name, value in values.items() if name not in ("access_token", "secret")}
