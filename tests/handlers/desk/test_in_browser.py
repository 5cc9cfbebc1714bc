"""The inbox as clerks use it: real pages in Chromium, the real web process, phones of the simulated platform."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import Request, expect

from models.community import Community, DutyPhone
from models.conversations import Conversation, Message
from models.outbox import Outbox
from models.people import Staff
from models.tasks import StaffTask, TaskKind
from services import actors, clock
from services.cases import rounds
from services.desk import canned, taking
from services.desk.canned import Written
from tests.world import chromium, places
from tests.world.scene import SLOW_MS, Scene, until
from tests.world.units import within

pytestmark = chromium.MARKS


async def test_taken_by_one_of_two_answered_with_a_canned_reply_and_crossed(scene: Scene) -> None:
    clerk = await actors.staff((await Staff.get(login="xu")).id)
    await within(canned.add(Written("上门时间", "{称呼}您好，师傅【几点】到。"), actor=clerk))
    await scene.sim.says(scene.openid, "转人工")
    one, other = await scene.signed_in("xu"), await scene.signed_in("tang")
    for page in (one, other):
        await page.goto(f"{scene.address}/desk/talks?box=waiting")
        await expect(page.locator(".line", has_text="刘建国")).to_be_visible()
    await one.locator(".line", has_text="刘建国").click()
    await one.get_by_role("button", name="接入").click()
    await expect(one.get_by_role("button", name="办结")).to_be_visible()
    await expect(other.locator(".line", has_text="刘建国")).to_have_count(0)
    field = one.locator("#text")
    await field.fill("/smsj")
    await expect(one.get_by_role("option", name=re.compile("上门时间"))).to_be_visible()
    await field.press("Enter")
    await expect(field).to_have_value("刘建国您好，师傅【几点】到。")
    assert await field.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)") == "【几点】"
    await field.press("Enter")
    await expect(one.locator("#crossed")).to_contain_text("还有没填的地方")
    await field.evaluate("one => one.setSelectionRange(0, 0)")
    await field.press("Tab")
    await one.keyboard.type("九点")
    await scene.sim.says(scene.openid, "九点我不在家")
    await field.press("Enter")
    await expect(one.locator("#crossed")).to_contain_text("又来了1条新消息")
    await expect(field).to_have_value("刘建国您好，师傅九点到。")
    await expect(one.locator(".msg", has_text="九点我不在家")).to_be_visible()
    await field.fill("那改到下午三点。")
    await field.press("Enter")
    await expect(field).to_have_value("")
    await scene.phone_shows("那改到下午三点。")
    await expect(one.locator(".msg.me[data-state=sent]")).to_be_visible()
    assert [one for one in await scene.phone() if "九点" in one] == []
    assert len([one for one in await scene.phone() if "下午三点" in one]) == 1


async def test_what_is_taken_back_in_time_never_arrives_and_stands_in_the_field_again(scene: Scene) -> None:
    await scene.sim.says(scene.openid, "转人工")
    page = await scene.signed_in("xu")
    await page.goto(f"{scene.address}/desk/talks/{(await scene.talk()).id}")
    await page.keyboard.press("t")
    await expect(page.get_by_role("button", name="办结")).to_be_visible()
    colleague = await scene.signed_in("tang")
    await colleague.goto(page.url)
    await page.locator("#text").fill("发错人了")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="撤回").click()
    await expect(page.locator("#text")).to_have_value("发错人了")
    for one in (page, colleague):
        await expect(one.locator("#flow")).not_to_contain_text("发错人了")
    assert (
        await Outbox.filter(payload__contains={"reply": {"text": "发错人了"}}).get()
    ).status == "cancelled"


@pytest.mark.parametrize("order", ["compositionend first", "keydown first"])
async def test_enter_that_ends_a_word_of_pinyin_sends_nothing(scene: Scene, order: str) -> None:
    await scene.sim.says(scene.openid, "转人工")
    page = await scene.signed_in("xu")
    await page.goto(f"{scene.address}/desk/talks/{(await scene.talk()).id}")
    await page.get_by_role("button", name="接入").click()
    await expect(page.get_by_role("button", name="办结")).to_be_visible()
    await page.locator("#text").fill("nihao")
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.url.endswith("/say") else None)
    await page.evaluate(
        """order => {
            const field = document.getElementById('text');
            const end = () => field.dispatchEvent(new CompositionEvent('compositionend', {data: 'nihao'}));
            const key = (code, composing) => {
                const event = new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, isComposing: composing});
                Object.defineProperty(event, 'keyCode', {value: code});
                field.dispatchEvent(event);
            };
            field.dispatchEvent(new CompositionEvent('compositionstart'));
            if (order === 'compositionend first') { end(); key(13, false); }
            else { key(229, true); end(); }
        }""",
        order,
    )
    await expect(page.locator("#text")).to_have_value("nihao")
    assert sent == []


async def test_a_closed_window_leads_to_a_template_and_to_a_reply_that_waits(scene: Scene) -> None:
    await scene.sim.says(scene.openid, "转人工")
    talk = await scene.talk()
    page = await scene.signed_in("xu")
    await page.goto(f"{scene.address}/desk/talks/{talk.id}")
    await page.get_by_role("button", name="接入").click()
    await scene.phone_shows("来接您了")
    await Conversation.filter(id=talk.id).update(sends_left=0, minute_left=0)
    await expect(page.locator("#quota")).to_contain_text("窗口已关")
    await expect(page.locator("#send")).to_be_disabled()
    await page.locator("#text").fill("单子改好了，明天来。")
    await page.get_by_role("button", name="等住户下次说话就发").click()
    await expect(page.locator(".waiting-reply")).to_contain_text("单子改好了")
    await page.get_by_role("button", name=re.compile("发模板")).click()
    await page.get_by_role("button", name=re.compile("服务预约进度通知.*有新回复，请回一个字")).click()
    await until(lambda: _shown_by(scene, "template"))
    await scene.sim.says(scene.openid, "我在")
    await scene.phone_shows("单子改好了，明天来。")


async def _shown_by(scene: Scene, via: str) -> bool:
    return any(one["via"] == via for one in await scene.sim.messages(scene.openid))


async def test_what_may_not_have_arrived_is_sent_again_after_a_question_and_then_offered_no_more(
    scene: Scene,
) -> None:
    await scene.sim.says(scene.openid, "转人工")
    page = await scene.signed_in("xu")
    await page.goto(f"{scene.address}/desk/talks/{(await scene.talk()).id}")
    await page.get_by_role("button", name="接入").click()
    await expect(page.get_by_role("button", name="办结")).to_be_visible()
    await scene.phone_shows("来接您了")
    await scene.sim.fault("message/custom/send", drop=True, after=True)
    await page.locator("#text").fill("师傅三点到")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="仍要重发").click()
    await page.locator("#box").get_by_role("button", name="仍要重发").click()
    await expect(page.locator(".msg", has_text="第2次 · 已发")).to_be_visible()
    assert len([one for one in await scene.phone() if "师傅三点到" in one]) == 2
    await expect(page.locator(".again")).to_have_count(0)


async def test_danger_rings_on_every_desk_until_somebody_takes_it(scene: Scene) -> None:
    await DutyPhone.create(community=await Community.get(), name="值班室", phone="021-1", emergency=True)
    await Staff.filter(login="xu").update(person_id=(await places.person("小徐的微信")).id)
    one, other = await scene.signed_in("xu"), await scene.signed_in("tang")
    for page in (one, other):
        await page.goto(f"{scene.address}/desk/talks")
    await scene.sim.says(scene.openid, "电梯卡住了，我妈被困在里面")
    for page in (one, other):
        await expect(page.locator("#alarm")).to_contain_text("险情")
        await expect(page.locator(".alarm-phones")).to_have_count(0)
    alert = await StaffTask.get(kind=TaskKind.ALERT)
    with clock.fixed(alert.created_at + timedelta(seconds=60)):
        await within(rounds.unseen(alert.id, {}))
    for page in (one, other):
        await expect(page.locator(".alarm-phones")).to_contain_text("值班室 021-1")
    await other.goto(f"{scene.address}/desk/tickets")
    await expect(other).to_have_title(re.compile(r"^\(\d+\) 工单"))
    await one.get_by_role("button", name="我来处理").click()
    await expect(one.locator("#flow")).to_contain_text("电梯卡住了")
    for page in (one, other):
        await expect(page.locator("[data-alarm]")).to_have_count(0)
    await expect(other).to_have_title(re.compile(r"^工单"))
    await expect(one.locator("#flow")).to_contain_text("没人应答，已用微信通知")
    await expect(one.locator("#side")).to_contain_text("小徐在处理")
    await expect(one.locator("#side")).to_contain_text("021-1")


async def test_nothing_written_is_lost_when_the_network_goes_and_the_page_is_loaded_again(
    scene: Scene,
) -> None:
    await scene.sim.says(scene.openid, "转人工")
    page = await scene.signed_in("xu")
    await page.goto(f"{scene.address}/desk/talks/{(await scene.talk()).id}")
    await page.get_by_role("button", name="接入").click()
    await expect(page.get_by_role("button", name="办结")).to_be_visible()
    await page.locator("#text").fill("网断了也要发出去")
    lost = 0

    async def swallow(route: object) -> None:
        nonlocal lost
        lost += 1
        await route.fetch()  # type: ignore[attr-defined]  # it arrives, and its answer is lost
        await route.abort()  # type: ignore[attr-defined]  # as above

    await page.route("**/say", swallow)
    await page.keyboard.press("Enter")
    await expect(page.locator("#crossed")).to_contain_text("没有连上")
    await page.unroute("**/say")
    await page.locator("#text").press("Enter")
    await expect(page.locator("#text")).to_have_value("")
    await scene.phone_shows("网断了也要发出去")
    assert lost == 1
    assert len([one for one in await scene.phone() if "网断了" in one]) == 1
    scene.faults[:] = [one for one in scene.faults if "net::ERR_FAILED" not in one]
    await page.locator("#text").fill("写到一半")
    await expect(page.locator("#saved")).to_contain_text("草稿已存")
    await page.reload()
    await expect(page.locator("#text")).to_have_value("写到一半")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 664)])
async def test_it_fits_keeps_nobody_out_and_the_field_is_there(scene: Scene, width: int, height: int) -> None:
    await scene.sim.says(scene.openid, "转人工，师傅说来又没来")
    page = await scene.signed_in("xu", width, height)
    await page.goto(f"{scene.address}/desk/talks?box=waiting")
    await expect(page.locator(".line", has_text="刘建国")).to_be_visible()
    assert await chromium.fits(page)
    assert await chromium.barriers(page) == []
    await page.get_by_role("searchbox").fill("没有这个人")
    await expect(page.locator(".tabs [aria-current]")).to_contain_text("全部")
    await page.get_by_role("searchbox").fill("")
    await expect(page.locator(".tabs [aria-current]")).to_contain_text("待接入")
    await page.locator(".line", has_text="刘建国").click()
    field = page.locator("#text")
    await expect(field).to_be_in_viewport(ratio=1)
    await page.get_by_role("button", name="接入").click()
    await expect(page.get_by_role("button", name="办结")).to_be_visible()
    await expect(page.locator("#send")).to_be_in_viewport(ratio=1)
    assert await chromium.fits(page)
    assert await chromium.barriers(page) == []
    if width < 1100:  # one box after the other
        box = page.locator("#box")
        await page.get_by_role("button", name="更多").click()
        await box.get_by_role("button", name="搁置", exact=True).click()
        await expect(box.get_by_role("button", name="1 小时后")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(box).to_be_hidden()
    await page.locator("#head").get_by_role("link", name="刘建国").click()
    await expect(page.locator("#side")).to_contain_text("5-1-1203")
    await expect(page.locator("#side")).to_be_visible()
    if width < 1100:
        await page.go_back()
        await expect(page.locator("#side")).to_be_hidden()
        await expect(field).to_be_in_viewport()
    await page.go_back()
    await expect(page.locator(".line", has_text="刘建国").or_(page.locator(".empty")).first).to_be_visible()


async def test_fifty_changes_leave_the_field_and_the_caret_alone(scene: Scene) -> None:
    await scene.sim.says(scene.openid, "转人工")
    talk = await scene.talk()
    page = await scene.signed_in("xu")
    await page.goto(f"{scene.address}/desk/talks/{talk.id}")
    await page.get_by_role("button", name="接入").click()
    await expect(page.get_by_role("button", name="办结")).to_be_visible()
    await page.locator("#text").fill("一二三四五")
    await page.locator("#text").evaluate("one => one.setSelectionRange(2, 2)")
    for number in range(50):  # as turns leave them
        await Message.create(conversation=talk, kind="text", text=f"第{number}句")
        await Conversation.filter(id=talk.id).update(turns=talk.turns + number + 1)
    await expect(page.locator(".msg", has_text="第49句")).to_be_attached()
    await page.keyboard.type("半")
    await expect(page.locator("#text")).to_have_value("一二半三四五")
    await expect(page.locator("#text")).to_be_focused()


# The pages ask every three seconds where there is no stream: without that clock, only the stream can tell them.
_NO_CLOCK = """
    const every = window.setInterval;
    window.setInterval = (does, after) => after === 3000 ? 0 : every(does, after);
"""


async def test_open_pages_of_one_browser_hear_of_a_resident_by_one_stream(scene: Scene) -> None:
    await scene.sim.says(scene.openid, "转人工")
    first = await scene.signed_in("xu")
    second = await first.context.new_page()
    streams: list[str] = []  # the pages that asked for one; where the first of them came from has one as well

    def asked(one: Request) -> None:
        if one.url.endswith("/desk/stream") and one.frame.url.endswith("box=all"):
            streams.append(one.frame.url)

    for page in (first, second):
        page.on("request", asked)
        await page.add_init_script(_NO_CLOCK)
    talk = await scene.talk()
    async with first.expect_response("**/desk/talks/list?*"):  # the stream stands: all is read once
        await first.goto(f"{scene.address}/desk/talks/{talk.id}?box=all")
    async with second.expect_response("**/desk/talks/list?*", timeout=SLOW_MS) as told:
        await second.goto(f"{scene.address}/desk/talks?box=all")
        await within(taking.take(talk.id, actor=await actors.staff((await Staff.get(login="tang")).id)))
        await told.value
    await first.locator("#flow").focus()
    for words in ("水还在漏", "有人吗"):
        await scene.sim.says(scene.openid, words)
        await expect(first.locator(".msg", has_text=words)).to_be_visible()
        await expect(second.locator(".line", has_text=words)).to_be_visible()
    await expect(first.locator("#flow")).to_be_focused()
    assert len(streams) == 1
