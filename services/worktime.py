"""Working time: hours of the working days, public holidays and working weekends (调休) taken into account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import settings
from models.tickets import Holiday
from services import cache, clock

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """When people work. `special` says of single days whether they are worked, whatever their weekday."""

    opens: time
    closes: time
    weekdays: Sequence[int] = (1, 2, 3, 4, 5, 6, 7)  # Monday is 1
    special: Mapping[date, bool] = field(default_factory=dict)

    def worked(self, day: date) -> bool:
        return self.special.get(day, day.isoweekday() in self.weekdays)

    def is_open(self, moment: datetime) -> bool:
        here = clock.local(moment)
        return self.worked(here.date()) and self.opens <= here.time() < self.closes

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself when it is worked, else the start of the next worked day."""
        start, _ = self._window_after(moment)
        return start

    def add(self, moment: datetime, minutes: float) -> datetime:
        """The moment when so many working minutes have passed. A past that ends at closing ends that day."""
        left = timedelta(minutes=minutes)
        start, end = self._window_after(moment)
        while left > end - start:
            left -= end - start
            start, end = self._window_after(end)
        return start + left

    def _window_after(self, moment: datetime) -> tuple[datetime, datetime]:
        """What is left of the present working day, or the next one whole; in the zone of the moment."""
        here = clock.local(moment)
        day = here.date()
        while not self.worked(day) or here >= self._at(day, self.closes):
            day += _DAY
        start = max(here, self._at(day, self.opens))
        return start.astimezone(moment.tzinfo), self._at(day, self.closes).astimezone(moment.tzinfo)

    @staticmethod
    def _at(day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, clock.LOCAL)


def read_hours(text: str) -> tuple[time, time]:
    """ "08:30-18:00" as in the settings."""
    opens, closes = text.split("-")
    return time.fromisoformat(opens), time.fromisoformat(closes)


async def _load_special() -> Mapping[date, bool]:
    return {row.day: row.working for row in await Holiday.all()}


_special = cache.Cached(_load_special)


async def of_repairs() -> Hours:
    """The hours in which the clocks of repairs run."""
    table = settings.load().repairs
    opens, closes = read_hours(table.working_hours)
    return Hours(opens, closes, table.working_days, await _special.get())


def of_desk() -> Hours:
    """When staff answer people: the same hours every day, as residents are told."""
    return Hours(*read_hours(settings.load().human.office_hours))
