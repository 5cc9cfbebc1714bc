"""What this product ships: scripts, phrases and words of abuse, and the bot that they make together."""

from functools import cache
from pathlib import Path
from typing import Any, cast

from bot.scripts import templates, yamls
from bot.scripts.actions import Registry
from bot.scripts.bot import Bot
from bot.scripts.catalogue import Catalogue
from bot.scripts.library import Shipped
from bot.scripts.phrases import Phrases
from bot.scripts.templates import TemplateKind
from bot.values import MenuButton, MenuEntry

HERE = Path(__file__).parent


def scripts() -> list[tuple[str, str]]:
    """(name, YAML) of every shipped script."""
    return [(path.stem, path.read_text("utf-8")) for path in sorted((HERE / "scripts").glob("*.yaml"))]


@cache
def phrases() -> Phrases:
    return Phrases.load(HERE / "phrases")


@cache
def template_kinds() -> dict[str, TemplateKind]:
    """The kinds of message that may go out as template messages, and those that never may."""
    return templates.load(HERE / "templates.yaml")


def stars() -> tuple[str, ...]:
    """What an option says that gives one star, two and so on."""
    return tuple(phrases().reply("bot.star_option", {"stars": number}).text for number in range(1, 6))


def abuse() -> frozenset[str]:
    """Words that are answered calmly and never taken as an answer; one per line."""
    lines = (HERE / "abuse.txt").read_text("utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def menu() -> tuple[MenuButton, ...]:
    """The account's menu."""
    buttons = cast("list[dict[str, Any]]", yamls.load((HERE / "menu.yaml").read_text("utf-8")))
    return tuple(
        MenuButton(button["name"], tuple(MenuEntry(**entry) for entry in button["entries"]))
        for button in buttons
    )


def everything() -> Shipped:
    """What a running system starts from; the database rules over the scripts after the first start."""
    return Shipped(scripts(), phrases(), abuse())


def bot(registry: Registry, *, company: str) -> Bot:
    """The shipped scripts at version 1, without any database."""
    sources = [(name, 1, source) for name, source in scripts()]
    return Bot(Catalogue.of_sources(sources, registry), registry, phrases(), company, abuse())
