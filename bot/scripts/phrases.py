"""Sentences outside of dialogs: what services tell people, what errors say, what the bot says of itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pydantic import Field

from bot.scripts import texts, yamls
from bot.scripts.format import Part, Texts
from bot.values import Option, Plain, Reply


class PhraseOption(Part):
    text: str
    go: str  # an option id: "s:script?name={value}" or "c:command"
    keywords: tuple[str, ...] = ()  # typed, they mean it too


class Template(Part):
    """The template message that carries this phrase once the customer window is shut.

    `kind` is one of dialogs/templates.yaml. A value may have several wordings: the first that fits is used, and none
    is ever cut, so the last one names nothing that could be long.
    """

    kind: str
    values: dict[str, Texts]


class Phrase(Part):
    text: Texts
    options: tuple[PhraseOption, ...] = ()
    template: Template | None = None
    values: tuple[str, ...] = Field(default=())  # names it may use beyond those its text names
    words: dict[str, dict[str, str]] = Field(
        default_factory=dict
    )  # name: {value as services say it: in words}

    def worded(self, values: Mapping[str, Plain]) -> dict[str, Plain]:
        """The values, with the words of those that have some."""
        return {name: self.words.get(name, {}).get(str(value), value) for name, value in values.items()}

    @property
    def bare(self) -> bool:
        """It names nothing and reads the same whatever the values are."""
        filled = (
            [one for several in self.template.values.values() for one in several] if self.template else ()
        )
        options = (part for option in self.options for part in (option.text, option.go))
        return not any("{" in part for part in (*self.text, *options, *filled))

    def rendered(self, values: Mapping[str, Plain], *, variant: int) -> "Rendered":
        values = self.worded(values) if self.words else values
        options = tuple(
            Option(texts.fill(option.text, values), texts.fill(option.go, values), option.keywords)
            for option in self.options
        )
        template = None
        if self.template:
            filled = {
                name: tuple(texts.fill(one, values) for one in several if _all_given(one, values))
                for name, several in self.template.values.items()
            }
            template = (self.template.kind, filled)
        text = texts.tidy(texts.fill(self.text[variant % len(self.text)], values))
        return Rendered(Reply(text=text, options=options), template)


def _all_given(wording: str, values: Mapping[str, Plain]) -> bool:
    return all(values.get(name) not in (None, "", []) for name in texts.names(wording))


@dataclass(frozen=True, slots=True)
class Rendered:
    reply: Reply
    template: tuple[str, Mapping[str, tuple[str, ...]]] | None


class Phrases:
    """All phrases by key, immutable."""

    def __init__(self, phrases: Mapping[str, Phrase]) -> None:
        self._phrases = dict(phrases)
        self._ready = {
            key: [phrase.rendered({}, variant=number) for number in range(len(phrase.text))]
            for key, phrase in phrases.items()
            if phrase.bare
        }

    @classmethod
    def load(cls, folder: Path) -> "Phrases":
        """Every *.yaml of a folder. A key in two files is an error."""
        found: dict[str, Phrase] = {}
        for path in sorted(folder.glob("*.yaml")):
            for key, body in cast("dict[str, object]", yamls.load(path.read_text("utf-8"))).items():
                if key in found:
                    raise ValueError(f"{path.name}: phrase {key} stands in another file too")
                found[key] = Phrase.model_validate(body if isinstance(body, dict) else {"text": body})
        return cls(found)

    def __contains__(self, key: str) -> bool:
        return key in self._phrases

    def keys(self) -> set[str]:
        return set(self._phrases)

    def templates(self) -> dict[str, Template]:
        """The template message of every phrase that has one, by key."""
        return {key: phrase.template for key, phrase in self._phrases.items() if phrase.template}

    def offered(self) -> Iterator[str]:
        """What every option of every phrase reads like, its names unfilled."""
        for phrase in self._phrases.values():
            yield from (option.text for option in phrase.options)

    def bare(self, key: str) -> bool:
        """Whether the phrase needs no values at all."""
        return key in self._ready

    def reply(self, key: str, values: Mapping[str, Plain] | None = None, *, variant: int = 0) -> Reply:
        return self.render(key, values or {}, variant=variant).reply

    def render(self, key: str, values: Mapping[str, Plain], *, variant: int = 0) -> Rendered:
        """The phrase in words. Raises KeyError when nobody wrote it."""
        if ready := self._ready.get(key):
            return ready[variant % len(ready)]
        return self._phrases[key].rendered(values, variant=variant)
