"""Geometry of lines over days: numbers in, SVG coordinates out; the templates draw them. Pure, no ORM."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

WIDTH = 1000
HEIGHT = 200
ROOM_ABOVE = 16
MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Series:
    """One line: a value for each day, None where there is none."""

    code: str
    label: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled height, in pixels from the top."""

    value: int
    y: str
    label_y: str


@dataclass(frozen=True, slots=True)
class Line:
    """A series as paths in a box of `WIDTH` x `HEIGHT`, one for each unbroken run of days; and its dots."""

    place: int
    """Which line it is, from 1: its colour and its dashes."""
    label: str
    paths: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]
    """Per cent of the width, pixels from the top: points without a neighbour, which a line can't show."""
    first: float | None
    last: float | None


@dataclass(frozen=True, slots=True)
class Slot:
    """The part of the width that belongs to one day, in per cent; what a pointer over it asks about."""

    day: date
    begin: str
    width: str
    middle: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """Lines over the same days, on one scale from 0 on."""

    ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    slots: tuple[Slot, ...]


def line_chart(days: Sequence[date], series: Sequence[Series], *, at_least: int = 1) -> LineChart:
    """Where the lines lie; days are as far apart as they are in the calendar. The scale reaches `at_least` so far."""
    highest = max((value for one in series for value in one.values if value is not None), default=0)
    step = _step(max(highest, at_least))
    top = -int(-max(highest, at_least) // step) * step
    places = [_x(day, days) for day in days]
    return LineChart(
        ticks=tuple(_tick(value, top) for value in range(0, top + 1, step)),
        lines=tuple(_line(number, one, places, top) for number, one in enumerate(series, start=1)),
        slots=tuple(_slots(days, places)),
    )


def _step(highest: float) -> int:
    """1, 2 or 5 times a power of ten, so that there are few labels."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if factor * size * MOST_TICKS >= highest:
                return factor * size
        size *= 10


def _tick(value: int, top: int) -> Tick:
    y = _y(value, top) + ROOM_ABOVE
    return Tick(value, _number(y), _number(y - 4))


def _line(place: int, series: Series, places: list[float], top: int) -> Line:
    runs = list(_runs(series.values))
    known = [value for value in series.values if value is not None]
    return Line(
        place=place,
        label=series.label,
        paths=tuple(_path(run, places, series.values, top) for run in runs if len(run) > 1),
        dots=tuple(
            (_number(places[run[0]] * 100), _number(_y(series.values[run[0]] or 0, top) + ROOM_ABOVE))
            for run in runs
            if len(run) == 1
        ),
        first=known[0] if known else None,
        last=known[-1] if known else None,
    )


def _runs(values: Sequence[float | None]) -> Iterable[list[int]]:
    """Places of neighbours that all have a value."""
    run: list[int] = []
    for place, value in enumerate(values):
        if value is not None:
            run.append(place)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _path(run: list[int], places: list[float], values: Sequence[float | None], top: int) -> str:
    points = (f"{_number(places[place] * WIDTH)} {_number(_y(values[place] or 0, top))}" for place in run)
    return "M" + "L".join(points)


def _slots(days: Sequence[date], places: list[float]) -> Iterable[Slot]:
    """Each day has what is nearer to it than to its neighbours."""
    edges = [0.0, *((left + right) / 2 for left, right in pairwise(places)), 1.0]
    for day, (begin, end), middle in zip(days, pairwise(edges), places, strict=True):
        yield Slot(day, _number(begin * 100), _number((end - begin) * 100), _number(middle * 100))


def _x(day: date, days: Sequence[date]) -> float:
    """From 0 to 1."""
    whole = (days[-1] - days[0]).days
    return (day - days[0]).days / whole if whole else 0.5


def _y(value: float, top: int) -> float:
    return HEIGHT * (1 - value / top)


def _number(value: float) -> str:
    """A coordinate, the same in every language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
