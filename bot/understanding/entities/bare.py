"""Bare answers, read as what was just asked for: 下午, 二十分钟, 俩, 一百二, 我叫王芳, 租的, 四星, 没拍."""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.understanding.data import lines
from bot.understanding.entities.amounts import find_amount, find_party
from bot.understanding.entities.feasts import NAMES
from bot.understanding.entities.misheard import times_by_sound
from bot.understanding.entities.numerals import NUMBER, value
from bot.understanding.entities.people import find_name, find_relation
from bot.understanding.entities.phones import find_phone
from bot.understanding.entities.ratings import find_rating
from bot.understanding.entities.rooms import find_room
from bot.understanding.entities.times import find_when
from bot.understanding.normal import normal, squeezed
from bot.understanding.values import TimeWindow


class Expected(StrEnum):
    """What an open question asks for."""

    TIME = "time"
    DURATION = "duration"
    NUMBER = "number"  # of people
    MONEY = "money"  # fen
    PHONE = "phone"
    NAME = "name"
    RELATION = "relation"  # owner, family or tenant
    ROOM = "room"
    RATING = "rating"  # stars
    PHOTOS = "photos"  # none or done


Value = TimeWindow | timedelta | int | str


class Bare(NamedTuple):
    """`value` is what the answer gives. Without one, `unusable` are the words of a day that cannot be told."""

    value: Value | None
    unusable: str = ""


_SHANGHAI = ZoneInfo("Asia/Shanghai")
_NOTHING = Bare(None)


def read_as(kind: Expected, text: str, now: datetime) -> Bare:
    """`text` as the answer to a question for `kind`; nothing when it is none. `now` is aware."""
    shown = normal(text)
    if kind is Expected.TIME:
        heard = read_time(times_by_sound(shown), now)
        return heard if heard.value else read_time(shown, now)
    if kind is Expected.RATING:
        return Bare(find_rating(squeezed(text)))
    if _QUESTION.search(shown):
        return _NOTHING
    return Bare(_READERS[kind](shown))


def read_time(shown: str, now: datetime) -> Bare:
    """A window in normalised text; “二十分钟” counts from now, “尽快” and “随时” begin now and keep their words."""
    return _read_time(shown, now.astimezone(_SHANGHAI).replace(second=0, microsecond=0))


@lru_cache(maxsize=256)
def _read_time(shown: str, now: datetime) -> Bare:
    """Remembered because nearly every reading of a message asks it, with the same words, in the same minute."""
    when = find_when(_FEAST_ALONE.sub(r"\1\2当天", _without_numbers(shown)), now, alone=True)
    if when.window or when.unusable:
        return Bare(when.window, when.unusable)
    if _QUESTION.search(shown):
        return _NOTHING
    for said, pattern in _ANY_TIME:
        if pattern.search(shown):
            return Bare(TimeWindow(now, said=shown[:_SAID] if _EXCEPT.search(shown) else said))
    lasting = read_duration(shown)
    return Bare(TimeWindow(now + lasting)) if lasting and lasting < _A_DAY else _NOTHING


def _without_numbers(shown: str) -> str:
    _, rest = find_phone(shown, alone=True)
    return find_room(rest)[1]


_FEAST_ALONE = re.compile(rf"^([^,。;]{{1,5}}年的?)?((?:{NAMES})节?)[吧啊呀]?$")
_SAID = 20  # characters of what is kept as it was said
_EXCEPT = re.compile(r"除|只是|但|不行")  # “除了周一都行” is not any time
_ANY_TIME = (
    (
        "尽快",
        re.compile(
            r"尽快|尽早|越快越好|越早越好|赶紧|赶快|快点|火速|速来|第一时间|加急|(?<!不)着急|很急|^急+$|麻溜"
        ),
    ),
    (
        "现在",
        re.compile(
            r"^(?:就|那就|要不|最好)?(?:现在|这会儿?|此刻|眼下|当下|即刻)(?:就)?(?:行|可以|来|有人|在家|方便|吧|呗|都|啊|呀)*$"
        ),
    ),
    ("不急", re.compile(r"不着?急|慢慢来|不赶时间")),
    ("这两天", re.compile(r"^(?:就|最好)?(?:这|近|最近)[一两几]?两?天(?:吧|都|内|可以|行|来)*$")),
    (
        "随时",
        re.compile(
            r"随时|随便|随[叫喊]随到|看(?:师傅|你们?|您)[^,。?]{0,4}(?:哪天|什么时候|啥时候|几点)|[什啥]么?时候?[^,。?]{0,4}(?:有空|方便|得空|得闲)[^,。?]{0,4}来|[什啥]么?时候[^,。?]{0,5}就[什啥]么?时候|你们?说了?算|任何时[间候]|[什啥]么?时[候间][^,。?]{0,4}都|几点[^,。?]{0,4}都|哪天[^,。?]{0,4}都|何时[^,。?]{0,4}都|都(?:行|可以|在家|有人|成|方便|好(?![几些多久])|ok)|看着?(?:安排|办|来)|你们?(?:定|安排|方便)"
            r"|师傅[^,。?]{0,4}(?:方便|有空|时间)|无所谓|一直(?:都)?(?:在|有人)|家里(?:一直|总)?有人|整天在|全天"
        ),
    ),
)
_QUESTION = re.compile(
    r"[?？]|[吗么]\s*[啊呀呢。!]*$|为什么|为啥|干什么|多久|几点(?!.{0,4}都)|什么时候(?!.{0,6}[都就])(?!有空)|怎么(?!都|方便)|能不能|可不可以|是不是|会不会|要不要"
)
_A_DAY = timedelta(days=1)
_SOON = timedelta(minutes=15)
_AT_ONCE = re.compile(
    r"马上|立刻|立马|这就|就[到来去](?!了吗)|快到|一会儿?就?[到来过去]|一(?:哈哈?|下子)就|即刻|在路上|已经出发|出发了|楼下了|[到在]门口"
)
_LASTING = re.compile(
    rf"(?P<half>半)个?(?:多)?(?:小时|钟头|点钟|钟)|(?P<about>个把)(?:小时|钟头)|(?P<hours>{NUMBER})\s?个?(?P<and_half>半)?(?:多)?(?:小时|钟头|h(?![a-z]))(?P<plus_half>半)?"
    rf"|(?P<quarters>[一两三123])刻钟?|(?P<minutes>{NUMBER})\s?[来多几]?(?:分钟?(?!之)|min(?:ute)?s?|m(?![a-z])|钟(?!头|点))|(?P<half_day>半天)|(?P<days>{NUMBER})\s?天"
)
_SEVERAL = re.compile(r"^[一二两三四五六七八九]{2}$")  # 三五分钟: who promises is held to the later


def read_duration(shown: str) -> timedelta | None:
    """How long from now, in normalised text: 二十分钟, 半个钟头, 一个半小时; 马上 is a quarter of an hour."""
    if found := _LASTING.search(shown):
        return _lasting(found)
    return _SOON if _AT_ONCE.search(shown) else None


def _lasting(found: re.Match[str]) -> timedelta | None:
    if found["half"] or found["about"]:
        return timedelta(minutes=30 if found["half"] else 60)
    if found["half_day"]:
        return timedelta(hours=4)
    if found["hours"]:
        return timedelta(
            hours=_count(found["hours"]), minutes=30 * bool(found["and_half"] or found["plus_half"])
        )
    if found["quarters"]:
        return timedelta(minutes=15 * value(found["quarters"]))
    days, minutes = found["days"], found["minutes"]
    many = _count(days or minutes)
    return (timedelta(days=many) if days else timedelta(minutes=many)) if many <= _MOST_OF_EITHER else None


_MOST_OF_EITHER = 1000  # minutes or days; more is no promise


def _count(text: str) -> int:
    return min(value(text[-1]) if _SEVERAL.match(text) else value(text), _MOST_OF_EITHER)


def _photos(shown: str) -> str | None:
    said = shown.strip(" ,。.!、")
    return next((name for name, pattern in _photo_words() if pattern.search(said)), None)


@cache
def _photo_words() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = (line.split("\t") for line in lines("photos.tsv"))
    return tuple((row[0], re.compile(row[1])) for row in rows)


_READERS = {
    Expected.DURATION: read_duration,
    Expected.NUMBER: lambda shown: find_party(shown, alone=True),
    Expected.MONEY: lambda shown: find_amount(shown, alone=True),
    Expected.PHONE: lambda shown: find_phone(shown, alone=True)[0],
    Expected.NAME: lambda shown: find_name(find_phone(shown, alone=True)[1]),
    Expected.RELATION: find_relation,
    Expected.ROOM: lambda shown: find_room(shown, alone=True)[0],
    Expected.PHOTOS: _photos,
}
