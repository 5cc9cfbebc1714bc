"""The talks of the desk: those that wait for people or that people have, as far as somebody sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.conversations import Conversation, Hold, Message
from models.outbox import Outbox, OutboxStatus
from models.people import Staff
from models.values import Json
from services import outbox
from services.actors import Actor
from services.errors import NotFound
from services.estate import homes
from services.estate.homes import Home
from services.scope import Field

_OF_THE_PLATFORM = frozenset({"delivery", "silent", "unfollow"})  # kinds of pushes that nobody said


class Speaker(StrEnum):
    RESIDENT = "resident"
    BOT = "bot"
    STAFF = "staff"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class TalkView:
    """`held_by` is the member of staff who has it, "" while it waits; `name` is as we know the person."""

    id: int
    name: str
    community: str
    house: str
    held_by: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One message. `name` says who of the staff; `status` what became of one that we sent; `why` is the bot's."""

    at: datetime
    speaker: Speaker
    name: str
    kind: str
    text: str
    status: str
    why: Json


async def held(*, actor: Actor) -> list[TalkView]:
    """Not the bot's at the moment, longest held first."""
    seen = actor.seeing(Field.TALKS)
    found = Conversation.exclude(hold=Hold.BOT).order_by("held_since").select_related("person", "held_by")
    talks = await found
    living = await homes.of([one.person_id for one in talks])
    found_homes = [(one, living.get(one.person_id)) for one in talks]
    return [_talk(one, home) for one, home in found_homes if seen.has(home.community_id if home else None)]


async def lines(conversation_id: int, *, actor: Actor, limit: int) -> list[Line]:
    """The last ones, oldest first: what was said, answered, and sent without being asked.

    Raises NotFound for a talk outside of their scope.
    """
    seen = actor.seeing(Field.TALKS)
    talk = await Conversation.filter(id=conversation_id).first()
    if talk is None or not seen.has(await homes.community_of(talk.person_id)):
        raise NotFound("human.no_such_talk")
    said = await Message.filter(conversation_id=talk.id).order_by("-id").limit(limit)
    sent = (
        await Outbox.filter(person_id=talk.person_id)
        .exclude(status=OutboxStatus.CANCELLED)
        .exclude(key__startswith=outbox.PRIVATE)
        .order_by("-id")
        .limit(limit)
    )
    names = await _names(sent)
    reasons = {row.answers_id: row.body["why"] for row in said if row.answers_id and "why" in row.body}
    found = [
        *(_said(row, reasons) for row in said),
        *(_sent(one, names) for one in sent if _told(one.payload)),
    ]
    return sorted(found, key=lambda one: one.at)[-limit:]


def _talk(row: Conversation, home: Home | None) -> TalkView:
    return TalkView(
        id=row.id,
        name=home.name if home else row.person.name or row.person.channel_id,
        community=home.community_name if home else "",
        house=home.house_label if home else "",
        held_by=row.held_by.name if row.held_by else "",
        since=row.held_since,
    )


async def _names(sent: Sequence[Outbox]) -> dict[int, str]:
    writers = {one.payload["staff"] for one in sent if one.payload.get("staff")}
    return {one.id: one.name for one in await Staff.filter(id__in=sorted(writers))}


def _said(row: Message, reasons: Mapping[int, Json]) -> Line:
    """One message; `reasons` say why a message was answered as it was, for they stand with the answers."""
    why = {} if row.answers_id else reasons.get(row.id) or row.body.get("why", {})
    if row.answers_id:
        speaker = Speaker.BOT
    else:
        speaker = Speaker.PLATFORM if row.kind in _OF_THE_PLATFORM else Speaker.RESIDENT
    return Line(row.created_at, speaker, "", row.kind, row.text, "", why)


def _sent(row: Outbox, names: Mapping[int, str]) -> Line:
    staff = row.payload.get("staff")
    speaker = Speaker.STAFF if staff else Speaker.BOT
    name = names.get(staff, "") if staff else ""
    return Line(row.sent_at or row.created_at, speaker, name, "text", _told(row.payload), row.status, {})


def _told(payload: Json) -> str:
    """What the person read or will read, as far as it was put into words."""
    return str(payload.get("reply", {}).get("text", ""))


async def of_people(person_ids: Sequence[int]) -> dict[int, int]:
    """The talks of these people, by person."""
    rows = await Conversation.filter(person_id__in=list(person_ids)).values("id", "person_id")
    return {row["person_id"]: row["id"] for row in rows}
