"""The demo's neighbours who have something to tell: bound to their houses, as the company's list has them."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import yaml

from models.community import House, Occupant
from models.people import Person
from models.values import Json
from services import actors
from services.actors import OPERATOR
from services.estate import bindings, people, reviews

NOTICE = "demo"  # the version of the privacy notice that the people of the demo agreed to
_DATA = Path(__file__).parent / "data" / "day.yaml"


@cache
def story() -> Json:
    """The day of the demo, as its file tells it."""
    told: Json = yaml.safe_load(_DATA.read_text("utf-8"))
    return told


async def present() -> Sequence[Json]:
    """Those of the story who live in this database."""
    told: Sequence[Json] = story()["people"]
    known = await Person.filter(channel_id__in=[one["openid"] for one in told]).values_list(
        "channel_id", flat=True
    )
    return [one for one in told if one["openid"] in known]


async def move_in(openid: str, name: str, *, community: str, label: str) -> None:
    """Bind somebody who stands on the list of a house to it."""
    house = await House.get(community__code=community, label=label)
    listed = await Occupant.filter(house_id=house.id, name=name).get()
    person = await people.ensure(openid)
    outcome = await bindings.bind(
        person.id,
        house_id=house.id,
        name=name,
        phone=listed.phone,
        relation=listed.relation,
        notice_version=NOTICE,
        actor=actors.person(person.id),
    )
    await reviews.admit(outcome.binding_id, actor=OPERATOR)
