"""Sends what the outbox holds: as a customer message, else as a template message, else people have to call."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from bot.scripts.phrases import Phrases
from bot.store import reply_of, reply_row
from bot.values import Reply, numbered
from models.outbox import Outbox
from models.values import Json
from services import work
from services.delivery import sending
from services.delivery.sending import TEMPLATE, Fault
from wechat import render
from wechat.errors import ApiError, Reason, Refused, Unknown, Unreachable
from wechat.platform import Platform
from wechat.typed import AccountTemplate, UnfitError
from workers import bundles
from workers.breaker import Breaker
from workers.uploads import Uploads

log = logging.getLogger(__name__)

_PAUSES = tuple(timedelta(seconds=s) for s in (2, 10, 60, 300, 900))
_RATE_PAUSE = timedelta(seconds=60)
_KNOWN_FOR = timedelta(minutes=9)  # the platform drops a template message with the same key for ten
_NOBODY = frozenset({Reason.NO_SUCH_USER, Reason.NOT_FOLLOWING})
_LATER = frozenset({Reason.CREDENTIALS, Reason.UNAUTHORIZED})  # somebody has to set the account right first
_GONE = Fault("对方没有关注公众号")
_CLOSED = Fault("对方超过48小时没有联系公众号，或可发送的条数已用完")
_NO_TEMPLATE = Fault("没有可用的模板消息")
_NO_WORDING = Fault("模板消息放不下要说的内容")
_NO_ANSWER = Fault(Unknown().words)
_UNREADABLE = Fault("消息内容无法生成")


@dataclass(frozen=True, slots=True)
class Letter:
    """An outbox row in words. `template` is the kind of template message and the wordings of its values."""

    reply: Reply
    template: tuple[str, Mapping[str, Sequence[str]]] | None = None

    @property
    def kind(self) -> str:
        return self.template[0] if self.template else ""


class Delivery:
    """`templates` are the account's template messages by kind, of those kinds that people cause."""

    def __init__(
        self,
        platform: Platform,
        phrases: Phrases,
        templates: Mapping[str, AccountTemplate],
        media: Path,
        *,
        breaker: Breaker | None = None,
    ) -> None:
        self._platform = platform
        self._phrases = phrases
        self._templates = templates
        self._uploads = Uploads(platform, media)
        self._breaker = breaker or Breaker()

    async def claim(self, limit: int) -> list[Outbox]:
        """Rows to deliver; none while the platform does not answer."""
        allowed = self._breaker.allowed(limit)
        return await sending.claim(allowed) if allowed else []

    async def deliver(self, row: Outbox) -> None:
        """One claimed row, to a decision in the database."""
        started = time.perf_counter()
        outcome = await self._deliver(row)
        ms = (time.perf_counter() - started) * 1000
        log.info(
            "delivery id=%d person=%d rung=%s attempt=%d outcome=%s ms=%.0f",
            row.id, row.person_id, row.rung, row.attempts, outcome, ms,
        )  # fmt: skip

    async def _deliver(self, row: Outbox) -> str:
        try:
            letter = self._letter(row.payload)
        except (KeyError, ValueError, TypeError):
            log.exception("outbox row %d cannot be put into words", row.id)
            return await _fail(row, _UNREADABLE)
        if not row.person.following:
            return await _fail(row, _GONE, letter)
        if row.rung == TEMPLATE:
            return await self._as_template(row, letter)
        left = sending.sends_left(row)
        if left == 0:
            return await self._fall(row, letter, _CLOSED)
        return await self._as_custom(row, letter, last=left == 1)

    def _letter(self, payload: Json) -> Letter:
        if "phrase" in payload:
            rendered = self._phrases.render(payload["phrase"], payload.get("values", {}))
            return Letter(rendered.reply, rendered.template)
        return Letter(reply_of(payload["reply"]))

    async def _as_custom(self, row: Outbox, letter: Letter, *, last: bool) -> str:
        """Send it with the other news that is due for this person, as one message; all have its outcome."""
        rows = [row, *await sending.fellows(row)]
        letters = {row.id: letter} | {one.id: self._letter(one.payload) for one in rows[1:]}
        items = [bundles.Item(one, letters[one.id].reply, letters[one.id].kind) for one in rows]
        chosen, rest = bundles.packed(items, last=last)
        for item in rest:
            await sending.put_back(item.row)
        newest = chosen[-1].row
        reply = bundles.joined(chosen)
        reply = await _numbered(newest, bundles.asking_back(reply, chosen, self._phrases) if last else reply)
        fault = await self._tried(newest, reply)
        outcome = "put back"
        for item in chosen:
            told = replace(letters[item.row.id], reply=bundles.share(item, chosen, reply))
            settled = await self._settled(item.row, told, fault)
            outcome = settled if item.row.id == row.id else outcome
        return outcome

    async def _tried(self, row: Outbox, reply: Reply) -> ApiError | None:
        """None when it was sent."""
        try:
            await self._send_parts(row, reply)
        except (Unknown, Unreachable) as fault:
            self._breaker.lost()
            return fault
        except Refused as fault:
            self._breaker.answered()
            return fault
        self._breaker.answered()
        return None

    async def _settled(self, row: Outbox, letter: Letter, fault: ApiError | None) -> str:
        if isinstance(fault, Unknown):
            return await _unknown(row, _fault(fault), letter)
        if isinstance(fault, Refused):
            return await self._refused(row, letter, fault)
        if fault is not None:
            return await _later(row, fault, letter)
        await sending.sent(row, reply=reply_row(letter.reply))
        return "sent"

    async def _send_parts(self, row: Outbox, reply: Reply) -> None:
        parts = render.split(reply)  # cut after its options were numbered: the numbers take room
        done = int(row.payload.get("sent_parts", 0))
        for number, part in enumerate(parts[done:], done + 1):
            await self._send_part(row, part)
            await sending.part_sent(row, number)

    async def _send_part(self, row: Outbox, part: Reply) -> None:
        """A picture that the platform does not know any more is uploaded anew, once."""
        to = row.person.channel_id
        if not part.image:
            await self._platform.send(to, part)
            return
        fresh = not self._uploads.knows(part.image)
        try:
            await self._platform.send(to, part, media_id=await self._uploads.media_id(part.image))
        except Refused as fault:
            if fresh or fault.reason is not Reason.MEDIA:
                raise
            self._uploads.forget(part.image)
            await self._platform.send(to, part, media_id=await self._uploads.media_id(part.image))

    async def _refused(self, row: Outbox, letter: Letter, fault: Refused) -> str:
        if fault.reason in (Reason.OUT_OF_WINDOW, Reason.OUT_OF_COUNT):
            await sending.window_closed(row)
        if fault.reason in _NOBODY:
            return await _fail(row, _fault(fault), letter)
        if fault.passing or fault.reason in _LATER:
            return await _later(row, fault, letter)
        return await self._fall(row, letter, _fault(fault))

    async def _fall(self, row: Outbox, letter: Letter, fault: Fault) -> str:
        """From the customer message to the template message, if this phrase and this account have one."""
        if letter.template is None or letter.template[0] not in self._templates:
            return await _fail(row, fault, letter)
        await sending.next_rung(row, fault, TEMPLATE)
        return "to template"

    async def _as_template(self, row: Outbox, letter: Letter) -> str:
        kind, values = letter.template or ("", {})
        template = self._templates.get(kind)
        if template is None:
            return await _fail(row, _NO_TEMPLATE, letter)
        try:
            filled = template.filled(values)
        except UnfitError as unfit:
            log.error("outbox row %d has no wording for its template message: %s", row.id, unfit)
            return await _fail(row, _NO_WORDING, letter)
        if sending.unanswered_for(row) > _KNOWN_FOR:
            return await _unknown(row, _NO_ANSWER, letter)
        try:
            platform_id = await self._platform.send_template(
                row.person.channel_id, template.id, filled, key=f"outbox-{row.id}"
            )
        except Unknown as fault:
            self._breaker.lost()
            return await _again_or_unknown(row, fault, letter)
        except Refused as fault:
            self._breaker.answered()
            if fault.reason is Reason.IN_REVIEW:
                await sending.in_review(row, reply=reply_row(letter.reply), platform_id=fault.message_id)
                return "in review"
            again = fault.passing or fault.reason in _LATER
            return await (_later(row, fault, letter) if again else _fail(row, _fault(fault), letter))
        except Unreachable as fault:
            self._breaker.lost()
            return await _later(row, fault, letter)
        self._breaker.answered()
        await sending.sent(row, reply=reply_row(letter.reply), platform_id=platform_id)
        return "sent"


async def _numbered(row: Outbox, reply: Reply) -> Reply:
    """Options that the turn did not number already get the person's next numbers."""
    options = reply.options
    if not options or all(one.number for one in options):
        return reply
    return numbered(reply, await sending.numbers(row, len(options)))


async def _again_or_unknown(row: Outbox, fault: Unknown, letter: Letter) -> str:
    """The platform drops a second template message with the same key, for ten minutes."""
    if row.attempts <= 2:
        await sending.unanswered(row)
        return await _later(row, fault, letter)
    return await _unknown(row, _fault(fault), letter)


async def _later(row: Outbox, fault: ApiError, letter: Letter) -> str:
    """Surely not sent, and it may pass: a few more times, further and further apart."""
    if row.attempts > len(_PAUSES):
        return await _fail(row, _fault(fault), letter)
    pause = _PAUSES[row.attempts - 1]
    rate = isinstance(fault, Refused) and fault.reason is Reason.RATE
    await sending.retry(row, _fault(fault), after=max(pause, _RATE_PAUSE) if rate else pause)
    return "later"


async def _fail(row: Outbox, fault: Fault, letter: Letter | None = None) -> str:
    async with work.unit():
        await sending.failed(row, fault, reply=reply_row(letter.reply) if letter else None)
    return "failed"


async def _unknown(row: Outbox, fault: Fault, letter: Letter | None = None) -> str:
    async with work.unit():
        await sending.unknown(row, fault, reply=reply_row(letter.reply) if letter else None)
    return "unknown"


def _fault(error: ApiError) -> Fault:
    return Fault(error.words, error.errcode if isinstance(error, Refused) else None)
