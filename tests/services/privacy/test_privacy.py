"""A copy of what is kept about a person, and forgetting it."""

import stat
import zipfile
from pathlib import Path

import orjson
import pytest
from tortoise import Tortoise
from tortoise.fields.relational import ForeignKeyFieldInstance

from models.billing import Payment, PaymentMethod
from models.community import House, Occupant, Relation
from models.complaints import Complaint, ComplaintKind, ComplaintPhoto, ComplaintStatus
from models.conversations import Conversation, Message
from models.events import Event, SubjectKind
from models.media import MediaFile, MediaStatus
from models.outbox import Outbox
from models.people import Binding, BindingStatus, Consent, Person, Staff, Technician
from models.scripts import Misunderstanding
from models.tickets import Category, Ticket, TicketPhoto, TicketStatus
from services import actors, clock, events, work
from services.actors import OPERATOR
from services.delivery import media
from services.errors import NotAllowed, NotFound
from services.estate import listing
from services.events import Subject
from services.privacy import copies, erasure
from services.privacy.holdings import HOLDINGS
from services.repairs.moves import Verb
from tests.world import places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")

SECRETS = ("王秀兰", "13800007777", "钥匙在地垫下面", "楼上的李四")


@pytest.fixture
async def house() -> House:
    return await places.house(await places.community(), "3-2-501")


@pytest.fixture
async def person(house: House, tmp_path: Path) -> Person:
    """Somebody with one of everything."""
    person = await Person.create(channel_id="o_wang", name="王秀兰", phone="13800007777")
    await places.bind(person, house)
    await Consent.create(person=person, notice_version="1")
    await Occupant.create(house=house, name="王 秀兰", phone="138-0000-7777", relation=Relation.OWNER)
    await _talk(person)
    kept = media.keep(tmp_path, b"photo of the kitchen")
    photo = await MediaFile.create(
        person=person, media_id="a", sha256=kept, status=MediaStatus.STORED, mime="image/jpeg"
    )
    await _recorded(person, await _repair(person, house, photo))
    await _complaint(person, house, photo)
    await Payment.create(
        community_id=house.community_id, house=house, person=person, method=PaymentMethod.CASH,
        amount_fen=100, paid_at=clock.now(),
    )  # fmt: skip
    return person


async def _talk(person: Person) -> None:
    talk = await Conversation.create(person=person, state={"text": "钥匙在地垫下面"})
    said = await Message.create(conversation=talk, kind="text", text="钥匙在地垫下面", external_id="m1")
    await Misunderstanding.create(message=said, text="钥匙在地垫下面")
    await Outbox.create(
        key="k", person=person, payload={"reply": {"text": "王秀兰您好"}}, not_before=clock.now()
    )


async def _repair(person: Person, house: House, photo: MediaFile) -> Ticket:
    category = await Category.create(code="water", name="水管")
    ticket = await Ticket.create(
        number="1001", community_id=house.community_id, house=house, reporter=person, category=category,
        contact_name="王秀兰", contact_phone="13800007777", description="钥匙在地垫下面", status=TicketStatus.CLOSED,
        rating_quality=5,
    )  # fmt: skip
    await TicketPhoto.create(ticket=ticket, media=photo)
    return ticket


async def _complaint(person: Person, house: House, photo: MediaFile) -> None:
    complaint = await Complaint.create(
        number="2001", community_id=house.community_id, person=person, kind=ComplaintKind.COMPLAINT,
        story="楼上的李四", status=ComplaintStatus.CLOSED, deadline_at=clock.now(), respond_by=clock.now(),
    )  # fmt: skip
    await ComplaintPhoto.create(complaint=complaint, media=photo)


async def _recorded(person: Person, ticket: Ticket) -> None:
    """By the person, and by staff in the person's words."""
    repair = Subject(SubjectKind.TICKET, ticket.id)
    changed = {"description": ["水管", "钥匙在地垫下面"]}
    async with work.unit():
        await events.record(repair, "remarked", actor=actors.person(person.id), note="钥匙在地垫下面")
        await events.record(repair, Verb.CORRECT, actor=OPERATOR, body=changed)


async def forget(person: Person, *, from_list: bool = False) -> erasure.Forgotten:
    async with work.unit():
        return await erasure.forget(person.id, actor=OPERATOR, from_list=from_list)


async def everything() -> str:
    """Every row of the database."""
    rows = [await model.all().values() for model in Tortoise.apps["models"].values()]
    return orjson.dumps(rows, default=str).decode()


async def test_what_a_person_wrote_and_sent_is_gone_and_what_happened_stays(
    person: Person, house: House
) -> None:
    before = await everything()
    assert [secret for secret in (*SECRETS, "o_wang") if secret not in before] == []
    done = await forget(person, from_list=True)
    left = await everything()
    assert [secret for secret in (*SECRETS, "o_wang") if secret in left] == []
    assert len(done.files) == 1 and done.listed == 0
    ticket = await Ticket.get(number="1001")
    assert (ticket.rating_quality, ticket.house_id, ticket.reporter_id) == (5, house.id, person.id)
    assert (await Payment.get()).amount_fen == 100 and await Consent.exists(person_id=person.id)
    assert (await Binding.get(person_id=person.id)).status is BindingStatus.ENDED
    assert await Event.filter(subject_kind=SubjectKind.PERSON, verb="forgotten").count() == 1


async def test_events_are_append_only_again_afterwards(person: Person) -> None:
    await forget(person)
    with pytest.raises(Exception, match="append-only"):
        await Event.all().update(note="changed")


async def test_the_companys_own_list_stays_unless_told(person: Person) -> None:
    assert (await forget(person)).listed == 1
    assert await Occupant.exists(name="王 秀兰")


async def test_what_staff_did_with_a_line_of_the_list_goes_with_it(person: Person) -> None:
    await within(listing.leave((await Occupant.get()).id, actor=OPERATOR))
    assert (await Event.get(verb="left")).body["name"] == "王 秀兰"
    await forget(person, from_list=True)
    assert (await Event.get(verb="left")).body == {}


async def test_a_photo_that_somebody_else_sent_too_is_kept(person: Person) -> None:
    mine = await MediaFile.get()
    other = await Person.create(channel_id="o_other")
    await MediaFile.create(person=other, media_id="b", sha256=mine.sha256, status=MediaStatus.STORED)
    assert (await forget(person)).files == []


async def test_others_are_left_alone(person: Person, house: House) -> None:
    other = await places.resident(house, "李强")
    talk = await Conversation.create(person=other)
    await Message.create(conversation=talk, kind="text", text="水管漏了")
    await forget(person)
    assert (await Person.get(id=other.id)).name == "李强" and await Message.filter(text="水管漏了").exists()


async def test_what_is_still_open_and_staff_are_refused(person: Person) -> None:
    await Ticket.filter(number="1001").update(status=TicketStatus.DISPATCHED)
    await Complaint.filter(number="2001").update(status=ComplaintStatus.SUBMITTED)
    with pytest.raises(NotAllowed, match="1001、2001"):
        await forget(person)
    own = await Ticket.get(number="1001")
    neighbours = await Ticket.create(
        number="1009", community_id=own.community_id, reporter_id=(await Person.create(channel_id="o_next")).id,
        category_id=own.category_id, status=TicketStatus.IN_PROGRESS,
    )  # fmt: skip
    await Ticket.filter(id=own.id).update(status=TicketStatus.DUPLICATE, duplicate_of_id=neighbours.id)
    with pytest.raises(NotAllowed, match="1001、2001"):
        await forget(person)
    await Ticket.all().update(status=TicketStatus.CLOSED)
    await Complaint.all().update(status=ComplaintStatus.CLOSED)
    office = (await House.get().select_related("community")).community.office_id
    plumber = await Technician.create(name="马师傅", phone="1", office_id=office, person=person, invite="t:1")
    with pytest.raises(NotAllowed, match=r"privacy\.staff"):
        await forget(person)
    await Technician.filter(id=plumber.id).update(active=False)
    assert (await forget(person)).rows > 0
    assert await Person.get(id=person.id).values_list("name", flat=True) == ""


async def test_only_an_admin_may(person: Person) -> None:
    clerk = await places.staff()
    with pytest.raises(NotAllowed):
        await erasure.check(person.id, actor=await actors.staff(clerk.id))
    with pytest.raises(NotFound):
        await erasure.check(99_999, actor=OPERATOR)
    assert await Staff.exists(id=clerk.id)


async def test_a_copy_holds_everything_and_is_for_its_owner(person: Person, tmp_path: Path) -> None:
    file = tmp_path / "copy.zip"
    async with work.unit():
        count = await copies.write(person.id, file, tmp_path, actor=OPERATOR)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as packed:
        names = packed.namelist()
        assert len(names) == count
        text = "".join(packed.read(name).decode() for name in names if name.endswith(".json"))
        photo = await MediaFile.get()
        assert packed.read(f"{copies.PHOTOS}/{photo.id}.jpg") == b"photo of the kitchen"
    assert [secret for secret in SECRETS if secret not in text] == []
    assert {"报修.json", "聊天记录.json", "房屋绑定.json", "缴费.json"} <= set(names)
    assert await Event.filter(subject_kind=SubjectKind.PERSON, verb="copied").exists()


def test_every_table_that_names_a_person_is_looked_after() -> None:
    """Whoever adds one adds it to the holdings."""
    held = {one.model for one in HOLDINGS}
    staff = {Staff, Technician}  # of the company, not of the house
    naming = {
        model
        for model in Tortoise.apps["models"].values()
        for field in model._meta.fields_map.values()
        if isinstance(field, ForeignKeyFieldInstance) and field.related_model is Person
    }
    assert naming - held - staff == set()
