"""The desk's work from the command line, until and beside the web inbox."""

import argparse
import json
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from commands import StartError, assign, bindings, demo, qr, tasks, tickets
from commands.office import people, session
from models.community import ManagementOffice
from models.events import Event, SubjectKind
from models.people import Role, Staff, Technician
from models.tasks import StaffTask, TaskKind
from models.tickets import DispatchMode, Ticket
from services import clock, events, staff_tasks
from services.actors import OPERATOR
from services.demo import loading as shipped
from services.errors import Invalid, NotAllowed, NotFound
from tests.world import estate, places
from tests.world.estate import Estate
from tests.world.units import within


@pytest.fixture
async def place(database: str) -> Estate:
    built = await estate.build()
    await Staff.create(login="admin", name="管理员", role=Role.ADMIN)
    return built


async def test_a_technician_is_found_by_the_phone_in_any_spelling(place: Estate) -> None:
    plumber = await estate.technician(place, "马国强", on_duty=False)
    await Technician.filter(id=plumber.id).update(phone="138-0000-1234")
    for said in ("13800001234", "+86 138 0000 1234", "马国强", str(plumber.id)):
        assert (await people.technician(said, OPERATOR)).id == plumber.id


async def test_a_repair_is_assigned_by_name(place: Estate, capsys: pytest.CaptureFixture[str]) -> None:
    await estate.mode("water", DispatchMode.MANUAL)
    plumber = await estate.technician(place, "马国强", on_duty=False)
    made = await estate.reported(place)
    await estate.run_timers()
    await tasks.listed("dispatch", None)
    assert made.number in capsys.readouterr().out
    await within(assign.assign(made.number.lower(), "马国强", "admin"))
    [given] = await events.of(SubjectKind.TICKET, made.id, verbs=("dispatch",))
    assert (given.actor_kind, given.actor_id) == ("staff", (await Staff.get(login="admin")).id)
    assert (await estate.ticket(made)).technician_id == plumber.id
    assert "马国强" in capsys.readouterr().out
    await tasks.listed(None, None)
    assert capsys.readouterr().out == "none\n"


async def test_a_technician_is_found_as_people_call_him(place: Estate) -> None:
    ma = await estate.technician(place, "马国强")
    for name in ("吴海涛", "吴军"):
        await estate.technician(place, name)
    for called in ("马师傅", "马国强师傅", "马国强"):
        assert (await people.technician(called, OPERATOR)).id == ma.id
    with pytest.raises(StartError, match=r"More than one technician is '吴师傅'; there are 吴海涛.*吴军"):
        await people.technician("吴师傅", OPERATOR)


async def test_wrong_names_are_answered_in_one_sentence(place: Estate) -> None:
    made = await estate.reported(place)
    await estate.technician(place, "马国强")
    with pytest.raises(StartError, match="no ticket BX99"):
        await assign.assign("BX99", "马国强", "admin")
    with pytest.raises(StartError, match="马国强"):
        await assign.assign(made.number, "吴师傅", "admin")
    with pytest.raises(StartError, match="nobody"):
        await people.staff("nobody")
    with pytest.raises(StartError, match="left_message"):
        await tasks.listed("nonsense", None)
    with pytest.raises(StartError, match="c:one"):
        await tickets.listed(everything=False, community="c:none", limit=10, by=None)


async def test_repairs_are_listed_and_shown_with_their_history(
    place: Estate, capsys: pytest.CaptureFixture[str]
) -> None:
    plumber = await estate.technician(place, "马国强")
    made = await estate.given_to(place, plumber)
    await tickets.listed(everything=False, community="c:one", limit=10, by=None)
    assert made.number in capsys.readouterr().out
    await tickets.show(made.number, None)
    shown = capsys.readouterr().out
    assert [verb in shown for verb in ("submit", "accept", "dispatch")] == [True] * 3
    with pytest.raises(StartError):
        await tickets.show("BX0", None)


async def test_a_repair_is_shown_with_whom_to_call_when_and_what_it_cost(
    place: Estate, capsys: pytest.CaptureFixture[str]
) -> None:
    plumber = await estate.technician(place, "马国强")
    made = await estate.finished(place, plumber)
    start = estate.MONDAY_10 + timedelta(hours=4)
    await Ticket.filter(id=made.id).update(
        appointment_start=start, appointment_end=start + timedelta(hours=2), urgent=True,
        rating_speed=2, rating_quality=4, rating_reasons=["来得晚"], rating_remark="下次早点",
    )  # fmt: skip
    spoken = f"{made.number[:-1].lower()} {made.number[-1]}"
    with clock.fixed(estate.MONDAY_10):
        await tickets.show(spoken, "boss")
    shown = capsys.readouterr().out
    for line in (
        "住户：王芳 13800000001", "位置：厨房", "紧急：是", "上门：今天 14:00–16:00", "材料：水龙头一只",
        "费用：35.00元", "评分：及时★★☆☆☆ 质量★★★★☆", "评价：来得晚 下次早点",
    ):  # fmt: skip
        assert line in shown
    assert "催单" not in shown
    [read] = await events.of(SubjectKind.PERSON, place.resident.id, verbs=["phone_read"])
    assert (read.actor_kind, read.note) == ("staff", made.number)


async def test_a_task_of_several_lines_is_listed_on_one(
    place: Estate, capsys: pytest.CaptureFixture[str]
) -> None:
    values = {"kind": "起火冒烟", "text": "楼道着火\n三楼", "taken": "高敏"}
    await staff_tasks.add(TaskKind.ALERT, "danger", values=values, key="k")
    await tasks.listed("alert", None)
    assert capsys.readouterr().out.rstrip().endswith("险情：起火冒烟 楼道着火 三楼 在处理的：高敏")


async def test_nothing_to_review(place: Estate, capsys: pytest.CaptureFixture[str]) -> None:
    await bindings.listed(None)
    assert capsys.readouterr().out == "none\n"


def test_a_refusal_is_a_sentence_and_names_its_facts() -> None:
    said = session.said(NotAllowed("job.taken", number="BX10016", house="3-2-501"))
    assert said == "慢了一步，BX 10016已经被别的师傅抢走了。 (house=3-2-501)"
    assert session.said(Invalid("account.password_short", shortest=10)) == "密码至少要 10 个字符。"


def test_columns_line_up_though_chinese_is_wider() -> None:
    assert session.table([("水管", "a"), ("ab", "b")]) == "水管  a\nab    b"


async def test_codes_are_pictures_and_a_sheet(place: Estate, tmp_path: Path) -> None:
    await estate.technician(place, "马国强")
    title, codes = await qr.scenes_of("c:one", houses=True, technicians=True)
    assert [code.content for code in codes] == [
        "c:one",
        *(house.code for house in place.houses),
        "t:马国强",
    ]

    async def ask(scene: str) -> str:
        return f"http://weixin.qq.com/q/{scene}"

    made = await qr.asked(codes, ask)
    assert made[0].content == "http://weixin.qq.com/q/c:one"
    qr.write(made, tmp_path, company="青禾物业", title=title)
    sheet = (tmp_path / "sheet.html").read_text("utf-8")
    for code in made:
        assert code.file in sheet
        with Image.open(tmp_path / code.file) as picture:
            assert picture.size[0] > 100
    with pytest.raises(StartError, match="c:one"):
        await qr.scenes_of("c:none", houses=False, technicians=False)


def test_the_people_of_the_demo_are_written_for_the_simulator(tmp_path: Path) -> None:
    demo.write_people(tmp_path / "deep" / "people.json", shipped.demo_people())
    assert json.loads((tmp_path / "deep" / "people.json").read_text("utf-8")) == shipped.demo_people()


async def _of_another_office() -> None:
    office = await ManagementOffice.create(name="西区管理处")
    await Staff.create(login="tang", name="小唐", role=Role.SERVICE, office=office)


async def test_who_is_named_sees_and_does_what_is_theirs(
    place: Estate, capsys: pytest.CaptureFixture[str]
) -> None:
    await _of_another_office()
    await estate.technician(place, "马国强", on_duty=False)
    made = await estate.reported(place)
    await staff_tasks.add(
        TaskKind.PHONE, "other", values={"text": "回电"}, key="k", community_id=place.community.id
    )
    for by, answer in (("tang", False), ("admin", True), (None, True)):
        await tickets.listed(everything=False, community=None, limit=9, by=by)
        assert (made.number in capsys.readouterr().out) is answer
        await tasks.listed("phone", by)
        assert ("回电" in capsys.readouterr().out) is answer
    with pytest.raises(StartError, match="no ticket"):
        await tickets.show(made.number, "tang")
    with pytest.raises(StartError, match="no ticket"):
        await assign.assign(made.number, "马国强", "tang")
    with pytest.raises(StartError, match="none yet"):
        await tickets.listed(everything=False, community="c:one", limit=9, by="tang")
    with pytest.raises(StartError, match=r"No technician is '马国强'; there are none"):
        await people.technician("马国强", await people.actor("tang"))


async def test_a_task_of_another_office_is_not_found(place: Estate) -> None:
    await _of_another_office()
    await staff_tasks.add(
        TaskKind.PHONE, "other", values={"text": "回电"}, key="k", community_id=place.community.id
    )
    task = await StaffTask.get()
    with pytest.raises(NotFound, match=r"task\.not_found"):
        await within(tasks.done(task.id, "tang"))
    await within(tasks.done(task.id, None))
    assert (await StaffTask.get()).done_by_id == (await Staff.get(login="admin")).id


def _chosen(**what: object) -> argparse.Namespace:
    return argparse.Namespace(
        **{"approve": None, "reject": None, "disable": None, "phone": None, "reason": "", "by": None, **what}
    )


async def test_bindings_are_listed_and_decided_by_their_office(
    place: Estate, capsys: pytest.CaptureFixture[str]
) -> None:
    await _of_another_office()
    bound = await places.bind(place.resident, place.house, matched=False)
    await bindings.listed(None)
    listed = capsys.readouterr().out
    assert "1-101" in listed and "138****0001" in listed
    await bindings.listed("tang")
    assert capsys.readouterr().out == "none\n"
    with pytest.raises(NotFound) as unknown:
        await within(bindings.decide(_chosen(by="tang", approve=bound.id)))
    assert session.said(unknown.value) == f"没有 {bound.id} 号绑定。"
    with pytest.raises(NotAllowed) as refused:
        await within(bindings.decide(_chosen(by="boss", approve=bound.id)))
    assert session.said(refused.value) == "您的账号不能审核住户，请交给客服。"
    await within(bindings.decide(_chosen(phone=bound.id)))
    assert capsys.readouterr().out == f"{bound.phone}\n"
    assert (await Event.get(verb="phone_read")).actor_id == (await Staff.get(login="admin")).id
    await within(bindings.decide(_chosen(approve=bound.id)))
    await bindings.listed(None)
    assert capsys.readouterr().out == f"{bound.id} approved\nnone\n"
