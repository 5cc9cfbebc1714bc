"""What the bot offers in its own words stands in phrases: who changes them there reads the change in the talk."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import yaml

from bot.rehearsal.transcript import Stubs
from bot.scripts.phrases import Phrase, Phrases
from bot.talk.disambiguation import which
from bot.talk.state import State
from bot.talk.talk import Talk
from bot.turn import Heard, Turn, Who
from bot.understanding import Understander
from bot.understanding.values import Entities, Understanding
from bot.values import Kind
from dialogs import shipped
from dialogs.registry import registry
from tests.bot import talks
from tests.bot.talks import Resident

CHANGED = {
    "bot.yes_option": "对头",
    "bot.no_option": "不对头",
    "bot.star_option": {
        "text": "{stars}",
        "words": {"stars": {"1": "差", "2": "还差", "3": "平平", "4": "不赖", "5": "顶呱呱"}},
    },
    "bot.photos_done": "够了 / 往下走",
    "bot.photo_count": "共{count}幅",
    "bot.nothing_told": "（空着）",
    "bot.which_one": {
        "text": "是{title}？",
        "options": [{"text": "就是它", "go": "s:{script}?p=1"}, {"text": "才不是", "go": "c:menu"}],
    },
    "bot.which": {"text": "哪件？", "options": [{"text": "哪件都不是", "go": "c:menu"}]},
}


TWO, TITLES = ["fee_query", "repair_report"], ["查物业费", "报修"]


@pytest.fixture
def resident(database: str, understander: Understander) -> Resident:
    phrases = yaml.safe_load((talks.HERE / "phrases.yaml").read_text("utf-8")) | CHANGED
    read = {
        key: Phrase.model_validate(one if isinstance(one, dict) else {"text": one})
        for key, one in phrases.items()
    }
    pipeline = talks.pipeline(understander)
    pipeline.bot = replace(pipeline.bot, phrases=Phrases(read))
    return Resident(pipeline)


def shown(resident: Resident) -> list[str]:
    return [one.text for one in resident.reply.options] if resident.reply else []


async def test_options_of_questions_read_as_the_phrases_say(resident: Resident) -> None:
    await resident.says("问法")
    assert shown(resident) == ["对头", "不对头"]
    await resident.taps("不对头")
    assert shown(resident) == ["差", "还差", "平平", "不赖", "顶呱呱"]
    await resident.says("顶呱呱")
    await resident.sends_photo()
    await resident.says("什么")
    assert shown(resident) == ["够了 / 往下走"]
    await resident.says("往下走")
    await resident.says("没别的了")
    assert resident.reply
    assert "不对头，顶呱呱，共1幅，对吗" in resident.reply.text
    await resident.taps("修改")
    assert shown(resident) == ["确定：不对头", "别的：（空着）"]


@pytest.mark.parametrize(
    ("intents", "offered"), [(["fee_query"], ["就是它", "才不是"]), (TWO, [*TITLES, "哪件都不是"])]
)
def test_asking_back_offers_what_the_phrases_say(
    resident: Resident, intents: list[str], offered: list[str]
) -> None:
    bot = replace(resident.pipeline.bot, catalogue=shipped.bot(registry, company="").catalogue)
    turn = Turn(Who(1), Heard(Kind.TEXT, "费"), datetime.now(UTC))
    talk = Talk(bot, turn, State(), Stubs({}, turn.person))
    ranking = tuple((intent, 0.4) for intent in intents)
    which(talk, Understanding("费", intents[0], 0.4, ranking, "ask", Entities()))
    (reply,) = turn.replies
    assert [one.text for one in reply.options] == offered
    assert [one.go for one in talk.state.offers] == [one.id for one in reply.options]


def test_what_was_said_last_is_said_in_other_words(resident: Resident) -> None:
    bot = shipped.bot(registry, company="")
    said = list[str]()
    for last in ("", "这个我这儿没有准话，想问清楚可以说「人工」。\n要报名吗？"):
        turn = Turn(Who(1), Heard(Kind.TEXT, "几岁能去"), datetime.now(UTC))
        talk = Talk(bot, turn, State(last=last), Stubs({}, turn.person))
        talk.note("bot.cannot_say")
        said += talk.notes
    assert said[0] in last and said[1] not in last
