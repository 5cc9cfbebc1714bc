"""审计: who did what, when, from where, with the difference; for admins, and never about a complaint of oneself."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dialogs import audit as words
from dialogs import shipped
from models.complaints import Complaint
from models.events import SubjectKind
from models.people import Binding, Role
from models.tickets import Ticket
from services import actors, clock, events
from services.actors import SYSTEM, Actor, ActorKind
from services.cases import complaint_moves, complaint_sheet, instructions
from services.company import audit
from services.company.audit import Chosen
from services.desk import promises
from services.desk.promised_in import Matter
from services.errors import Invalid, MayNot, NotFound
from services.estate import corrections, reviews
from services.events import Subject
from services.repairs.moves import Verb
from tests.world import desk, offices
from tests.world.desk import Browser
from tests.world.offices import Town
from tests.world.units import within

pytestmark = pytest.mark.usefixtures("monday")
ROOT = Path(__file__).parents[3]
_CODE = re.compile(r"[a-z]+(_[a-z]+)*")


@pytest.fixture
async def town(database: str) -> Town:
    return await offices.build()


async def _admin(town: Town) -> actors.Actor:
    return await actors.staff((await town.staff(Role.ADMIN)).id, source="203.0.113.9 Chrome · Windows")


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for path in (ROOT / "services").rglob("*.py"):
        if (
            path != ROOT / "services/imports/company.py"
        ):  # its columns are checked by what is called like a verb's
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call):
                    yield getattr(node.func, "attr", getattr(node.func, "id", "")), node


def _takers() -> dict[str, set[int]]:
    """What takes a verb, and as its which argument."""
    found: dict[str, set[int]] = {}
    for path in (ROOT / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names = [one.arg for one in node.args.args]
                if "verb" in names:
                    found.setdefault(node.name, set()).add(names.index("verb"))
    return found


def _verbs() -> set[str]:
    """Every verb that stands in a call of what takes one."""
    takers, found = _takers(), set()
    for called, node in _calls():
        given = [one for at, one in enumerate(node.args) if at in takers.get(called, ())]
        given += [one.value for one in node.keywords if one.arg == "verb"]
        for one in given:
            for said in (one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,):
                if isinstance(said, ast.Constant) and _CODE.fullmatch(str(said.value)):
                    found.add(str(said.value))
    return found


def test_every_verb_has_its_word() -> None:
    known = {
        "bound",
        "phone_read",
        "corrected",
        "owner_changed",
        "imported",
        "queued",
        "signed_up",
        "refused",
    }
    assert known <= _verbs()
    missing = {
        one for one in _verbs() | set(Verb) | set(complaint_moves.MOVES)
        if shipped.phrases().reply("audit.verb", {"verb": one}).text == one
    }  # fmt: skip
    assert " ".join(sorted(missing)) == ""
    assert {one for one in SubjectKind if words.kind(one) == one} == set()


async def test_a_line_says_who_did_what_from_where_and_the_difference(town: Town) -> None:
    admin, binding = await _admin(town), await Binding.get()
    right = corrections.checked("王芳芳", "13900001111", "owner")
    await within(corrections.correct(binding.id, right, actor=admin))
    [line, *_] = (await audit.page(Chosen(verb="corrected"), actor=admin)).rows
    assert words.who(line) == "员工 小徐"
    assert words.source(line) == "203.0.113.9 Chrome · Windows"
    assert words.subject(line) == "绑定 1-101 王芳芳"
    assert words.verb(line) == "更正资料"
    assert "姓名：王芳 → 王芳芳" in words.difference(line)
    assert "138****0001 → 139****1111" in words.difference(line)


async def test_counts_money_and_moments_are_told_as_people_write_them(town: Town) -> None:
    admin, house = await _admin(town), Subject(SubjectKind.HOUSE, 7)
    for body in (
        {"ended": 2, "left": 1, "owner": "赵新"},
        {"payment": 3, "method": "cash", "amount_fen": 123450, "receipt": "SJ1"},
        {"from": 4, "due": "2026-11-28T02:00:00+00:00", "staff": 5},
    ):
        await within(events.record(house, "owner_changed", actor=SYSTEM, body=body))
    shown = (words.difference(one) for one in (await audit.page(Chosen(), actor=admin)).rows[:3])
    assert {part for one in shown for part in one.split("；")} == {
        *("到期：2026-11-28 10:00:00", "方式：现金", "金额：1234.50 元", "收据：SJ1"),
        *("结束的绑定：2", "标成已离开的：1", "业主：赵新"),
    }


async def test_what_is_chosen_is_shown_newest_first_page_by_page(town: Town) -> None:
    admin, binding = await _admin(town), await Binding.get()
    for _ in range(3):
        await within(reviews.phone(binding.id, actor=admin))
    await within(events.record(Subject(SubjectKind.HOUSE, 7), "left", actor=SYSTEM))
    mine = Chosen(actor=(ActorKind.STAFF, admin.id), verb="phone_read")
    first = await audit.page(mine, actor=admin, limit=2)
    rest = await audit.page(mine, actor=admin, after=first.after, limit=2)
    ids = [one.id for one in [*first.rows, *rest.rows]]
    assert len(ids) == 3 and ids == sorted(ids, reverse=True) and rest.after == ""
    assert [
        one.verb for one in (await audit.page(Chosen(actor=(ActorKind.SYSTEM, None)), actor=admin)).rows
    ] == ["left"]
    assert len((await audit.page(Chosen(readings=True), actor=admin)).rows) == 3
    whose = Chosen(subject=(SubjectKind.PERSON, binding.person_id))
    assert len((await audit.page(whose, actor=admin)).rows) == 3
    assert {"left", "phone_read"} <= set(await audit.verbs(actor=admin))


async def test_a_day_is_that_day_alone_however_late_something_was_written(town: Town) -> None:
    admin, now = await _admin(town), clock.now()
    for days in (3, 1, 2, 0):  # not in the order in which it happened
        with clock.fixed(now - timedelta(days=days)):
            await within(events.record(Subject(SubjectKind.HOUSE, days), "left", actor=SYSTEM))
    chosen = Chosen(verb="left", since=now - timedelta(days=2, hours=1), until=now - timedelta(hours=1))
    assert [one.subject_id for one in (await audit.page(chosen, actor=admin)).rows] == [2, 1]
    with pytest.raises(Invalid):
        await audit.page(Chosen(since=now, until=now - timedelta(days=1)), actor=admin)


async def test_whom_a_complaint_is_about_finds_nothing_of_it(town: Town) -> None:
    about, other = await _admin(town), await _admin(town)
    made = await within(offices.complaint(town, 0))
    await Complaint.filter(id=made).update(about_staff_id=about.id)
    chosen = Chosen(subject=(SubjectKind.COMPLAINT, made))
    assert len((await audit.page(chosen, actor=other)).rows) == 1
    assert list((await audit.page(chosen, actor=about)).rows) == []


async def test_nor_of_what_was_said_or_read_for_it(town: Town) -> None:
    about, other = await _admin(town), await _admin(town)
    leader = await actors.staff((await town.staff(Role.LEADER)).id)
    made = await within(offices.complaint(town, 0))
    await Complaint.filter(id=made).update(about_staff_id=about.id)
    await within(instructions.instruct(SubjectKind.COMPLAINT, made, "查清楚", actor=leader))
    await within(complaint_sheet.phone(made, actor=other))
    matter, due = Matter(SubjectKind.COMPLAINT, made), clock.now() + timedelta(hours=1)
    promised = await within(promises.make(matter, "查到底", due, key="k", actor=other))
    await within(promises.give_up(promised, "查不到", actor=other))

    async def seen(who: Actor) -> set[str]:
        return {one.verb for one in (await audit.page(Chosen(), actor=who)).rows}

    assert await seen(other) - await seen(about) >= {
        "instructed",
        "phone_read",
        "submitted",
        "made",
        "given_up",
    }
    resident = town.place.resident.id
    assert len(await audit.readings(None, [resident], actor=other)) == 1
    assert await audit.readings(None, [resident], actor=about) == []


async def test_a_spoken_number_is_found_and_a_bare_one_needs_its_kind(town: Town) -> None:
    admin = await _admin(town)
    made = await offices.ticket(town, 0)
    number = (await Ticket.get(id=made)).number
    assert await audit.subject("", number.lower(), actor=admin) == (SubjectKind.TICKET, made)
    assert await audit.subject("house", "7", actor=admin) == (SubjectKind.HOUSE, 7)
    with pytest.raises(Invalid):
        await audit.subject("", "7", actor=admin)
    with pytest.raises(NotFound):
        await audit.subject("", "BX99999", actor=admin)


@pytest.mark.parametrize("role", [Role.LEADER, Role.SERVICE, Role.SUPERVISOR])
async def test_only_admins_look(town: Town, role: Role) -> None:
    with pytest.raises(MayNot):
        await audit.page(Chosen(), actor=await actors.staff((await town.staff(role)).id))


async def test_the_page_shows_it_and_keeps_what_was_chosen(browser: Browser, town: Town) -> None:
    await desk.employ("root", Role.ADMIN)
    await desk.sign_in_wholly(browser, "root")
    text = (await browser.get("/desk/audit?verb=signed_in&since=2026-11-23&until=2026-11-23")).text
    assert "登录" in text and "员工 小徐" in text and "127.0.0.1" in text
    assert 'value="signed_in" selected' in text
    for wrong in ("since=yesterday", "who=king:1", "kind=cat", "about=7", "after=x"):
        assert (await browser.get(f"/desk/audit?{wrong}")).status == 422
    missing = await browser.get("/desk/audit?about=BX99999&verb=signed_in")
    assert missing.status == 404
    assert "没有编号是「BX99999」" in missing.text
    assert 'value="BX99999"' in missing.text and 'value="signed_in" selected' in missing.text


def test_why_something_is_to_be_done_has_a_word() -> None:
    """As the events about tasks note it."""
    written = (Path(shipped.__file__).parent / "phrases" / "task.yaml").read_text(encoding="utf-8")
    reasons = set(re.findall(r"^task\.(\w+):", written, re.M))
    assert reasons
    assert {one for one in reasons if words.state_word(one) == one} == set()
