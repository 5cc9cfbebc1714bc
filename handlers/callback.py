"""The platform's callback: GET proves that the address is ours, each POST is one turn."""

import asyncio
import logging
import time
from typing import Protocol

import asyncpg
from aiohttp import web
from aiohttp.http_exceptions import PayloadEncodingError
from tortoise.exceptions import DBConnectionError

from bot.pipeline import OtherReleaseError
from bot.values import Inbound, Reply
from handlers.watch import Watch
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
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a server killed in the middle of an answer
    DBConnectionError,
)
# Classes of PostgreSQL's error codes that say nothing about the statement: connection lost, read-only, rolled back
# for another, full or out of memory, in the way, told to stop, broken.
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_PASSING_CODES = ("08", "25006", "40", "53", "55", "57", "58")
_TROUBLE_LASTS_S = 30.0


class Trouble:
    """What kept the last turn from being stored, for /readyz: pushes that are cut come back only for a while."""

    def __init__(self) -> None:
        self._name = ""
        self._until = 0.0

    def met(self, fault: BaseException) -> None:
        self._name, self._until = type(fault).__name__, time.monotonic() + _TROUBLE_LASTS_S

    def over(self) -> None:
        self._name = ""

    async def check(self) -> None:
        """Raises TroubleError while turns fail."""
        if self._name and time.monotonic() < self._until:
            raise TroubleError(self._name)


class TroubleError(Exception):
    """Turns cannot be stored. The text names the fault."""


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

    def __init__(
        self, callback: Callback, trouble: Trouble | None = None, watch: Watch | None = None
    ) -> None:
        self._callback = callback
        self._trouble = trouble or Trouble()
        self._watch = watch

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
        try:
            self._callback.admit(request.query)
            push = self._callback.receive(request.query, await _body(request))
        except PushError as fault:
            return _refused(fault)
        if self._watch:
            self._watch.agreed()
        turn = await self._turn(push.inbound, request)
        answer = self._callback.answer(push, turn.reply)
        _note(push, turn, started)
        return web.Response(body=answer, content_type="text/xml" if turn.reply else "text/plain")

    async def _turn(self, inbound: Inbound, request: web.Request) -> TurnResult:
        try:
            turn = await _patient(request.app[PIPELINE], inbound)
        except Exception as fault:
            if _passes(fault) or isinstance(fault, OtherReleaseError):
                log.error("turn abandoned id=%s: %s", inbound.external_id, type(fault).__name__)
                raise self._cut(request, fault) from fault
            log.exception("turn failed id=%s", inbound.external_id)
            turn = await self._apologised(inbound, request)
        self._trouble.over()
        return turn

    async def _apologised(self, inbound: Inbound, request: web.Request) -> TurnResult:
        """Keep what failed, and regret it. Where not even that can be stored, the platform has to push again."""
        try:
            return await request.app[PIPELINE].apologise(inbound)
        except Exception as fault:
            log.error("turn lost id=%s: %s", inbound.external_id, type(fault).__name__)
            raise self._cut(request, fault) from fault

    def _cut(self, request: web.Request, fault: Exception) -> web.HTTPException:
        """Close the connection without an answer, which makes the platform push again."""
        self._trouble.met(fault)
        if request.transport is not None:
            request.transport.abort()
        return web.HTTPServiceUnavailable()


def _passes(fault: BaseException | None) -> bool:
    """Whether the same turn may succeed later: the fault, or what it was made of, is the database's own."""
    while fault is not None:
        if isinstance(fault, _PASSING):
            return True
        if isinstance(fault, asyncpg.PostgresError):
            return str(getattr(fault, "sqlstate", None) or "").startswith(_PASSING_CODES)
        fault = fault.__cause__
    return False


async def _patient(pipeline: MessageHandler, inbound: Inbound) -> TurnResult:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return await pipeline.handle(inbound)
        except Exception as fault:
            if not _passes(fault) or time.monotonic() + _PAUSE_S > deadline:
                raise
            log.warning("turn waits id=%s: %s", inbound.external_id, type(fault).__name__)
        await asyncio.sleep(_PAUSE_S)


async def _body(request: web.Request) -> bytes:
    """Raises 415 for anything encoded, 413 above the limit, 408 when it does not come, 400 when it is broken.

    The platform compresses nothing, and a small body that unpacks to a large one costs memory before it is counted.
    """
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise web.HTTPUnsupportedMediaType
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
