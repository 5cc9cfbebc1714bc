"""认证绑定: what a QR code says, consent to the privacy notice, binding, unbinding, the members of a house."""

from dataclasses import replace

from bot.scripts.actions import Listed, Outcome
from bot.scripts.texts import house as house_words
from bot.turn import Turn
from bot.values import Plain
from dialogs.actions import nearby, newcomers, privacy
from dialogs.actions.arguments import resident, whole, words
from dialogs.actions.registry import registry
from dialogs.actions.wording import phrase
from models.community import Relation
from models.people import BindingStatus
from services.errors import Invalid
from services.estate import bindings, communities, household, houses, people, reviews, scenes
from services.estate.scenes import SceneKind


async def _community(turn: Turn, said: Plain) -> dict[str, Plain]:
    """The community that the words name, or that the person scanned or named before."""
    told_before = 0 if turn.person.bound else turn.person.nearby  # whoever moves may move elsewhere
    found = await nearby.named(words(said)) or told_before
    nearby.keep(turn, found)
    return {"community_id": str(found)} if found else {}


@registry.source("bindings.communities")
async def to_choose(turn: Turn) -> Listed:
    return [(str(one.id), one.name) for one in await communities.everywhere()]


@registry.action(
    "binding.begin",
    gives=("version", "consented", "community_id", "house", "heard", "numbers"),
    outcomes=("same", "unknown"),
    reads=True,
)
async def begin(turn: Turn, *, scene: Plain, said: Plain = None) -> Outcome:
    """What the scanned code tells; `same` when it is the house or the community the person is bound to."""
    consented = await bindings.has_consented(turn.person.id, privacy.VERSION)
    values: dict[str, Plain] = {"version": privacy.VERSION, "consented": consented}
    if not words(scene):
        values |= await _community(turn, said)
        return Outcome(values=values | await newcomers.told(turn, words(said)))
    found = await scenes.resolve(words(scene))
    if found is None or found.kind not in (SceneKind.COMMUNITY, SceneKind.HOUSE):
        return Outcome("unknown", values | await newcomers.told(turn, ""))
    values["community_id"] = str(found.community_id)
    nearby.keep(turn, found.community_id or 0)
    values |= await newcomers.told(turn, "")
    who = turn.person
    if found.kind is SceneKind.COMMUNITY and who.bound and who.community_id == found.community_id:
        return Outcome("same", values)
    if found.kind is SceneKind.HOUSE and (house := await houses.by_code(words(scene))):
        values["house"] = house.label
        if house.id == turn.person.house_id:
            return Outcome("same", values)
    return Outcome(values=values)


@registry.action("binding.room", gives=("house", "missing", "numbers"), reads=True)
async def room(turn: Turn, *, community: Plain, said: Plain) -> Outcome:
    """The house that was named before, now that its community is known; `missing` says so if there is none."""
    nearby.keep(turn, whole(community))
    named = newcomers.room_of(turn, words(said))
    values: dict[str, Plain] = {"numbers": await newcomers.numbers(whole(community))}
    found = await houses.resolve(whole(community), named) if named else []
    if len(found) == 1:
        return Outcome(values=values | {"house": found[0].label})
    if named:
        values["missing"] = newcomers.no_such_house(named, found)
    return Outcome(values=values)


@registry.action("binding.consent", gives=("community_id",), refuses_first=True)
async def consent(turn: Turn, *, version: Plain, said: Plain = None) -> Outcome:
    """The consent, and the community that was told before it."""
    await bindings.consent(turn.person.id, words(version), actor=resident(turn))
    turn.person = replace(turn.person, declined=False)
    return Outcome(values=await _community(turn, said))


@registry.action(
    "binding.bind",
    gives=("bound_house", "left_house", "unconfirmed"),
    outcomes=("pending",),
    moves_person=True,
)
async def bind(
    turn: Turn, *, community: Plain, house: Plain, name: Plain, phone: Plain, relation: Plain
) -> Outcome:
    found = await houses.find(whole(community), words(house))
    if found is None:
        raise Invalid("binding.no_such_house")
    bound = await bindings.bind(
        turn.person.id,
        house_id=found.id,
        name=words(name),
        phone=words(phone),
        relation=Relation(words(relation)),
        notice_version=privacy.VERSION,
        actor=resident(turn),
    )
    shown = f"{bound.community} {house_words(bound.house)}"
    left = house_words(bound.ended) if bound.ended and bound.ended != bound.house else ""
    pending = bound.status is BindingStatus.PENDING
    values: dict[str, Plain] = {"bound_house": shown, "left_house": left, "unconfirmed": not bound.matched}
    return Outcome("pending" if pending else "ok", values)


@registry.action("binding.unbind", gives=("left_house",), moves_person=True)
async def unbind(turn: Turn) -> Outcome:
    left = await bindings.unbind(turn.person.id, actor=resident(turn))
    return Outcome(values={"left_house": house_words(left)})


@registry.action("binding.change_phone", moves_person=True)
async def change_phone(turn: Turn, *, phone: Plain) -> Outcome:
    await people.change_phone(turn.person.id, words(phone), actor=resident(turn))
    return Outcome()


@registry.action("binding.object")
async def object_to(turn: Turn, *, binding: Plain) -> Outcome:
    await reviews.object_to(whole(binding), actor=resident(turn))
    return Outcome()


@registry.action("household.members", gives=("members", "others"), reads=True)
async def members(turn: Turn) -> Outcome:
    found = await household.members(turn.person.id)
    lines = [
        f"{one.name}（{phrase('household.relation', relation=one.relation)}）{one.phone}"
        + ("" if one.joined else f" {phrase('household.not_joined')}")
        for one in found
    ]
    return Outcome(values={"members": "\n".join(lines), "others": len(await removable(turn))})


@registry.source("household.removable")
async def removable(turn: Turn) -> Listed:
    found = await household.members(turn.person.id)
    others = [one for one in found if one.relation is not Relation.OWNER]
    return [(one.key, f"{one.name} {one.phone}") for one in others]


@registry.action("household.add")
async def add(turn: Turn, *, name: Plain, phone: Plain, relation: Plain) -> Outcome:
    await household.add(
        turn.person.id,
        name=words(name),
        phone=words(phone),
        relation=Relation(words(relation)),
        actor=resident(turn),
    )
    return Outcome()


@registry.action("household.remove")
async def remove(turn: Turn, *, member: Plain) -> Outcome:
    await household.remove(turn.person.id, key=words(member), actor=resident(turn))
    return Outcome()
