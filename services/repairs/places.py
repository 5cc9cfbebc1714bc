"""Where the technician has to go: to the reporter's house, or to a place that is nobody's home."""

import re

from models.tickets import Area, Ticket

_OWN = r"(?:我|咱|俺|自己)们?家里?的?"
_DOOR = r"(?:大门|入户门|防盗门|进户门|房门|木门|铁门|门锁|门铃|门把手|猫眼|可视对讲|锁|门)"
_OWN_DOOR = re.compile(rf"{_OWN}{_DOOR}(?![口前外禁])|(?:入户|进户)门")
_BEFORE_OWN_DOOR = re.compile(rf"(?:{_OWN}大?|家)门[口前外]")


def own_door(text: str) -> bool:
    """Whether the words mean the door of the speaker's own home: 我家大门的锁, but not the lamp before it."""
    return bool(_OWN_DOOR.search(text))


def at_the_house(ticket: Ticket) -> bool:
    """Whether the technician needs the reporter's house: the fault is in it, its door, or just before its door."""
    said = f"{ticket.place} {ticket.description}"
    return ticket.area is Area.HOME or own_door(said) or bool(_BEFORE_OWN_DOOR.search(said))
