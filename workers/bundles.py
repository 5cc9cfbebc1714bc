"""News for one person that falls together, as one message: who only taps has hardly any sends left."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.scripts.phrases import Phrases
from bot.values import Link, Reply
from services.delivery.claiming import Letter
from wechat import render

JOB = "job"
# What matters most takes the last send.
_WEIGHTS = {"alert": 3, JOB: 2, "repair": 1, "complaint": 1, "request": 1, "desk": 1}


@dataclass(frozen=True, slots=True)
class Item:
    """One letter in words, and the kind of its template message, "" without one."""

    letter: Letter
    reply: Reply
    kind: str = ""

    @property
    def weight(self) -> int:
        return _WEIGHTS.get(self.kind, 0)


def packed(items: Sequence[Item], *, last: bool) -> tuple[list[Item], list[Item]]:
    """Those that fit into one message, and the rest. Of the `last` send what matters most has the first claim."""
    order = sorted(items, key=lambda item: -item.weight) if last else list(items)
    chosen: list[Item] = []
    rest: list[Item] = []
    for item in order:
        kept_back = bool(rest) and not last  # nothing goes before an earlier one
        (chosen if not chosen or (not kept_back and _fits([*chosen, item])) else rest).append(item)
    return sorted(chosen, key=lambda item: item.letter.id), sorted(rest, key=lambda item: item.letter.id)


def _fits(items: Sequence[Item]) -> bool:
    return _clear(items) and render.fits_passive(joined(items))


def _clear(items: Sequence[Item]) -> bool:
    """Whether it can be told what each option belongs to, by its words alone."""
    plain = not any(item.reply.image or item.reply.article for item in items)
    options = [one for item in items for one in item.reply.options]
    return plain and len({one.text for one in options}) == len({(one.text, one.id) for one in options})


def joined(items: Sequence[Item]) -> Reply:
    """Their texts one below the other, with the options of all; an option that several have stands once."""
    if len(items) == 1:
        return items[0].reply
    options = {(one.text, one.id): one for item in items for one in item.reply.options}
    text = "\n\n".join(item.reply.text for item in items if item.reply.text)
    return Reply(text=text, options=tuple(options.values()))


def share(item: Item, items: Sequence[Item], sent: Reply) -> Reply:
    """What is kept as said by one letter of a message: its own words, and with the newest all the options."""
    if len(items) == 1:
        return replace(sent, link=None)
    return Reply(text=item.reply.text, options=sent.options if item is items[-1] else ())


def asking_back(reply: Reply, items: Sequence[Item], phrases: Phrases) -> Reply:
    """The reply of the last send, which asks for any word back; a picture or a card cannot."""
    if reply.image or reply.article:
        return reply
    key = "delivery.last_one_job" if any(item.kind == JOB for item in items) else "delivery.last_one"
    asked = phrases.reply(key, variant=items[0].letter.id).text
    return _if_it_fits(reply, replace(reply, text=f"{reply.text}\n{asked}".strip()))


def offering(reply: Reply, phrases: Phrases, link: str) -> Reply:
    """With the `link` to where the person may agree to one more message; "" when the account has none."""
    if not link or reply.image or reply.article:
        return reply
    return _if_it_fits(reply, replace(reply, link=Link(phrases.reply("delivery.remind_me").text, link)))


def _if_it_fits(reply: Reply, longer: Reply) -> Reply:
    return longer if len(render.split(longer)) == len(render.split(reply)) else reply
