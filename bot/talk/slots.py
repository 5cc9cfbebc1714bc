"""Reading an answer as a slot's value: one small reader per slot type."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.scripts import texts
from bot.scripts.format import Slot, SlotType
from bot.talk import hours, naming
from bot.talk.state import Offered
from bot.turn import Heard, Turn
from bot.understanding.acts import says
from bot.understanding.entities import Expected, read_as
from bot.understanding.entities.misheard import times_by_sound
from bot.understanding.gist import gist
from bot.understanding.job_words import find_pause
from bot.understanding.matching import CONTAINED, matches
from bot.understanding.normal import normal
from bot.understanding.signs import only_signs
from bot.understanding.values import Entities, TimeWindow
from bot.values import Kind, Plain


@dataclass(frozen=True, slots=True)
class Taken:
    value: Plain
    shown: str
    to: str = ""
    go: str = ""
    own: bool = False  # words of one's own, where a list was offered


@dataclass(frozen=True, slots=True)
class Refused:
    """It was meant as an answer, but cannot be one; `phrase` says why."""

    phrase: str
    number: int = 0
    said: str = ""


Reading = Taken | Refused | None  # None: it does not look like an answer to this question


def ends_photos(text: str, turn: Turn) -> bool:
    """Whether the words say that the photos are all there, or that there are none."""
    return read_as(Expected.PHOTOS, text, turn.now).value is not None


def no_photos(text: str, turn: Turn) -> bool:
    """Whether the words say that there are no photos."""
    return read_as(Expected.PHOTOS, text, turn.now).value == "none"


def read(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    """What the message says for this slot. Rooms are read by bot/talk/answers, for they need the real houses."""
    return READERS[slot.type](slot, heard, turn, options)


def _choice(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    """What an entity names, or several at once, or words of one's own; one option is found by its name."""
    if slot.many:
        return _several(heard.text, options) or (_own_words(heard.text) if slot.other else None)
    first = heard.acts.clauses[0] if slot.reads == "relation" and heard.acts and heard.acts.clauses else ""
    if first and (said := naming.offered(first, options)):
        return Taken(said.value or said.text, said.text, said.to, said.go)  # 业主 租客那边今晚就行
    named = relation(slot, heard.text, turn.now) or _entity(slot, heard.entities)
    option = next((one for one in options if named and one.value == named), None)
    if option:
        return Taken(option.value or option.text, option.text, option.to, option.go)
    if slot.other and 2 <= len(heard.text.strip()) <= 60 and naming.ordinal(heard.text) is None:
        return Taken(heard.text.strip(), heard.text.strip(), own=True)
    return None


def relation(slot: Slot, text: str, now: datetime) -> str | None:
    """What the words say that somebody is to the home, where a slot keeps that."""
    found = read_as(Expected.RELATION, text, now).value if slot.reads == "relation" else None
    return found if isinstance(found, str) else None


def _own_words(text: str) -> Reading:
    """Words that are not on the list of several, as the one that was picked."""
    said = text.strip()
    return (
        Taken([said], said, own=True) if 2 <= len(said) <= 60 and any(one.isalpha() for one in said) else None
    )


def _several(text: str, options: Sequence[Offered]) -> Reading:
    numbers = re.findall(r"\d{1,2}|[①-⑳]", text)
    picked = [found for part in numbers if (found := naming.offered(part, options))]
    names = [(one.text, *one.keywords) for one in options]
    picked += [options[one.place] for one in matches(text, names) if one.score >= CONTAINED]
    for part in _PARTS.split(_BOTH.sub(r"\1,\2", text)):
        alike = matches(part, names)
        if alike and alike[0].score >= _ALIKE and len(alike) == 1:
            picked.append(options[alike[0].place])
    if not picked:
        return None
    ordered = [option for option in options if option in picked]
    return Taken([option.value or option.text for option in ordered], "、".join(one.text for one in ordered))


_PARTS = re.compile(r"[\s,，、;；。]+|[和跟与]|还有|以及")
_BOTH = re.compile(r"又([^又,，。]{1,4})[,，、]?又([^又,，。]{1,4})")  # 又慢又贵


def names_two(text: str) -> bool:
    """又慢又贵: two things are said in one breath, as two of a list."""
    return _BOTH.search(text) is not None


_ALIKE = 0.55  # of one of several in other words: 扫地的 is 保洁


def _entity(slot: Slot, entities: Entities | None) -> str | None:
    if entities is None:
        return None
    return {"category": entities.category, "place": entities.place}.get(slot.fill)


def _text(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    text = _of_kind(slot, heard, turn) or _affirmed(slot, heard.text.strip(), turn) or heard.place
    if only_signs(text):
        return Refused("slot.sign")
    if not naming.plain(text) or (slot.min > 1 and not any(one.isalnum() for one in text)):
        return Refused("slot.empty")
    if len(text) < slot.min:
        return Refused("slot.short", slot.min, said=text)
    if slot.max and len(text) > slot.max:
        return Refused("slot.long", slot.max)
    if slot.reads == "fault":
        text = gist(text)
    return Taken(text, text)


_NOT_THERE = re.compile(
    r"^(?:不是|不在|没在|不算)[^，,。\s]{1,8}[，,。\s]+(?:是|在|而是)?(?P<there>[^，,。？?吗]{2,})$"
)
_WHERE = re.compile(
    r"^(?:那就|就|嗯)*(?:(?:我们?|想|要|是|先|直接|麻烦)*(?:(?:送|拉|开|带|载|接)(?:我们?|他们?|老人|人|车)?)?"
    r"(?:从|打|由|去一?趟|去|到|往|在|上(?=[我他她咱]))(?!处|底|家))?(?P<there>.{2,}?)(?:这儿|那儿|这里|那里)?"
    r"(?:走|出发|上车|集合|就行|就好|就成|即可|吧|呗|啊|呀|的|了)*[。.!！]*$"
)

# 厨房 of “算了，就在厨房”, 楼上1303 of “都说了楼上，就是1303那家”
_SIGH = re.compile(r"^(?:唉|哎)?(?:算了[吧啦]?[,，。\s]*)+(?:(?:就|那就?|还是)(?:在|是|写|选)?)?(?=.{2})")
_PROTEST = re.compile(
    r"^(?:我|你们?|不是|前面|刚才|刚刚|早就?|都|[,，\s])*(?:说|讲)(?:过|了)(?:吗|嘛|的|呀|啊|呢)*[,，。!！\s]*(?=.{2})"
)
_JUST = re.compile(r"(^|[,，\s])(?:就是|就在|就俺们|就我们|就)(?=[^\s,，]{2})")
_LONGEST_PLACE = 100  # characters; whoever says more tells a story


def _affirmed(slot: Slot, text: str, turn: Turn) -> str:
    """阳台 of “不是厨房，阳台的”, 北门 of “从北门走吧”, where a place is asked; any other words as they are."""
    if len(text) > _LONGEST_PLACE:
        return text
    if slot.fill == "place" or slot.reads == "where":
        text = _JUST.sub(r"\1", _PROTEST.sub("", _SIGH.sub("", text))).rstrip("!！。~ ")
    if slot.fill == "place" and (found := _NOT_THERE.match(text)):
        return found["there"].strip(" 的吧了")
    if slot.reads == "where":
        text = _without_time(text, turn)
    if slot.reads == "where" and (found := _WHERE.match(text)):
        return found["there"].strip()
    return text


def _without_time(text: str, turn: Turn) -> str:
    """雍和宫 of “雍和宫，周六早上八点走”: the clauses that tell no time, which is read by itself."""
    parts = [one for one in _CLAUSES.split(text) if one]
    places = [one for one in parts if bare_time(Heard(Kind.TEXT, one), turn)[0] is None]
    return places[0] if len(parts) > 1 and len(places) == 1 else text


def _of_kind(slot: Slot, heard: Heard, turn: Turn) -> str:
    """A name out of “我叫王芳”; "" where the words themselves are the answer."""
    found = read_as(Expected.NAME, heard.text, turn.now).value if slot.reads == "name" else None
    return found if isinstance(found, str) else ""


def named(slot: Slot, heard: Heard, turn: Turn) -> str:
    """The name that the words give where a name is asked; "" for none."""
    return _of_kind(slot, heard, turn)


def _phone(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    number = read_as(Expected.PHONE, heard.text, turn.now).value
    if isinstance(number, str):
        return Taken(number, number)
    return Refused("slot.phone") if len(re.findall(r"\d", heard.text)) >= 5 else None


_CLAUSES = re.compile(r"[，,。；;\s]+")
AT_LEISURE = ("不急", "这两天")  # what a window says that leaves the time to others, and is worth keeping
# What a window says that is no appointment.
AT_ANY_TIME = ("尽快", "随时", "现在", "天天", "每天", *AT_LEISURE)


_BROKEN_PROMISE = re.compile(  # 上次说三点来也没来
    r"(?:上[次回]|之前|昨[天晚]|前[天晚]|说好|讲好|答应)[^,。]*?(?:[没不]见?(?:来|到|着?人影?)|放[我人]?鸽子)"
)


def _time(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    shown = normal(heard.text)
    if len(shown) <= _LONGEST_PLACE and _BROKEN_PROMISE.search(shown):
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
        tried += [one for one in _CLAUSES.split(shown) if _DAY.search(one) and not says("not_then", one)]
    windows = [read_as(Expected.TIME, one, turn.now).value for one in tried if one]
    told_of = [one for one in windows if isinstance(one, TimeWindow) and one.said not in AT_ANY_TIME]
    return next((one for one in told_of if slot.reads != "pause" or one.start > turn.now), None)


def _in_the_end(slot: Slot, said: str, heard: Heard, turn: Turn) -> Reading:
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


_STILL_BROKEN = re.compile(
    r"没[有]?修(?!过)|没[有]?弄好|没好(?!处)|修不好|[还又](?:是|在)?(?:坏|漏|滴|堵|不亮|不通|不行)"
)
MOST_STARS = 5
_NO_STARS = re.compile(r"^\D{0,2}(\d+)\D{0,2}$")


def _rating(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    given = rating(heard.text, turn.now)
    if given:
        return Taken(given, texts.stars(given))
    return Refused("slot.rating") if _NO_STARS.match(heard.text.strip()) else None


def rating(text: str, now: datetime) -> int:
    """The stars that words or a number give, 0 for none: what still drips earns none."""
    if _STILL_BROKEN.search(text):
        return 0
    found = read_as(Expected.RATING, text, now).value
    return found if isinstance(found, int) else 0


def _number(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    number = _counted(slot, heard, turn)
    if number is None:
        return None
    if number < slot.min:
        return Refused("slot.small", slot.min)
    if slot.max and number > slot.max:
        return Refused("slot.large", slot.max)
    return Taken(number, str(number))


def _counted(slot: Slot, heard: Heard, turn: Turn) -> int | None:
    """Money in whole yuan, or how many."""
    kind = Expected.MONEY if slot.reads == "money" else Expected.NUMBER
    clauses = [
        heard.text,
        *reversed(_CLAUSES.split(heard.text)),
    ]  # “我们一大家子都去，七个”: the last that counts
    found = next(
        (one for text in clauses if isinstance(one := read_as(kind, text, turn.now).value, int)), None
    )
    if found is None:
        return None
    return found // 100 if slot.reads == "money" else found


def _confirm(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    answer = naming.yes_or_no(heard.text)
    return None if answer is None else Taken(answer, "是" if answer else "否")


def _photos(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    return Taken(None, "") if ends_photos(heard.text, turn) else None


Reader = Callable[[Slot, Heard, Turn, Sequence[Offered]], Reading]
READERS: dict[SlotType, Reader] = {
    SlotType.TEXT: _text,
    SlotType.CHOICE: _choice,
    SlotType.PHONE: _phone,
    SlotType.TIME: _time,
    SlotType.RATING: _rating,
    SlotType.NUMBER: _number,
    SlotType.CONFIRM: _confirm,
    SlotType.PHOTOS: _photos,
    SlotType.ROOM: _text,
}
