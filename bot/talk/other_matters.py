"""Another matter told beside an answer, where it needs the running talk first: 同意，1-1-302 吴强，我家对讲没声音."""

import re

from bot.talk import engine, naming, options, other_answers
from bot.talk.talk import Talk
from bot.turn import Heard
from bot.understanding.entities import extract
from bot.values import Kind

_MENDING = "repair_report"  # what is meant by the name of what may break, where nothing is sure
_LEAST = 3  # characters of a matter
_LIVES = re.compile(r"[我俺们住家在是的就这边儿户房号室□,，。\s]+")


async def keep_told(talk: Talk) -> None:
    """Lay the script of what is told beside the answer below the running one, which it waits for."""
    heard, script = talk.turn.heard, talk.compiled.script.script
    if heard.acts is None or heard.understand is None or heard.option_id or talk.turn.person.bound:
        return
    words = " ".join(one for one in heard.acts.clauses if not _fills_in(talk, one))
    if len(naming.plain(words)) < _LEAST:
        return
    other = Heard(Kind.TEXT, words, understand=heard.understand, read=heard.read)
    meaning = other.meaning
    if meaning is None:
        return
    intent = meaning.intent if meaning.action == "answer" else _MENDING if meaning.entities.category else ""
    found = talk.bot.catalogue.for_intent(intent, talk.turn.person) if intent else None
    guard = found.script.guard if found else None
    if found is None or guard is None or guard.otherwise != script or _waits(talk, found.script.script):
        return
    await engine.put_below(talk, found.script.script, other, intent)
    talk.note("bot.told_beside", {"title": found.script.title})


def _waits(talk: Talk, name: str) -> bool:
    return any(frame.script == name for frame in talk.state.stack) or len(talk.state.stack) >= engine.DEEPEST


def _fills_in(talk: Talk, clause: str) -> bool:
    """Whether the clause only answers questions of the running talk: the option, a house, a phone, a name."""
    shown = talk.frame.options
    if naming.offered(clause, shown) or options.word_for_word(clause, shown):
        return True
    if other_answers.names_somebody(talk, clause):
        return True
    named = extract(clause, talk.turn.now)
    rest = _LIVES.sub("", _NUMBERS.sub("", clause))
    return (bool(named.room or named.phone) and len(rest) < _LEAST) or other_answers.names_option(
        talk, clause
    )


_NUMBERS = re.compile(
    r"[\d+-]{3,}|[\da-zA-Z零一二两三四五六七八九十]+(?:栋|幢|座|号楼|单元|#|-)|电话|手机|号码?"
)
