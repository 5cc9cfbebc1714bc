"""What is said of a report that is handed in: a word for whoever comes, one more time that suits, sooner, who comes.

At its receipt these are read first; out of the blue the receipt of the report that is meant is taken up for them.
"""

import re

from bot.talk import engine, filling, floors, questions, settling, taps
from bot.talk.readings import Reading
from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.understanding.acts import Acts, says
from bot.understanding.entities import is_broken
from bot.understanding.normal import normal
from bot.why import Rule

RECEIPT = "reported"  # the script that shows a report as it stands
REMARK = "add_to_ticket"  # the one that adds to it
_PICK = "repair.pick"
_TICKET = re.compile(r"[?&]ticket=(\d+)")
_OF_REPORTS = ("repair_report", "repair_progress", "contact", "smalltalk", "unknown")
_LONGEST = 60  # characters: whoever writes more tells another story


async def told(talk: Talk, acts: Acts) -> Reading | None:
    """At a receipt: what is said to or about whoever comes, and that it is wanted sooner."""
    step, text = talk.step, acts.text
    if not (step.takes and step.sooner) or talk.frame.mode or len(text) > _LONGEST:
        return None
    if says("who_comes", text):
        return Reading(Rule.QUESTION, 0.96, _who_comes, effect="answer")
    if says("wants_sooner", text) and not _names_time(talk) and (_is_appointed(talk) or acts.asked):
        return Reading(
            Rule.URGING, 0.96, _sooner if _is_appointed(talk) else questions.explain, effect="text"
        )
    if there := floors.moved(talk):
        return Reading(Rule.CORRECTION, 0.96, lambda talk: _place(talk, there), there, "correct")
    if says("also_then", text) or (
        says("for_technician", text) and not (_moves(talk) or _names_number(talk))
    ):
        return Reading(Rule.ANY_WORDS, 0.96, settling.take_beside, effect="text")
    return None


def _is_appointed(talk: Talk) -> bool:
    """Whether a time stands that could be sooner."""
    return any(slot.fill == "time" and talk.frame.slots.get(name) for name, slot in talk.compiled.named)


def _names_time(talk: Talk) -> bool:
    """Whether a time stands in the words that is not denied: 能不能今天下午来, and not 别等周四 早点."""
    entities = talk.turn.heard.entities
    window = entities.time if entities else None
    return (
        window is not None
        and not says("not_that_time", talk.turn.heard.text)
        and window.start > talk.turn.now
    )


def _moves(talk: Talk) -> bool:
    """让小哥明儿早点来呗: another time is wished for."""
    return _names_time(talk) and says("moves", talk.turn.heard.text)


def _means_another(talk: Talk) -> bool:
    """Whether the words clearly belong to a talk of another kind: 楼上唱歌 孩子睡不着."""
    meaning = talk.turn.heard.meaning
    return meaning is not None and meaning.action == "answer" and meaning.intent not in _OF_REPORTS


def _names_number(talk: Talk) -> bool:
    entities = talk.turn.heard.entities
    return entities is not None and entities.phone is not None


async def _place(talk: Talk, there: str) -> None:
    name = next(name for name, slot in talk.compiled.named if slot.fill == "place")
    talk.put(name, there, there)
    filling.tell(talk, "bot.corrected", [name])
    await engine.changed(talk, [name])


async def _who_comes(talk: Talk) -> None:
    await taps.option(talk, f"s:progress?ticket={talk.frame.slots.get('ticket')}")


async def _sooner(talk: Talk) -> None:
    text = talk.turn.heard.text.strip()
    talk.put(talk.step.takes, text, text)
    await engine.proceed(talk, talk.step.sooner)


def speaks_of_report(talk: Talk) -> bool:
    """Whether a message says something of a report in so many words, and tells of no new fault."""
    heard = talk.turn.heard
    entities, text = heard.entities, heard.text
    if entities is None or len(text) > _LONGEST or not talk.bot.catalogue.knows(RECEIPT):
        return False
    if entities.phone:
        return says("calls_instead", text)
    if (entities.category and is_broken(normal(text))) or _means_another(talk) or _moves(talk):
        return False
    if says("for_technician", text) or says("who_comes", text):
        return True
    named = entities.time or entities.place or entities.room
    if named and says("takes_back", text):
        return True  # 不是厨房 卫生间的
    return entities.time is not None and (says("also_then", text) or _proposes(talk))


def _proposes(talk: Talk) -> bool:
    """能不能今天来啊, with no thing named: another time for what is reported."""
    heard = talk.turn.heard
    if heard.entities is None or heard.entities.category or heard.acts is None:
        return False
    return any(says("suits", one) for one in heard.acts.clauses or (heard.text,))


def shown(talk: Talk) -> str:
    """The report whose state stands in the running list of what can be done with it; "" without one."""
    ticket = talk.frame.slots.get("ticket")
    script = talk.compiled.script
    listed = script.quick and talk.step.choose and talk.frame.script != RECEIPT
    listed = listed and not script.triggers.deeds  # 准时到, of a technician's job, is about no report
    return str(ticket) if ticket and listed and speaks_of_report(talk) else ""


async def take_up(talk: Talk, ticket: str = "") -> bool:
    """Go back to the receipt of the report that is meant, without showing it; False where there is none.

    What has begun already is changed no more: the words are added to it, and the talk is over.
    """
    ticket = ticket or await _meant(talk)
    if not ticket:
        return False
    await engine.start(talk, RECEIPT, slots={"ticket": ticket})
    talk.turn.replies.clear()
    talk.notes.clear()
    if not talk.running:
        text = talk.turn.heard.text.strip()
        await engine.start(talk, REMARK, slots={"ticket": ticket, "remark": text})
    return True


async def _meant(talk: Talk) -> str:
    """The one open report, the one that the words name, or the one that was told of last."""
    done = await talk.effects.run(_PICK, talk.turn, {"said": talk.turn.heard.text})
    if done.outcome == "many":
        return _last_told(await talk.effects.last_offers(talk.turn), talk.state.offers)
    return str(done.values.get("ticket") or "")


def _last_told(*shown: list[Offered]) -> str:
    found = (_TICKET.search(one.go) for offers in shown for one in offers)
    return next((one[1] for one in found if one), "")
