"""What comes after the work: stars, and 没修好."""

import re

from bot.scripts.actions import Listed, Outcome
from bot.scripts.texts import spoken
from bot.talk import naming, slots
from bot.turn import Turn
from bot.values import Plain
from dialogs.actions.arguments import many, resident, whole, wholes, words
from dialogs.actions.registry import registry
from dialogs.actions.tickets import one_of, own
from services.repairs import ratings, reporting
from services.repairs.views import RepairView

_GIVES_ANEW = re.compile(r"(?:改|重新|再)[^，。]{0,4}评价|评价[^，。]{0,4}(?:改|错|重)|评错|(?:点|打|按)错")
_ONLY_MENDED = re.compile(r"^(?:都|已经|修|弄)*好[了啦]|^[12]$")  # that it works says nothing of how well


@registry.action("repair.praised", gives=("speed", "quality", "remark"), reads=True)
async def praised(turn: Turn) -> Outcome:
    """What typed praise or blame already says: a few words are stars for everything, a story is the remark."""
    heard = turn.heard
    if heard.option_id:
        return Outcome()
    if _GIVES_ANEW.search(heard.text):
        return Outcome()  # what begins the talk is no remark
    if naming.tells_a_story(heard.text):
        return Outcome(values={"remark": heard.text.strip()})
    given = slots.rating(heard.text, turn.now)
    known = given > 0 and not _ONLY_MENDED.match(heard.text.strip())
    return Outcome(values={"speed": given, "quality": given} if known else {})


@registry.source("repair.unrated")
async def unrated(turn: Turn, *, closed: Plain = False) -> Listed:
    """What waits for this person's word; `closed` adds what was closed a few days ago and may be reopened, or, where
    it says "rated", may get other stars."""
    return [(str(one.id), _finished(one)) for one in await _done(turn, closed)]


def _finished(one: RepairView) -> str:
    return f"{spoken(one.number)} {one.place}{one.category}"


@registry.action("repair.pick_unrated", gives=("ticket", "closed"), outcomes=("none", "many"), reads=True)
async def pick_unrated(turn: Turn, *, closed: Plain = False) -> Outcome:
    """`closed` as for the source; it is given back for the question which one is meant."""
    found = one_of([one.id for one in await _done(turn, closed)])
    return Outcome(found.name, {**found.values, "closed": closed or None})


async def _done(turn: Turn, closed: Plain) -> list[RepairView]:
    if closed == "rated":
        return await ratings.rateable(turn.person.id)
    return await (ratings.reopenable if closed else ratings.unrated)(turn.person.id)


@registry.action("repair.rate")
async def rate(
    turn: Turn, *, ticket: Plain, speed: Plain, quality: Plain, reasons: Plain, remark: Plain
) -> Outcome:
    await ratings.rate(
        whole(ticket),
        actor=resident(turn),
        speed=whole(speed),
        quality=whole(quality),
        reasons=many(reasons),
        remark=words(remark),
    )
    return Outcome()


@registry.action("repair.reopen", gives=("number", "technician", "ticket_id"))
async def reopen(turn: Turn, *, ticket: Plain, reason: Plain, photos: Plain) -> Outcome:
    await ratings.not_fixed(whole(ticket), actor=resident(turn), reason=words(reason))
    for photo in wholes(photos):
        await reporting.add_photo(whole(ticket), photo, actor=resident(turn))
    one = await own(turn, ticket)
    return Outcome(
        values={"number": spoken(one.number), "technician": one.technician, "ticket_id": str(one.id)}
    )
