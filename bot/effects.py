"""What a turn may do beside its own row, for real: run actions, ask sources, note what was not understood."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import orjson
from tortoise.transactions import in_transaction

from bot import store
from bot.scripts.actions import Registry
from bot.store import Connection, Pushed
from bot.talk.state import Offered
from bot.talk.talk import Done
from bot.turn import Turn, Who
from bot.values import Plain, Reply
from services import photos, work
from services.errors import DomainError
from services.scripts import misunderstandings

SHOWN_FOR = timedelta(days=30)

# The newest answer or pushed message that has the option. Bounded, for those who had thousands of messages.
_SHOWN = """
SELECT options FROM (
    (SELECT body -> 'options' AS options, created_at AS at FROM (
        SELECT body, created_at FROM message WHERE conversation_id = $1 AND kind = 'reply' AND created_at > $3
        ORDER BY id DESC LIMIT 1000) AS answer
    WHERE body @> $4::jsonb LIMIT 1)
    UNION ALL
    (SELECT payload -> 'reply' -> 'options', sent_at FROM (
        SELECT payload, sent_at FROM outbox WHERE person_id = $2 AND status IN ('sent', 'unknown') AND sent_at > $3
        ORDER BY id DESC LIMIT 500) AS pushed
    WHERE payload -> 'reply' @> $4::jsonb LIMIT 1)
) AS found ORDER BY at DESC LIMIT 1
"""


class HalfDoneError(RuntimeError):
    """The whole turn has to be rolled back: no savepoint keeps what was there before the action."""


class DatabaseEffects:
    """One a turn, on the turn's own connection."""

    def __init__(self, registry: Registry, connection: Connection, pushed: Pushed) -> None:
        self._registry = registry
        self._connection = connection
        self._pushed = pushed

    async def run(self, name: str, turn: Turn, arguments: Mapping[str, Plain]) -> Done:
        """Run an action so that one that fails leaves nothing behind: in a savepoint, where it may change something.

        Raises HalfDoneError for an action that refused after all when it had changed something.
        """
        action, before = self._registry.actions[name], work.changes()
        whole = action.keeps_whole(arguments)
        try:
            if whole:
                outcome = await action.run(turn, **arguments)
            else:
                async with in_transaction():
                    outcome = await action.run(turn, **arguments)
        except DomainError as error:
            if whole and not action.reads and work.changes() != before:
                raise HalfDoneError(name) from error
            return Done("error", dict(error.values), error=error.phrase)
        finally:
            if not action.reads:
                turn.forget()
        if action.moves_person:
            told = turn.person
            turn.person = replace(await self.refreshed(turn), nearby=told.nearby, declined=told.declined)
        extra = (
            Reply(image=outcome.image, article=outcome.article) if outcome.image or outcome.article else None
        )
        return Done(outcome.name, outcome.values, extra=extra)

    async def listed(self, name: str, turn: Turn, arguments: Mapping[str, Plain]) -> list[tuple[str, str]]:
        """Nothing, when what it should list is not there or not theirs: the action that follows says so in words."""
        try:
            return await self._registry.sources[name].run(turn, **arguments)
        except DomainError:
            return []

    async def refreshed(self, turn: Turn) -> Who:
        return await store.person(self._connection, turn.person.id)

    async def not_understood(self, turn: Turn, script: str, step: str) -> None:
        meaning = turn.heard.meaning
        ranking = meaning.ranking if meaning else ()
        await misunderstandings.note(
            turn.message_id, turn.heard.text, script=script, step=step, ranking=ranking
        )

    async def lost_photos(self, media: Sequence[int]) -> set[int]:
        return await photos.lost(media)

    async def last_offers(self, turn: Turn, since: datetime | None = None) -> list[Offered]:
        at = self._pushed.at
        if at is None or (since is not None and at <= since):
            return []
        return [_offered(one) for one in self._pushed.options]

    async def shown(self, turn: Turn, *, text: str = "", number: int = 0) -> Offered | None:
        wanted: dict[str, Plain] = {"n": number} if number else {"text": text}
        body = orjson.dumps({"options": [wanted]}).decode()
        row = await self._connection.fetchrow(
            _SHOWN, turn.conversation_id, turn.person.id, turn.now - SHOWN_FOR, body
        )
        options = orjson.loads(row["options"]) if row else []
        return next((_offered(one) for one in options if wanted.items() <= one.items()), None)


def _offered(row: dict[str, Plain]) -> Offered:
    words = cast("list[str]", row.get("keywords") or [])
    return Offered(str(row["text"]), go=str(row["id"]), keywords=tuple(words))
