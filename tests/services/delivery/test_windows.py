"""Our ledger of the platform's windows agrees with the platform's own, whatever people do."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.pipeline import Pipeline
from bot.understanding import Understander
from bot.values import PAID, Inbound, Kind
from models.conversations import Conversation
from services import clock
from services.delivery import windows
from simulator.config import Config
from simulator.errors import ApiError
from simulator.habits import Habits, habits_of
from simulator.quota import Opening, Windows
from tests.bot import talks
from wechat.allowances import Allowances

pytestmark = pytest.mark.usefixtures("database")
START = datetime(2026, 11, 23, 2, tzinfo=UTC)
CONFIG = Config(tap_opens_window=False)

acts = st.one_of(
    st.sampled_from(["text", "tap", "menu", "scan", "image", "leave", "pay", "send", "send", "send"]),
    st.sampled_from([5, 59, 61, 3600, 47 * 3600, 48 * 3600]),  # seconds that pass
)


@dataclass
class Both:
    """One person, whose acts reach the platform's ledger and, by the pipeline, ours."""

    pipeline: Pipeline
    person: str
    habits: Habits
    theirs: Windows = field(default_factory=Windows)
    now: datetime = START
    count: int = 0

    async def does(self, act: str) -> None:
        kind, opening, facts = {
            "text": (Kind.TEXT, Opening.MESSAGE, {"text": "菜单"}),
            "tap": (Kind.TEXT, self.habits.tap, {"text": "菜单", "tapped": "101"}),
            "menu": (Kind.MENU, Opening.ACTION, {"key": "c:menu"}),
            "scan": (Kind.SCAN, Opening.ACTION, {"key": "c:somewhere"}),
            "follow": (Kind.FOLLOW, Opening.ACTION, {}),
            "image": (Kind.IMAGE, Opening.MESSAGE, {"media_id": f"{self.person}-{self.count}"}),
            "leave": (Kind.UNFOLLOW, None, {}),
            "pay": (Kind.SILENT, self.habits.payment, {"extra": {PAID: "yes"}}),
        }[act]
        if kind is Kind.UNFOLLOW:
            self.theirs.close()
        elif opening:
            self.theirs.refresh(opening, config=CONFIG, now=self.now.timestamp())
        self.count += 1
        inbound = Inbound(f"{self.person}:{self.count}", self.person, kind, self.now, **facts)
        await self.pipeline.handle(inbound)

    async def row(self) -> Conversation:
        return await Conversation.get(person__channel_id=self.person)

    async def agree(self) -> int:
        left = windows.of(await self.row()).left(self.now)
        assert left == self.theirs.left(self.now.timestamp())
        return left or 0

    async def sends(self) -> None:
        allowed = await self.agree()
        try:
            self.theirs.use(self.now.timestamp())
        except ApiError:
            assert allowed == 0
        else:
            assert allowed > 0
            await windows.used((await self.row()).person_id)


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.generate],
)
@given(st.lists(acts, min_size=4, max_size=14), st.booleans(), st.booleans(), st.integers(0, 10**9))
async def test_both_ledgers_agree(
    understander: Understander, done: list[str | int], taps: bool, payments: bool, salt: int
) -> None:
    pipeline = talks.pipeline(understander, Allowances(taps, payments))
    habits = habits_of(Config(tap_opens_window=taps, payment_opens_window=payments))
    both = Both(pipeline, f"o_{salt}_{datetime.now(UTC).timestamp()}", habits)
    with clock.fixed(both.now):
        await both.does("follow")
    for act in done:
        both.now += timedelta(seconds=act) if isinstance(act, int) else timedelta(milliseconds=10)
        with clock.fixed(both.now):
            if act == "send":
                await both.sends()
            elif isinstance(act, str):
                await both.does(act)
            await both.agree()


async def test_a_tap_leaves_nothing_after_a_minute(understander: Understander) -> None:
    both = Both(talks.pipeline(understander), "o_taps", habits_of(CONFIG))
    for _ in range(5):
        both.now += timedelta(seconds=20)
        with clock.fixed(both.now):
            await both.does("tap")
    assert await both.agree() == 3
    both.now += timedelta(seconds=61)
    assert await both.agree() == 0


async def test_words_of_an_option_count_as_a_tap_on_a_phone_that_does_not_tell(
    understander: Understander,
) -> None:
    resident = talks.Resident(talks.pipeline(understander), way="none")
    for words in ("记一条", "门口灯坏了", "3-2-501"):
        await resident.says(words)
    await Conversation.all().update(sends_left=0)
    await resident.taps("不留")
    row = await Conversation.get()
    assert (row.sends_left, row.minute_left) == (0, 3)
    await resident.says("12")
    assert (await Conversation.get()).sends_left == 5
