"""Telling who is on duty what a resident said to people: never whom it complains about."""

from collections.abc import Collection

from services import accused, accusing, duty, outbox, staff_tasks
from services.estate import homes

_AT_ONCE = 300  # characters that staff read in their WeChat; the whole stands with the task


async def words(
    person_id: int, text: str, *, hidden_from: Collection[int] = ()
) -> dict[str, staff_tasks.Value]:
    """The values of a task that keeps these words, hidden from whom of the staff they complain about."""
    about = {*hidden_from, *await _about(await homes.community_of(person_id), text)}
    return {"text": text, **staff_tasks.hiding(about)}


async def service(
    person_id: int,
    phrase: str,
    text: str,
    *,
    key: str,
    what: str = "",
    hidden_from: Collection[int] = (),
) -> None:
    """Queue the phrase for the service staff on duty, with whom to call. `what` fills its name of that kind.

    Whom the words complain about does not read them in a colleague's own talk either.
    """
    home = await homes.find(person_id)
    community_id = home.community_id if home else None
    about = {*hidden_from, *await _about(community_id, text)}
    values: dict[str, outbox.Value] = {
        "name": home.name if home else "",
        "house": home.house_label if home else "",
        "phone": home.phone if home else "",
        "what": what,
        "text": text[:_AT_ONCE],
        **staff_tasks.hiding(about),
    }
    await duty.tell_service(community_id, phrase, values, key=key, besides=about)


async def _about(community_id: int | None, text: str) -> set[int]:
    """Who is named: of those who are not, somebody has to answer the person who waits."""
    if not accusing.complains(text):
        return set()
    return await accused.hidden_from((await accused.known(community_id)).named("", text))
