"""How often one person may ask."""

import pytest

from handlers.web import assets, limits
from handlers.web.limits import Limits, Rate
from tests.world import desk
from tests.world.desk import Browser


def test_a_bucket_empties_and_fills_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    found, rate = Limits(), Rate(2, 3)
    assert [found.take("a", rate) for _ in range(4)] == [True, True, True, False]
    assert found.take("b", rate)
    now[0] += 0.5
    assert [found.take("a", rate) for _ in range(2)] == [True, False]


def test_what_is_kept_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    found = Limits()
    for number in range(limits._MOST + 1):
        found.take(str(number), Rate(1, 2))
    now[0] += 10
    found.take("one more", Rate(1, 2))
    assert len(found._buckets) < 10


async def test_whoever_asks_too_often_is_told_to_wait(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CHANGES", Rate(0.001, 2))
    await desk.employ("xu")
    await desk.employ("tang")
    other = await desk.another(browser)
    await browser.sign_in("xu")
    await other.sign_in("tang")
    form = {"size": "large", "theme": "dark"}
    answers = [(await browser.post("/desk/account/look", **form)).status for _ in range(3)]
    assert answers == [303, 303, 429]
    assert (await other.post("/desk/account/look", **form)).status == 303
    assert (await browser.get("/desk/account")).status == 200


async def test_styles_and_icons_are_for_everybody_however_many_ask(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = assets.address("base.css")
    monkeypatch.setattr(limits, "STRANGERS", Rate(0.001, 2))
    assert [(await browser.get(path)).status for _ in range(5)] == [200] * 5
    assert [(await browser.get("/desk/sign-in")).status for _ in range(3)] == [200, 200, 429]
