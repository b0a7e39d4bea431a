"""Of which days a trend is drawn: by day, week or month, so that there are never more than some dozens. Pure, no ORM."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MOST_MONTHS = 25
"""So far back a trend goes at most."""
MONTHS_AT_FIRST = 24
DAYS_BY_DAY = 35
DAYS_BY_WEEK = 214
"""Seven months."""


class Step(StrEnum):
    """How far the points of a trend are apart."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a trend, from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def step(self) -> Step:
        """Days up to five weeks, weeks up to seven months, else months."""
        length = (self.last - self.first).days
        if length <= DAYS_BY_DAY:
            return Step.DAY
        return Step.WEEK if length <= DAYS_BY_WEEK else Step.MONTH

    @property
    def days(self) -> list[date]:
        """The points, oldest first: the last day always; by week back from it, by month the months' last days."""
        if self.step is Step.MONTH:
            return [*_month_ends(self.first, self.last - timedelta(days=1)), self.last]
        apart = 1 if self.step is Step.DAY else 7
        number = (self.last - self.first).days // apart
        return [self.last - timedelta(days=apart * place) for place in range(number, -1, -1)]


def span_before(last: date, *, months: int = MONTHS_AT_FIRST) -> Span:
    """The span of so many months up to `last`."""
    return Span(months_before(last, months), last)


def months_before(day: date, months: int) -> date:
    """The same day so many months before; where that month is shorter, its last day."""
    whole = day.year * 12 + day.month - 1 - months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_month_end(day: date) -> bool:
    """Whether the day is its month's last."""
    return day.day == monthrange(day.year, day.month)[1]


def _month_ends(first: date, last: date) -> list[date]:
    """The last days of months from `first` to `last`."""
    found = []
    end = first.replace(day=monthrange(first.year, first.month)[1])
    while end <= last:
        found.append(end)
        after = end + timedelta(days=1)
        end = after.replace(day=monthrange(after.year, after.month)[1])
    return found
