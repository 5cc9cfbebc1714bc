"""Reading an answer as a slot's value: one small reader per slot type."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.scripts import texts
from bot.scripts.format import Slot, SlotType
from bot.talk.state import Offered
from bot.turn import Heard, Turn
from bot.understanding.signs import only_signs
from bot.understanding.values import Entities
from bot.values import Plain


@dataclass(frozen=True, slots=True)
class Taken:
    value: Plain
    shown: str
    to: str = ""
    go: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """It was meant as an answer, but cannot be one; `phrase` says why."""

    phrase: str
    number: int = 0


Reading = Taken | Refused | None  # None: it does not look like an answer to this question

_ORDINAL = re.compile(
    r"^\s*(?:第?\s*(\d{1,2}|[一二三四五六七八九十两])\s*(?:个|项|条|号)?|([①-⑳]))\s*[.。、)]?\s*$"
)
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_YES = re.compile(
    r"^(是|是的|对|对的|好|好的|好了|可以|行|确认|确定|没错|没问题|嗯+|恩|ok|yes|y|提交|同意|要|需要|中|得)[的了啊吧呀哦呢。！!~～]*$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^(不|不是|不对|不要|不用|不行|否|no|n|算了|没有|不同意|不需要)[的了啊吧呀哦呢。！!~～]*$", re.IGNORECASE
)
_DONE = re.compile(
    r"^(好了|没了|没有了?|没有照片|就这些|就这样|完了|发完了?|可以了|不发了|不拍了|跳过|下一步|没照片|不用了?)[。！!~～]*$"
)
_TIDY = re.compile(r"[\s，。！？、,.!?~～…“”\"'（）()【】\[\]：:；;]+")
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})(?!\d)")
_NUMBER = re.compile(r"(?<!\d)(\d{1,7})(?!\d)")


# 一 alone counts nothing ("一大家子", "一般"): a measure word follows, or the number is all that was said.
_COUNTED = re.compile(
    r"([一二两三四五六七八九十])\s*(?:个|人|位|名|口|张|套|份|桶|间|星|颗|分)|^\s*([一二两三四五六七八九十])\s*$"
)


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Without punctuation and spaces, for comparing what is typed with what was offered."""
    return _TIDY.sub("", text).lower()


@lru_cache(maxsize=4096)
def _words(text: str, keywords: tuple[str, ...]) -> tuple[str, ...]:
    """What names an option, its own text first, ready to compare: the same options are offered all day."""
    return tuple(map(plain, (text, *keywords)))


def ordinal(text: str) -> int | None:
    """1 for "1", "1.", "①", "第一个"; None when the message is not just a number."""
    match = _ORDINAL.match(text)
    if not match:
        return None
    if match[2]:
        return ord(match[2]) - ord("①") + 1
    return int(match[1]) if match[1].isdigit() else _DIGITS[match[1]]


def offered(text: str, options: Sequence[Offered]) -> Offered | None:
    """The option that a typed message means: by number, by its words, by a keyword of it."""
    number = ordinal(text)
    if number is not None and 1 <= number <= len(options):
        return options[number - 1]
    typed = plain(text)
    for option in options:
        if typed in _words(option.text, option.keywords):
            return option
    return None


def loosely(text: str, options: Sequence[Offered]) -> Offered | None:
    """The one option whose words or keywords stand in the message, when there is only one."""
    typed = plain(text)
    if not typed:
        return None
    found = [option for option in options if _stands_in(typed, _words(option.text, option.keywords))]
    return found[0] if len(found) == 1 else None


def _stands_in(typed: str, words: tuple[str, ...]) -> bool:
    for word in words:
        if word in typed and len(word) >= 2:
            return True
    return 2 <= len(typed) <= 6 and typed in words[0]


def says_done(text: str) -> bool:
    return bool(_DONE.match(text.strip()))


def yes_or_no(text: str) -> bool | None:
    said = text.strip()
    if _YES.match(said):
        return True
    return False if _NO.match(said) else None


def read(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    """What the message says for this slot. Rooms are read by bot/talk/answers, for they need the real houses."""
    return READERS[slot.type](slot, heard, turn, options)


def _choice(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    if slot.many:
        return _several(heard.text, options) or (_own_words(heard.text) if slot.other else None)
    named = _entity(slot, heard.entities)
    option = loosely(heard.text, options) or next(
        (one for one in options if named and one.value == named), None
    )
    if option:
        return Taken(option.value or option.text, option.text, option.to, option.go)
    if slot.other and 2 <= len(heard.text.strip()) <= 60 and ordinal(heard.text) is None:
        return Taken(heard.text.strip(), heard.text.strip())
    return None


def _own_words(text: str) -> Reading:
    """Words that are not on the list of several, as the one that was picked."""
    said = text.strip()
    return Taken([said], said) if 2 <= len(said) <= 60 and any(one.isalpha() for one in said) else None


def _several(text: str, options: Sequence[Offered]) -> Reading:
    numbers = re.findall(r"\d{1,2}|[①-⑳]", text)
    picked = [found for part in numbers if (found := offered(part, options))]
    picked += [option for option in options if plain(option.text) in plain(text) and option not in picked]
    if not picked:
        return None
    ordered = [option for option in options if option in picked]
    return Taken([option.value or option.text for option in ordered], "、".join(one.text for one in ordered))


def _entity(slot: Slot, entities: Entities | None) -> str | None:
    if entities is None:
        return None
    return {"category": entities.category, "place": entities.place}.get(slot.fill)


def _text(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    text = heard.text.strip() or heard.place
    if only_signs(text):
        return Refused("slot.sign")
    if not plain(text) or (slot.min > 1 and not any(one.isalnum() for one in text)):
        return Refused("slot.empty")
    if len(text) < slot.min:
        return Refused("slot.short", slot.min)
    if slot.max and len(text) > slot.max:
        return Refused("slot.long", slot.max)
    return Taken(text, text)


def _phone(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    squeezed = re.sub(r"[\s\-－—]", "", heard.text)
    match = _PHONE.search(squeezed)
    number = (heard.entities.phone if heard.entities else None) or (match[1] if match else None)
    if number:
        return Taken(number, number)
    return Refused("slot.phone") if len(re.findall(r"\d", heard.text)) >= 5 else None


def _time(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    window = heard.entities.time if heard.entities else None
    if window is None:
        return None
    if slot.future and (window.end or window.start) <= turn.now:
        return Refused("slot.past")
    value = time_value(window.start.isoformat(), window.end.isoformat() if window.end else None)
    return Taken(value, texts.when(value))


def time_value(start: str, end: str | None) -> dict[str, Plain]:
    return {"start": start, "end": end}


# The first that stands in the words counts: what is denied comes before what it denies.
_STARS = (
    (
        re.compile(r"不(?:是|算|怎么|太|大|够)(?:很|太)?(?:满意|好|快|行|及时|准时)|不及时|不准时|二星|两星"),
        2,
    ),
    (re.compile(r"[太很好真]慢|慢死|磨蹭|拖拉|等了|等太久|迟到"), 2),
    (re.compile(r"不满意|不好|不行|很差|太差|真差|差评|差劲|糟|一星"), 1),
    (re.compile(r"非常满意|很满意|特别好|很好|太好了|五星|好评|满分|[很真特飞]快|特别快"), 5),
    (re.compile(r"一般|还行|凑合|三星|马马虎虎|过得去"), 3),
    (re.compile(r"满意|不错|挺好|挺快|蛮好|蛮快|还可以|及时|准时|四星"), 4),
)
_STILL_BROKEN = re.compile(
    r"没[有]?修好|没[有]?弄好|没好|修不好|[还又](?:是|在)?(?:坏|漏|滴|堵|不亮|不通|不行)"
)
_WITH_A_STORY = 5  # characters: more than so many say more than the stars


# In a longer message a number may count anything: "等了3天" gives no stars, "给5颗星" does.
_COUNTS_STARS = re.compile(r"[\d一二两三四五]\s*[颗个]?\s*(?:星|分(?!钟))")
_SHORT = 4
MOST_STARS = 5


def _rating(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    given = rating(heard.text)
    if given > MOST_STARS:
        return Refused("slot.rating")
    return Taken(given, texts.stars(given)) if given else None


def rating(text: str) -> int:
    """The stars that words or a number give, 0 for none; more than MOST_STARS is a number that counts no stars."""
    short = len(plain(text)) <= _SHORT or _COUNTS_STARS.search(text)
    number = _numeral(text) if short else None
    if number is not None:
        return number or MOST_STARS + 1
    return _stars_in_words(text)


def _stars_in_words(text: str) -> int:
    """How many stars the words are worth, 0 when they say nothing of the kind: what still drips earns none."""
    if _STILL_BROKEN.search(text):
        return 0
    good = 4 if "好" in text and not tells_a_story(text) else 0  # "约好了没来" praises nobody
    return next((worth for pattern, worth in _STARS if pattern.search(text)), good)


def tells_a_story(text: str) -> bool:
    """Whether a typed rating says more than its stars."""
    return len(plain(text)) > _WITH_A_STORY


def _numeral(text: str) -> int | None:
    match = _NUMBER.search(text)
    if match:
        return int(match[1])
    found = _COUNTED.search(text)
    return _DIGITS[found[1] or found[2]] if found else None


def _number(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    number = _numeral(heard.text)
    if number is None and heard.entities and slot.fill == "party":
        number = heard.entities.party_size
    if number is None:
        return None
    if number < slot.min:
        return Refused("slot.small", slot.min)
    if slot.max and number > slot.max:
        return Refused("slot.large", slot.max)
    return Taken(number, str(number))


def _confirm(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    answer = yes_or_no(heard.text)
    return None if answer is None else Taken(answer, "是" if answer else "否")


def _photos(slot: Slot, heard: Heard, turn: Turn, options: Sequence[Offered]) -> Reading:
    return Taken(None, "") if says_done(heard.text) else None


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
