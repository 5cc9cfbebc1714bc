"""stable_token, token, ticket/getticket, getcallbackip, clear_quota."""

import secrets

from simulator.api.serving import Api, Ask, get, post
from simulator.errors import ApiError, ok
from simulator.jsonio import JsonObject


def _check_account(ask: Ask, *, app_id: str, secret: str) -> None:
    if app_id != ask.world.config.app_id:
        raise ApiError(40013)
    if not secret:
        raise ApiError(41004)
    if secret != ask.world.config.app_secret:
        raise ApiError(40125)


async def stable_token(ask: Ask) -> JsonObject:
    if ask.body.text("grant_type", "") != "client_credential":
        raise ApiError(40002)
    _check_account(ask, app_id=ask.body.text("appid", ""), secret=ask.body.text("secret", ""))
    token, seconds = ask.world.tokens.stable(force=ask.body.flag("force_refresh"))
    return {"access_token": token, "expires_in": seconds}


async def token(ask: Ask) -> JsonObject:
    if ask.query("grant_type") != "client_credential":
        raise ApiError(40002)
    _check_account(ask, app_id=ask.query("appid"), secret=ask.query("secret"))
    text, seconds = ask.world.tokens.classic()
    return {"access_token": text, "expires_in": seconds}


async def get_ticket(ask: Ask) -> JsonObject:
    if ask.query("type") not in ("jsapi", "wx_card"):
        raise ApiError(40097)
    return ok(ticket=secrets.token_urlsafe(64)[:86], expires_in=7200)


async def callback_ips(ask: Ask) -> JsonObject:
    return {"ip_list": ["127.0.0.1"]}


async def clear_quota(ask: Ask) -> JsonObject:
    if ask.body.text("appid", "") != ask.world.config.app_id:
        raise ApiError(40013)
    ask.world.daily.clear()
    return ok()


APIS: list[Api] = [
    post("stable_token", stable_token, needs_token=False),
    get("token", token, needs_token=False),
    get("ticket/getticket", get_ticket),
    get("getcallbackip", callback_ips),
    get("get_api_domain_ip", callback_ips),
    post("clear_quota", clear_quota),
]
