"""Whose word about the address is believed, and what plain http means."""

import pytest

from handlers.web import network
from models.access import StaffSession
from models.people import Role, Staff
from settings import Settings
from tests.world import desk
from tests.world.desk import Browser


def with_desk(settings: Settings, **changed: object) -> Settings:
    return settings.model_copy(update={"desk": settings.desk.model_copy(update=changed)})


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.7, 203.0.113.9", "203.0.113.9"),  # what the browser claimed stands before it
        ("198.51.100.7, 203.0.113.9, 127.0.0.1", "203.0.113.9"),  # two proxies of ours
        ("2001:db8::1", "2001:db8::1"),
        ("<script>", ""),
        ("", "127.0.0.1"),
    ],
)
async def test_the_address_is_the_last_that_is_no_proxy_of_ours(
    browser: Browser, forwarded: str, address: str
) -> None:
    await desk.employ("xu")
    browser.headers["X-Forwarded-For"] = forwarded
    await browser.sign_in("xu")
    assert (await StaffSession.get()).address == address


async def test_nobody_else_is_believed(database: str, test_settings: Settings) -> None:
    settings = with_desk(test_settings, proxies=("192.0.2.0/24",))
    async with desk.serving(settings) as address, desk.browsing(address) as browser:
        await desk.employ("xu")
        browser.headers |= {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        await browser.sign_in("xu")
        assert (await StaffSession.get()).address == "127.0.0.1"
        assert "Strict-Transport-Security" not in (await browser.get("/desk/account")).headers


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 Chrome/109.0.0.0 Safari/537.36",
            "Chrome · Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0", "微信 · iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile Safari/537.36", "Chrome · 安卓"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Version/17 Safari/605", "Safari · Mac"),
        ("<b>" * 500, "浏览器"),
    ],
)
async def test_a_browser_is_named_in_words(browser: Browser, agent: str, words: str) -> None:
    await desk.employ("xu")
    browser.headers["User-Agent"] = agent
    await browser.sign_in("xu")
    assert (await StaffSession.get()).device == words


@pytest.fixture
async def lan(browser: Browser) -> Browser:
    """A browser in the office that opens the desk over plain http by the machine's address."""
    browser.headers = {"Host": "192.168.1.20:8080"}
    return browser


async def test_over_plain_http_one_is_told_what_to_do(lan: Browser) -> None:
    await desk.employ("xu")
    page = (await lan.get("/desk/sign-in")).text
    assert "没有加密" in page
    assert "insecure_http" in page
    refused = await lan.sign_in("xu")
    assert refused.status == 422
    assert not any("session" in name for name in lan.cookies)


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "localhost"])
async def test_at_the_machine_itself_it_just_works(browser: Browser, host: str) -> None:
    await desk.employ("xu")
    browser.headers = {"Host": host}
    assert "没有加密" not in (await browser.get("/desk/sign-in")).text
    assert (await browser.sign_in("xu")).status == 303
    assert browser.session


async def test_whoever_decides_so_signs_in_over_plain_http_and_admins_see_a_red_line(
    database: str, test_settings: Settings
) -> None:
    async with (
        desk.serving(with_desk(test_settings, insecure_http=True)) as address,
        desk.browsing(address) as browser,
    ):
        staff = await desk.employ("xu")
        browser.headers = {"Host": "192.168.1.20:8080"}
        signed = await browser.sign_in("xu")
        assert signed.status == 303
        assert browser.cookies["session"]
        assert "Secure" not in signed.headers["Set-Cookie"]
        assert "没有加密" not in (await browser.get("/desk/account")).text
        await Staff.filter(id=staff.id).update(role=Role.ADMIN)
        await StaffSession.all().update(proven=True)
        page = (await browser.get("/desk/account")).text
        assert "没有加密" in page
        assert 'class="unsafe"' in page


async def test_a_cookie_of_plain_http_opens_nothing_where_it_is_not_allowed(lan: Browser) -> None:
    await desk.employ("xu")
    lan.headers = {"X-Forwarded-Proto": "https"}
    await lan.sign_in("xu")
    lan.headers = {"Host": "192.168.1.20:8080"}
    lan.cookies = {"session": lan.session}
    assert (await lan.get("/desk/account")).place.startswith("/desk/sign-in")


def test_addresses_of_proxies_are_networks(test_settings: Settings) -> None:
    assert [str(one) for one in network.proxies(with_desk(test_settings, proxies=("10.0.0.0/8", "::1")))] == [
        "10.0.0.0/8",
        "::1/128",
    ]
