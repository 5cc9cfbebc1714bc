"""The script format: one YAML file is one Script. docs/scripts.md explains it to those who write scripts.

Everything here only holds and reads; bot/scripts/check.py finds what is wrong across steps.
"""

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    model_validator,
)

from bot.scripts import yamls
from bot.understanding.acts import Asked
from bot.understanding.technicians import Deed


class ScriptError(ValueError):
    """A script that cannot be used; `problems` says why, a line each."""

    def __init__(self, name: str, problems: list[str]) -> None:
        super().__init__(f"script {name}: " + "; ".join(problems))
        self.name = name
        self.problems = problems


def _as_list(value: object) -> object:
    """One text or several; a bare number in YAML is a text too."""
    several = value if isinstance(value, list) else [value]
    return [str(one) if isinstance(one, int) else one for one in several]


Texts = Annotated[list[str], BeforeValidator(_as_list), Field(min_length=1)]

END = "$end"  # the talk is done
CANCEL = "$cancel"  # the talk ends without having done anything


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SlotType(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    PHOTOS = "photos"
    PHONE = "phone"
    ROOM = "room"
    TIME = "time_window"
    RATING = "rating"
    NUMBER = "number"
    CONFIRM = "confirm"


class Choice(Part):
    """An option to tap. `keywords` are further words that mean it; `to` jumps; `go` is an option id of its own.

    `told` is how a slot that has it reads in other texts, where that is not as the option says.
    """

    text: str
    told: str = ""
    value: str = ""
    keywords: tuple[str, ...] = ()
    to: str = ""
    go: str = ""
    when: str = ""
    light: bool = False  # a yes that binds nobody: other words than a clear yes may mean it


# What people call a thing to be told, whatever its label is.
_CALLED = {
    SlotType.PHONE: ("电话", "手机", "号码", "手机号"),
    SlotType.ROOM: ("房号", "房间号", "门牌", "房子", "几栋几单元"),
    SlotType.TIME: ("时间", "日子", "上门时间"),
    SlotType.PHOTOS: ("照片", "图片"),
    SlotType.NUMBER: ("数字", "人数"),
}


class Slot(Part):
    """What has to be known. `fill` names the entity that fills it from any sentence; "said" is the first one."""

    type: SlotType
    label: str = ""
    names: tuple[str, ...] = ()  # other words for it, by which it is corrected
    reads: Literal["", "name", "relation", "money", "question", "where", "pause", "fault"] = (
        ""  # how a text or number is read out of a sentence
    )
    leads: str = ""  # where the talk goes when it is told anew while another slot is asked
    fill: Literal[
        "",
        "room",
        "phone",
        "time",
        "category",
        "place",
        "urgent",
        "amount",
        "party",
        "said",
        "materials",
        "price",
        "reason",
    ] = ""
    options: tuple[Choice, ...] = ()
    source: str = ""  # a source (bot/scripts/actions.py) that lists the options
    many: bool = False  # several options, "1 3"
    other: bool = False  # a choice that also takes words not on the list
    min: int = 0
    max: int = 0
    limit: str = (
        ""  # a number: the variable with the most that there may be, where that is only known in the talk
    )
    grows: bool = False  # a text: what is told later of the same matter is put behind it
    beside: str = ""  # a rating: the text slot that keeps what was told instead of stars, or with them
    future: bool = True  # time windows only
    near: str = ""  # of a time: the variable with the one that it may change by the hour alone
    default: str = ""  # a CEL expression that fills the slot when the script starts

    @cached_property
    def called(self) -> tuple[str, ...]:
        """What people call it, its label first."""
        return (self.label, *self.names, *_CALLED.get(self.type, ()))


class Step(Part):
    """One step. Exactly one of the verbs is set; `then` is the next step, by default the one written below."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    when: str = ""
    then: str = ""
    digress: Literal["allow", "never"] = "allow"

    collect: str = ""
    choose: str = ""
    confirm: Texts | None = None
    do: str = ""
    say: Texts | None = None
    branch: tuple["Branch", ...] = ()
    call: str = ""
    handoff: str = ""

    ask: Texts | None = None
    why: str = ""  # said to whoever asks why this is asked, or will not tell
    unwilling: str = ""  # where whoever will not tell goes: 不想留手机号
    effect: str = ""  # said to whoever asks what follows: 会不会看不到账单
    skip: str = ""  # what the skipping option says
    skip_words: tuple[str, ...] = ()  # typed messages that mean it, besides 没有, 不用, 跳过
    takes: str = ""  # of a choice: the text slot that takes words which name no option
    sure: bool = False  # an option counts only where its words stand in the answer, not where some are alike
    subjects: bool = False  # the options are things to read: a question about one asks for it
    again: bool = False  # ask even when the slot is filled
    options: tuple[Choice, ...] = ()
    yes: Choice = Choice(text="确认", to="")
    no: Choice | None = None
    change: tuple[str, ...] = ()
    changed: str = ""  # of a waiting step: where to go when something was changed there, or a photo came
    sooner: str = (
        ""  # of a step that takes words: where to go with them when it is wanted sooner than was told
    )
    instead: bool = False  # of a call: the called script takes the place of this one
    with_: dict[str, str] = Field(default_factory=dict, alias="with")
    on: dict[str, str] = Field(default_factory=dict)
    image: str = ""

    @property
    def verb(self) -> str:
        return next(verb for verb in VERBS if getattr(self, verb))

    @property
    def waits(self) -> bool:
        """Whether the talk stops here for an answer."""
        return bool(self.collect or self.choose or self.confirm)

    @model_validator(mode="after")
    def one_verb(self) -> "Step":
        verbs = [verb for verb in VERBS if getattr(self, verb)]
        if len(verbs) != 1:
            raise ValueError(
                f"step {self.id} needs exactly one of {', '.join(VERBS)}; it has {verbs or 'none'}"
            )
        return self


VERBS = ("collect", "choose", "confirm", "do", "say", "branch", "call", "handoff")


class Branch(Part):
    to: str
    when: str = ""


class Triggers(Part):
    intents: tuple[str, ...] = ()
    menu: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()  # beginnings of QR scenes
    follow: bool = False
    keywords: tuple[str, ...] = ()  # whole messages
    numbers: tuple[str, ...] = ()  # letters of the numbers that it looks up: F, of F1001
    begins: tuple[str, ...] = ()  # beginnings of messages, for people who command: "接单 半小时后到"
    deeds: tuple[Deed, ...] = ()  # what technicians say of a job, in whatever words
    photo: str = ""  # CEL: whether a photo out of the blue starts this script
    danger: bool = False
    when: str = ""  # CEL over person: for whom the triggers count


class Guard(Part):
    """What must hold before the script runs; otherwise `otherwise` runs first."""

    when: str
    otherwise: str = ""
    say: str = ""


class Expiry(Part):
    """Minutes of silence until the resident is reminded, the talk is parked, the parked draft is dropped."""

    nudge: int = 0
    park: int = 120
    drop: int = 4320
    text: str = ""  # the reminder


class Line(Part):
    """One line of a transcript: what the resident does, or what must be seen."""

    me: str = ""
    tap: str = ""
    photo: int = 0
    menu: str = ""
    scan: str = ""
    wait: int = 0  # minutes
    bot: Annotated[list[str], BeforeValidator(_as_list)] = []
    without: Annotated[list[str], BeforeValidator(_as_list)] = []
    at: str = ""
    done: bool | None = None
    slots: dict[str, JsonValue] | None = None


class Transcript(Part):
    """A talk that must come out as written, with every effect stubbed and the clock fixed."""

    name: str
    now: str = "2026-11-20T10:30:00+08:00"
    person: dict[str, JsonValue] = Field(default_factory=dict)
    slots: dict[str, JsonValue] = Field(default_factory=dict)  # given at the start, as an option would
    stubs: dict[str, JsonValue] = Field(default_factory=dict)
    talk: tuple[Line, ...]


class Script(Part):
    script: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    quick: bool = False  # answers within one or two messages: may run in the middle of another talk
    given_up: str = ""  # the step that has the last word when somebody gives the talk up
    yields: bool = (
        False  # over as soon as news with options of their own came: what is typed then answers these
    )
    triggers: Triggers = Triggers()
    guard: Guard | None = None
    expiry: Expiry = Expiry()
    answers: dict[Asked, str] = Field(default_factory=dict)  # to what people ask in the middle of it
    slots: dict[str, Slot] = Field(default_factory=dict)
    steps: tuple[Step, ...] = Field(min_length=1)
    tests: tuple[Transcript, ...] = ()

    def step(self, step_id: str) -> Step:
        return next(step for step in self.steps if step.id == step_id)

    def after(self, step: Step) -> str:
        """Where a step leads when nothing else is said."""
        return step.then or self._following[step.id]

    @cached_property
    def _following(self) -> dict[str, str]:
        ids = [step.id for step in self.steps]
        return dict(zip(ids, [*ids[1:], END], strict=True))

    def collector(self, slot: str) -> Step | None:
        """The step that asks for a slot, the first of several."""
        return self._collectors.get(slot)

    @cached_property
    def labelled(self) -> tuple[tuple[str, Slot], ...]:
        """The slots that have a label and are asked for: what somebody may say is wrong."""
        return tuple((name, slot) for name, slot in self.slots.items() if slot.label and self.collector(name))

    @cached_property
    def _collectors(self) -> dict[str, Step]:
        return {step.collect: step for step in reversed(self.steps) if step.collect}


def read(source: str, *, name: str = "?") -> Script:
    """YAML text to a Script. Raises ScriptError that names each place that does not fit the format."""
    try:
        return Script.model_validate(yamls.load(source))
    except yaml.YAMLError as error:
        raise ScriptError(name, [f"is not YAML: {error}"]) from error
    except ValidationError as error:
        raise ScriptError(name, [_problem(item) for item in error.errors()]) from error


def _problem(item: object) -> str:
    assert isinstance(item, dict)
    return f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
