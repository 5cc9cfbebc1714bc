"""What residents leave for people to hear: messages in words, voices and videos that the bot cannot take in."""

from models.tasks import TaskKind
from services import clock, staff_tasks
from services.actors import Actor
from services.desk import telling
from services.errors import Invalid, NotFound
from services.estate import homes


async def leave(text: str, *, actor: Actor) -> None:
    """留言: staff find it on their list, and who is on duty reads it at once."""
    if not text.strip():
        raise Invalid("human.message_empty")
    person_id = _person(actor)
    key = f"left:{person_id}:{clock.now().isoformat()}"
    await staff_tasks.add(
        TaskKind.LEFT_MESSAGE,
        "left_message",
        values=await telling.words(person_id, text),
        key=key,
        community_id=await homes.community_of(person_id),
        person_id=person_id,
        actor=actor,
    )
    await telling.service(person_id, "staff.left_message", text, key=key, what="left_message")


async def praise(text: str, *, actor: Actor) -> None:
    """表扬: staff find it on their list, to hand it on to whom it is about and to thank whoever wrote it."""
    if not text.strip():
        raise Invalid("human.message_empty")
    person_id = _person(actor)
    key = f"praised:{person_id}:{clock.now().isoformat()}"
    await staff_tasks.add(
        TaskKind.LEFT_MESSAGE,
        "praised",
        values={"text": text},
        key=key,
        community_id=await homes.community_of(person_id),
        person_id=person_id,
        actor=actor,
    )
    await telling.service(person_id, "staff.praised", text, key=key)


async def leave_recording(kind: str, *, actor: Actor, media_id: int | None = None) -> None:
    """A voice or a video (`kind`) of which the bot understands nothing; `media_id` is our own of the file."""
    person_id = _person(actor)
    task_id = await staff_tasks.gather(
        TaskKind.LEFT_MESSAGE,
        kind,
        key=f"left:{person_id}:{clock.now().isoformat()}",
        person_id=person_id,
        values={"media": media_id},
        community_id=await homes.community_of(person_id),
        actor=actor,
    )
    await telling.service(
        person_id, "staff.left_message", "", key=f"left:{task_id}", what=kind
    )  # the first of several only


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotFound("human.no_such_talk")
    return actor.person_id
