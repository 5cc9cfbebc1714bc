"""内部备注: what colleagues tell each other beside a talk. Everybody in scope may; the resident never sees it."""

from models.desk import Note
from models.people import Staff
from services import clock, duty, scope
from services.actors import Actor
from services.desk import drafts, holding
from services.errors import Invalid, NotAllowed
from services.estate import homes
from services.scope import Field


async def add(conversation_id: int, text: str, *, key: str, actor: Actor) -> int:
    """Its id; the same key notes once. Whoever is named with @ is told, if they may see the talk."""
    conversation = await holding.lock_by_staff(conversation_id, actor)
    if actor.staff_id is None:
        raise NotAllowed("may_not.talks")
    text = text.strip()
    if not text or len(text) > drafts.LONGEST:
        raise Invalid("human.note_empty" if not text else "human.too_long", longest=drafts.LONGEST)
    known = await Note.filter(key=drafts.checked_key(key)).first()
    if known is not None:
        return int(known.id)
    home = await homes.find(conversation.person_id)
    told = await _mentioned(text, home.community_id if home else None)
    row = await Note.create(
        conversation_id=conversation.id,
        staff_id=actor.staff_id,
        key=key,
        text=text,
        mentions=[one.id for one in told],
        created_at=clock.now(),
    )
    await holding.record(conversation, "noted", actor=actor, body={"note": row.id, "mentions": row.mentions})
    await drafts.clear(conversation.id, actor=actor)
    me = await Staff.get(id=actor.staff_id)
    for one in told:
        if one.person_id is not None and one.id != me.id:
            values = {
                "staff": me.name, "text": text[:300], "name": home.name if home else "",
                "house": home.house_label if home else "",
            }  # fmt: skip
            await duty.tell(one.person_id, "staff.mentioned", values, key=f"mentioned:{row.id}:{one.id}")
    return int(row.id)


async def _mentioned(text: str, community_id: int | None) -> list[Staff]:
    """Those whose name stands behind an @, the longest name that fits, and who may see the talk."""
    if "@" not in text:
        return []
    staff = sorted(await Staff.filter(active=True), key=lambda one: -len(one.name))
    found: dict[int, Staff] = {}
    for part in text.split("@")[1:]:
        named = next((one for one in staff if one.name and part.startswith(one.name)), None)
        if named is None:
            continue
        theirs = await scope.of(named.id)
        if Field.TALKS in theirs.sees and theirs.has(community_id):
            found[named.id] = named
    return list(found.values())
