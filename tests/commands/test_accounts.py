"""run.py accounts: passwords to hand over, ending and disabling accounts."""

import argparse

import pytest

from commands import StartError, accounts
from models.access import SecondFactor, StaffSession
from models.people import Role, Staff
from services import actors, clock
from services.company import passwords, sessions
from services.company.sessions import Browser, Way
from services.errors import MayNot, NotAllowed, NotFound
from tests.world import desk
from tests.world.units import within

ACTS = ("new_password", "disable", "enable", "role", "sign_out", "forget_authenticator")


def chosen(login: str, act: str = "", *, by: str | None = None) -> argparse.Namespace:
    name, _, value = act.partition("=")
    acts = {one: (value or True) if one == name else None for one in ACTS}
    return argparse.Namespace(login=login, by=by, **acts)


async def signed_in(login: str) -> Staff:
    staff = await desk.employ(login)
    actor = await actors.staff(staff.id)
    await within(sessions.begin(staff.id, way=Way.PASSWORD, browser=Browser("", "", ""), actor=actor))
    return staff


async def test_a_password_is_made_printed_once_and_to_be_changed(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    staff = await signed_in("xu")
    await within(accounts.changed(chosen("xu", "new_password")))
    password = capsys.readouterr().out.strip().removeprefix("xu: ")
    row = await Staff.get(id=staff.id)
    assert await passwords.is_right(password, row.password_hash)
    assert row.first_password
    assert (await StaffSession.get()).ended_at
    assert passwords.generated() != passwords.generated()


async def test_accounts_are_disabled_enabled_and_given_another_role(database: str) -> None:
    staff = await signed_in("xu")
    await within(accounts.changed(chosen("xu", "disable")))
    assert not (await Staff.get(id=staff.id)).active
    assert (await StaffSession.get()).ended_at
    await within(accounts.changed(chosen("xu", "enable")))
    await within(accounts.changed(chosen("xu", "role=leader")))
    row = await Staff.get(id=staff.id)
    assert (row.active, row.role) == (True, Role.LEADER)


async def test_a_lost_authenticator_is_forgotten_and_signs_out(database: str) -> None:
    staff = await signed_in("boss")
    await SecondFactor.create(staff=staff, secret="S", confirmed_at=clock.now())
    await within(accounts.changed(chosen("boss", "forget_authenticator")))
    assert not await SecondFactor.exists()
    assert (await StaffSession.get()).ended_at


async def test_nobody_shuts_themselves_out_or_raises_themselves(database: str) -> None:
    await desk.employ("boss", Role.ADMIN)
    for act in ("disable", "role=leader"):
        with pytest.raises(NotAllowed, match="oneself"):
            await within(accounts.changed(chosen("boss", act, by="boss")))


@pytest.mark.parametrize("act", ["new_password", "disable", "enable", "role=admin", "forget_authenticator"])
async def test_only_admins_change_accounts(database: str, act: str) -> None:
    await desk.employ("xu")
    await desk.employ("tang")
    with pytest.raises(MayNot):
        await within(accounts.changed(chosen("tang", act, by="xu")))


async def test_the_list_shows_who_can_sign_in(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    await desk.employ("xu")
    await Staff.create(login="new", name="新来的", role=Role.SERVICE)
    await accounts.listed(None)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[3] for line in lines[1:]] == ["yes", "none"]


async def test_what_is_not_said_is_asked_for(database: str) -> None:
    await desk.employ("xu")
    with pytest.raises(StartError):
        await within(accounts.changed(chosen("xu")))
    with pytest.raises(NotFound):
        await within(accounts.changed(chosen("nobody", "disable")))
