"""Errors as people read them: one table from what services raise to the status and the sentence of the answer."""

import logging
import time

import asyncpg
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from tortoise.exceptions import OperationalError, ValidationError

from dialogs import shipped
from handlers.web import pages, routes, session
from services.errors import DomainError, Invalid, MayNot, NotAllowed, NotFound, TooOften

log = logging.getLogger(__name__)

# The first that fits. What somebody must not know about is not there: their offices' rows alone are found at all.
STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (NotFound, 404),
    (MayNot, 403),
    (NotAllowed, 409),
    (TooOften, 429),
    (Invalid, 422),
)
# A number too large for its column, a NUL in a text; the number of a row that is not there.
_NO_ROW_HAS = (asyncpg.DataError, asyncpg.ForeignKeyViolationError)
_OF_HTTP = {
    404: "page.not_found",
    405: "page.not_found",
    413: "page.too_large",
    415: "page.unreadable",
    400: "page.unreadable",
}


# What the bot says of these sends a resident to their own; to staff such a page is not there.
_SAID_TO_RESIDENTS = frozenset(
    f"{thing}.not_found"
    for thing in (
        "activity", "article", "bill", "complaint", "merchant", "notice", "request", "survey", "ticket",
    )
)  # fmt: skip


def status(error: DomainError) -> int:
    return next(code for kind, code in STATUS if isinstance(error, kind))


def status_of_form(error: DomainError) -> int:
    """Of a form that comes back with a word about what is wrong with it."""
    return 429 if isinstance(error, TooOften) else 422


def sentence(error: DomainError) -> str:
    phrase = "page.not_found" if error.phrase in _SAID_TO_RESIDENTS else error.phrase
    return shipped.phrases().reply(phrase, error.values).text


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The outermost: whatever happens inside becomes an answer, and one line of the log."""
    began = time.perf_counter()
    response = await _answered(request, handler)
    _note(request, response, (time.perf_counter() - began) * 1000)
    return response


async def _answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
        return _said(request, 415, "page.unreadable", DomainError("page.unreadable"))
    try:
        return await handler(request)
    except DomainError as error:
        return _said(request, status(error), error.phrase, error)
    except ValidationError as error:  # of a column: too long, mostly
        log.warning("%s %s: %s", request.method, _page(request), str(error).partition(":")[0])
        return _said(request, 422, "page.unreadable", DomainError("page.unreadable"))
    except OperationalError as error:
        if isinstance(error.__cause__, _NO_ROW_HAS):
            log.warning("%s %s: a value that no row can have", request.method, _page(request))
            return _said(request, 422, "page.unreadable", DomainError("page.unreadable"))
        log.exception("%s %s failed", request.method, _page(request))
        return _said(request, 500, "page.failed", DomainError("page.failed"))
    except web.HTTPException as error:
        if error.status < 400:
            return web.Response(status=error.status, headers=error.headers)
        phrase = _OF_HTTP.get(error.status, "page.unreadable")
        return _said(request, error.status, phrase, DomainError(phrase))
    except Exception:
        log.exception("%s %s failed", request.method, _page(request))
        return _said(request, 500, "page.failed", DomainError("page.failed"))


def _said(request: web.Request, code: int, phrase: str, error: DomainError) -> web.Response:
    """As JSON to a script that asks for it, as a line at the top to htmx, as a page to everybody else."""
    text = sentence(error)
    if "application/json" in request.headers.get(hdrs.ACCEPT, ""):
        return pages.told({"error": phrase, "text": text}, status=code)
    if "HX-Request" in request.headers:
        response = pages.render(request, "parts/flash.html", status=code, text=text)
        response.headers["HX-Retarget"] = "#flash"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    return pages.render(request, "error.html", status=code, text=text)


def _page(request: web.Request) -> str:
    """The path as it is declared: no number or word of anybody stands in the log."""
    declared = routes.of(request)
    return f"/desk{declared.path}" if declared else "/desk/?"


def _note(request: web.Request, response: web.StreamResponse, milliseconds: float) -> None:
    found = session.of(request)
    who = f" staff={found.staff_id}" if found else ""
    log.info("%s %s %d%s %.1f ms", request.method, _page(request), response.status, who, milliseconds)
