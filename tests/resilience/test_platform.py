"""A platform that is slow, refuses, breaks or cuts: no turn waits, nothing loops, staff see what failed."""

import asyncio

import pytest

from tests.resilience.house import WORKER, House
from tests.resilience.parts import until

_SAY = '{"reply": {"text": "师傅明天来"}}'
# A phrase that has a template message, about a ticket that does not exist any more.
_TOLD = (
    '{"phrase": "repair.finished", "values": {"number": "BX10015", "ticket": 0, "category": "水管水龙头", '
    '"note": "", "days": 7, "technician": "马国强"}}'
)


async def queued(house: House, payload: str = _SAY) -> tuple[str, int]:
    """Somebody new with a row in the outbox that the platform would take."""
    person = await house.phones.newcomer()
    return person, await house.queue(person, f"platform:{person}", payload)


async def heard_later(house: House, person: str) -> list[str]:
    """What came to the phone other than as an answer."""
    return [one.text for one in await house.phones.heard(person) if one.via != "passive"]


async def test_turns_are_answered_while_the_platform_hangs(house: House) -> None:
    """30 s is longer than we wait: each send ends as unknown, while the turns go on as ever."""
    await house.phones.fault("*", delay_s=30)
    await house.phones.forget_tokens()
    waiting = [await queued(house) for _ in range(3)]
    people = await house.phones.newcomers(6)
    said = await asyncio.gather(*(house.phones.says(person, "帮助") for person in people))
    assert all(one.reply and one.attempts == 1 and one.seconds < 3 for one in said), said
    assert house.parts[WORKER].alive
    await house.phones.no_faults()
    for person, row in waiting:
        await _try_again_until(house, row, "sent", "unknown")
        assert len(await heard_later(house, person)) <= 1
    _, row = await queued(house)
    await _try_again_until(house, row, "sent")


async def test_a_send_that_hangs_is_unknown_and_not_repeated(house: House) -> None:
    await house.phones.fault("message/custom/send", delay_s=3, after=True, times=1)
    person, row = await queued(house)
    await house.reaches(row, "unknown")
    assert await heard_later(house, person) == ["师傅明天来"]
    assert "不知道消息是否送达" in await house.task_note(row)

    async def answered() -> int:
        return len(await house.phones.calls("message/custom/send", to=person))

    assert await until(answered, "the platform is through with it") == 1
    assert await house.status(row) == "unknown"


@pytest.mark.parametrize("errcode", [45015, 45047, 45009])
async def test_refused_as_customer_message_it_goes_as_template_message(house: House, errcode: int) -> None:
    await house.phones.fault("message/custom/send", errcode=errcode)
    person, row = await queued(house, _TOLD)
    await house.reaches(row, "sent")
    assert await house.one("SELECT rung FROM outbox WHERE id = $1", row) == "template"
    assert len(await house.phones.calls("message/custom/send", to=person)) == 1
    assert len(await house.phones.calls("message/template/send", to=person)) == 1
    assert len(await heard_later(house, person)) == 1


@pytest.mark.parametrize("errcode", [45015, 45047, 45009])
async def test_refused_on_every_rung_staff_call(house: House, errcode: int) -> None:
    await house.phones.fault("message/custom/send", errcode=errcode)
    await house.phones.fault("message/template/send", errcode=45009)
    with_template, without = await queued(house, _TOLD), await queued(house)
    for person, row in (with_template, without):
        await house.reaches(row, "failed")
        assert "请电话联系" in await house.task_note(row)
        assert await heard_later(house, person) == []
        assert len(await house.phones.calls("message/custom/send", to=person)) == 1


async def test_a_token_that_is_refused_for_ever_ends_with_staff(house: House) -> None:
    """Each try asks for one other token; after the last try people are told."""
    before = len(await house.phones.calls("stable_token"))
    await house.phones.fault("message/custom/send", errcode=40001)
    person, row = await queued(house)
    await _try_again_until(house, row, "failed")
    assert "40001" in await house.task_note(row)
    sends = await house.phones.calls("message/custom/send", to=person)
    assert 2 <= len(sends) <= 12
    assert len(await house.phones.calls("stable_token")) - before <= 12
    assert await heard_later(house, person) == []


async def test_no_token_at_all_ends_with_staff(house: House) -> None:
    before = len(await house.phones.calls("stable_token"))
    await house.phones.fault("stable_token", status=502)
    await house.phones.fault("message/custom/send", errcode=40001)
    person, row = await queued(house)
    await _try_again_until(house, row, "failed")
    assert await house.task_note(row)
    assert len(await house.phones.calls("stable_token")) - before <= 12
    assert await heard_later(house, person) == []


async def test_a_platform_that_is_busy_once_gets_it_again(house: House) -> None:
    await house.phones.fault("message/custom/send", errcode=-1, times=1)
    person, row = await queued(house)
    await _try_again_until(house, row, "sent")
    assert await heard_later(house, person) == ["师傅明天来"]
    assert await house.task_note(row) == ""


@pytest.mark.parametrize("after", [False, True], ids=["before the effect", "after the effect"])
@pytest.mark.parametrize("broken", ["status 502", "cut"])
async def test_a_broken_answer_is_unknown_and_never_repeated(house: House, broken: str, after: bool) -> None:
    if broken == "cut":
        await house.phones.fault("message/custom/send", times=1, drop=True, after=after)
    else:
        await house.phones.fault("message/custom/send", times=1, status=502, after=after)
    person, row = await queued(house)
    await house.reaches(row, "unknown")
    assert "不知道消息是否送达" in await house.task_note(row)
    _, next_row = person, await house.queue(person, f"next:{person}", '{"reply": {"text": "另一条"}}')
    await house.reaches(next_row, "sent")  # the worker looked again, and left the unknown one alone
    assert await house.status(row) == "unknown"
    expected = ["师傅明天来", "另一条"] if after else ["另一条"]
    assert await heard_later(house, person) == expected


async def test_a_template_message_whose_answer_was_cut_comes_once(house: House) -> None:
    """The platform knows the key of the first one, so that trying again is safe."""
    await house.phones.fault("message/custom/send", errcode=45015)
    await house.phones.fault("message/template/send", times=1, drop=True, after=True)
    person, row = await queued(house, _TOLD)
    await _try_again_until(house, row, "sent")
    assert len(await house.phones.calls("message/template/send", to=person)) == 2
    assert len(await heard_later(house, person)) == 1


async def _try_again_until(house: House, row: int, *statuses: str) -> None:
    """Every pause between two tries is over at once."""

    async def look() -> bool:
        await house.hurry(row)
        return await house.status(row) in statuses

    await until(look, f"outbox row {row} is {' or '.join(statuses)}")
