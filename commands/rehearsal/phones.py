"""What the phones of a talk show, and the platform that brings messages to them without any network."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.values import Option, Reply
from wechat.platform import Platform


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry of a talk. `speaker` is a person's name, "bot", "staff" or "time"; `reader` whose phone it is on."""

    speaker: str
    text: str
    reader: str = ""
    options: tuple[Option, ...] = ()
    pushed: bool = False


@dataclass(slots=True)
class Phones:
    """All phones of one talk; only those of people who take part are written down."""

    people: set[str] = field(default_factory=set)  # openids
    log: list[Shown] = field(default_factory=list)
    offered: dict[str, tuple[Option, ...]] = field(default_factory=dict)

    def said(self, speaker: str, text: str) -> None:
        self.log.append(Shown(speaker, text))

    def show(self, person: str, reply: Reply, *, pushed: bool = False) -> None:
        if reply.options:
            self.offered[person] = (*self.offered.get(person, ())[-24:], *reply.options)
        if person not in self.people:
            return
        text = "［图片］" if reply.image else reply.text
        if reply.article:
            text = f"［{reply.article.title}］{reply.article.description}"
        self.log.append(Shown("bot", text, person, reply.options, pushed))

    def option(self, person: str, words: str) -> Option | None:
        """The newest option of these words that the phone shows, else the newest that has them in it."""
        shown = self.offered.get(person, ())[::-1]
        same = (one for one in shown if one.text == words)
        return next(same, None) or next((one for one in shown if words in one.text), None)


class Post(Platform):
    """Stands in for the platform: what the worker sends appears on the phones of the talk."""

    def __init__(self, phones: Phones) -> None:
        self.phones = phones
        self._uploads = 0

    async def send(self, person: str, reply: Reply, *, media_id: str = "") -> None:
        self.phones.show(person, reply, pushed=True)

    async def send_template(
        self, person: str, template_id: str, values: Mapping[str, str], *, key: str, url: str = ""
    ) -> str:
        self.phones.show(person, Reply(text="；".join(values.values())), pushed=True)
        return key

    async def upload(self, kind: str, name: str, content: bytes, mime: str) -> str:
        self._uploads += 1
        return f"stage-{self._uploads}"
