"""Reading an answer as a slot's value: one small reader per slot type."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.scripts import texts
from bot.scripts.format import Slot, SlotType
from bot.talk import naming, times
from bot.talk.state import Offered
from bot.talk.taken import Answer, Refused, Taken
from bot.turn import Heard, Turn
from bot.understanding.entities import Expected, read_as
from bot.understanding.gist import gist
from bot.understanding.matching import CONTAINED, matches
from bot.understanding.signs import only_signs
from bot.understanding.values import Entities
from bot.values import Kind


def ends_photos(text: str, turn: Turn) -> bool:
    """Whether the words say that the photos are all there, or that there are none."""
    return read_as(Expected.PHOTOS, text, turn.now).value is not None


def no_photos(text: str, turn: Turn) -> bool:
    """Whether the words say that there are no photos."""
    return read_as(Expected.PHOTOS, text, turn.now).value == "none"


def read(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Answer:
    """What the message says for this slot. Rooms are read by bot/talk/answers, for they need the real houses."""
    return READERS[slot.type](slot, heard, turn, options)


def _choice(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Answer:
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


def _own_words(text: str) -> Answer:
    """Words that are not on the list of several, as the one that was picked."""
    said = text.strip()
    return (
        Taken([said], said, own=True) if 2 <= len(said) <= 60 and any(one.isalpha() for one in said) else None
    )


def _several(text: str, options: Sequence[Offered]) -> Answer:
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


def _text(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Answer:
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
    parts = [one for one in times.CLAUSES.split(text) if one]
    places = [one for one in parts if times.bare_time(Heard(Kind.TEXT, one), turn)[0] is None]
    return places[0] if len(parts) > 1 and len(places) == 1 else text


def _of_kind(slot: Slot, heard: Heard, turn: Turn) -> str:
    """A name out of “我叫王芳”; "" where the words themselves are the answer."""
    found = read_as(Expected.NAME, heard.text, turn.now).value if slot.reads == "name" else None
    return found if isinstance(found, str) else ""


def named(slot: Slot, heard: Heard, turn: Turn) -> str:
    """The name that the words give where a name is asked; "" for none."""
    return _of_kind(slot, heard, turn)


def _phone(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Answer:
    number = read_as(Expected.PHONE, heard.text, turn.now).value
    if isinstance(number, str):
        return Taken(number, number)
    return Refused("slot.phone") if len(re.findall(r"\d", heard.text)) >= 5 else None


_STILL_BROKEN = re.compile(
    r"没[有]?修(?!过)|没[有]?弄好|没好(?!处)|修不好|[还又](?:是|在)?(?:坏|漏|滴|堵|不亮|不通|不行)"
)
MOST_STARS = 5
_NO_STARS = re.compile(r"^\D{0,2}(\d+)\D{0,2}$")


def _rating(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Answer:
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


def _number(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Answer:
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
        *reversed(times.CLAUSES.split(heard.text)),
    ]  # “我们一大家子都去，七个”: the last that counts
    found = next(
        (one for text in clauses if isinstance(one := read_as(kind, text, turn.now).value, int)), None
    )
    if found is None:
        return None
    return found // 100 if slot.reads == "money" else found


def _confirm(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Answer:
    answer = naming.yes_or_no(heard.text)
    return None if answer is None else Taken(answer, "是" if answer else "否")


def _photos(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Answer:
    return Taken(None, "") if ends_photos(heard.text, turn) else None


Reader = Callable[[Slot, Heard, Turn, Sequence[Offered]], Answer]
READERS: dict[SlotType, Reader] = {
    SlotType.TEXT: _text,
    SlotType.CHOICE: _choice,
    SlotType.PHONE: _phone,
    SlotType.TIME: times.read,
    SlotType.RATING: _rating,
    SlotType.NUMBER: _number,
    SlotType.CONFIRM: _confirm,
    SlotType.PHOTOS: _photos,
    SlotType.ROOM: _text,
}
