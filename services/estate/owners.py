"""The confirmed owners of a house: who hears of everybody new there."""

from models.community import Relation
from models.people import Binding, BindingStatus
from services import outbox, spelling
from services.outbox import Value


async def tell_of(newcomer: Binding) -> None:
    """Tell every other confirmed owner of the house who has joined it; `newcomer` has its house loaded."""
    confirmed = Binding.filter(
        house_id=newcomer.house_id, relation=Relation.OWNER, status=BindingStatus.ACTIVE, matched=True
    )
    others = await confirmed.exclude(person_id=newcomer.person_id).order_by("id")
    values: dict[str, Value] = {
        "house": newcomer.house.label,
        "name": newcomer.name,
        "phone": spelling.masked(newcomer.phone),
        "relation": newcomer.relation,
        "binding": newcomer.id,
    }
    told = [(one.person_id, values, f"new_member:{newcomer.id}:{one.person_id}") for one in others]
    await outbox.tell_all(told, "binding.new_member")
