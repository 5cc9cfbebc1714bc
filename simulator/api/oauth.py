"""The web authorisation: the redirect with a code, and what the code buys."""

from aiohttp import web
from yarl import URL

from simulator.api.serving import Api, Ask, get
from simulator.errors import ApiError, ok
from simulator.jsonio import JsonObject
from simulator.oauth import Grant
from simulator.phone.visitor import ask_who, visitor


async def authorize(ask: Ask) -> web.Response:
    """open.weixin.qq.com/connect/oauth2/authorize, for the person whose phone the page shows."""
    target = ask.query("redirect_uri")
    if ask.query("appid") != ask.world.config.app_id or not target.startswith(("http://", "https://")):
        return web.Response(status=400, text="链接参数错误")
    openid = visitor(ask.request, ask.world.people)
    if not openid:
        return ask_who(ask.request, ask.world.people)
    code = ask.world.consents.code(openid, ask.query("scope"))
    location = URL(target).update_query(code=code, state=ask.query("state"))
    return web.Response(status=302, headers={"Location": str(location)})


def _check_account(ask: Ask) -> None:
    if ask.query("appid") != ask.world.config.app_id:
        raise ApiError(40013)


async def access_token(ask: Ask) -> JsonObject:
    _check_account(ask)
    if ask.query("secret") != ask.world.config.app_secret:
        raise ApiError(40125)
    if ask.query("grant_type") != "authorization_code":
        raise ApiError(40002)
    return _granted(ask, ask.world.consents.redeem(ask.query("code")))


async def refresh_token(ask: Ask) -> JsonObject:
    _check_account(ask)
    return _granted(ask, ask.world.consents.refresh(ask.query("refresh_token")))


def _granted(ask: Ask, grant: Grant) -> JsonObject:
    access, refresh = ask.world.consents.tokens(grant)
    return {
        "access_token": access,
        "expires_in": 7200,
        "refresh_token": refresh,
        "openid": grant.openid,
        "scope": grant.scope,
    }


async def user_info(ask: Ask) -> JsonObject:
    grant = ask.world.consents.holder(ask.query("access_token"))
    if grant.scope != "snsapi_userinfo":
        raise ApiError(48001)
    person = ask.world.people.known(grant.openid)
    empty: JsonObject = dict.fromkeys(("province", "city", "country", "headimgurl"), "")
    return {"openid": person.openid, "nickname": person.nickname, "sex": 0, **empty, "privilege": []}


async def check(ask: Ask) -> JsonObject:
    ask.world.consents.holder(ask.query("access_token"))
    return ok()


APIS: list[Api] = [
    get("connect/oauth2/authorize", authorize, path="/connect/oauth2/authorize", needs_token=False),
    get("sns/oauth2/access_token", access_token, path="/sns/oauth2/access_token", needs_token=False),
    get("sns/oauth2/refresh_token", refresh_token, path="/sns/oauth2/refresh_token", needs_token=False),
    get("sns/userinfo", user_info, path="/sns/userinfo", needs_token=False),
    get("sns/auth", check, path="/sns/auth", needs_token=False),
]
