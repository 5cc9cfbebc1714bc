"""The kinds of message that may go out as a template message: what each says, and whether the person caused it."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import cast

from pydantic import Field, model_validator

from bot.scripts import yamls
from bot.scripts.format import Part


class TemplateValue(Part):
    """One line of the card. `key` is the platform's, unless the account's template has another for it."""

    key: str
    label: str


class TemplateKind(Part):
    """`caused` says that the person caused such messages or asked for them; no others may take this way."""

    title: str
    caused: bool
    values: dict[str, TemplateValue] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _only_what_was_caused(self) -> "TemplateKind":
        if self.caused != bool(self.values):
            raise ValueError("a kind has values if and only if the person caused it")
        return self

    @property
    def keys(self) -> Mapping[str, str]:
        return MappingProxyType({name: value.key for name, value in self.values.items()})

    @property
    def content(self) -> str:
        """As the platform's library writes it."""
        return "\n".join(f"{value.label}：{{{{{value.key}.DATA}}}}" for value in self.values.values())


def load(path: Path) -> dict[str, TemplateKind]:
    found = cast("dict[str, object]", yamls.load(path.read_text("utf-8")))
    return {kind: TemplateKind.model_validate(body) for kind, body in found.items()}
