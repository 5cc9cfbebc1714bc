"""What a technician tells of a job in any sentence: the time promised, materials, the price, why it has to wait."""

import re

from bot.scripts import texts
from bot.scripts.catalogue import OF_DEEDS
from bot.scripts.format import Slot, SlotType
from bot.talk import hours, naming, times
from bot.talk.state import Offered
from bot.talk.talk import Talk
from bot.understanding.entities import Expected, read_as
from bot.understanding.job_words import pattern
from bot.understanding.normal import normal
from bot.understanding.technicians import Deed, Deeds
from bot.understanding.values import TimeWindow
from bot.values import Plain

_CLAUSES = re.compile(r"[\s，。！？、,.!?；;]+")
# 晚半小时 counts from what was promised before.
_PROMISES = (Deed.ACCEPT, Deed.TAKE, Deed.ON_THE_WAY, Deed.CHANGE_ETA)


def fill(talk: Talk, *, but: str = "", first: bool = False) -> list[str]:
    """Fill the open slots of the running script from what is told of the job; the names of those filled.

    Times are only read this freely in the `first` sentence.
    """
    deeds = talk.turn.heard.deeds
    if deeds is None or not talk.compiled.script.triggers.deeds:
        return []
    told = []
    if first and (read := _time_beside(talk, deeds)):
        name, value = read
        talk.put(name, value, texts.when(value))
    for name, slot in talk.compiled.script.slots.items():
        if slot.fill not in (*OF_DEEDS, *(("time",) if first else ())):
            continue
        if name != but and not talk.filled(name) and _put(talk, name, slot, deeds):
            told.append(name)
    return told


def _time_beside(talk: Talk, deeds: Deeds) -> tuple[str, Plain] | None:
    """The hour of “今晚这单我七点半过去” on its evening, the day to come of “礼拜五到货 周六上午来装”."""
    slots_of = talk.compiled.script.slots
    name = next((one for one, slot in slots_of.items() if slot.fill == "time"), "")
    shown = normal(deeds.text)
    said = _coming(shown) if name and slots_of[name].reads == "pause" else _hour_of_the_day(shown)
    window = read_as(Expected.TIME, said, talk.turn.now).value if name and said else None
    value = _span(window, talk) if isinstance(window, TimeWindow) else None
    return (name, value) if value is not None else None


def _hour_of_the_day(shown: str) -> str:
    named = pattern("timed_job").search(shown)
    rest = shown[named.end() :] if named else ""
    hour = pattern("hour").search(rest)
    if not named or not hour or pattern("day").search(rest):
        return ""
    return pattern("hour").sub("", named["when"]) + hour[0]


def _coming(shown: str) -> str:
    """The clause that says when somebody comes back, where another one names a time as well."""
    timed = [
        one for one in _CLAUSES.split(shown) if pattern("day").search(one) or pattern("hour").search(one)
    ]
    coming = [one for one in timed if pattern("comes_back").search(one)]
    return coming[0] if len(timed) > 1 and len(coming) == 1 else ""


def fill_beside(talk: Talk) -> None:
    """The time that is told with the job: 灯那个，三点, where it is asked which one."""
    heard, asked = talk.turn.heard, talk.slot(talk.step)
    if heard.option_id or asked.source != "jobs.fit" or not pattern("tells_when").search(heard.text):
        return
    for name, slot in talk.compiled.script.slots.items():
        promised = _promised(talk, slot) if slot.fill == "time" and not talk.filled(name) else None
        if promised is not None:
            talk.put(name, promised, texts.when(promised))


def tells(talk: Talk, *, but: str = "") -> bool:
    """Whether there is anything to fill: materials or a price that were not asked yet."""
    deeds = talk.turn.heard.deeds
    if deeds is None:
        return False
    open_slots = [
        slot for name, slot in talk.compiled.script.slots.items() if name != but and not talk.filled(name)
    ]
    return any(
        (slot.fill == "materials" and (deeds.materials or pattern("unused").search(deeds.text)))
        or (slot.fill == "price" and deeds.price_fen is not None)
        for slot in open_slots
    )


def _put(talk: Talk, name: str, slot: Slot, deeds: Deeds) -> bool:
    if slot.fill == "price" and deeds.price_fen == 0:
        talk.skip(name)
        return True
    if slot.fill == "materials" and not deeds.materials and pattern("unused").search(deeds.text):
        talk.skip(name)
        return True
    value = _told(talk, slot, deeds)
    if value in (None, ""):
        return False
    gives_up = deeds.best in (
        Deed.REFUSE,
        Deed.TRANSFER,
    )  # why is for people: 孩子发烧 says more than 今天有事
    if slot.type is SlotType.CHOICE and not gives_up and (found := naming.loosely(str(value), _offers(slot))):
        talk.put(name, found.value, found.text)
        return True
    talk.put(name, value, texts.when(value) if slot.fill == "time" else texts.shown(value))
    return True


def _offers(slot: Slot) -> list[Offered]:
    return [Offered(one.text, one.value or one.text, keywords=one.keywords) for one in slot.options]


def _told(talk: Talk, slot: Slot, deeds: Deeds) -> Plain:
    if slot.fill == "price":
        return None if deeds.price_fen is None else round(deeds.price_fen / 100)
    if slot.fill == "materials":
        return deeds.materials[: slot.max or None]
    if slot.fill == "reason":
        return _reason(deeds)[: slot.max or None]
    if slot.reads == "pause":
        return _span(times.in_other_words(slot, deeds.text, talk.turn), talk)
    return _promised(talk, slot) if slot.fill == "time" and deeds.best in _PROMISES else None


def _promised(talk: Talk, slot: Slot) -> Plain:
    """半小时到, 马上过去: a time only where a time is meant."""
    window, _ = times.bare_time(talk.turn.heard, talk.turn)
    return _span(window or times.in_other_words(slot, talk.turn.heard.text, talk.turn), talk)


def _span(window: TimeWindow | None, talk: Talk) -> Plain:
    if window is None or window.said in times.AT_ANY_TIME:
        return None
    if (window.end or window.start) <= talk.turn.now:
        return None
    return hours.value_of(window, talk.turn)


def _reason(deeds: Deeds) -> str:
    """The clauses that say why: of “先停一下，缺个三角阀，明天再来” the middle one."""
    clauses = [
        one for one in _CLAUSES.split(deeds.text) if len(one) > 1 and not pattern("only_orders").match(one)
    ]
    if deeds.best in (Deed.REFUSE, Deed.TRANSFER):
        return "，".join(why for one in clauses if (why := _why(one)))
    waits = "，".join(one for one in clauses if pattern("waits").search(one))
    if waits or not pattern("only_orders").match(_CLAUSES.split(deeds.text)[0]):
        return waits
    return "，".join(one for one in clauses if not pattern("only_when").match(one))  # 暂停 阀门明天上午装


def _why(clause: str) -> str:
    """What a clause says of the reason: all of it, or what stands beside the refusal (302太远不去)."""
    if not pattern("refuses").search(clause):
        return clause
    rest = pattern("refusal").sub("", clause)
    return rest if pattern("why").search(rest) else ""


def only_materials(text: str, *, priced: bool) -> str:
    """The materials in words that say so again, or that tell the price as well: “软管一根，收了25块”."""
    told = pattern("told_again").sub("", text) or text
    if not priced:
        return told
    return "，".join(one for one in _CLAUSES.split(told) if one and not pattern("priced").search(one)) or told
