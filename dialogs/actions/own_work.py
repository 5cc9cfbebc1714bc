"""师傅问自己的活: how many and what was taken, where a job that was given away is now, and who the supervisor is."""

from datetime import datetime, time, timedelta

from bot.scripts import texts
from bot.scripts.actions import Outcome
from bot.turn import Turn
from bot.values import Plain
from dialogs.actions import job_names
from dialogs.actions.arguments import words
from dialogs.actions.crew import acting
from dialogs.actions.registry import registry
from dialogs.actions.wording import phrase
from services import clock
from services.repairs import own_work
from services.repairs.own_work import Elsewhere

_LATELY = timedelta(days=2)


@registry.action("jobs.tally", gives=("period", "count", "collected"), reads=True)
async def tally(turn: Turn, *, period: Plain) -> Outcome:
    """`period` is today, yesterday, week, month or last_month."""
    since, until = _span(words(period), clock.local(clock.now()))
    found = await own_work.finished(acting(turn), since=since, until=until)
    return Outcome(
        values={
            "period": phrase("job.period", period=words(period)),
            "count": found.count,
            "collected": f"{found.taken_fen // 100}元",
        }
    )


def _span(period: str, now: datetime) -> tuple[datetime, datetime]:
    today = datetime.combine(now.date(), time(), clock.LOCAL)
    month = today.replace(day=1)
    match period:
        case "yesterday":
            return today - timedelta(days=1), today
        case "week":
            return today - timedelta(days=today.weekday()), today + timedelta(days=1)
        case "month":
            return month, today + timedelta(days=1)
        case "last_month":
            return (month - timedelta(days=1)).replace(day=1), month
    return today, today + timedelta(days=1)


@registry.action("jobs.elsewhere", gives=("jobs",), outcomes=("none",), reads=True)
async def elsewhere(turn: Turn, *, said: Plain) -> Outcome:
    """Who has the jobs that were given away lately; of those that the words name, only these."""
    found = await own_work.elsewhere(acting(turn), since=clock.now() - _LATELY)
    named = job_names.named(words(said), [one.job for one in found])
    meant = [one for one in found if not named or one.job in named]
    return Outcome("ok" if meant else "none", {"jobs": "\n".join(map(_line, meant))})


def _line(one: Elsewhere) -> str:
    house = texts.house(one.job.house) if one.job.house else ""
    return phrase(
        "job.elsewhere" if one.technician else "job.with_nobody",
        number=one.job.number,
        where=f"{house}{one.job.place}" or one.job.community,
        what=one.job.category,
        technician=one.technician,
        phone=one.phone,
        status=one.job.status,
    )


@registry.action("jobs.leader", gives=("leader", "leader_phone"), reads=True)
async def leader(turn: Turn) -> Outcome:
    found = await own_work.leader(acting(turn))
    return Outcome(values={"leader": found.name, "leader_phone": found.phone})
