"""How somebody likes their desk: which list they look at and in which order, which keys and sounds."""

from collections.abc import Mapping

from models.desk import DeskSetting
from services.actors import Actor
from services.errors import Invalid, NotAllowed

_KNOWN: Mapping[str, tuple[str, ...]] = {
    "box": ("waiting", "mine", "all", "snoozed", "crew"),
    "order": ("longest", "newest"),
    "enter": ("enter", "ctrl"),  # what sends: Enter, or Ctrl and Enter
    "letters": ("on", "off"),  # keys of one letter (WCAG 2.1.4)
    "volume": ("low", "loud", "off"),
}


async def of(*, actor: Actor) -> dict[str, str]:
    """Every setting; the first value of each where nothing was chosen."""
    found = await DeskSetting.filter(staff_id=owner(actor)).first()
    chosen = found.values if found else {}
    return {name: chosen.get(name, values[0]) for name, values in _KNOWN.items()}


async def choose(name: str, value: str, *, actor: Actor) -> None:
    if value not in _KNOWN.get(name, ()):
        raise Invalid("human.bad_marker")
    found, _ = await DeskSetting.get_or_create(staff_id=owner(actor))
    await DeskSetting.filter(id=found.id).update(values={**found.values, name: value})


def owner(actor: Actor) -> int:
    """Whose setting it is."""
    if actor.staff_id is None:
        raise NotAllowed("may_not.talks")
    return actor.staff_id
