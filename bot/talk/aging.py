"""What is over when somebody speaks again: a talk left for too long, old drafts, a receipt behind newer news."""

from datetime import timedelta

from bot.talk import drafts, engine, naming
from bot.talk.state import Parked
from bot.talk.talk import Talk
from bot.values import Kind


def lay_aside_what_is_old(talk: Talk) -> None:
    state, now = talk.state, talk.turn.now
    for frame in state.stack:
        if _gone(talk, frame.script, frame.version):
            state.stack = []
    if state.stack and state.heard_at:
        minutes = talk.of(state.stack[0]).script.expiry.park
        if now - state.heard_at > timedelta(minutes=minutes):
            drafts.park(talk)
    state.parked = [one for one in state.parked if _fresh(talk, one)]


async def yield_to_news(talk: Talk) -> None:
    """What only waits in case something is to be put right ends when newer options were pushed."""
    if not talk.running or not (talk.compiled.script.yields or _counts_in_a_short_list(talk)):
        return
    news = await talk.effects.last_offers(talk.turn, since=talk.state.heard_at)
    if news and not any(one.go.startswith(f"a:{talk.frame.talk}:") for one in news):
        engine.leave(talk)


def _counts_in_a_short_list(talk: Talk) -> bool:
    """A number alone means the newest list on the screen, where what was open before it is done at once."""
    number = talk.turn.heard.kind is Kind.TEXT and naming.ordinal(talk.turn.heard.text) is not None
    return number and len(talk.state.stack) == 1 and talk.compiled.script.quick


def _gone(talk: Talk, script: str, version: int) -> bool:
    return talk.bot.catalogue.version(script, version) is None


def _fresh(talk: Talk, parked: Parked) -> bool:
    if any(_gone(talk, frame.script, frame.version) for frame in parked.frames):
        return False
    minutes = talk.of(parked.frames[0]).script.expiry.drop
    return talk.turn.now - parked.at <= timedelta(minutes=minutes)
