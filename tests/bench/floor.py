"""The floor: the least a durable turn can be, by hand. aiohttp + wechatpy + asyncpg and the two statements.

No dialog, no understanding, no outbox: store the message or find it, lock and read the conversation; write it back
and store the reply; one transaction, fsync on, a pool of eight. Run as `python -m tests.bench.floor URL PORT`.
"""

import asyncio
import sys
from collections.abc import Mapping
from typing import cast

import asyncpg
import uvloop
from aiohttp import web
from wechatpy import parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.replies import TextReply

from tests.bench.pushes import AES_KEY, APP_ID, TOKEN

TABLES = """
CREATE TABLE IF NOT EXISTS floor_conversation (id serial PRIMARY KEY, openid text UNIQUE, state jsonb NOT NULL);
CREATE TABLE IF NOT EXISTS floor_message (
    id bigserial PRIMARY KEY, external_id text UNIQUE, conversation_id int NOT NULL, body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS floor_reply (
    message_id bigint PRIMARY KEY, conversation_id int NOT NULL, body text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now());
"""

FIRST = """
WITH locked AS (
    SELECT id, state FROM floor_conversation WHERE openid = $1 FOR UPDATE
), stored AS (
    INSERT INTO floor_message (external_id, conversation_id, body) SELECT $2, id, $3 FROM locked
    ON CONFLICT (external_id) DO NOTHING RETURNING id
)
SELECT locked.id, locked.state, stored.id AS message_id FROM locked LEFT JOIN stored ON true
"""

LAST = """
WITH answered AS (INSERT INTO floor_reply (message_id, conversation_id, body) VALUES ($1, $2, $3))
UPDATE floor_conversation SET state = $4::jsonb WHERE id = $2
"""

FOUND = """
SELECT reply.body FROM floor_message message JOIN floor_reply reply ON reply.message_id = message.id
WHERE message.external_id = $1
"""


class Floor:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._crypto = WeChatCrypto(TOKEN, AES_KEY, APP_ID)

    async def push(self, request: web.Request) -> web.Response:
        return web.Response(
            text=await self.answer(request.query, await request.read()), content_type="text/xml"
        )

    async def answer(self, query: Mapping[str, str], body: bytes) -> str:
        """The sealed answer to a sealed push."""
        opened = self._crypto.decrypt_message(
            body, query["msg_signature"], query["timestamp"], query["nonce"]
        )
        message = parse_message(opened)
        text = await self._turn(message.source, str(message.id), message.content)
        reply = TextReply(content=text, message=message)
        return cast(str, self._crypto.encrypt_message(reply.render(), query["nonce"], query["timestamp"]))

    async def _turn(self, openid: str, external_id: str, text: str) -> str:
        async with self._pool.acquire() as connection, connection.transaction():
            row = await connection.fetchrow(FIRST, openid, external_id, text)
            if row["message_id"] is None:
                return cast(str, await connection.fetchval(FOUND, external_id))
            answer = f"收到：{text}"
            await connection.execute(LAST, row["message_id"], row["id"], answer, '{"step": "next"}')
            return answer


async def main(url: str, port: int) -> None:
    async with asyncpg.create_pool(url, min_size=8, max_size=8) as pool:
        app = web.Application()
        app.router.add_post("/wechat/callback", Floor(pool).push)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.install()
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
