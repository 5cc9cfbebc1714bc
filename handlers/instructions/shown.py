"""The yellow lines on top of a sheet: parts/instructions.html draws what `of` finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.events import SubjectKind
from services.actors import Actor
from services.cases import instructions
from services.cases.instructions import Line
from services.scope import Field

SHEETS: Mapping[SubjectKind, str] = {
    SubjectKind.TICKET: "/desk/tickets/",
    SubjectKind.COMPLAINT: "/desk/complaints/",
    SubjectKind.REQUEST: "/desk/complaints/requests/",
    SubjectKind.CONVERSATION: "/desk/talks/",
}


@dataclass(frozen=True, slots=True)
class Instructions:
    """Of one matter. `may` says whether whoever reads them may write one."""

    kind: SubjectKind
    subject_id: int
    lines: Sequence[Line]
    may: bool


async def of(kind: SubjectKind, subject_id: int, *, actor: Actor) -> Instructions:
    """For a sheet that found its matter already."""
    lines = await instructions.of(kind, subject_id, actor=actor)
    may = actor.scope is not None and Field.INSTRUCTIONS in actor.scope.does
    return Instructions(kind, subject_id, lines, may)


def place(line: Line) -> str:
    """Where its matter is."""
    return f"{SHEETS[line.kind]}{line.subject_id}"
