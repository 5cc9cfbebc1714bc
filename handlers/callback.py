"""The platform's callback: GET proves that the address is ours, each POST is one turn."""

import asyncio
import logging
import time
from typing import Protocol

import asyncpg
from aiohttp import web
from aiohttp.http_exceptions import PayloadEncodingError
from tortoise.exceptions import DBConnectionError

from bot.values import Inbound, Reply
from wechat.callback import Callback, Push
from wechat.errors import BadSignature, PushError

log = logging.getLogger(__name__)

PATHS = ("/wechat", "/wechat/callback")

_LARGEST = 64 * 1024
_READ_S = 5.0  # the platform gives up after this
# Until then a turn that met a database in restart is tried again: the platform repeats a push whose
# connection was cut, but not surely one that was answered with an error.
_PATIENCE_S = 4.5
_PAUSE_S = 0.2
_PASSING = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a server killed in the middle of an answer
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DeadlockDetectedError,
    DBConnectionError,
)


class TurnResult(Protocol):
    """What became of an inbound message. `rule` names the branch of the router that took it."""

    @property
    def reply(self) -> Reply | None: ...
    @property
    def duplicate(self) -> bool: ...
    @property
    def rule(self) -> str: ...


class MessageHandler(Protocol):
    """Handling one message twice gives the same reply and does everything once.

    `apologise` keeps a message whose handling failed, and answers it with regret.
    """

    async def handle(self, inbound: Inbound) -> TurnResult: ...
    async def apologise(self, inbound: Inbound) -> TurnResult: ...


PIPELINE: web.AppKey[MessageHandler] = web.AppKey("pipeline")


class Door:
    """The handlers of one account. The application holds the pipeline, once it has started, under PIPELINE."""

    def __init__(self, callback: Callback) -> None:
        self._callback = callback

    def routes(self) -> list[web.RouteDef]:
        greetings = [web.get(path, self.verify, allow_head=False) for path in PATHS]
        return greetings + [web.post(path, self.push) for path in PATHS]

    async def verify(self, request: web.Request) -> web.Response:
        try:
            return web.Response(text=self._callback.greet(request.query))
        except BadSignature as fault:
            return _refused(fault)

    async def push(self, request: web.Request) -> web.StreamResponse:
        started = time.perf_counter()
        body = await _body(request)
        try:
            push = self._callback.receive(request.query, body)
        except PushError as fault:
            return _refused(fault)
        turn = await self._turn(push.inbound, request)
        answer = self._callback.answer(push, turn.reply)
        _note(push, turn, started)
        return web.Response(body=answer, content_type="text/xml" if turn.reply else "text/plain")

    async def _turn(self, inbound: Inbound, request: web.Request) -> TurnResult:
        try:
            return await _patient(request.app[PIPELINE], inbound)
        except _PASSING as fault:
            log.error("turn abandoned id=%s: %s", inbound.external_id, fault)
            raise _cut(request) from fault
        except Exception:
            log.exception("turn failed id=%s", inbound.external_id)
            return await _apologised(request.app[PIPELINE], inbound)


async def _patient(pipeline: MessageHandler, inbound: Inbound) -> TurnResult:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return await pipeline.handle(inbound)
        except _PASSING as fault:
            if time.monotonic() + _PAUSE_S > deadline:
                raise
            log.warning("turn waits id=%s: %s", inbound.external_id, type(fault).__name__)
        await asyncio.sleep(_PAUSE_S)


async def _apologised(pipeline: MessageHandler, inbound: Inbound) -> TurnResult:
    """The platform repeats no push that was answered with an error: without this the message would be lost."""
    try:
        return await pipeline.apologise(inbound)
    except Exception as fault:
        log.error("turn lost id=%s: %s", inbound.external_id, type(fault).__name__)
        raise web.HTTPInternalServerError from fault


async def _body(request: web.Request) -> bytes:
    """Raises 413 above the limit, however the body comes, 408 when it does not come, 400 when it is broken."""
    length = request.content_length
    if (length or 0) > _LARGEST:
        raise web.HTTPRequestEntityTooLarge(_LARGEST, length or 0)
    if length is None:
        request = request.clone(client_max_size=_LARGEST)
    try:
        if request.content.is_eof():  # it came with the header, as nearly always
            return await request.read()
        async with asyncio.timeout(_READ_S):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (web.RequestPayloadError, PayloadEncodingError):  # said to be compressed, and is not
        raise web.HTTPBadRequest from None


def _refused(fault: PushError) -> web.Response:
    status = 403 if isinstance(fault, BadSignature) else 400
    log.warning("push refused status=%d: %s", status, fault)
    return web.Response(status=status)


def _cut(request: web.Request) -> web.HTTPException:
    """Close the connection without an answer, which makes the platform push again."""
    if request.transport is not None:
        request.transport.abort()
    return web.HTTPServiceUnavailable()


def _note(push: Push, turn: TurnResult, started: float) -> None:
    log.info(
        "turn id=%s kind=%s duplicate=%s rule=%s reply=%s ms=%.1f",
        push.inbound.external_id,
        push.inbound.kind,
        turn.duplicate,
        turn.rule or "-",
        turn.reply is not None,
        (time.perf_counter() - started) * 1000,
    )
