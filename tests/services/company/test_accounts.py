"""How staff log in."""

import pytest

from models.events import SubjectKind
from models.people import Role, Staff
from services import actors, events
from services.actors import OPERATOR
from services.company import accounts, passwords
from services.errors import Invalid, NotAllowed

PASSWORD = "correct horse"


async def test_an_account_opens_with_its_password_alone(database: str) -> None:
    await accounts.open_account("gao", name="高敏", role=Role.ADMIN, password=PASSWORD, actor=OPERATOR)
    stored = (await Staff.get(login="gao")).password_hash
    assert await passwords.is_right(PASSWORD, stored)
    assert not await passwords.is_right("correct hors", stored)
    assert PASSWORD not in stored


async def test_who_opened_an_account_is_recorded_and_not_everybody_may(database: str) -> None:
    first = await accounts.open_account(
        "gao", name="高敏", role=Role.ADMIN, password=PASSWORD, actor=OPERATOR
    )
    admin = await actors.staff(first)
    second = await accounts.open_account("li", name="李静", role=Role.SERVICE, password=PASSWORD, actor=admin)
    [opened] = await events.of(SubjectKind.STAFF, second)
    assert (opened.verb, opened.after, opened.actor_id) == ("opened", "service", first)
    clerk = await actors.staff(second)
    with pytest.raises(NotAllowed, match="may_not"):
        await accounts.open_account("x", name="小徐", role=Role.ADMIN, password=PASSWORD, actor=clerk)


async def test_two_accounts_with_one_password_do_not_show_it(database: str) -> None:
    assert await passwords.hashed(PASSWORD) != await passwords.hashed(PASSWORD)


async def test_staff_without_a_password_do_not_log_in() -> None:
    assert not await passwords.is_right("", "")


async def test_a_login_belongs_to_one(database: str) -> None:
    await accounts.open_account("gao", name="高敏", role=Role.ADMIN, password=PASSWORD, actor=OPERATOR)
    with pytest.raises(NotAllowed, match="login_taken"):
        await accounts.open_account("gao", name="高原", role=Role.SERVICE, password=PASSWORD, actor=OPERATOR)


async def test_a_short_password_is_refused(database: str) -> None:
    with pytest.raises(Invalid, match="password_short"):
        await accounts.open_account("gao", name="高敏", role=Role.ADMIN, password="short", actor=OPERATOR)


@pytest.mark.parametrize(
    ("login", "name"), [("", "高敏"), ("g o", "高敏"), ("g" * 33, "高敏"), ("gao", " "), ("gao", "高" * 33)]
)
async def test_who_has_no_name_to_log_in_with_is_refused(database: str, login: str, name: str) -> None:
    with pytest.raises(Invalid, match="login_bad"):
        await accounts.open_account(login, name=name, role=Role.ADMIN, password=PASSWORD, actor=OPERATOR)
    assert not await Staff.exists()
