"""wechatpy's API client on aiohttp: its endpoints become awaitable, its calls end in a result or an ApiError."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TypeVar

import aiohttp
import orjson
from redis.asyncio import Redis
from wechatpy.client import WeChatClient

from wechat.access_token import AccessToken
from wechat.errors import Reason, Refused, Unknown, Unreachable

PLATFORM = "https://api.weixin.qq.com"

Json = dict[str, object]
File = tuple[str, bytes, str]  # name, content, type
Result = TypeVar("Result")

_WORDS = ("application/json", "text/plain")
_CONNECT_S = 3.0
_LARGEST_ANSWER = 2 * 1024 * 1024
# The platform closes an idle connection after a while. A call that runs into that would end as Unknown.
_KEEP_ALIVE_S = 10.0


class Client(WeChatClient):  # type: ignore[misc]  # wechatpy ships no types
    """Usable: every endpoint of wechatpy that is one call. Not usable: its iter_… helpers, menu.get, OAuth."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        *,
        app_id: str,
        app_secret: str,
        api_url: str = PLATFORM,
        redis: "Redis | None" = None,
    ) -> None:
        super().__init__(app_id, app_secret)
        self._url = api_url.rstrip("/")
        self._aio = http
        self._access_token = AccessToken(app_id, self._fetch_token, redis)
        self.date = ""  # that of the last answer, as its header says it

    async def token(self) -> str:
        """The account's access token; raises an ApiError when the platform gives none."""
        return await self._access_token.current()

    async def download(self, endpoint: str, params: Mapping[str, str], limit: int) -> tuple[bytes, str]:
        """Content and its type. Raises Refused (40007: bad or expired media id), or ValueError over `limit` bytes."""

        async def call(token: str) -> tuple[bytes, str]:
            return await self._get_file(self._absolute(endpoint), {**params, "access_token": token}, limit)

        content, kind = await self._with_token(call)
        if kind not in _WORDS:
            return content, kind
        # Of a video the platform gives the address, not the content.
        return await self._get_file(str(_accept(content).get("video_url", "")), {}, limit)

    async def _get_file(self, url: str, query: Mapping[str, str], limit: int) -> tuple[bytes, str]:
        async with self._exchange("get", url, params=query) as response:
            content = await _read(response, limit)
        if response.content_type in _WORDS:
            _accept(content)
        return content, response.content_type

    async def _request(
        self,
        method: str,
        url_or_endpoint: str,
        *,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, object] | None = None,
        files: Mapping[str, File] | None = None,
        result_processor: Callable[[Json], object] | None = None,
    ) -> object:
        """What wechatpy's endpoints call. One retry with another token when the platform refuses ours."""

        async def call(token: str) -> Json:
            body = _form(files) if files else orjson.dumps(data) if data is not None else None
            query = {**(params or {}), "access_token": token}
            return await self._call(method, self._absolute(url_or_endpoint), query, body)

        result = await self._with_token(call)
        return result_processor(result) if result_processor else result

    async def _with_token(self, call: Callable[[str], Awaitable[Result]]) -> Result:
        token = await self.token()
        try:
            return await call(token)
        except Refused as refused:
            if refused.reason is not Reason.TOKEN:
                raise
        return await call(await self._access_token.replace(token))

    def _absolute(self, endpoint: str) -> str:
        if endpoint.startswith(PLATFORM):
            return self._url + endpoint.removeprefix(PLATFORM)
        return f"{self._url}/cgi-bin/{endpoint}"

    async def _call(
        self, method: str, url: str, query: Mapping[str, str], body: bytes | aiohttp.FormData | None
    ) -> Json:
        async with self._exchange(method, url, params=query, data=body) as response:
            return _accept(await _read(response, _LARGEST_ANSWER))

    @contextlib.asynccontextmanager
    async def _exchange(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str],
        data: bytes | aiohttp.FormData | None = None,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        try:
            async with self._aio.request(
                method, url, params=params, data=data, allow_redirects=False
            ) as response:
                self.date = response.headers.get("Date", "")
                _check_status(response)
                yield response
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unreachable(type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unknown(type(error).__name__) from error

    async def _fetch_token(self, force: bool) -> tuple[str, int]:
        body: Json = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self.secret,
            "force_refresh": force,
        }
        try:
            result = await self._call("post", self._absolute("stable_token"), {}, orjson.dumps(body))
        except Unknown as error:
            # Whatever became of the token, the call that it is for was surely not made.
            raise Unreachable(str(error)) from error
        return str(result["access_token"]), int(str(result["expires_in"]))


def http_session(timeout_s: float) -> aiohttp.ClientSession:
    """A session for `Client`; the caller closes it."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(keepalive_timeout=_KEEP_ALIVE_S),
        timeout=aiohttp.ClientTimeout(total=timeout_s, sock_connect=min(_CONNECT_S, timeout_s)),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


def _form(files: Mapping[str, File]) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for field, (name, content, kind) in files.items():
        form.add_field(field, content, filename=name, content_type=kind)
    return form


def _check_status(response: aiohttp.ClientResponse) -> None:
    """A gateway's 5xx may come after the platform did it; anything else but 200 comes before."""
    if response.status >= 500:
        raise Unknown(f"HTTP {response.status}")
    if response.status != 200:
        raise Refused(response.status, f"HTTP {response.reason}")


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        content += chunk
        if len(content) > limit:
            raise ValueError(f"answer is larger than {limit} bytes")
    return bytes(content)


def _accept(content: bytes) -> Json:
    """The platform's answer, or Refused with its error code; Unknown when it is none."""
    try:
        result = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Unknown("answer is not JSON") from error
    if not isinstance(result, dict):
        raise Unknown("answer is not an object")
    if code := int(result.get("errcode") or 0):
        raise Refused(
            code, str(result.get("errmsg", "")), str(result.get("msgid") or result.get("msg_id") or "")
        )
    return result
