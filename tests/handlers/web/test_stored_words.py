"""Words that people wrote are words on every page, whatever they are. Pages of other rooms use the same corpus."""

import pytest

from models.access import StaffSession
from models.people import Staff
from settings import Settings
from tests.world import desk, nasty
from tests.world.desk import Browser


@pytest.mark.parametrize("text", nasty.CORPUS[:-2], ids=range(len(nasty.CORPUS) - 2))
def test_the_corpus_would_be_found(text: str) -> None:
    harmless = (text.startswith(("javascript", "{{")), "onmouseover" in text, "autofocus" in text)
    if not any(harmless):  # those do harm inside an attribute only
        assert nasty.harm(f"<p>{text}</p>")
    elif not text.startswith("{{"):
        quote = "'" if "onmouseover" in text else '"'
        assert nasty.harm(f"<a href={quote}{text}{quote}>x</a>")


async def test_names_and_devices_are_words(browser: Browser, test_settings: Settings) -> None:
    staff = await desk.employ("xu")
    await browser.sign_in("xu")
    for text in nasty.CORPUS:
        await Staff.filter(id=staff.id).update(name=text.replace("\x00", "")[:32])
        await StaffSession.all().update(device=text.replace("\x00", "")[:64])
        page = (await browser.get("/desk/account")).text
        assert nasty.harm(page) == [], text


@pytest.mark.parametrize("place", ["/desk/sign-in", "/desk/sign-in/wechat"])
async def test_what_was_typed_comes_back_as_words(browser: Browser, place: str) -> None:
    for text in nasty.CORPUS:
        answer = await browser.post(place, seen=place, login=text, password=text, next=text)
        assert nasty.harm(answer.text) == [], text


async def test_what_was_asked_for_comes_back_as_words(browser: Browser) -> None:
    for text in nasty.CORPUS[:-1]:
        answer = await browser.ask("GET", f"/desk/sign-in?next=/desk/{text}")
        assert nasty.harm(answer.text) == [], text
