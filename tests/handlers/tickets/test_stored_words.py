"""What residents, technicians and colleagues wrote is words on every page of repairs, on paper too."""

import pytest

from models.community import Community, House
from models.conversations import Conversation, Message
from models.events import SubjectKind
from models.people import Binding, Person, Technician
from models.tickets import Category, Ticket
from services import actors, cache, events
from services.events import Subject
from tests.world import desk, estate, nasty, places
from tests.world.desk import Browser
from tests.world.estate import Estate

pytestmark = pytest.mark.usefixtures("monday")


async def _repaired(place: Estate) -> int:
    made = await estate.finished(place, await estate.technician(place, "水工"))
    await places.bind(place.resident, place.house)
    return made.id


async def _say(text: str, number: int, house_id: int, talk: Conversation) -> None:
    """Every word of a ticket and of its talk is this one."""
    marked = f"{nasty.MARK}{text}"
    await Community.all().update(name=text[:64])
    await House.filter(id=house_id).update(label=text[:32])
    await Category.filter(code="water").update(name=text[:32])
    for model in (Person, Binding, Technician):
        await model.all().update(name=marked[:32])
    await Ticket.all().update(
        description=text, place=text[:100], contact_name=marked[:32], contact_phone=text[:20],
        materials=text[:200], finish_note=text, hold_reason=text[:100], rating_speed=1, rating_quality=1,
        rating_reasons=[text], rating_remark=text[:300],
    )  # fmt: skip
    for verb in ("remark", "hold", "decline", "open_for", text[:32]):
        subject, resident = Subject(SubjectKind.TICKET, number), actors.person(talk.person_id)
        await events.record(subject, verb, actor=resident, note=text)
    await Message.create(conversation=talk, kind="text", text=text)
    cache.forget()


async def test_nothing_that_anybody_wrote_runs_on_a_page_of_repairs(browser: Browser) -> None:
    place = await estate.build()
    number = await _repaired(place)
    talk = await Conversation.create(person=place.resident)
    await desk.employ("xu")
    await browser.sign_in("xu")
    one = f"/desk/tickets/{number}"
    for text in (one.replace("\x00", "") for one in nasty.CORPUS):
        await _say(text, number, place.house.id, talk)
        for path in ("/desk/tickets?group=all", one, f"{one}/paper", f"/desk/tickets/new?talk={talk.id}"):
            page = await browser.get(path)
            assert page.status == 200, path
            assert nasty.harm(page.text) == [], (path, text)
        assert nasty.MARK in (await browser.get(one)).text  # it is there, as words
    for path in (
        "/desk/tickets/board",
        f"{one}/reopen",
        f"{one}/dispatch",
        "/desk/tickets/bulk/dispatch?ids=1",
    ):
        assert nasty.harm((await browser.get(path)).text) == [], path
