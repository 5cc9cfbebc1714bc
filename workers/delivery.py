"""Sends what the outbox holds: as a customer message, else as a template message, else people have to call."""

import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.reply_rows import reply_of, reply_row
from bot.scripts.phrases import Phrases
from bot.values import Reply, numbered
from models.values import Json
from services import outbox
from services.delivery import claiming, masses, sending, windows
from services.delivery.claiming import Letter
from services.delivery.sending import SUBSCRIPTION, TEMPLATE, Fault
from wechat import render
from wechat.errors import ApiError, Reason, Refused, Unknown, Unreachable
from wechat.news_pages import NewsPages
from wechat.platform import Platform
from wechat.subscriptions import CONTENT_AT_MOST, SCENE, Subscriptions
from wechat.typed import AccountTemplate, UnfitError
from workers import bundles, outcomes
from workers.breaker import Breaker
from workers.masses import text as masses_text
from workers.outcomes import Outcome, Worded
from workers.uploads import Uploads

log = logging.getLogger(__name__)

_KNOWN_FOR = timedelta(minutes=9)  # the platform drops a template message with the same key for ten
_ASIDE, _FOR_PEOPLE = timedelta(minutes=5), 2  # how long news waits while so few sends are left for people
_OF_THE_TALK = ("human.", "hazard.")  # phrases that belong to it, and danger
_NOBODY = frozenset({Reason.NO_SUCH_USER, Reason.NOT_FOLLOWING})
_LATER = frozenset({Reason.CREDENTIALS, Reason.UNAUTHORIZED})  # somebody has to set the account right first
_GONE = Fault("not_following")
_CLOSED = Fault("window_closed")
_NO_TEMPLATE = Fault("no_template")
_NO_WORDING = Fault("does_not_fit")
_NO_ANSWER = Fault(Unknown.code)
_UNREADABLE = Fault("unreadable")


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
        subscriptions: Subscriptions | None = None,
        in_masses: frozenset[str] = frozenset(),
        pages: NewsPages | None = None,
    ) -> None:
        """`in_masses` are the phrases of notices that may go out as mass messages; `pages` tell all."""
        self._platform = platform
        self._phrases = phrases
        self._templates = templates
        self._uploads = Uploads(platform, media)
        self._breaker = breaker or Breaker()
        self._subscriptions = subscriptions
        self._in_masses = in_masses
        self._pages = pages

    async def claim(self, limit: int) -> list[Letter]:
        """What to deliver; nothing while the platform does not answer."""
        allowed = self._breaker.allowed(limit)
        return await claiming.claim(allowed) if allowed else []

    async def deliver(self, letter: Letter) -> None:
        """One claimed letter, to a decision in the database."""
        started = time.perf_counter()
        outcome = await self._deliver(letter)
        ms = (time.perf_counter() - started) * 1000
        log.info(
            "delivery id=%d person=%d rung=%s attempt=%d outcome=%s ms=%.0f",
            letter.id, letter.person_id, letter.rung, letter.attempts, outcome, ms,
        )  # fmt: skip

    async def _deliver(self, letter: Letter) -> Outcome:
        worded = self._readable(letter)
        if worded is None:
            return await outcomes.fail(letter, _UNREADABLE)
        if not letter.following:
            return await outcomes.fail(letter, _GONE, worded)
        if letter.rung == TEMPLATE:
            return await self._as_template(letter, worded)
        if letter.rung == SUBSCRIPTION:
            return await self._as_subscription(letter, worded)
        left = letter.sends_left
        if left == 0:
            return await self._fall(letter, worded, _CLOSED)
        if _leaves_it_to_people(letter):
            return await self._stand_aside(letter, worded)
        return await self._as_custom(letter, worded, last=left == 1)

    async def _stand_aside(self, letter: Letter, worded: Worded) -> Outcome:
        """While people talk the last sends are theirs: news goes as a template message, or waits."""
        if worded.template is not None and worded.kind in self._templates:
            await sending.next_rung(letter, _CLOSED, TEMPLATE)
            return Outcome.TO_TEMPLATE
        await claiming.wait(letter, _ASIDE)
        return Outcome.PUT_BACK

    def _readable(self, letter: Letter) -> Worded | None:
        """None, and a line in the log, for what cannot be put into words."""
        try:
            return self._worded(letter.payload)
        except (KeyError, ValueError, TypeError):
            log.exception("outbox row %d cannot be put into words", letter.id)
            return None

    def _worded(self, payload: Json) -> Worded:
        if "phrase" in payload:
            rendered = self._phrases.render(payload["phrase"], payload.get("values", {}))
            return Worded(rendered.reply, rendered.template)
        return Worded(reply_of(payload["reply"]))

    async def _as_custom(self, letter: Letter, worded: Worded, *, last: bool) -> Outcome:
        """Send it with the other news that is due for this person, as one message; all have its outcome."""
        said = {letter.id: worded}
        letters = [letter]
        for fellow in await claiming.fellows(letter):
            if (fellow_worded := self._readable(fellow)) is None:
                await outcomes.fail(fellow, _UNREADABLE)
                continue
            letters.append(fellow)
            said[fellow.id] = fellow_worded
        items = [bundles.Item(one, said[one.id].reply, said[one.id].kind) for one in letters]
        chosen, rest = bundles.packed(items, last=last)
        for item in rest:
            await claiming.put_back(item.letter)
        newest = chosen[-1].letter
        reply = bundles.joined(chosen)
        if last:
            reply = bundles.asking_back(reply, chosen, self._phrases)
        if last or (letter.fleeting and not letter.subscriptions_left):
            reply = bundles.offering(reply, self._phrases, self._consent(letter))
        reply = await _numbered(newest, reply)
        fault = await self._tried(newest, reply)
        outcome = Outcome.PUT_BACK
        for item in chosen:
            told = replace(said[item.letter.id], reply=bundles.share(item, chosen, reply))
            settled = await self._settled(item.letter, told, fault)
            outcome = settled if item.letter.id == letter.id else outcome
        return outcome

    async def _tried(self, letter: Letter, reply: Reply) -> ApiError | None:
        """None when it was sent."""
        try:
            await self._send_parts(letter, reply)
        except (Unknown, Unreachable) as fault:
            self._breaker.lost()
            return fault
        except Refused as fault:
            self._breaker.answered()
            return fault
        self._breaker.answered()
        return None

    async def _settled(self, letter: Letter, worded: Worded, fault: ApiError | None) -> Outcome:
        if isinstance(fault, Unknown):
            return await outcomes.unknown(letter, outcomes.fault_of(fault), worded)
        if isinstance(fault, Refused):
            return await self._refused(letter, worded, fault)
        if fault is not None:
            return await outcomes.later(letter, fault, worded)
        await sending.sent(letter, reply=reply_row(worded.reply))
        return Outcome.SENT

    async def _send_parts(self, letter: Letter, reply: Reply) -> None:
        parts = render.split(reply)  # cut after its options were numbered: the numbers take room
        done = int(letter.payload.get("sent_parts", 0))
        for number, part in enumerate(parts[done:], done + 1):
            await self._send_part(letter, part)
            await sending.part_sent(letter, number)

    async def _send_part(self, letter: Letter, part: Reply) -> None:
        """A picture that the platform does not know any more is uploaded again, once."""
        to = letter.channel_id
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

    async def _refused(self, letter: Letter, worded: Worded, fault: Refused) -> Outcome:
        if fault.reason in (Reason.OUT_OF_WINDOW, Reason.OUT_OF_COUNT):
            await sending.window_closed(letter)
        if fault.reason in _NOBODY:
            return await outcomes.fail(letter, outcomes.fault_of(fault), worded)
        if fault.passing or fault.reason in _LATER:
            return await outcomes.later(letter, fault, worded)
        return await self._fall(letter, worded, outcomes.fault_of(fault))

    async def _fall(self, letter: Letter, worded: Worded, fault: Fault) -> Outcome:
        """To the next rung: a message that the person agreed to, then the template message, if there is one."""
        if (
            letter.rung != SUBSCRIPTION
            and self._subscriptions
            and letter.subscriptions_left
            and worded.template
        ):
            await sending.next_rung(letter, fault, SUBSCRIPTION)
            return Outcome.TO_SUBSCRIPTION
        if letter.payload.get("phrase") in self._in_masses:
            text = masses_text(self._phrases, letter.payload)
            await masses.wait(letter, fault, reply=reply_row(replace(worded.reply, text=text)))
            return Outcome.TO_MASS
        if worded.template is None or worded.template[0] not in self._templates:
            return await outcomes.fail(letter, fault, worded)
        await sending.next_rung(letter, fault, TEMPLATE)
        return Outcome.TO_TEMPLATE

    def _consent(self, letter: Letter) -> str:
        """Where the person may agree to one message more, if the account has such; not beside a code of theirs."""
        if self._subscriptions is None or letter.key.startswith(outbox.PRIVATE):
            return ""
        return self._subscriptions.link(letter.channel_id)

    def _page(self, letter: Letter) -> str:
        return self._pages.link(letter.id) if self._pages else ""

    async def _as_subscription(self, letter: Letter, worded: Worded) -> Outcome:
        """The message that the person agreed to; without an agreement after all, the next rung."""
        if self._subscriptions is None:
            return await self._fall(letter, worded, _NO_TEMPLATE)
        template_id, title = self._subscriptions.template_id, self._phrases.reply("delivery.title").text
        text = worded.reply.text
        if len(text) > CONTENT_AT_MOST:
            text = self._phrases.reply("delivery.short").text
        try:
            await self._platform.send_subscribed(letter.channel_id, template_id, SCENE, title, text)
        except Unknown as fault:
            self._breaker.lost()
            return await outcomes.unknown(letter, outcomes.fault_of(fault), worded)
        except Unreachable as fault:
            self._breaker.lost()
            return await outcomes.later(letter, fault, worded)
        except Refused as fault:
            self._breaker.answered()
            if fault.passing or fault.reason in _LATER:
                return await outcomes.later(letter, fault, worded)
            await windows.no_subscription(letter.person_id)
            return await self._fall(letter, worded, outcomes.fault_of(fault))
        self._breaker.answered()
        await windows.subscription_used(letter.person_id)
        await sending.sent(letter, reply=reply_row(worded.reply))
        return Outcome.SENT

    async def _as_template(self, letter: Letter, worded: Worded) -> Outcome:
        kind, values = worded.template or ("", {})
        template = self._templates.get(kind)
        if template is None:
            return await outcomes.fail(letter, _NO_TEMPLATE, worded)
        try:
            filled = template.filled(values)
        except UnfitError as unfit:
            log.error("outbox row %d has no wording for its template message: %s", letter.id, unfit)
            return await outcomes.fail(letter, _NO_WORDING, worded)
        card = {"kind": kind, "values": template.named(filled)}
        if sending.unanswered_for(letter) > _KNOWN_FOR:
            return await outcomes.unknown(letter, _NO_ANSWER, worded)
        try:
            platform_id = await self._platform.send_template(
                letter.channel_id, template.id, filled, key=f"outbox-{letter.id}", url=self._page(letter)
            )
        except Unknown as fault:
            self._breaker.lost()
            return await outcomes.again_or_unknown(letter, fault, worded)
        except Refused as fault:
            self._breaker.answered()
            if fault.reason is Reason.IN_REVIEW:
                await sending.in_review(
                    letter, reply=reply_row(worded.reply), platform_id=fault.message_id, card=card
                )
                return Outcome.IN_REVIEW
            again = fault.passing or fault.reason in _LATER
            return await (
                outcomes.later(letter, fault, worded)
                if again
                else outcomes.fail(letter, outcomes.fault_of(fault), worded)
            )
        except Unreachable as fault:
            self._breaker.lost()
            return await outcomes.later(letter, fault, worded)
        self._breaker.answered()
        await sending.sent(letter, reply=reply_row(worded.reply), platform_id=platform_id, card=card)
        return Outcome.SENT


def _leaves_it_to_people(letter: Letter) -> bool:
    """News of the house, while people have the talk and hardly any send is left."""
    few = letter.sends_left is not None and letter.sends_left <= _FOR_PEOPLE
    phrase = str(letter.payload.get("phrase", ""))
    return letter.held and few and bool(phrase) and not phrase.startswith(_OF_THE_TALK)


async def _numbered(letter: Letter, reply: Reply) -> Reply:
    """Options that the turn did not number already get the person's next numbers."""
    options = reply.options
    if not options or all(one.number for one in options):
        return reply
    return numbered(reply, await sending.numbers(letter, len(options)))
