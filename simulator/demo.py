"""What the demo begins with: people, who follow once the account answers, and the account's templates."""

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path

from simulator.jsonio import Fields, parse_object
from simulator.people import Person
from simulator.phone import acts, outgoing
from simulator.templates import Template
from simulator.world import World

_EVERY = 0.5
_TRIES = 600
_log = logging.getLogger("simulator.demo")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """`follows` tells whether to follow at start, `scene` by which code; `says` is what they write then."""

    openid: str
    nickname: str
    role: str
    follows: bool
    scene: str
    says: tuple[str, ...] = ()


def read_people(path: Path) -> list[Newcomer]:
    """ValueError or OSError with a sentence if the file is not a list of people."""
    values = parse_object(f'{{"people": {path.read_text("utf-8")}}}')
    if values is None:
        raise ValueError(f"{path} is not a JSON list of people")
    return [_newcomer(entry) for entry in Fields(values, ValueError).objects("people")]


def _newcomer(entry: Fields) -> Newcomer:
    return Newcomer(
        openid=entry.text("openid"),
        nickname=entry.text("nickname"),
        role=entry.text("role", ""),
        follows=entry.flag("follow"),
        scene=entry.text("scene", ""),
        says=tuple(entry.texts("says")) if entry.has("says") else (),
    )


def add_templates(world: World, path: Path) -> None:
    """ValueError or OSError with a sentence if the file is not a list of templates."""
    values = parse_object(f'{{"templates": {path.read_text("utf-8")}}}')
    if values is None:
        raise ValueError(f"{path} is not a JSON list of templates")
    for entry in Fields(values, ValueError).objects("templates"):
        template = Template(entry.text("template_id"), entry.text("title"), entry.text("content"))
        world.templates.all[template.id] = template


def add_people(world: World, people: list[Newcomer]) -> None:
    """Add those whom the phones do not know yet; those who follow do so as soon as the callback verifies.

    Whom a start that was broken off left without a word follows at the next.
    """
    for person in people:
        if person.openid not in world.people:
            world.people.add(Person(openid=person.openid, nickname=person.nickname, role=person.role))
    following = [one for one in people if one.follows and _is_new(world.people.get(one.openid))]
    if following:
        world.start(_follow(world, following))


def _is_new(person: Person) -> bool:
    return not person.follows and not person.messages


async def _follow(world: World, people: list[Newcomer]) -> None:
    if not await _answers(world):
        _log.warning("nobody follows: %s does not verify", world.config.callback)
        return
    for newcomer in people:
        person = world.people.get(newcomer.openid)
        if not person.follows:
            await acts.follow(world, person, newcomer.scene)
        for words in newcomer.says:
            await acts.do(world, person, outgoing.text(words))


async def _answers(world: World) -> bool:
    """Wait for the account's application, which may start later than the platform."""
    for _ in range(_TRIES):
        if await world.pusher.verify():
            return True
        await asyncio.sleep(_EVERY)
    return False
