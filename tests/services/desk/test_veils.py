"""What of a talk is kept from who reads it: a complaint about the reader, and one made without a name."""

from datetime import datetime, timedelta

import pytest

from handlers.desk import words
from models.community import Community
from models.complaints import Complaint, ComplaintKind
from models.conversations import Conversation, Message
from models.media import MediaFile, MediaStatus
from models.outbox import Outbox
from models.people import Person, Staff, Technician
from services import actors, clock
from services.actors import Actor
from services.cases import complaint_desk, complaints
from services.desk import choosing, files, inbox, side, stream, waiting_talks
from services.desk.listing import Box
from services.errors import NotFound
from services.privacy import merging
from tests.services.desk.conftest import Desk
from tests.world import places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")

ABOUT, NAMELESS = "veil_about_reader", "veil_nameless"
WORDS = "李娜说话很难听"
MINUTE = timedelta(minutes=1)


async def _turn(desk: Desk, at: datetime, said: str, answered: str, script: str, *, before: str = "") -> None:
    """As a turn of the bot leaves it."""
    places = {
        "before": {"script": before} if before else None,
        "after": {"script": script} if script else None,
    }
    why = {"rule": "answer", "ranking": [["complaint", 0.9]], **{k: v for k, v in places.items() if v}}
    one = await Message.create(conversation_id=desk.talk_id, kind="text", text=said)
    body = {"why": why, "options": [{"text": f"选{said}"}]}
    two = await Message.create(
        conversation_id=desk.talk_id, kind="reply", text=answered, answers=one, body=body
    )
    await Message.filter(id__in=[one.id, two.id]).update(created_at=at)
    part = await Outbox.create(
        key=f"turn:{one.id}:1",
        person=desk.resident,
        payload={"reply": {"text": f"再说{answered}"}},
        not_before=at,
    )
    await Outbox.filter(id=part.id).update(created_at=at)


async def _complains(desk: Desk, story: str = WORDS, *, anonymous: bool = False) -> Complaint:
    """After talk of a repair, over some minutes; then another repair."""
    now = clock.now()
    await _turn(desk, now - 200 * MINUTE, "水管漏了", "在哪里", "repair")
    await _turn(desk, now - 4 * MINUTE, f"投诉{story}", f"记下：{story}", "complaint")
    await _turn(
        desk,
        now - MINUTE,
        "匿名" if anonymous else "留我的名字",
        f"您看：{story}",
        "complaint",
        before="complaint",
    )
    me = actors.person(desk.resident.id)
    made = await within(
        complaints.submit(ComplaintKind.COMPLAINT, "员工或师傅", story, actor=me, anonymous=anonymous)
    )
    await _turn(desk, now, f"提交{story}", "编号 T1", "", before="complaint")
    return await Complaint.get(id=made.id)


async def _shown(desk: Desk, reader: Actor) -> tuple[str, list[str]]:
    """Everything of the talk that somebody reads, and the lines that stand for something else."""
    page = await stream.page(desk.talk_id, actor=reader)
    beginning = await stream.news(desk.talk_id, str(stream.Marker()), actor=reader)
    ours = [one.id for one in await Outbox.filter(person=desk.resident)]
    heard = [one.id for one in await Message.filter(conversation_id=desk.talk_id)]
    watched = await stream.news(desk.talk_id, str(page.newest), watch=ours, fetching=heard, actor=reader)
    listed = (await inbox.rows(Box.ALL, actor=reader)).rows
    live = await inbox.changed([desk.talk_id])
    waits = await waiting_talks.listed(actor=reader)
    rest = (
        [words.last(one) for one in listed if one.id == desk.talk_id],
        (await side.of(desk.talk_id, actor=reader)).heard,
        await choosing.of_talk(desk.talk_id, actor=reader),
        [one.last for one in waits],
        watched.changed,
        [words.last(one) for one in live],
    )
    kinds = [one.kind for one in page.entries if one.kind.startswith("veil")]
    return f"{page.entries} {beginning.entries} {rest}", kinds


async def test_whom_it_is_about_reads_one_line_instead_and_colleagues_all_of_it(desk: Desk) -> None:
    made = await _complains(desk)
    assert made.about_staff_id == desk.clerk.staff_id
    shown, lines = await _shown(desk, desk.clerk)
    assert "难听" not in shown
    assert lines == [ABOUT]
    assert "水管漏了" in shown
    theirs, lines = await _shown(desk, desk.other)
    assert WORDS in theirs
    assert lines == []
    [row] = (await inbox.rows(Box.ALL, actor=desk.clerk)).rows
    assert words.last(row) == "住户这里说的是一件投诉，内容由经办人看"


async def test_what_is_told_people_about_it_later_and_what_they_answer_is_kept_from_them_too(
    desk: Desk,
) -> None:
    made = await _complains(desk)
    with clock.fixed(clock.now() + 30 * MINUTE):
        await desk.hears("他昨天又很难听地骂我")
    with clock.fixed(clock.now() + 40 * MINUTE):
        await within(complaint_desk.answer(made.id, "难听的话不会再有", actor=desk.other))
    [told] = await Outbox.filter(key__startswith="complaint_event:")
    card = {"kind": "complaint", "values": {"state": "难听的话不会再有"}}
    sent = {"payload": {**told.payload, "card": card}, "created_at": clock.now() + 40 * MINUTE}
    await Outbox.filter(id=told.id).update(**sent)
    shown, lines = await _shown(desk, desk.clerk)
    assert "难听" not in shown
    assert set(lines) == {ABOUT}
    with clock.fixed(clock.now() + 60 * MINUTE):
        await desk.hears("电梯停了")
        await _turn(desk, clock.now(), "厨房漏水", "几点方便", "repair")
    shown, _ = await _shown(desk, desk.clerk)
    assert "电梯停了" in shown
    assert "厨房漏水" in shown


@pytest.mark.parametrize("anonymous", [False, True])
async def test_it_stays_kept_in_the_talk_of_somebody_who_was_found_to_be_another(
    desk: Desk, anonymous: bool
) -> None:
    made = await _complains(desk, anonymous=anonymous)
    await within(complaint_desk.answer(made.id, "难听的话不会再有", actor=desk.other))
    other = await places.resident(await places.house(await Community.get(), "5-1-1302"), "刘建国")
    merge_id = await within(merging.merge(other.id, desk.resident.id, actor=desk.other))
    for _ in range(2):
        shown, lines = await _shown(desk, desk.clerk)
        assert "难听" not in shown
        assert set(lines) == {NAMELESS if anonymous else ABOUT}
        if (await Complaint.get(id=made.id)).person_id != desk.resident.id:
            await within(merging.undo(merge_id, actor=desk.other))


async def test_a_technician_among_the_staff_is_the_accused_as_well(desk: Desk) -> None:
    made = await _complains(desk)
    me = await actors.staff(desk.other.staff_id or 0)
    person = await Person.create(channel_id="o_twin")
    office_id = (await Community.get()).office_id
    worker = await Technician.create(
        name="赵", phone="1", office_id=office_id, invite="x", communities=[], person=person
    )
    await Staff.filter(id=me.staff_id).update(person_id=person.id)
    await Complaint.filter(id=made.id).update(about_staff_id=None, about_technician_id=worker.id)
    shown, lines = await _shown(desk, me)
    assert "难听" not in shown
    assert ABOUT in lines


async def test_who_complains_without_a_name_is_nobody_to_all_of_the_staff(desk: Desk) -> None:
    made = await _complains(desk, "楼上半夜弹琴很难听", anonymous=True)
    await within(complaint_desk.accept(made.id, actor=desk.other))
    for reader in (desk.clerk, desk.other):
        shown, lines = await _shown(desk, reader)
        assert "难听" not in shown
        assert "匿名'" not in shown
        assert set(lines) == {NAMELESS}
        assert "水管漏了" in shown
    [row] = (await inbox.rows(Box.ALL, actor=desk.other)).rows
    assert words.last(row) == "住户匿名提交了一件投诉"


async def test_one_with_a_name_just_before_one_without_is_still_read(desk: Desk) -> None:
    with clock.fixed(clock.now() - 30 * MINUTE):
        await _complains(desk, "垃圾堆在门口")
    await _complains(desk, "楼上半夜弹琴很难听", anonymous=True)
    shown, _ = await _shown(desk, desk.other)
    assert "垃圾堆在门口" in shown
    assert "难听" not in shown


@pytest.mark.parametrize(
    ("slots", "reader", "hidden"),
    [
        ({"anonymous": "yes"}, "other", True),
        ({"anonymous": "no"}, "other", False),
        ({}, "other", False),
        ({}, "clerk", True),
    ],
)
async def test_one_that_is_being_made_is_kept_as_soon_as_it_is_told(
    desk: Desk, slots: dict[str, str], reader: str, hidden: bool
) -> None:
    now = clock.now()
    await _turn(desk, now - 2 * MINUTE, f"投诉{WORDS}", f"在哪里，{WORDS}", "complaint")
    frame = {"script": "complaint", "slots": {"story": WORDS, **slots}, "shown": {"story": WORDS}}
    laid_aside = {"parked": [{"frames": [frame], "at": now.isoformat()}]}
    for state in ({"stack": [frame]}, laid_aside):
        await Conversation.filter(id=desk.talk_id).update(state=state)
        shown, _ = await _shown(desk, getattr(desk, reader))
        assert ("难听" not in shown) == hidden
    await _turn(desk, now - MINUTE, "厨房漏水", "几点方便", "repair")
    shown, _ = await _shown(desk, getattr(desk, reader))
    assert "厨房漏水" in shown
    assert ("难听" not in shown) == hidden


async def test_the_photos_of_a_complaint_are_not_given_out_by_their_address(desk: Desk) -> None:
    now = clock.now()
    file = await MediaFile.create(
        media_id="p1", person_id=desk.resident.id, kind="image", status=MediaStatus.STORED, sha256="0" * 64
    )
    photo = await Message.create(
        conversation_id=desk.talk_id,
        kind="image",
        body={"media_id": "p1", "why": {"before": {"script": "complaint"}}},
    )
    await Message.filter(id=photo.id).update(created_at=now - 2 * MINUTE)
    assert (await files.of_talk(desk.talk_id, file.id, actor=desk.clerk)).kind == "image"
    await _complains(desk)
    with pytest.raises(NotFound):
        await files.of_talk(desk.talk_id, file.id, actor=desk.clerk)
    assert (await files.of_talk(desk.talk_id, file.id, actor=desk.other)).kind == "image"
