"""Messages that come more than once, or many at a time."""

import asyncio
import io

from PIL import Image

from tests.resilience.installation import Installation
from tests.resilience.parts import until
from tests.world.phones import Body, Pushed, photo, text

REPAIR = "厨房水龙头漏水，明天下午三点来，电话13800001234"


def picture(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, 80, 160)).save(out, "JPEG")
    return out.getvalue()


async def test_one_push_three_times_at_once_to_two_processes_is_one_message(
    installation: Installation,
) -> None:
    person = await installation.resident()
    web, other = installation.callbacks
    replies = await installation.phones.push(person, text(REPAIR), [web, other, web])
    assert [reply["status"] for reply in replies] == [200, 200, 200]
    assert len({str(reply["text"]) for reply in replies}) == 1
    assert "单号" in str(replies[0]["text"])
    kept = [one for one in await installation.inbound(person) if one["text"] == REPAIR]
    assert len(kept) == 1
    assert str(kept[0]["answer"]).split("\n")[0] in str(replies[0]["text"])
    assert len(await installation.tickets(person)) == 1


async def test_many_duplicates_of_an_old_message_change_nothing(installation: Installation) -> None:
    """Each push is delivered three more times after the next message was handled."""
    person = await installation.resident()
    web, other = installation.callbacks
    first = await installation.phones.push(person, text(REPAIR), [web, other, web, other])
    assert len({str(reply["text"]) for reply in first}) == 1
    again = await installation.phones.push(person, text("提交"), [other, web] * 4)
    assert len({str(reply["text"]) for reply in again}) == 1
    assert len(await installation.tickets(person)) == 1


async def test_nine_photos_and_a_word_within_100_ms(installation: Installation) -> None:
    person = await installation.resident()
    before, heard = len(await installation.inbound(person)), len(await installation.phones.heard(person))
    acts = [photo(picture(20 * number)) for number in range(9)]
    acts.insert(4, text("厨房水龙头漏水"))
    pushed = await _within_100_ms(installation, person, acts)
    assert [(one.attempts, one.failure) for one in pushed] == [(1, "")] * 10

    kept = (await installation.inbound(person))[before:]
    assert [str(one["external_id"]).split(":")[-1] for one in kept] == [one.msg_id for one in pushed]
    await until(lambda: _answered_photos(installation, person), "the photos are answered")
    answers = (await installation.phones.heard(person))[heard:]
    assert len(answers) <= 2, answers
    assert "9张" in answers[-1].text

    await until(lambda: _all_stored(installation, person), "nine photos are fetched and stored")
    order = [row["media_id"] for row in await installation.photos(person)]
    attached = await installation.one(
        "SELECT jsonb_path_query_first(state, '$.**.slots.photos')::text FROM conversation c "
        "JOIN person p ON p.id = c.person_id WHERE p.channel_id = $1",
        person,
    )
    ids = [row["id"] for row in await installation.photos(person)]
    assert len(order) == len(set(order)) == 9
    assert str(attached) == str(ids)


async def _within_100_ms(installation: Installation, person: str, acts: list[Body]) -> list[Pushed]:
    tasks = []
    for act in acts:
        tasks.append(asyncio.create_task(installation.phones.send(person, act)))
        await asyncio.sleep(0.008)  # a thumb is no faster, and this is what keeps them in order
    return list(await asyncio.gather(*tasks))


async def _answered_photos(installation: Installation, person: str) -> bool:
    return any("9张" in one.text for one in await installation.phones.heard(person))


async def _all_stored(installation: Installation, person: str) -> bool:
    rows = await installation.photos(person)
    kept = [installation.media / str(row["sha256"])[:2] / str(row["sha256"])[2:] for row in rows]
    return (
        len(rows) == 9
        and all(row["status"] == "stored" for row in rows)
        and all(path.is_file() for path in kept)
    )
