"""Where a request comes from: the address, whether it came encrypted, and the browser in words."""

import ipaddress
from ipaddress import IPv4Network, IPv6Network

from aiohttp import web

from handlers.web import wording
from settings import Settings

Network = IPv4Network | IPv6Network

PROXIES: web.AppKey[tuple[Network, ...]] = web.AppKey("proxies", tuple)

_LOCAL = {"localhost", "127.0.0.1", "[::1]"}  # browsers take these for safe without encryption
_BROWSERS = ("MicroMessenger", "Edg", "Firefox", "Chrome", "Safari")  # the first that an agent names
_SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux")


def proxies(settings: Settings) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(one, strict=False) for one in settings.desk.proxies)


def address(request: web.Request) -> str:
    """Of whoever asks: the last of X-Forwarded-For that is no proxy of ours, the connection's own without one."""
    here = request.remote or ""
    given = ",".join(request.headers.getall("X-Forwarded-For", []))
    hops = [one.strip() for one in given.split(",") if one.strip()]
    while hops and _is_proxy(request, here):
        here = hops.pop()
    return str(_parsed(here) or "")


def is_encrypted(request: web.Request) -> bool:
    """As the browser sees it: over https, to us or to the proxy before us."""
    if _is_proxy(request, request.remote or ""):
        proto = request.headers.get("X-Forwarded-Proto", request.scheme)
        return proto.split(",")[0].strip().lower() == "https"
    return request.scheme == "https"


def keeps_safe_cookies(request: web.Request) -> bool:
    """Whether browsers keep a cookie here that is for encrypted connections only."""
    return is_encrypted(request) or request.host.rpartition(":")[0] in _LOCAL or request.host in _LOCAL


def device(request: web.Request) -> str:
    """The browser and the system in words: enough for its owner to know it again, too little to track anybody."""
    agent = request.headers.get("User-Agent", "")
    browser, system = (next((one for one in names if one in agent), "") for names in (_BROWSERS, _SYSTEMS))
    return wording.phrase("page.device", {"browser": browser or "other", "system": system})


def _is_proxy(request: web.Request, text: str) -> bool:
    here = _parsed(text)
    return here is not None and any(here in network for network in request.config_dict[PROXIES])


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
