"""Where the states of subscriptions stand on a common scale of days. Pure: places only, no drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH = 100
"""The scale's length, in per cent of the drawing."""
LEAST_BACK, MOST_BACK = timedelta(days=365), timedelta(days=761)
"""The scale reaches back 12 to 25 months."""
MOST_AHEAD = timedelta(days=366)
"""Ends later than that don't stretch it."""
WIDE = 15
"""From here on a stretch has room for its word."""

_MONTH = timedelta(days=31)
_QUARTERS = (1, 4, 7, 10)
_LAST_LABEL = 0.9 * WIDTH


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on the scale, with what is written there."""

    x: str
    label: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on the scale, in one state."""

    x: str
    width: str
    state: str
    is_wide: bool = False
    """Whether a word fits into it."""
    goes_back: bool = False
    """Whether it began before the scale does."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The days from `first` on and before `past`."""

    first: date
    past: date

    def x(self, day: date) -> float:
        """Where a day begins; days outside stand at the ends."""
        days = (min(max(day, self.first), self.past) - self.first).days
        return WIDTH * days / (self.past - self.first).days

    def mark(self, day: date, label: str = "") -> Mark:
        """The day as a mark."""
        return Mark(written(self.x(day)), label)

    def mark_within(self, day: date | None) -> Mark | None:
        """The same of a day that lies on the scale; None for any other."""
        return self.mark(day) if day is not None and self.first <= day < self.past else None

    def stretch(self, first: date, past: date | None, state: str) -> Stretch | None:
        """The part of these days that lies on the scale; None: no part does."""
        begin, end = self.x(first), self.x(past or self.past)
        if end <= begin:
            return None
        return Stretch(written(begin), written(end - begin), state, end - begin >= WIDE, first < self.first)

    def quarters(self) -> list[Mark]:
        """The beginnings of quarters on the scale; those of years are labelled, but not at the end."""
        years = range(self.first.year, self.past.year + 1)
        days = (date(year, month, 1) for year in years for month in _QUARTERS)
        return [self.mark(day, self._label(day)) for day in days if self.first <= day < self.past]

    def _label(self, day: date) -> str:
        return str(day.year) if day.month == 1 and self.x(day) < _LAST_LABEL else ""


def scale_of(begins: Iterable[date], ends: Sequence[date], *, day: date) -> Scale:
    """A scale from the first beginning, 12 to 25 months back, to a month after the as-of date or the last end of a year."""
    first = min(max(min([day, *begins]), _back(day, MOST_BACK)), _back(day, LEAST_BACK))
    last = max([day, *(end for end in ends if end <= day + MOST_AHEAD)])
    return Scale(first=first, past=last + _MONTH)


def _back(day: date, so_far: timedelta) -> date:
    return max(day, date.min + so_far) - so_far


def written(number: float) -> str:
    """A number as SVG reads it, whatever the person's locale."""
    return f"{number:.2f}"
