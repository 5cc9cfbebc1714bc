"""What stands on the page 今日."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.desk.alarms import Alarm
from services.desk.last_shift import Left
from services.desk.promises import PromiseLine
from services.desk.task_lines import TaskLine
from services.desk.waiting_talks import Waits


@dataclass(frozen=True, slots=True)
class Late:
    """A matter past its time, or on which nothing happens. `kind` and `id` say where its page is, `tag` how late."""

    kind: str
    id: int
    number: str
    what: str
    why: str
    where: str
    who: str
    tag: str


@dataclass(frozen=True, slots=True)
class Day:
    """A section is None for whom it is no work of theirs. `answers` says whether they answer people, or only see who
    does.
    """

    alarms: Sequence[Alarm]
    ringing: Sequence[TaskLine]
    ringing_count: int
    late: Sequence[Late]
    promised: Sequence[PromiseLine]
    waiting: Sequence[Waits] | None
    calls: Sequence[TaskLine] | None
    calls_count: int
    sheets: Sequence[Left] | None
    answers: bool
