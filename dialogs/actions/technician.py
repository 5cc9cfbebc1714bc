"""Joining by an invite's QR code, and being on or off duty: technicians and staff."""

from bot.scripts.actions import Outcome
from bot.turn import Turn
from bot.values import Plain
from dialogs.actions.arguments import resident, words
from dialogs.actions.registry import registry
from services import actors
from services.company import chat_codes, staff
from services.estate.scenes import SceneKind
from services.repairs import technicians


@registry.action("people.join", gives=("name",), outcomes=("staff",), moves_person=True)
async def join(turn: Turn, *, scene: Plain) -> Outcome:
    if words(scene).startswith(f"{SceneKind.STAFF}:"):
        colleague = await staff.join(words(scene), actor=actors.person(turn.person.id))
        return Outcome("staff", {"name": colleague.name})
    technician = await technicians.join(words(scene), actor=resident(turn))
    return Outcome(values={"name": technician.name})


@registry.action("people.sign_in", gives=("name",))
async def sign_in(turn: Turn, *, scene: Plain) -> Outcome:
    name = await chat_codes.scanned(words(scene), actor=actors.person(turn.person.id))
    return Outcome(values={"name": name})


@registry.action("duty.set", moves_person=True)
async def set_duty(turn: Turn, *, on: Plain) -> Outcome:
    technician = await technicians.require(turn.person.id)
    await technicians.set_duty(technician.id, on_duty=on is True, actor=actors.technician(technician.id))
    return Outcome()
