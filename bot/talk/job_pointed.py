"""Which job is meant where none is named: the one that is shown, or the newest message's (这单我不去)."""

from collections.abc import Sequence

from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.understanding.job_words import pattern
from bot.understanding.technicians import Deed, Deeds


async def ticket(talk: Talk, deeds: Deeds, script: str) -> dict[str, str]:
    """The slot `ticket` for `script`, which does the deed; nothing where the words name a job or point at none."""
    if deeds.job:
        return {}
    if talk.running:
        shown = _of(script, talk.frame.options) or _asked_about(talk, deeds)
        return {"ticket": shown} if shown else {}
    if deeds.best is Deed.CHANGE_ETA and pattern("corrects").search(deeds.text):
        said_last = _of(script, talk.state.offers)  # 不对，是四点: of the job whose hour was just told
        return {"ticket": said_last} if said_last else {}
    if not pattern("pointed").search(deeds.text):
        return {}
    newer = await talk.effects.last_offers(talk.turn, since=talk.state.heard_at)
    older = await talk.effects.last_offers(talk.turn)
    found = _of(script, newer) or _of(script, talk.state.offers) or _of(script, older)
    return {"ticket": found} if found else {}


def _asked_about(talk: Talk, deeds: Deeds) -> str:
    """The job of the running talk, whose address is asked in the middle of it."""
    known = talk.frame.slots.get("ticket")
    return str(known) if deeds.best is Deed.ASK and talk.compiled.script.triggers.deeds and known else ""


def _of(script: str, offers: Sequence[Offered]) -> str:
    start = f"s:{script}?ticket="
    found = [one.go or one.value for one in offers if (one.go or one.value).startswith(start)]
    return found[0].removeprefix(start).partition("&")[0] if len(found) == 1 else ""
