"""What the QR codes to print hold: the scenes of a community, its houses, and invites of those who work there."""

from dataclasses import dataclass

from models.community import House
from models.people import Staff, Technician
from services import events, work
from services.actors import Actor
from services.company import passwords
from services.company.staff import acting, subject
from services.errors import NotAllowed, NotFound
from services.estate import scenes
from services.estate.scenes import SceneKind
from services.scope import Field


@dataclass(frozen=True, slots=True)
class Printed:
    """`id` is of the house or the person; `scene` is what the code holds."""

    id: int
    name: str
    scene: str


async def houses(community_id: int, *, actor: Actor) -> list[Printed]:
    own = actor.seeing(Field.RESIDENTS)
    rows = await House.filter(own.own(), community_id=community_id).order_by("id")
    return [Printed(one.id, one.label, one.code) for one in rows]


async def technicians(community_id: int, *, actor: Actor) -> list[Printed]:
    actor.seeing(Field.REPAIRS)
    rows = await Technician.filter(communities__contains=[community_id], active=True).order_by("id")
    return [Printed(one.id, one.name, one.invite) for one in rows]


async def staff(*, actor: Actor) -> list[Printed]:
    """Those who have an invite."""
    actor.seeing(Field.POLICY)
    rows = await Staff.filter(active=True, invite__isnull=False).order_by("id")
    return [Printed(one.id, one.name, one.invite or "") for one in rows]


async def own(password: str, *, actor: Actor) -> str:
    """The scene with which one joins with one's own WeChat; made where there is none yet. It gives codes to sign in.

    Raises NotAllowed for a wrong password, and for who has joined.
    """
    row = await work.lock(Staff.filter(id=acting(actor), active=True))
    if row is None:
        raise NotFound("staff.not_found")
    if not await passwords.is_right(password, row.password_hash):
        raise NotAllowed("account.password_not_right")
    if row.person_id is not None:
        raise NotAllowed("staff.has_joined")
    scene = row.invite or scenes.fresh(SceneKind.STAFF)
    await Staff.filter(id=row.id).update(invite=scene)
    await events.record(subject(row.id), "invited", actor=actor)
    return scene
