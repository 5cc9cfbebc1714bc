"""服务工单: any form-like script hands its answers over here; no code is needed for a new one."""

from bot.scripts import texts
from bot.scripts.actions import Listed, Outcome
from bot.turn import Turn
from bot.understanding.entities.codes import find_code
from bot.values import Plain
from dialogs.actions.arguments import code, moment, resident, words
from dialogs.actions.registry import registry
from dialogs.actions.wording import phrase
from services.cases import requests

_LETTERS = ("F",)


@registry.action("request.submit", gives=("number",))
async def submit(
    turn: Turn, *, kind: Plain, title: Plain, phone: Plain, wanted: Plain, answers: Plain
) -> Outcome:
    """`answers` are [question, answer] pairs in the order of the form; empty answers are left out."""
    pairs = [_pair(one) for one in answers] if isinstance(answers, list) else []
    number = await requests.submit(
        words(kind),
        words(title),
        [(question, answer) for question, answer in pairs if answer],
        actor=resident(turn),
        contact_phone=words(phone),
        wanted_at=moment(wanted),
    )
    return Outcome(values={"number": number})


@registry.action("request.mine", gives=("number",), outcomes=("none", "one"), reads=True)
async def mine(turn: Turn, *, said: Plain = None) -> Outcome:
    """The only one there is, or the one whose number was said. Raises NotFound when none of theirs has it."""
    if number := find_code(words(said), _LETTERS):
        return Outcome("one", {"number": (await requests.get(turn.person.id, number)).number})
    found = await requests.mine(turn.person.id)
    if not found:
        return Outcome("none")
    return Outcome("one", {"number": found[0].number}) if len(found) == 1 else Outcome()


@registry.source("request.mine")
async def listed(turn: Turn) -> Listed:
    return [
        (one.number, phrase("request.line", title=one.title, number=one.number, state=one.status))
        for one in await requests.mine(turn.person.id)
    ]


@registry.action("request.progress", gives=("no", "name", "state", "answers", "note", "open"), reads=True)
async def progress(turn: Turn, *, number: Plain) -> Outcome:
    request = await requests.get(turn.person.id, code(number))
    return Outcome(
        values={
            "no": request.number,
            "name": request.title,
            "state": phrase("request.state", state=request.status),
            "answers": "\n".join(f"{question}：{answer}" for question, answer in request.answers),
            "note": request.note or None,
            "open": request.status in requests.OPEN,
        }
    )


@registry.action("request.cancel")
async def cancel(turn: Turn, *, number: Plain) -> Outcome:
    await requests.cancel(code(number), actor=resident(turn))
    return Outcome()


def _pair(one: Plain) -> tuple[str, str]:
    assert isinstance(one, list) and len(one) == 2, "answers are [question, answer] pairs"
    question, answer = one
    return words(question), texts.when(answer) if isinstance(answer, dict) else texts.shown(answer)
