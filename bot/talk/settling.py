"""What a reading of an answer does once it is the one: an option is picked, a value taken."""

from bot.scripts.format import SlotType
from bot.talk import (
    answers,
    asking,
    early_answers,
    engine,
    filling,
    job_told,
    options,
    other_answers,
    other_matters,
    stories,
    taps,
)
from bot.talk.readings import Reading
from bot.talk.state import Offered
from bot.talk.taken import Answer, Taken
from bot.talk.talk import Talk
from bot.understanding import Command, command
from bot.why import Rule

IDLE = 0.6
DONT_KNOW = 0.9  # so sure a 不知道 asks nothing, whatever stands behind it
CURT = 10  # characters: so short a cry or a thank-you is no text


def pick(
    rule: Rule, score: float, offer: Offered, *, tells: bool = False, more: str = "", matter: bool = False
) -> Reading:
    async def picked(talk: Talk) -> None:
        if matter:
            await other_matters.keep_told(talk)
        if more:
            stories.keep_words(talk, more)  # 提交吧，家里有狗小心点
        if tells:
            stories.keep_words(talk)  # 天天半夜吵醒好几次 names the kind, and tells more than it
        stories.keep_beside(talk)
        if offer.to and talk.turn.heard.text.strip() != offer.text:
            stories.keep_fault(talk)
        if offer.value == asking.SKIP:
            early_answers.keep_named(talk)
            job_told.fill(talk, but=talk.step.collect)
        await other_answers.keep_other_choices(talk)
        await other_answers.keep_other_values(talk)
        other_answers.keep_names(talk)
        if not await early_answers.tells_beyond(talk, offer):
            await taps.pick(talk, offer)

    return Reading(rule, score, picked, offer.text, f"option:{offer.text}")


async def take(talk: Talk, reading: Answer) -> None:
    talk.state.lost = 0
    told = job_told.fill(talk, but=talk.step.collect)
    if isinstance(reading, Taken) and talk.slot(talk.step).fill == "materials":
        words = job_told.only_materials(str(reading.value), priced=bool(told))
        reading = Taken(words, words)
    stories.keep_beside(talk)
    await other_answers.keep_other_choices(talk)
    other_answers.keep_names(talk)
    if isinstance(reading, Taken):
        stories.keep_rest(talk)
    await answers.take(talk, reading)


async def take_beside(talk: Talk) -> None:
    """Words that fit no option are what the step takes besides: a message left, though 留言 was not tapped."""
    name, text = talk.step.takes, talk.turn.heard.text.strip()
    collector = talk.compiled.script.collector(name)
    assert collector is not None, f"nothing asks for {name}"  # bot/scripts/check.py refuses such scripts
    slot, held = talk.compiled.script.slots[name], str(talk.frame.slots.get(name) or "")
    told = f"{held}，{text}" if slot.grows and held else text
    talk.put(name, told[: slot.max or None], told[: slot.max or None])
    if slot.grows:
        filling.from_words(talk, told)  # a story names its kind, however it came
    await engine.proceed(talk, talk.compiled.script.after(collector))


def is_text_asked(talk: Talk) -> bool:
    """Whether any words are an answer to the open question."""
    return bool(talk.step.collect) and talk.slot(talk.step).type is SlotType.TEXT and not talk.frame.mode


def steering_option(talk: Talk) -> Offered | None:
    """The option that a command word means here: 取消吧, where 确定取消吗 is asked."""
    if command(talk.turn.heard.text) is not Command.CANCEL:
        return None
    return options.dropping(talk.frame.options, talk.turn.heard.text)
