"""Geometry of the charts: numbers in, SVG coordinates out; the templates draw them. Pure, no ORM."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

BAR_END = 150
"""Where a bar ends, in per cent; what lies beyond is marked at the end of the bar."""
WIDTH = 1000
HEIGHT = 150
ROOM_ABOVE = 16
STEPS = (25, 50, 100, 200, 500, 1000)


class Point(NamedTuple):
    """One day of a trend; `value` in per cent, None where there is no figure."""

    day: date
    value: float | None
    lower_bound: bool = False
    """Whether fewer than 28 days of its window are covered."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A percentage as lengths in a box of 150 units."""

    within: str
    """up to 100"""
    over: str
    """beyond 100, up to the end of the box"""
    beyond: bool
    """whether the box is too short"""


def bar(value: float | None) -> Bar:
    """The bar of a percentage; without a figure an empty one."""
    shown = min(max(value or 0, 0), BAR_END)
    return Bar(_number(min(shown, 100)), _number(max(shown - 100, 0)), beyond=(value or 0) > BAR_END)


@dataclass(frozen=True, slots=True)
class Gridline:
    """A labelled height of a trend, in pixels from the top."""

    percent: int
    y: str
    label_y: str


@dataclass(frozen=True, slots=True)
class Trend:
    """A trend as paths in a box of `WIDTH` x `HEIGHT`, with its gridlines and its last point."""

    gridlines: tuple[Gridline, ...]
    lines: tuple[str, ...]
    """one path per unbroken run of days"""
    lower_bounds: tuple[str, ...]
    """the same for the days that are lower bounds"""
    last: Point | None
    last_x: str
    """per cent of the width"""
    last_y: str


def trend(points: Sequence[Point]) -> Trend:
    """Where the points of consecutive days lie; a day without a figure breaks the line."""
    top = _top(point.value for point in points if point.value is not None)
    places = [_Place(point, _x(index, len(points)), _y(point.value, top)) for index, point in enumerate(points)]
    known = [place for place in places if place.point.value is not None]
    last = known[-1] if known else None
    return Trend(
        gridlines=tuple(_gridline(percent, top) for percent in range(0, top + 1, _step(top))),
        lines=tuple(_paths(places, lower_bound=False)),
        lower_bounds=tuple(_paths(places, lower_bound=True)),
        last=last.point if last else None,
        last_x=_number(last.x / WIDTH * 100) if last else "0",
        last_y=_number(last.y + ROOM_ABOVE) if last else "0",
    )


class _Place(NamedTuple):
    point: Point
    x: float
    y: float


def _paths(places: list[_Place], *, lower_bound: bool) -> Iterable[str]:
    """Runs of points of one sort; a lower bound joins the point before and after it, so that no gap is drawn."""
    runs = groupby(enumerate(places), key=lambda entry: _sort(entry[1]))
    for sort, run in runs:
        if sort != ("lower" if lower_bound else "full"):
            continue
        indices = [index for index, _ in run]
        first = indices[0] - 1 if lower_bound and indices[0] and _sort(places[indices[0] - 1]) else indices[0]
        after = indices[-1] + 1
        last = after if lower_bound and after < len(places) and _sort(places[after]) else indices[-1]
        yield "M" + "L".join(f"{_number(place.x)} {_number(place.y)}" for place in places[first : last + 1])


def _sort(place: _Place) -> str:
    if place.point.value is None:
        return ""
    return "lower" if place.point.lower_bound else "full"


def _top(values: Iterable[float]) -> int:
    highest = max(values, default=0)
    step = _step(int(highest))
    return max(100, -int(-highest // step) * step)


def _step(top: int) -> int:
    return next((step for step in STEPS if top <= 5 * step), STEPS[-1] * (top // 5000 + 1))


def _gridline(percent: int, top: int) -> Gridline:
    y = _y(percent, top) + ROOM_ABOVE
    return Gridline(percent, _number(y), _number(y - 4))


def _x(index: int, number: int) -> float:
    return WIDTH * index / max(number - 1, 1)


def _y(value: float | None, top: int) -> float:
    return HEIGHT * (1 - (value or 0) / top)


def _number(value: float) -> str:
    """A coordinate, the same in every language."""
    return f"{value:.1f}".removesuffix(".0")
