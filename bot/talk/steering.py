"""The words that work everywhere: 取消 上一步 帮助 菜单 人工 重来, and the draft that goes on."""

from collections.abc import Mapping

from bot.talk import asking, drafts, engine, leaving
from bot.talk.opening import begin
from bot.talk.talk import Talk
from bot.understanding import Command, command
from bot.understanding.technicians import Deed
from bot.values import Plain


async def steer(talk: Talk, steering: Command) -> None:
    """The words that work everywhere."""
    talk.state.lost = 0
    if steering is Command.HUMAN:
        drafts.park(talk)
        await engine.start(talk, "human", slots={"reason": talk.phrase("bot.wants_people").text})
    elif steering is Command.MENU:
        drafts.park(talk)
        talk.say_phrase(menu_phrase(talk))
    elif steering is Command.HELP:
        await _help(talk)
    elif not talk.running:
        talk.say_phrase("bot.nothing_to_cancel")
    elif steering is Command.CANCEL:
        await leaving.cancel(talk)
    elif steering is Command.BACK:
        await leaving.back(talk)
    else:
        await leaving.restart(talk)


def ordered(talk: Talk) -> Command | None:
    """The command that the whole message is. A technician's 我不会 speaks of a job, not of how one talks here."""
    found = command(talk.turn.heard.text)
    about_a_job = talk.turn.person.technician_id and "不会" in talk.turn.heard.text
    return None if found is Command.HELP and about_a_job else found


async def _help(talk: Talk) -> None:
    """How one talks here; for technicians, how they do with their jobs."""
    own = talk.bot.catalogue.for_deed(Deed.HELP, talk.turn.person)
    if own is None:
        await aside(talk, "bot.help")
    else:
        await begin(talk, own.script.script, {}, said=talk.turn.heard.text, beside=True)


def menu_phrase(talk: Talk) -> str:
    return "bot.menu_technician" if talk.turn.person.technician_id else "bot.menu"


async def aside(talk: Talk, phrase: str, values: Mapping[str, Plain] | None = None) -> None:
    if not talk.running:
        talk.say_phrase(phrase, values)
        return
    talk.note(phrase, values)
    await asking.ask(talk, again=True)


async def resume(talk: Talk) -> bool:
    """Take up the newest draft again, where it was left. False when there is none."""
    state = talk.state
    if not state.parked:
        return False
    parked = state.parked.pop()
    drafts.park(talk)
    state.stack = parked.frames
    talk.note("bot.resumed", {"title": talk.compiled.script.title})
    if not talk.frame.at:
        await engine.enter(talk)
    else:
        await asking.ask(talk, again=True)
    return True
