"""A way told in one go where a place is asked: 从南门拉到颐和园 is where it begins and where it ends."""

import re
from dataclasses import dataclass

from bot.talk.talk import Talk

_ROUTE = re.compile(
    r"^(?:那就|就|嗯|先)*(?:(?:我们?|想|要|是)*(?:从|打|由|自))?(?P<start>[^,，。？?\s]{2,16}?)(?:这儿|那儿|这里|那里)?"
    r"(?:上车|出发|集合|接人?|发车|走)?[,，\s]*(?:直接|然后|再)?(?:拉|开|送|跑|坐)?(?:我们?|人)?"
    r"(?:到(?![了时底不处家])|去(?![年不过掉])|至(?!今|少|于)|[开前]往|上(?=[我他她咱]))(?:一?趟)?(?P<end>[^,，。？?\s]{2,20}?)"
    r"(?:去|就行|就好|就成|即可|吧|呗|啊|呀|的|了|那边|那儿|这边)*[。.!！]*(?:[,，\s].*)?$"
)
_NO_PLACE = re.compile(
    r"怎么|什么|多少|不|没|能|可以|哪|几|师傅|^(?:我们?|他们?|打算|准备|车|人|今天|明天|后天)$"
)


@dataclass(frozen=True, slots=True)
class Route:
    start: str
    end: str


def told(text: str) -> Route | None:
    """Where a way begins and where it ends; None for a single place."""
    found = _ROUTE.match(text.strip())
    if not found or _NO_PLACE.search(found["start"]) or _NO_PLACE.search(found["end"]):
        return None
    return Route(found["start"], found["end"])


def fill(talk: Talk, said: str) -> None:
    """Both ends of the way, where one of them is asked and both are told."""
    ends = [name for name, slot in talk.compiled.script.slots.items() if slot.reads == "where"]
    route = told(said) if len(ends) == 2 and talk.step.collect in ends else None
    if route is None:
        return
    talk.put(ends[0], route.start, route.start)
    talk.put(ends[1], route.end, route.end)
