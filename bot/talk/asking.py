"""Turning a waiting step into a question with options to tap, never twice in the same words."""

import re

from bot.scripts.format import Choice, Slot, SlotType, Step
from bot.talk import slots
from bot.talk.state import Offered
from bot.talk.taken import Taken
from bot.talk.talk import Talk
from bot.turn import Heard
from bot.values import Kind, Option, Plain

PAGE = 8  # options shown at once

# Typed, these are as good as tapping the option that skips.
NOTHING = ("跳过", "没有", "没有了", "没有啊", "没了", "无", "不用", "不用了", "不需要")
YES, NO, CHANGE, SKIP, MORE = "$yes", "$no", "$change", "$skip", "$more"

STARS = (
    "1",
    "2",
    "3",
    "4",
    "5",
)  # in this order the number before an option is its stars: who types 5 gives five
_PARTS = re.compile(r"[\s，,、/]+")


async def ask(talk: Talk, *, again: bool = False) -> None:
    """Ask the current step. `again` keeps the count of asking: a reminder after something else was said."""
    step, frame = talk.step, talk.frame
    frame.mode = ""
    frame.options = await options(talk, step)
    count = frame.asked.get(step.id, 0)
    question = _wording(talk, step, count)
    if not again:
        frame.asked[step.id] = count + 1
    if count == 2:
        question += "\n" + talk.phrase("bot.way_out").text
    talk.show(question, shown(talk, frame.options))


def shown(talk: Talk, offers: list[Offered]) -> list[Option]:
    """Options with the ids that bring a tap back to this question, whenever it is tapped."""
    frame = talk.frame
    place = f"a:{frame.talk}:{frame.at}"
    return [Option(offer.text, offer.go or f"{place}:{number}") for number, offer in enumerate(offers, 1)]


def _wording(talk: Talk, step: Step, count: int) -> str:
    wordings = list(step.confirm or step.ask or [])
    text = talk.fill(wordings[count % len(wordings)])
    if count >= len(wordings) and not talk.notes:
        return talk.phrase("bot.again", variant=count).text + text
    return text


async def options(talk: Talk, step: Step) -> list[Offered]:
    if step.confirm:
        return _confirming(talk, step)
    if step.choose:
        return _usable(talk, step.options)
    return await _collecting(talk, step)


def _usable(talk: Talk, choices: tuple[Choice, ...]) -> list[Offered]:
    return [
        Offered(talk.fill(one.text), talk.link(one.value), one.to, talk.link(one.go), one.keywords, one.light)
        for one in choices
        if talk.holds(one.when)
    ]


def _confirming(talk: Talk, step: Step) -> list[Offered]:
    """Yes, ways to change something, no. Options of the step's own take the place of 修改 and 取消."""
    yes = Offered(step.yes.text, YES, step.yes.to, keywords=step.yes.keywords, light=step.yes.light)
    if step.options:
        return [yes, *_usable(talk, step.options)]
    change = [Offered(talk.phrase("bot.change_option").text, CHANGE)] if step.change else []
    no = step.no or Choice(text=talk.phrase("bot.cancel_option").text)
    return [yes, *change, Offered(no.text, NO, no.to, no.go, no.keywords)]


async def _collecting(talk: Talk, step: Step) -> list[Offered]:
    slot = talk.slot(step)
    offers = _usable(talk, (*step.options, *slot.options))
    if slot.source and slot.type is not SlotType.ROOM:
        listed = await talk.listed(step.collect)
        offers = _paged(talk, [*offers, *(Offered(text, value) for value, text in listed)])
    elif slot.type is SlotType.RATING and not offers:
        offers = [Offered(talk.phrase("bot.star_option", {"stars": one}).text, one) for one in STARS]
    elif slot.type is SlotType.CONFIRM and not offers:
        offers = [
            Offered(talk.phrase("bot.yes_option").text, "yes"),
            Offered(talk.phrase("bot.no_option").text, "no"),
        ]
    elif slot.type is SlotType.TIME:
        offers = _still_to_come(talk, slot, offers)
    return [*offers, *_skipping(talk, step)]


def _still_to_come(talk: Talk, slot: Slot, offers: list[Offered]) -> list[Offered]:
    """Each moment once, and none that is over: 今天下午 in the evening, or on a Friday both 明天上午 and 周六上午."""
    kept: list[Offered] = []
    windows: list[Plain] = []
    for one in offers:
        heard = Heard(Kind.TEXT, one.value or one.text, understand=talk.turn.heard.understand)
        reading = slots.read(slot, heard, talk.turn, [])
        window = reading.value if isinstance(reading, Taken) else None
        if one.to or one.go or (window and window not in windows):
            kept.append(one)
            windows.append(window)
    return kept


def _skipping(talk: Talk, step: Step) -> list[Offered]:
    slot = talk.slot(step)
    if slot.type is SlotType.PHOTOS and talk.frame.slots.get(step.collect):
        words = talk.phrase("bot.photos_done").text
        return [Offered(words, SKIP, keywords=tuple(filter(None, _PARTS.split(words))))]
    return [Offered(step.skip, SKIP, keywords=(*NOTHING, *step.skip_words))] if step.skip else []


def _paged(talk: Talk, offers: list[Offered]) -> list[Offered]:
    if len(offers) <= PAGE + 1:
        return offers
    frame = talk.frame
    first = frame.page * PAGE
    if first >= len(offers):
        frame.page = first = 0
    return [*offers[first : first + PAGE], Offered(talk.phrase("bot.more").text, MORE)]


async def ask_which(talk: Talk, offers: list[Offered]) -> None:
    """Two options lie too near: ask which; all options of the question stay good."""
    frame = talk.frame
    rest = [one for one in frame.options if one not in offers]
    frame.options = [*offers, *rest]
    talk.show(talk.phrase("bot.which_option").text, shown(talk, frame.options))


async def ask_change(talk: Talk) -> None:
    """改哪一项？ with the script's own names for its slots."""
    frame, script = talk.frame, talk.compiled.script
    frame.mode = "change"
    frame.options = [
        Offered(
            f"{script.slots[name].label or name}：{talk.words(name) or talk.phrase('bot.nothing_told').text}",
            name,
            keywords=(script.slots[name].label,),
        )
        for name in talk.step.change
    ]
    talk.show(talk.phrase("bot.change_which").text, shown(talk, frame.options))
