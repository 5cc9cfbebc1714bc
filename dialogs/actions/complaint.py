"""投诉 and 建议: taking one down, how it stands, adding, rating, opening it again."""

from datetime import timedelta

from bot.scripts import texts
from bot.scripts.actions import Listed, Outcome
from bot.turn import Turn
from bot.understanding.entities.codes import find_code
from bot.values import Plain
from dialogs.actions.arguments import code, resident, whole, wholes, words
from dialogs.actions.registry import registry
from dialogs.actions.wording import phrase
from models.complaints import ComplaintKind, ComplaintStatus
from services.cases import complaints
from services.cases.complaints import Mine, Said

_OPEN = {ComplaintStatus.SUBMITTED, ComplaintStatus.IN_PROGRESS}
_DONE = {ComplaintStatus.ANSWERED, ComplaintStatus.CLOSED}
_LETTERS = ("T", "J")
_JUST_NOW = timedelta(minutes=30)
_SHOWN = 3  # lines of the talk with staff; the newest matter


@registry.action("complaint.submit", gives=("number", "deadline"))
async def submit(
    turn: Turn, *, kind: Plain, topic: Plain, story: Plain, place: Plain, photos: Plain, anonymous: Plain
) -> Outcome:
    complaint = await complaints.submit(
        ComplaintKind(words(kind)),
        words(topic),
        words(story),
        actor=resident(turn),
        place=words(place),
        anonymous=anonymous is True,
        media_ids=wholes(photos),
    )
    return Outcome(
        values={"number": complaint.number, "deadline": texts.when(complaint.deadline_at.isoformat())}
    )


@registry.action("complaint.mine", gives=("only", "about"), outcomes=("none", "one"), reads=True)
async def mine(turn: Turn, *, said: Plain, fresh: Plain = None) -> Outcome:
    """The only one there is, or the one whose number was said. Raises NotFound when none of theirs has it.

    `fresh` asks for the newest alone, if it was handed in just now and is open.
    """
    if fresh is True:
        return await _just_handed_in(turn)
    if number := find_code(words(said), _LETTERS):
        named = await complaints.progress(turn.person.id, number)
        return Outcome("one", {"only": named.number})
    found = await complaints.mine(turn.person.id)
    if not found:
        return Outcome("none")
    return Outcome("one" if len(found) == 1 else "ok", {"only": found[0].number})


async def _just_handed_in(turn: Turn) -> Outcome:
    newest = next(iter(await complaints.mine(turn.person.id, limit=1)), None)
    if newest is None or newest.status not in _OPEN or turn.now - newest.at > _JUST_NOW:
        return Outcome("none")
    return Outcome("one", {"only": newest.number, "about": newest.topic or newest.story[:8]})


@registry.source("complaint.mine")
async def listed(turn: Turn) -> Listed:
    return [(one.number, _line(one)) for one in await complaints.mine(turn.person.id)]


@registry.action(
    "complaint.progress",
    gives=("no", "kind", "topic", "state", "handler", "deadline", "talk", "stage", "rated"),
    reads=True,
)
async def progress(turn: Turn, *, number: Plain) -> Outcome:
    complaint = await complaints.progress(turn.person.id, code(number))
    waits = complaint.status in _OPEN
    return Outcome(
        values={
            "no": complaint.number,
            "kind": phrase("complaint.kind", kind=complaint.kind),
            "topic": complaint.topic,
            "state": phrase("complaint.state", state=complaint.status),
            "handler": complaint.handler,
            "deadline": texts.when(complaint.deadline_at.isoformat()) if waits else None,
            "talk": "\n".join(_said(one) for one in complaint.said[-_SHOWN:]),
            "stage": "open" if waits else "done" if complaint.status in _DONE else "over",
            "rated": complaint.rated,
        }
    )


@registry.action("complaint.remark")
async def remark(turn: Turn, *, number: Plain, text: Plain, photos: Plain) -> Outcome:
    await complaints.remark(code(number), words(text), actor=resident(turn), media_ids=wholes(photos))
    return Outcome()


@registry.action("complaint.withdraw")
async def withdraw(turn: Turn, *, number: Plain) -> Outcome:
    await complaints.withdraw(code(number), actor=resident(turn))
    return Outcome()


@registry.action("complaint.rate")
async def rate(turn: Turn, *, number: Plain, stars: Plain, remark: Plain) -> Outcome:
    await complaints.rate(code(number), whole(stars), actor=resident(turn), remark=words(remark))
    return Outcome()


@registry.action("complaint.reopen", gives=("deadline",))
async def reopen(turn: Turn, *, number: Plain, reason: Plain) -> Outcome:
    complaint = await complaints.reopen(code(number), words(reason), actor=resident(turn))
    return Outcome(values={"deadline": texts.when(complaint.deadline_at.isoformat())})


def _line(one: Mine) -> str:
    about = one.topic or one.story[:8]
    return phrase("complaint.line", number=one.number, about=about, state=one.status)


def _said(one: Said) -> str:
    return phrase("complaint.said", who="staff" if one.by_staff else "resident", text=one.text)
