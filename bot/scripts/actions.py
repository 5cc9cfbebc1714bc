"""The few steps in Python: actions that call one service, and sources that list options.

An action takes the turn and plain keyword arguments and returns an Outcome; a source returns choices. Both are
registered by name in dialogs/, so the bot never imports them.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from inspect import Parameter, signature

from bot.values import Article, Plain


@dataclass(frozen=True, slots=True)
class Outcome:
    """`name` is looked up in the step's `on`; `values` become names of the script's texts and conditions;
    a value named like a slot fills that slot."""

    name: str = "ok"
    values: dict[str, Plain] = field(default_factory=dict)
    article: Article | None = None
    image: str = ""


def misfits(run: Callable[..., object], given: Collection[str]) -> tuple[list[str], list[str]]:
    """What of these arguments an action or a source does not know, and what it needs besides, a line each."""
    takes = list(signature(run).parameters.values())[1:]  # the turn comes first, by its place
    known = {one.name for one in takes}
    needed = {one.name for one in takes if one.default is Parameter.empty}
    unknown = [] if any(one.kind is Parameter.VAR_KEYWORD for one in takes) else sorted(set(given) - known)
    return (
        [f"is given {one}, which it does not know" for one in unknown],
        [f"needs {one}, which it is not given" for one in sorted(needed - set(given))],
    )


Listed = list[tuple[str, str]]  # (value, text)


@dataclass(frozen=True, slots=True)
class Action:
    """`gives` are the names its values fill, `outcomes` the names it may return besides ok.

    `reads` says it changes nothing, `refuses_first` that whatever it raises is raised before it changes anything:
    neither needs a savepoint. `unless_given` are arguments with which it may refuse later even so. `moves_person`
    says that who the person is (name, house, technician) may be different afterwards.
    """

    name: str
    run: Callable[..., Awaitable[Outcome]]
    gives: frozenset[str]
    outcomes: frozenset[str]
    reads: bool
    refuses_first: bool
    unless_given: frozenset[str]
    moves_person: bool

    def keeps_whole(self, arguments: Mapping[str, Plain]) -> bool:
        """Whether nothing is half done when it refuses, so that nothing need be taken back."""
        late = any(arguments.get(name) for name in self.unless_given)
        return self.reads or (self.refuses_first and not late)


@dataclass(frozen=True, slots=True)
class Source:
    name: str
    run: Callable[..., Awaitable[Listed]]


class Registry:
    """All actions and sources by name. One is filled when dialogs/ is imported and handed to the pipeline."""

    def __init__(self) -> None:
        self.actions: dict[str, Action] = {}
        self.sources: dict[str, Source] = {}

    def action(
        self,
        name: str,
        *,
        gives: tuple[str, ...] = (),
        outcomes: tuple[str, ...] = (),
        reads: bool = False,
        refuses_first: bool = False,
        unless_given: tuple[str, ...] = (),
        moves_person: bool = False,
    ) -> Callable[[Callable[..., Awaitable[Outcome]]], Callable[..., Awaitable[Outcome]]]:
        def register(run: Callable[..., Awaitable[Outcome]]) -> Callable[..., Awaitable[Outcome]]:
            assert name not in self.actions, f"action {name} is registered twice"
            self.actions[name] = Action(
                name,
                run,
                frozenset(gives),
                frozenset(outcomes),
                reads,
                refuses_first,
                frozenset(unless_given),
                moves_person,
            )
            return run

        return register

    def source(
        self, name: str
    ) -> Callable[[Callable[..., Awaitable[Listed]]], Callable[..., Awaitable[Listed]]]:
        def register(run: Callable[..., Awaitable[Listed]]) -> Callable[..., Awaitable[Listed]]:
            assert name not in self.sources, f"source {name} is registered twice"
            self.sources[name] = Source(name, run)
            return run

        return register
