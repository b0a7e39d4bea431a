"""Where sparklines lie, and what they say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from insights.charts import Point
from insights.spark import spark

DAY = date(2026, 3, 1)


def points(*values: float | None) -> list[Point]:
    return [Point(DAY + timedelta(days=index), value) for index, value in enumerate(values)]


@pytest.mark.parametrize("values", [(), (None, None), (50.0, None)])
def test_fewer_than_two_figures_are_no_trend(values: tuple[float | None, ...]) -> None:
    assert spark(points(*values)) is None


def test_line_fills_the_height() -> None:
    drawn = spark(points(20, 40, 60))
    assert drawn is not None
    assert drawn.lines == ("M0.0 21.0L50.0 12.0L100.0 3.0",)
    assert (drawn.change, drawn.first.value, drawn.last.value) == (40, 20, 60)


def test_small_changes_stay_small() -> None:
    drawn = spark(points(50, 51))
    assert drawn is not None
    assert drawn.lines == ("M0.0 12.9L100.0 11.1",)


def test_a_day_without_a_figure_breaks_the_line() -> None:
    drawn = spark(points(50, None, 30, 40.5))
    assert drawn is not None
    assert [line.count("L") for line in drawn.lines] == [0, 1]
    assert (drawn.lowest.value, drawn.highest.value, drawn.change) == (30, 50, -9.5)
