"""What is for one person's eyes alone, such as a code to sign in with, is shown to no colleague."""

from models.outbox import Outbox
from models.people import Staff
from services import outbox
from services.company import chat_codes
from services.company.sessions import Browser
from services.desk import inbox, sources, stream, talks
from services.desk.listing import Box
from tests.services.desk.conftest import Desk
from tests.world.units import within


async def test_a_code_to_sign_in_with_is_in_no_talk_and_no_list(desk: Desk) -> None:
    await within(outbox.tell(desk.resident.id, "human.back", {}, key="seen"))
    before = await sources.newest(await desk.talk())
    await Staff.filter(id=desk.other.id).update(person_id=desk.resident.id)
    login = (await Staff.get(id=desk.other.id)).login
    await chat_codes.ask(login, visit="v", browser=Browser("203.0.113.9", "Chrome", ""))

    sent = await Outbox.get(key__startswith=outbox.PRIVATE)
    await Outbox.filter(id=sent.id).update(payload={**sent.payload, "reply": {"text": "登录验证码：123456"}})

    page = await stream.page(desk.talk_id, actor=desk.clerk)
    assert [one.phrase for one in page.entries] == ["human.back"]
    [row] = (await inbox.rows(Box.ALL, actor=desk.clerk)).rows
    assert row.last
    assert row.last.phrase == "human.back"
    assert "123456" not in str(await talks.lines(desk.talk_id, actor=desk.clerk, limit=20))
    talk = await desk.talk()
    assert await sources.newest(talk) == before
    assert await sources.count_newer(talk, *before[:3]) == 0
