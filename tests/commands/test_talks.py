"""A talk that waits for people is taken, answered and handed back from the command line."""

import argparse

import pytest

from bot.understanding import Understander
from commands import StartError, talks
from models.community import ManagementOffice
from models.conversations import Conversation, Hold
from models.outbox import Outbox
from models.people import Person, Role, Staff
from services import clock
from services.errors import NotFound
from services.estate import people
from tests.bot import talks as small
from tests.bot.talks import Resident
from tests.world import places
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("database")


def chosen(number: int | None, **what: object) -> argparse.Namespace:
    facts = {
        "talk": number,
        "take": False,
        "say": None,
        "back": False,
        "why": False,
        "rules": False,
        "by": "s0",
        **what,
    }
    return argparse.Namespace(**facts)


@pytest.mark.usefixtures("monday")
async def test_a_talk_is_carried_by_staff_and_its_draft_offered_again(
    understander: Understander, capsys: pytest.CaptureFixture[str]
) -> None:
    await places.staff("李静")
    resident = Resident(small.pipeline(understander))
    for words in ("记一条", "门口灯坏了", "人工"):
        await resident.says(words)
    talk = await Conversation.get()
    await talks.listed(None)
    assert "waits" in capsys.readouterr().out
    await within(talks.act(chosen(talk.id, take=True)))
    await within(talks.act(chosen(talk.id, say="您好，我来看看。")))
    await talks.shown(talk.id, None)
    shown = capsys.readouterr().out
    assert "门口灯坏了" in shown
    assert "李静" in shown and "您好，我来看看。 [pending]" in shown
    await talks.shown(talk.id, None, why=True)
    lines = capsys.readouterr().out.splitlines()
    assert any("门口灯坏了" in line and "any_words; note@1:text -> note@1:room" in line for line in lines)
    assert any("人工" in line and "command; note@1:room -> -" in line for line in lines)
    await within(talks.act(chosen(talk.id, back=True)))
    await talk.refresh_from_db()
    sent = [row.payload for row in await Outbox.all().order_by("id")]
    assert talk.hold is Hold.BOT
    assert [one.get("phrase") for one in sent] == ["human.taken_over", None, "human.handed_back_draft"]
    assert sent[1]["reply"]["text"] == "您好，我来看看。"
    assert "接着办「记一条」" in await resident.does(small.Kind.MENU, key="c:resume")


def test_acting_needs_a_talk() -> None:
    with pytest.raises(StartError, match="Which talk"):
        talks.run(chosen(None, take=True))


async def test_a_talk_with_another_offices_resident_is_not_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    here = await places.community()
    resident = await people.ensure("o_resident")
    await places.bind(await Person.get(id=resident.id), await places.house(here))
    await Conversation.filter(person_id=resident.id).update(hold=Hold.QUEUED, held_since=clock.now())
    office = await ManagementOffice.create(name="第二管理处")
    await Staff.create(login="tang", name="小唐", role=Role.SERVICE, office=office)
    talk = await Conversation.get()
    await talks.listed("tang")
    assert capsys.readouterr().out == "none\n"
    for asked in (talks.shown(talk.id, "tang"), talks.act(chosen(talk.id, take=True, by="tang"))):
        with pytest.raises(NotFound, match="no_such_talk"):
            await within(asked)
    await talks.listed(None)
    assert "waits" in capsys.readouterr().out
