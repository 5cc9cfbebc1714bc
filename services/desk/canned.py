"""快捷回复: texts that staff send again and again, found by their words and by the initials of every reading."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tortoise.expressions import F, Q

from models.desk import CannedReply
from models.events import SubjectKind
from models.found_by import initials
from services import clock, events
from services.actors import Actor
from services.desk import holding
from services.errors import Invalid, NotAllowed, NotFound
from services.estate import homes
from services.events import Subject
from services.scope import Field

_MOST_PICTURES = 3
_SHOWN = 20
_VARIABLE = re.compile(r"\{(称呼|姓名|房号|小区|我)\}")


@dataclass(frozen=True, slots=True)
class Canned:
    """`mine` is personal, `community_id` None in all communities."""

    id: int
    title: str
    text: str
    images: tuple[str, ...]
    mine: bool
    community_id: int | None
    uses: int


@dataclass(frozen=True, slots=True)
class Written:
    title: str
    text: str
    images: Sequence[str] = ()
    personal: bool = True
    community_id: int | None = None


async def find(search: str, *, actor: Actor, conversation_id: int | None = None) -> list[Canned]:
    """Most used first. Words are looked for in title and text; letters also as initials of the title."""
    community_id = None
    if conversation_id is not None:
        conversation = await holding.seen(conversation_id, actor)
        community_id = await homes.community_of(conversation.person_id)
    found = CannedReply.filter(theirs(actor), archived_at=None)
    if community_id is not None:
        found = found.filter(Q(community_id=community_id) | Q(community_id__isnull=True))
    for word in search.lower().split()[:5]:
        found = found.filter(matches(word))
    return [_view(one, actor) for one in await found.order_by("-uses", "id").limit(_SHOWN)]


async def add(written: Written, *, actor: Actor) -> int:
    """A personal one of whoever acts, or a shared one, which needs the right to content. Raises Invalid."""
    _check(written)
    owner_id = actor.staff_id if written.personal else None
    if written.personal and owner_id is None:
        raise NotAllowed("may_not.talks")
    _refuse_unlesstheirs(owner_id, written.community_id, actor)
    row = await CannedReply.create(
        owner_id=owner_id,
        community_id=None if written.personal else written.community_id,
        title=written.title.strip(),
        text=written.text.strip(),
        images=list(written.images),
        initials="\n".join(initials(written.title)),
        created_at=clock.now(),
    )
    await _record(row, "added", actor)
    return int(row.id)


async def change(reply_id: int, written: Written, *, actor: Actor) -> None:
    """Its words and pictures; whose it is stays."""
    _check(written)
    row = await _own(reply_id, actor)
    row.title, row.text, row.images = written.title.strip(), written.text.strip(), list(written.images)
    row.initials = "\n".join(initials(row.title))
    await row.save(update_fields=["title", "text", "images", "initials"])
    await _record(row, "changed", actor)


async def archive(reply_id: int, *, actor: Actor) -> None:
    """Nobody finds it any more; nothing is lost."""
    row = await _own(reply_id, actor)
    row.archived_at = clock.now()
    await row.save(update_fields=["archived_at"])
    await _record(row, "archived", actor)


async def restore(reply_id: int, *, actor: Actor) -> None:
    """It is found again."""
    row = await _own(reply_id, actor, archived=True)
    row.archived_at = None
    await row.save(update_fields=["archived_at"])
    await _record(row, "restored", actor)


async def fill(reply_id: int, conversation_id: int, *, me: str, actor: Actor) -> Canned:
    """As it would be said in this talk, and counted as used. What is not known is left to fill in: 【房号】."""
    conversation = await holding.seen(conversation_id, actor)
    row = await CannedReply.filter(theirs(actor), id=reply_id, archived_at=None).first()
    if row is None:
        raise NotFound("canned.not_found")
    home = await homes.find(conversation.person_id)
    name = home.name if home else conversation.person.name
    values = {
        "姓名": name,
        "称呼": name,
        "房号": home.house_label if home else "",
        "小区": home.community_name if home else "",
        "我": me,
    }
    await CannedReply.filter(id=row.id).update(uses=F("uses") + 1)
    found = _view(row, actor)
    text = _filled(row.text, values)
    return Canned(found.id, found.title, text, found.images, found.mine, found.community_id, found.uses + 1)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: values[found[1]] or f"【{found[1]}】", text)


def matches(word: str) -> Q:
    """Those in which it stands; letters also as initials of the title."""
    by_words = Q(title__icontains=word) | Q(text__icontains=word)
    return by_words | Q(initials__contains=word) if word.isascii() else by_words


def _check(written: Written) -> None:
    if not written.title.strip() or not (written.text.strip() or written.images):
        raise Invalid("canned.empty")
    if len(written.title) > 40 or len(written.text) > 1000 or len(written.images) > _MOST_PICTURES:
        raise Invalid("canned.too_much", most=_MOST_PICTURES)


def theirs(actor: Actor) -> Q:
    """Their own, and those that are shared where they work."""
    seen = actor.seeing(Field.TALKS)
    shared = Q(owner_id__isnull=True)
    if seen.communities is not None:
        shared &= Q(community_id__isnull=True) | Q(community_id__in=sorted(seen.communities))
    return shared | Q(owner_id=actor.staff_id) if actor.staff_id is not None else shared


async def _own(reply_id: int, actor: Actor, *, archived: bool = False) -> CannedReply:
    found = CannedReply.filter(theirs(actor), id=reply_id, archived_at__isnull=not archived)
    row = await found.first()
    if row is None:
        raise NotFound("canned.not_found")
    _refuse_unlesstheirs(row.owner_id, row.community_id, actor)
    return row


def _refuse_unlesstheirs(owner_id: int | None, community_id: int | None, actor: Actor) -> None:
    """A personal one is its owner's; a shared one is for those who may do content there."""
    if owner_id is not None:
        if owner_id != actor.staff_id:
            raise NotAllowed("canned.not_yours")
        return
    own = actor.doing(Field.CONTENT)
    if community_id is None and own.communities is not None:
        raise NotAllowed("canned.not_yours")
    if not own.has(community_id):
        raise NotFound("canned.not_found")


def _view(row: CannedReply, actor: Actor) -> Canned:
    mine = row.owner_id is not None and row.owner_id == actor.staff_id
    return Canned(row.id, row.title, row.text, tuple(row.images), mine, row.community_id, row.uses)


async def _record(row: CannedReply, verb: str, actor: Actor) -> None:
    await events.record(Subject(SubjectKind.CANNED_REPLY, row.id, row.community_id), verb, actor=actor)
