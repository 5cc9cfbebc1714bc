"""A platform that is slow, refuses, breaks or cuts: no turn waits, nothing loops, staff see what failed."""

import asyncio

import pytest

from tests.resilience.installation import WORKER, Installation
from tests.resilience.parts import until
from tests.world.simulated import ALWAYS

OFFER = "\n下次维修进度提醒我"  # to whoever only followed or tapped
_SAY = '{"reply": {"text": "师傅明天来"}}'
# A phrase that has a template message, about a ticket that does not exist any more.
_TOLD = (
    '{"phrase": "repair.finished", "values": {"number": "BX10015", "ticket": 0, "category": "水管水龙头", '
    '"note": "", "days": 7, "technician": "马国强"}}'
)


async def queued(installation: Installation, payload: str = _SAY) -> tuple[str, int]:
    """Somebody new with a row in the outbox that the platform would take."""
    person = await installation.phones.sim.follower()
    return person, await installation.queue(person, f"platform:{person}", payload)


async def heard_later(installation: Installation, person: str) -> list[str]:
    """What came to the phone other than as an answer, without the offer of one message more that stands below."""
    heard = [one for one in await installation.phones.heard(person) if one.via != "passive"]
    return [one.text.removesuffix(OFFER) for one in heard]


async def test_turns_are_answered_while_the_platform_hangs(installation: Installation) -> None:
    """30 s is longer than we wait: each send ends as unknown, while the turns go on as ever."""
    await installation.phones.sim.fault("*", times=ALWAYS, delay_s=30)
    await installation.phones.sim.forget_tokens()
    waiting = [await queued(installation) for _ in range(3)]
    people = await installation.phones.sim.followers(6)
    said = await asyncio.gather(*(installation.phones.says(person, "帮助") for person in people))
    assert all(one.reply and one.attempts == 1 and one.seconds < 3 for one in said), said
    assert installation.parts[WORKER].alive
    await installation.phones.sim.no_faults()
    for person, row in waiting:
        await _try_again_until(installation, row, "sent", "unknown")
        assert len(await heard_later(installation, person)) <= 1
    _, row = await queued(installation)
    await _try_again_until(installation, row, "sent")


async def test_a_send_that_hangs_is_unknown_and_not_repeated(installation: Installation) -> None:
    await installation.phones.sim.fault("message/custom/send", delay_s=3, after=True, times=1)
    person, row = await queued(installation)
    await installation.reaches(row, "unknown")
    assert await heard_later(installation, person) == ["师傅明天来"]
    assert (await installation.task(row)).startswith("delivery_unknown ")

    async def answered() -> int:
        return len(await installation.phones.calls("message/custom/send", to=person))

    assert await until(answered, "the platform is through with it") == 1
    assert await installation.status(row) == "unknown"


@pytest.mark.parametrize("errcode", [45015, 45047, 45009])
async def test_refused_as_customer_message_it_goes_as_template_message(
    installation: Installation, errcode: int
) -> None:
    await installation.phones.sim.fault("message/custom/send", times=ALWAYS, errcode=errcode)
    person, row = await queued(installation, _TOLD)
    await installation.reaches(row, "sent")
    assert await installation.one("SELECT rung FROM outbox WHERE id = $1", row) == "template"
    assert len(await installation.phones.calls("message/custom/send", to=person)) == 1
    assert len(await installation.phones.calls("message/template/send", to=person)) == 1
    assert len(await heard_later(installation, person)) == 1


@pytest.mark.parametrize("errcode", [45015, 45047, 45009])
async def test_refused_on_every_rung_staff_call(installation: Installation, errcode: int) -> None:
    await installation.phones.sim.fault("message/custom/send", times=ALWAYS, errcode=errcode)
    await installation.phones.sim.fault("message/template/send", times=ALWAYS, errcode=45009)
    with_template, without = await queued(installation, _TOLD), await queued(installation)
    for person, row in (with_template, without):
        await installation.reaches(row, "failed")
        assert (await installation.task(row)).startswith("undelivered ")
        assert await heard_later(installation, person) == []
        assert len(await installation.phones.calls("message/custom/send", to=person)) == 1


async def test_a_token_that_is_refused_for_ever_ends_with_staff(installation: Installation) -> None:
    """Each try asks for one other token; after the last try people are told."""
    before = len(await installation.phones.calls("stable_token"))
    await installation.phones.sim.fault("message/custom/send", times=ALWAYS, errcode=40001)
    person, row = await queued(installation)
    await _try_again_until(installation, row, "failed")
    assert await installation.task(row) == "undelivered token"
    sends = await installation.phones.calls("message/custom/send", to=person)
    assert 2 <= len(sends) <= 12
    assert len(await installation.phones.calls("stable_token")) - before <= 12
    assert await heard_later(installation, person) == []


async def test_no_token_at_all_ends_with_staff(installation: Installation) -> None:
    before = len(await installation.phones.calls("stable_token"))
    await installation.phones.sim.fault("stable_token", times=ALWAYS, status=502)
    await installation.phones.sim.fault("message/custom/send", times=ALWAYS, errcode=40001)
    person, row = await queued(installation)
    await _try_again_until(installation, row, "failed")
    assert await installation.task(row)
    assert len(await installation.phones.calls("stable_token")) - before <= 12
    assert await heard_later(installation, person) == []


async def test_a_platform_that_is_busy_once_gets_it_again(installation: Installation) -> None:
    await installation.phones.sim.fault("message/custom/send", errcode=-1, times=1)
    person, row = await queued(installation)
    await _try_again_until(installation, row, "sent")
    assert await heard_later(installation, person) == ["师傅明天来"]
    assert await installation.task(row) == ""


@pytest.mark.parametrize("after", [False, True], ids=["before the effect", "after the effect"])
@pytest.mark.parametrize("broken", ["status 502", "cut"])
async def test_a_broken_answer_is_unknown_and_never_repeated(
    installation: Installation, broken: str, after: bool
) -> None:
    if broken == "cut":
        await installation.phones.sim.fault("message/custom/send", times=1, drop=True, after=after)
    else:
        await installation.phones.sim.fault("message/custom/send", times=1, status=502, after=after)
    person, row = await queued(installation)
    await installation.reaches(row, "unknown")
    assert (await installation.task(row)).startswith("delivery_unknown ")
    _, next_row = person, await installation.queue(person, f"next:{person}", '{"reply": {"text": "另一条"}}')
    await installation.reaches(next_row, "sent")  # the worker looked again, and left the unknown one alone
    assert await installation.status(row) == "unknown"
    expected = ["师傅明天来", "另一条"] if after else ["另一条"]
    assert await heard_later(installation, person) == expected


async def test_a_template_message_whose_answer_was_cut_comes_once(installation: Installation) -> None:
    """The platform knows the key of the first one, so that trying again is safe."""
    await installation.phones.sim.fault("message/custom/send", times=ALWAYS, errcode=45015)
    await installation.phones.sim.fault("message/template/send", times=1, drop=True, after=True)
    person, row = await queued(installation, _TOLD)
    await _try_again_until(installation, row, "sent")
    assert len(await installation.phones.calls("message/template/send", to=person)) == 2
    assert len(await heard_later(installation, person)) == 1


async def _try_again_until(installation: Installation, row: int, *statuses: str) -> None:
    """Every pause between two tries is over at once."""

    async def look() -> bool:
        await installation.hurry(row)
        return await installation.status(row) in statuses

    await until(look, f"outbox row {row} is {' or '.join(statuses)}")
