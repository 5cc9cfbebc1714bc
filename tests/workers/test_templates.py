"""Template messages: refused, kept for review, reported on; and what the account has of them."""

from datetime import timedelta
from pathlib import Path

import pytest

from commands import StartError, check
from dialogs import shipped
from models.outbox import Outbox, OutboxStatus
from models.people import Person
from models.tasks import StaffTask, TaskKind
from services import clock, work
from services.delivery import undelivered
from settings import Settings
from tests.workers.letters import PHRASES, deliver, queued, row
from tests.world.simulated import Simulated
from wechat.errors import Reason, Refused, Unknown, Unreachable
from wechat.platform import Platform
from wechat.typed import AccountTemplate
from workers import templates
from workers.delivery import Delivery

pytestmark = pytest.mark.usefixtures("database")


async def by_template(sim: Simulated, delivery: Delivery, person: Person, **fault: object) -> Outbox:
    """A message whose customer window is shut, after the worker tried the template."""
    await sim.fault("message/custom/send", errcode=45015)
    if fault:
        await sim.fault("message/template/send", **fault)
    row_id = await queued(person, {"phrase": "repair.accepted", "values": {"name": "李"}})
    await deliver(delivery)
    return await row(row_id)


async def why() -> str:
    """What staff read about the one message that did not arrive."""
    task = await StaffTask.get(kind=TaskKind.PHONE)
    return shipped.phrases().reply(f"task.{task.reason}", task.values).text


@pytest.mark.parametrize(
    ("errcode", "words"),
    [
        (40037, "模板编号不对"),
        (40249, "营销"),
        (43106, "处罚"),
        (43116, "封禁"),
        (43117, "频繁"),
        (47003, "不符合"),
    ],
)
async def test_staff_read_why_the_platform_refused(
    sim: Simulated, delivery: Delivery, person: Person, errcode: int, words: str
) -> None:
    failed = await by_template(sim, delivery, person, errcode=errcode)
    assert (failed.status, failed.errcode) == (OutboxStatus.FAILED, errcode)
    told = await why()
    assert words in told and str(errcode) in told


@pytest.mark.parametrize("reason", ["undelivered", "delivery_unknown"])
@pytest.mark.parametrize("code", [*Reason, Unreachable.code, Unknown.code, "blocked", "not_delivered"])
def test_every_way_to_fail_has_words_for_staff(reason: str, code: str) -> None:
    words = shipped.phrases().reply(f"task.{reason}", {"said": "好", "count": 1, "why": str(code)}).text
    assert code not in words
    assert not words.rstrip().endswith("：")


async def test_a_message_in_review_waits_for_the_report(
    sim: Simulated, delivery: Delivery, person: Person
) -> None:
    kept = await by_template(sim, delivery, person, errcode=40252)
    assert kept.status is OutboxStatus.REVIEW
    assert kept.platform_id
    await deliver(delivery, clock.now() + timedelta(hours=1))
    assert len(await sim.calls("message/template/send")) == 1
    await sim.post("/sim/reviews")
    assert [message["via"] for message in await sim.shown(person.channel_id)] == ["template"]
    await undelivered.reported(kept.platform_id, "")
    assert (await row(kept.id)).status is OutboxStatus.SENT
    assert await StaffTask.all().count() == 0


async def test_a_message_that_does_not_pass_its_review_is_a_call(
    sim: Simulated, delivery: Delivery, person: Person
) -> None:
    kept = await by_template(sim, delivery, person, errcode=40252)
    async with work.unit():
        await undelivered.reported(kept.platform_id, "too_often")
    assert (await row(kept.id)).status is OutboxStatus.FAILED
    assert "频繁" in await why()


async def test_a_review_that_is_never_reported_on_is_told_after_two_days(
    sim: Simulated, delivery: Delivery, person: Person
) -> None:
    kept = await by_template(sim, delivery, person, errcode=40252)
    assert await undelivered.give_up_on_reviews(timedelta(days=2)) == 0
    with clock.fixed(clock.now() + timedelta(days=2, minutes=1)):
        async with work.unit():
            assert await undelivered.give_up_on_reviews(timedelta(days=2)) == 1
    assert (await row(kept.id)).status is OutboxStatus.UNKNOWN


async def test_what_fits_no_wording_is_not_sent_cut(
    sim: Simulated, platform: Platform, person: Person, tmp_path: Path
) -> None:
    strict = {"progress": AccountTemplate("T1", {"state": "phone_number1"})}
    failed = await by_template(sim, Delivery(platform, PHRASES, strict, tmp_path), person)
    assert failed.status is OutboxStatus.FAILED
    assert failed.error == "does_not_fit"
    assert await sim.calls("message/template/send") == []


async def registered(sim: Simulated, settings: Settings, **change: str) -> None:
    """The account has the templates of the settings, but for what is changed: the content by kind, "" for none."""
    for kind, template in templates.usable(settings).items():
        lines = "\n".join(f"{name}：{{{{{key}.DATA}}}}" for name, key in template.keys.items())
        if content := change.get(kind, lines):
            await sim.post("/sim/templates", template_id=template.id, title=kind, content=content)


def at(settings: Settings, sim: Simulated) -> Settings:
    return settings.model_copy(update={"wechat": settings.wechat.model_copy(update={"api_url": sim.url})})


async def test_the_check_is_content_with_an_account_that_has_everything(
    sim: Simulated, test_settings: Settings
) -> None:
    await registered(sim, test_settings)
    assert await check._templates(at(test_settings, sim)) == "8 usable"


async def test_the_check_names_what_is_missing_stopped_or_otherwise(
    sim: Simulated, platform: Platform, person: Person, test_settings: Settings
) -> None:
    await registered(sim, test_settings, job="", repair="单号：{{character_string1.DATA}}")
    stopped = templates.usable(test_settings)["binding"]
    await sim.fault("message/template/send", errcode=43116)
    values = {"thing1": "3栋", "thing2": "审核通过"}
    with pytest.raises(Refused, match="43116"):
        await platform.send_template(person.channel_id, stopped.id, values, key="k")
    with pytest.raises(StartError) as found:
        await check._templates(at(test_settings, sim))
    told = str(found.value)
    assert "job: the account has no template demo-job" in told
    assert "repair: demo-repair has the keys character_string1, not character_string1, thing2" in told
    assert "binding: the platform has stopped 1 messages of demo-binding" in told


def test_keys_of_another_kind_that_would_not_fit_are_named(test_settings: Settings) -> None:
    usable = dict(templates.usable(test_settings))
    assert templates.unfit(usable) == []
    usable["repair"] = AccountTemplate("T", {"number": "character_string1", "state": "phrase3"})
    faults = templates.unfit(usable)
    assert "repair.accepted: state does not fit phrase3" in faults
    assert not [fault for fault in faults if fault.startswith("job")]


def test_a_template_may_be_named_with_keys_of_its_own(test_settings: Settings) -> None:
    named = {"repair": {"id": "R", "keys": {"state": "thing9"}}, "job": "J", "notice": "N"}
    wechat = type(test_settings.wechat).model_validate(
        test_settings.wechat.model_dump() | {"templates": named}
    )
    usable = templates.usable(test_settings.model_copy(update={"wechat": wechat}))
    assert set(usable) == {"repair", "job"}
    assert usable["repair"].keys == {"number": "character_string1", "state": "thing9"}
