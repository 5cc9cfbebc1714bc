"""What every answer tells the browser: to run nothing but our own files, to be framed by nobody, to keep nothing."""

from aiohttp import hdrs, web

from handlers.web import network

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_YEAR_S = 365 * 86_400


async def prepare(request: web.Request, response: web.StreamResponse) -> None:
    """For `on_response_prepare`: of every answer, files and streams included.

    Nothing is stored anywhere unless the handler says so: pages hold names and houses.
    """
    response.headers.update(_HEADERS)
    response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")
    if network.is_encrypted(request):
        response.headers["Strict-Transport-Security"] = f"max-age={_YEAR_S}"
