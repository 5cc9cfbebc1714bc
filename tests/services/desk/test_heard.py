"""What the bot understood of the last words, and what staff teach it of them."""

import pytest

from models.conversations import Conversation, Message
from models.scripts import Misunderstanding
from services.desk import side
from services.desk.heard import Heard
from services.scripts import misunderstandings
from tests.services.desk.conftest import Desk
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")


def _why(intent: str, rule: str) -> dict[str, object]:
    at = {"script": "hazard", "version": 1, "step": "place"}
    return {"rule": rule, "after": at, "before": at, "ranking": [[intent, 0.9], ["faq", 0.01]]}


async def _heard(desk: Desk) -> Heard:
    found = (await side.of(desk.talk_id, actor=desk.clerk)).heard
    assert found is not None
    return found


async def test_what_was_answered_is_told_as_well_as_what_people_were_left_with(desk: Desk) -> None:
    assert (await side.of(desk.talk_id, actor=desk.clerk)).heard is None
    asked = await Message.create(conversation_id=desk.talk_id, kind="text", text="煤气味很大")
    answer = {"conversation_id": desk.talk_id, "kind": "reply", "text": "马上开窗", "answers_id": asked.id}
    await Message.create(**answer, body={"why": _why("emergency", "danger")})
    found = await _heard(desk)
    assert (found.text, found.intent, found.rule, found.step) == (
        "煤气味很大",
        "emergency",
        "danger",
        "place",
    )
    await Message.create(
        conversation_id=desk.talk_id, kind="text", text="谢谢", body={"why": _why("smalltalk", "held")}
    )
    assert ((await _heard(desk)).text, (await _heard(desk)).intent) == ("谢谢", "smalltalk")


async def test_what_the_running_talk_was_told_stands_by_its_slots(desk: Desk) -> None:
    frame = {"script": "hazard", "shown": {"danger": "gas", "where": "3栋2单元", "told": ""}}
    await Conversation.filter(id=desk.talk_id).update(state={"stack": [frame]})
    body = {"why": _why("emergency", "danger")}
    await Message.create(conversation_id=desk.talk_id, kind="text", text="漏气", body=body)
    found = await _heard(desk)
    assert (found.running, found.filled) == ("hazard", {"danger": "gas", "where": "3栋2单元"})


async def test_a_lesson_keeps_what_the_bot_took_it_for(desk: Desk) -> None:
    asked = await Message.create(conversation_id=desk.talk_id, kind="text", text="门禁卡坏了")
    answer = {"conversation_id": desk.talk_id, "kind": "reply", "text": "哪里坏了", "answers_id": asked.id}
    await Message.create(**answer, body={"why": _why("repair", "intent")})
    await within(misunderstandings.correct(asked.id, meant="access_card", note="", actor=desk.clerk))
    row = await Misunderstanding.get()
    assert (row.script, row.step, row.ranking[0]) == ("hazard", "place", ["repair", 0.9])
