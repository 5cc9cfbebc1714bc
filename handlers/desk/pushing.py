"""The rows of the list that news carry: each drawn once a change, however many desks are open.

A desk puts them in their place at once and reads its own list a little later, when it has become quiet: what is a
person's own (what they have read, who looks) stands there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import orjson

from handlers.web import pages
from services.desk import inbox, tallies
from services.desk.changes import Told
from services.desk.listing import Row
from services.scope import Field, Scope

MOST = 60  # rows of one look; with more, a desk reads its list as a whole, and takes its time for that


@dataclass(slots=True)
class Drawn:
    """What one look found: rows by talk, and how many stand in the lists of each scope and of each person.

    `much`: too many to draw.
    """

    rows: Mapping[int, bytes] = field(default_factory=dict)
    standing: Mapping[Scope, tuple[int, int]] = field(default_factory=dict)
    held: Mapping[int, int] = field(default_factory=dict)
    much: bool = False
    _made: dict[tuple[Told, Scope], bytes] = field(default_factory=dict)

    def of(self, told: Told, scope: Scope, staff_id: int) -> bytes:
        """The members of a frame's object that say it, "" where a desk has to read for itself."""
        if self.much and told.talks:
            return b',"much":true'
        if not told.talks or scope not in self.standing or not self.rows.keys() >= told.talks:
            return b""
        key = (told, scope)
        if key not in self._made:
            waiting, snoozed = self.standing[scope]
            rows = b",".join(self.rows[one] for one in sorted(told.talks))
            self._made[key] = b',"rows":[%b],"waiting":%d,"snoozed":%d' % (rows, waiting, snoozed)
        return self._made[key] + b',"mine":%d' % self.held.get(staff_id, 0)


async def draw(talk_ids: Iterable[int], scopes: Iterable[Scope]) -> Drawn:
    """For the desks of these scopes."""
    ids = set(talk_ids)
    there = {one for one in scopes if Field.TALKS in one.sees}
    if not ids or not there:
        return Drawn()
    if len(ids) > MOST:
        return Drawn(much=True)
    rows = {one.id: _row(one) for one in await inbox.changed(ids)}
    standing = {one: await tallies.standing(one) for one in there}
    return Drawn(rows, standing, await tallies.held())


def _row(row: Row) -> bytes:
    text = pages.environment().get_template("desk/row.html").render(row=row, query="", current=None, there={})
    return orjson.dumps(
        {
            "id": row.id,
            "boxes": sorted(row.boxes),
            "holder": row.held_by or 0,
            "turns": row.turns,
            "cursors": {order.value: place for order, place in row.cursors.items()},
            "html": text,
        }
    )
