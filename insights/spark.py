"""Geometry of sparklines: a trend so small that only its shape shows, beside its words. Pure, no ORM."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from insights.charts import Point

WIDTH, HEIGHT = 100, 24
ROOM = 3
"""Above and below the line."""
LEAST_SPAN = 10
"""Points of per cent that the height stands for at least, so that a tenth doesn't look like a cliff."""


@dataclass(frozen=True, slots=True)
class Spark:
    """A small trend: one path per unbroken run of days, and what it says."""

    lines: tuple[str, ...]
    first: Point
    last: Point
    lowest: Point
    highest: Point

    @property
    def change(self) -> float:
        """From the first known day to the last, in points of per cent."""
        return round((self.last.value or 0) - (self.first.value or 0), 1)


def spark(points: Sequence[Point]) -> Spark | None:
    """The sparkline of consecutive days; None where fewer than two of them have a figure."""
    known = [point for point in points if point.value is not None]
    if len(known) < 2:
        return None
    lowest, highest = (pick(known, key=lambda point: point.value) for pick in (min, max))
    return Spark(_lines(points, lowest.value or 0, highest.value or 0), known[0], known[-1], lowest, highest)


def _lines(points: Sequence[Point], lowest: float, highest: float) -> tuple[str, ...]:
    span = max(highest - lowest, LEAST_SPAN)
    base = (highest + lowest - span) / 2
    runs = groupby(enumerate(points), key=lambda entry: entry[1].value is not None)
    return tuple(
        "M" + "L".join(_place(index, point.value or 0, len(points), base, span) for index, point in run)
        for is_known, run in runs
        if is_known
    )


def _place(index: int, value: float, number: int, base: float, span: float) -> str:
    x = WIDTH * index / max(number - 1, 1)
    y = HEIGHT - ROOM - (HEIGHT - 2 * ROOM) * (value - base) / span
    return f"{x:.1f} {y:.1f}"
