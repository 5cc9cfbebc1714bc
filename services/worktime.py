"""Working time: hours of the working days, public holidays and working weekends (调休) taken into account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from services import cache, clock, holidays, policy

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """When people work. `periods` are of one day, in order, with breaks between them.

    `special` says of single days whether they are worked, whatever their weekday.
    """

    periods: Sequence[tuple[time, time]]
    weekdays: Sequence[int] = (1, 2, 3, 4, 5, 6, 7)  # Monday is 1
    special: Mapping[date, bool] = field(default_factory=dict)

    def worked(self, day: date) -> bool:
        return self.special.get(day, day.isoweekday() in self.weekdays)

    def is_open(self, moment: datetime) -> bool:
        here = clock.local(moment)
        return self.worked(here.date()) and any(
            opens <= here.time() < closes for opens, closes in self.periods
        )

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself when it is worked, else the start of the next period."""
        start, _ = self._window_after(moment)
        return start

    def next_start(self, moment: datetime) -> datetime:
        """When the first period begins that begins after the moment."""
        start, end = self._window_after(moment)
        return start if start > moment else self._window_after(end)[0]

    def add(self, moment: datetime, minutes: float) -> datetime:
        """The moment when so many working minutes have passed. A past that ends at closing ends that period."""
        left = timedelta(minutes=minutes)
        start, end = self._window_after(moment)
        while left > end - start:
            left -= end - start
            start, end = self._window_after(end)
        return start + left

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between the two; none where the end comes first."""
        spent = timedelta()
        begins, ends = self._window_after(start)
        while begins < end:
            spent += min(ends, end) - begins
            begins, ends = self._window_after(ends)
        return spent

    def days_before(self, moment: datetime, days: int) -> datetime:
        """The same hour so many working days earlier."""
        back = moment
        left = days
        while left > 0:
            back -= _DAY
            left -= self.worked(clock.local(back).date())
        return back

    def _window_after(self, moment: datetime) -> tuple[datetime, datetime]:
        """What is left of the present period, or the next one whole; in the zone of the moment."""
        here = clock.local(moment)
        day = here.date()
        while True:
            for opens, closes in self.periods if self.worked(day) else ():
                end = self._at(day, closes)
                if here < end:
                    start = max(here, self._at(day, opens))
                    return start.astimezone(moment.tzinfo), end.astimezone(moment.tzinfo)
            day += _DAY

    @staticmethod
    def _at(day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, clock.LOCAL)


async def _load_special() -> Mapping[date, bool]:
    return await holidays.special(clock.local(clock.now()).date())


_special = cache.Cached(_load_special)


async def of_repairs() -> Hours:
    """The hours in which the clocks of repairs run."""
    decided = await policy.current()
    return Hours(decided.working_hours, decided.working_days, await _special.get())


async def of_desk() -> Hours:
    """When staff answer people: the same hours every day, as residents are told."""
    return Hours((await policy.current()).office_hours)


def told(periods: Sequence[tuple[time, time]]) -> str:
    """Periods as residents read them: 09:00-12:00、13:30-18:00."""
    return "、".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in periods)


async def after_quiet(moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours that it falls into: what can wait is sent then."""
    quiet = (await policy.current()).quiet_hours
    if quiet is None:
        return moment
    begins, ends = quiet
    here = clock.local(moment)
    overnight = begins > ends
    evening, morning = here.time() >= begins, here.time() < ends
    if not (evening or morning if overnight else evening and morning):
        return moment
    day = here.date() + (_DAY if overnight and evening else timedelta())
    return datetime.combine(day, ends, clock.LOCAL).astimezone(moment.tzinfo)
