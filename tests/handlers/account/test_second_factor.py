"""The code of an authenticator: set up, asked for at every sign-in, replaced when the phone is lost."""

import re
from datetime import timedelta

import pyotp
import pytest

from models.access import BackupCode, SecondFactor
from models.people import Role
from services import clock
from tests.world import desk
from tests.world.desk import Browser, Page

SECRET = re.compile(r'name="secret" value="([A-Z2-7]+)"')
CODE = re.compile(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>")


def code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps))


async def enrolled(browser: Browser, login: str = "boss") -> tuple[str, list[str]]:
    """Set an authenticator up; its secret, and the backup codes."""
    found = SECRET.search((await browser.get("/desk/account/authenticator")).text)
    assert found
    shown = await browser.post(
        "/desk/account/authenticator",
        seen="/desk/account/authenticator",
        secret=found.group(1),
        code=code(found.group(1)),
    )
    return found.group(1), CODE.findall(shown.text)


async def given(browser: Browser, text: str) -> Page:
    return await browser.post("/desk/sign-in/code", seen="/desk/sign-in/code", code=text)


@pytest.fixture
async def boss(browser: Browser) -> Browser:
    await desk.employ("boss", Role.ADMIN)
    await browser.sign_in("boss")
    return browser


async def test_an_admin_sets_it_up_before_anything_else(boss: Browser) -> None:
    assert (await boss.get("/desk/arrived")).place == "/desk/account/authenticator"
    assert (await boss.get("/desk/account")).place == "/desk/account/authenticator"
    before = boss.session
    _, codes = await enrolled(boss)
    assert len(set(codes)) == 10
    assert boss.session != before
    assert (await boss.get("/desk/account")).status == 200


async def test_others_may_and_need_not(browser: Browser) -> None:
    await desk.employ("xu")
    await browser.sign_in("xu")
    assert (await browser.get("/desk/account")).status == 200
    await enrolled(browser)
    assert "已设" in (await browser.get("/desk/account")).text


async def test_a_wrong_code_sets_nothing_up(boss: Browser) -> None:
    found = SECRET.search((await boss.get("/desk/account/authenticator")).text)
    assert found
    refused = await boss.post(
        "/desk/account/authenticator",
        seen="/desk/account/authenticator",
        secret=found.group(1),
        code="000000",
    )
    assert refused.status == 422
    assert found.group(1) in refused.text  # the same secret: it stands in the authenticator already
    assert not await SecondFactor.exists()


@pytest.mark.parametrize("secret", ["", "A" * 31, "a" * 32, "A" * 31 + "1"])
async def test_a_secret_that_was_not_offered_is_refused(boss: Browser, secret: str) -> None:
    answer = await boss.post(
        "/desk/account/authenticator", seen="/desk/account/authenticator", secret=secret, code="000000"
    )
    assert answer.status == 422
    assert not await SecondFactor.exists()


async def test_the_next_sign_in_asks_for_the_code(boss: Browser) -> None:
    secret, _ = await enrolled(boss)
    other = await desk.another(boss)
    await other.sign_in("boss")
    assert (await other.get("/desk/arrived")).place == "/desk/sign-in/code"
    assert (await other.get("/desk/account")).place == "/desk/sign-in/code"
    assert "不对" in (await given(other, "000000")).text
    before = other.session
    assert (await given(other, code(secret, 1))).place == "/desk/arrived"
    assert other.session != before
    assert (await other.get("/desk/account")).status == 200


async def test_a_code_counts_once(boss: Browser) -> None:
    secret, _ = await enrolled(boss)
    used = code(secret, 1)
    first, second = await desk.another(boss), await desk.another(boss)
    await first.sign_in("boss")
    await second.sign_in("boss")
    assert (await given(first, used)).status == 303
    assert (await given(second, used)).status == 422
    assert (await given(second, code(secret))).status == 422  # that of the set-up


async def test_a_backup_code_counts_once_and_the_table_does_not_hold_it(boss: Browser) -> None:
    _, codes = await enrolled(boss)
    stored = await BackupCode.all().values_list("code_hash", flat=True)
    assert not set(codes) & set(stored)
    first, second = await desk.another(boss), await desk.another(boss)
    await first.sign_in("boss")
    await second.sign_in("boss")
    assert (await given(first, codes[0].upper().replace("-", " "))).status == 303
    assert "备用码还剩 9 个" in (await first.get("/desk/account")).text
    assert (await given(second, codes[0])).status == 422


async def test_guessing_codes_ends_soon(boss: Browser) -> None:
    await enrolled(boss)
    other = await desk.another(boss)
    await other.sign_in("boss")
    answers = [(await given(other, f"{number:06}")).status for number in range(12)]
    assert 429 in answers
    assert answers.index(429) <= 10


async def test_another_authenticator_takes_its_place_only_with_a_code_of_the_first(boss: Browser) -> None:
    secret, codes = await enrolled(boss)
    found = SECRET.search((await boss.get("/desk/account/authenticator")).text)
    assert found
    form = {"secret": found.group(1), "code": code(found.group(1))}
    refused = await boss.post("/desk/account/authenticator", before="000000", **form)
    assert refused.status == 422
    assert (await SecondFactor.get()).secret == secret
    taken = await boss.post("/desk/account/authenticator", before=codes[0], **form)
    assert len(CODE.findall(taken.text)) == 10
    assert (await SecondFactor.get()).secret == found.group(1)


async def test_new_backup_codes_need_a_code_and_end_the_old(boss: Browser) -> None:
    secret, old = await enrolled(boss)
    assert (await boss.post("/desk/account/authenticator/codes", code="000000")).status == 422
    new = CODE.findall((await boss.post("/desk/account/authenticator/codes", code=code(secret, 1))).text)
    assert len(new) == 10
    other = await desk.another(boss)
    await other.sign_in("boss")
    assert (await given(other, old[0])).status == 422
    assert (await given(other, new[0])).status == 303
