"""Reading an answer as a time: as it stands, of a clause, said last, in other words, on the day that stands."""

import re
from collections.abc import Sequence

from bot.scripts import texts
from bot.scripts.format import Slot
from bot.talk import hours, naming
from bot.talk.state import Offered
from bot.talk.taken import Answer, Refused, Taken
from bot.turn import Heard, Turn
from bot.understanding.acts import says
from bot.understanding.entities import Expected, read_as
from bot.understanding.entities.misheard import times_by_sound
from bot.understanding.job_words import find_pause
from bot.understanding.normal import normal
from bot.understanding.values import TimeWindow
from bot.values import Plain

_LONGEST_STORY = 100  # characters; whoever says more tells a story
CLAUSES = re.compile(r"[，,。；;\s]+")
AT_LEISURE = ("不急", "这两天")  # what a window says that leaves the time to others, and is worth keeping
# What a window says that is no appointment.
AT_ANY_TIME = ("尽快", "随时", "现在", "天天", "每天", *AT_LEISURE)


_BROKEN_PROMISE = re.compile(  # 上次说三点来也没来
    r"(?:上[次回]|之前|昨[天晚]|前[天晚]|说好|讲好|答应)[^,。]*?(?:[没不]见?(?:来|到|着?人影?)|放[我人]?鸽子)"
)


def read(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Answer:
    shown = normal(heard.text)
    if len(shown) <= _LONGEST_STORY and _BROKEN_PROMISE.search(shown):
        return None
    if final := after_a_turn(heard, turn):
        return _in_the_end(slot, final, heard, turn)
    window = heard.entities.time if heard.entities and times_by_sound(shown) == shown else None
    unusable = ""
    window = _proposed(heard, turn) or window
    if window is None:
        window, unusable = bare_time(heard, turn)
    if window is None and not unusable:
        window = _of_a_clause(heard, turn) or in_other_words(slot, heard.text, turn)
    if window is None:
        return Refused("slot.no_such_day", said=unusable) if unusable else None
    return taken_time(slot, window, turn) or Refused("slot.past")


_SUITING = re.compile(
    r"[就也]?(?:不行|不可以|不成|行不行|可不可以|行|可以|成|好)(?:吗|么|嘛|不)?[啊呀?？。!]*$"
)


def _proposed(heard: Heard, turn: Turn) -> TimeWindow | None:
    """今晚 of “今晚不行吗 明早要做饭”: the time that one of the clauses proposes."""
    clauses = heard.acts.clauses if heard.acts else ()
    proposing = (_SUITING.sub("", one) for one in clauses if says("suits", one))
    return next((window for one in proposing if (window := bare_time(Heard(heard.kind, one), turn)[0])), None)


def _of_a_clause(heard: Heard, turn: Turn) -> TimeWindow | None:
    """后天 of “后天，但是上午不行”: the first clause that gives a time and does not rule it out."""
    for clause in heard.acts.clauses if heard.acts else ():
        window, _ = bare_time(Heard(heard.kind, clause), turn)
        if window and window.said not in AT_ANY_TIME and not says("not_then", naming.plain(clause)):
            return window
    return None


_DAY = re.compile(r"[今明后]|周|星期|礼拜|号|点|上午|下午|中午|晚|早")
_AGREED = re.compile(
    r"(?:说|讲|约|谈|商量|定|聊)(?:好|妥|定)?了?[,，。 ]*(?:(?:改|换|推|挪|放)(?:到|成|在|为)?)?"
)


def in_other_words(slot: Slot, text: str, turn: Turn) -> TimeWindow | None:
    """What was agreed with somebody (跟她说好了改后天上午), or how long a job waits (再推两天)."""
    shown = normal(text)
    told = find_pause(shown) if slot.reads == "pause" else ""
    tried = [told, *(shown[one.end() :] for one in _AGREED.finditer(shown))]
    if slot.reads == "pause":
        tried += [one for one in CLAUSES.split(shown) if _DAY.search(one) and not says("not_then", one)]
    windows = [read_as(Expected.TIME, one, turn.now).value for one in tried if one]
    told_of = [one for one in windows if isinstance(one, TimeWindow) and one.said not in AT_ANY_TIME]
    return next((one for one in told_of if slot.reads != "pause" or one.start > turn.now), None)


def _in_the_end(slot: Slot, said: str, heard: Heard, turn: Turn) -> Answer:
    """The time that was said last, on the day that was said before where it has none of its own."""
    window, _ = bare_time(Heard(heard.kind, said), turn)
    taken = taken_time(slot, window, turn) if window else None
    if taken is None:
        return Refused("slot.past")
    first = heard.entities.time if heard.entities else None
    return moved_to_its_day(taken, hours.value_of(first, turn) if first else None, said, turn)


_TURNS = re.compile(
    r"^(?:等等|等一?下|不对|不是|不行(?!就|的话)|算了|哦不|啊不|还是|要不|那?改(?:成|到|为|在)?|换(?:成|到)?)"
)


def after_a_turn(heard: Heard, turn: Turn) -> str:
    """下午五点以后 of “明天上午 等等 要开会 改下午五点以后”: the clause with the time that is meant in the end."""
    clauses = heard.acts.clauses if heard.acts else ()
    turned = next((at for at, one in enumerate(clauses) if at and _TURNS.match(one)), 0)
    for clause in reversed(clauses[turned:] if turned else ()):
        window, _ = bare_time(Heard(heard.kind, _TURNS.sub("", clause) or clause), turn)
        if window and window.said not in AT_ANY_TIME and not says("not_then", naming.plain(clause)):
            return _TURNS.sub("", clause) or clause
    return ""


def taken_time(slot: Slot, window: TimeWindow, turn: Turn) -> Taken | None:
    """The window as the slot's value; None where it is over and the slot wants one to come."""
    if slot.future and (window.end or window.start) < turn.now.replace(second=0, microsecond=0):
        return None
    value = hours.value_of(window, turn)
    return Taken(value, texts.when(value))


def bare_time(heard: Heard, turn: Turn) -> tuple[TimeWindow | None, str]:
    """The window that a bare answer gives, and else the words of a day that cannot be told."""
    found = read_as(Expected.TIME, heard.text, turn.now)
    return (found.value, "") if isinstance(found.value, TimeWindow) else (None, found.unusable)


def moved_to_its_day(taken: Taken, held: Plain, words: str, turn: Turn) -> Taken:
    """`hours.on_the_day` of what was taken."""
    value = hours.on_the_day(taken.value, held, words, turn)
    return taken if value == taken.value else Taken(value, texts.when(value))
