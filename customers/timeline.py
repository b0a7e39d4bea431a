"""Where the states of subscriptions stand on a common scale of days. Pure: places only, no drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH = 1000
"""The scale's length, in the units of the drawing."""

_MONTH = 31
_MOST_YEARS = 8
_LAST_LABEL = 0.93 * WIDTH


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

    def stretch(self, first: date, past: date | None, state: str) -> Stretch | None:
        """The part of these days that lies on the scale; None: no part does."""
        begin, end = self.x(first), self.x(past or self.past)
        return Stretch(written(begin), written(end - begin), state) if end > begin else None

    def years(self) -> list[Mark]:
        """The beginnings of years on the scale."""
        years = range(self.first.year + 1, self.past.year + 1)
        step = -(-len(years) // _MOST_YEARS) or 1
        days = (date(year, 1, 1) for year in years[::step])
        return [self.mark(day, str(day.year)) for day in days if self.x(day) < _LAST_LABEL]


def scale_of(begins: Iterable[date], ends: Sequence[date], *, day: date) -> Scale:
    """A scale from the first beginning to a month after the as-of date, or after the last of the ends."""
    last = max([day, *(end for end in ends if end <= day + timedelta(days=2 * 366))])
    return Scale(first=min([day, *begins]), past=last + timedelta(days=_MONTH))


def written(number: float) -> str:
    """A number as SVG reads it, whatever the person's locale."""
    return f"{number:.1f}"
