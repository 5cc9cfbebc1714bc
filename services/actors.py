"""Who does something. Every verb of the services takes one, keyword-only: `actor=`."""

from dataclasses import dataclass
from enum import StrEnum

from services import scope
from services.errors import MayNot
from services.scope import Field, Scope


class ActorKind(StrEnum):
    PERSON = "person"
    TECHNICIAN = "technician"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is the person's, the technician's (not the technician's person's) or the staff's own; 0 for the system.

    `scope` is what staff see and may do. The system has one where somebody works at the machine itself. `source` is
    from where staff act on the pages: address and device, "" everywhere else.
    """

    kind: ActorKind
    id: int = 0
    scope: Scope | None = None
    source: str = ""

    def __str__(self) -> str:
        return self.kind if self.kind is ActorKind.SYSTEM else f"{self.kind}:{self.id}"

    @property
    def staff_id(self) -> int | None:
        """The id of the member of staff who acts; None for everybody else."""
        return self.id if self.kind is ActorKind.STAFF else None

    @property
    def person_id(self) -> int | None:
        """The id of the person who acts in the chat; None for everybody else."""
        return self.id if self.kind is ActorKind.PERSON else None

    def seeing(self, field: Field) -> Scope:
        """What this actor sees of a field of work. Raises MayNot when it is not theirs to see."""
        own = self._scope(field)
        own.must_see(field)
        return own

    def doing(self, field: Field) -> Scope:
        """Where this actor may work in a field. Raises MayNot when it is not theirs to do."""
        own = self._scope(field)
        own.must_do(field)
        return own

    def _scope(self, field: Field) -> Scope:
        if self.scope is None:
            raise MayNot(f"may_not.{field}")
        return self.scope


SYSTEM = Actor(ActorKind.SYSTEM)  # a timer, a worker, the bot itself
OPERATOR = Actor(ActorKind.SYSTEM, 0, scope.COMPANY)  # whoever works at the machine itself and names nobody


def person(person_id: int) -> Actor:
    return Actor(ActorKind.PERSON, person_id)


def technician(technician_id: int) -> Actor:
    return Actor(ActorKind.TECHNICIAN, technician_id)


async def staff(staff_id: int, *, source: str = "") -> Actor:
    """With what they see and may do at this moment. Raises NotFound for somebody who is no longer of the staff."""
    return Actor(ActorKind.STAFF, staff_id, await scope.of(staff_id), source)
