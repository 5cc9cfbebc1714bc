"""Conditions of the list of repairs with the values of their parameters, and those of a search."""

import re

from services import spelling
from services.repairs import numbers


class Where:
    """Conditions with the values of their parameters."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.values: list[object] = []

    def add(self, part: str, *values: object) -> None:
        """`part` has {0}, {1} … where its values stand."""
        places = [f"${len(self.values) + at + 1}" for at in range(len(values))]
        self.parts.append(part.format(*places))
        self.values.extend(values)

    def __str__(self) -> str:
        return " AND ".join(f"({one})" for one in self.parts) or "true"


# Whoever is bound or wrote: their own name and phone, those of the binding, and whom the ticket itself names.
_PEOPLE = """t.reporter_id IN (
    SELECT person_id FROM binding WHERE {0} UNION ALL SELECT id FROM person WHERE {0})"""
_HOUSES = "t.house_id IN (SELECT id FROM house WHERE label = {0} OR label LIKE '%-' || {0})"


def search(where: Where, text: str) -> None:
    """A number of a ticket, a house, the end of a phone, or a name."""
    digits = re.sub(r"\D", "", text)
    if number := numbers.read(text):
        return where.add("t.number = {0}", number)
    label = "-".join(re.findall(r"[A-Za-z]+|\d+", text)).upper()
    phone = digits if len(digits) >= 4 and digits == spelling.one_width(text).replace("-", "") else ""
    parts, values = [], []
    if label and digits:
        values.append(label)
        parts.append(_HOUSES.replace("{0}", f"{{{len(values) - 1}}}"))
    if phone:
        values.append(f"%{phone}")
        parts.append(_PEOPLE.replace("{0}", f"phone LIKE {{{len(values) - 1}}}"))
    if not digits:
        name = spelling.name(text)
        values += [name, f"%{_plain(name)}%"]
        parts += ["t.contact_name = {0}", _PEOPLE.replace("{0}", "name LIKE {1}")]
    return where.add(" OR ".join(parts) or "false", *values)


def _plain(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
