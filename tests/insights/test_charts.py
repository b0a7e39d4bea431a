"""Where bars and trends lie."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from insights.charts import Bar, Point, bar, trend

DAY = date(2026, 3, 1)


def points(*values: float | None) -> list[Point]:
    return [Point(DAY + timedelta(days=index), value) for index, value in enumerate(values)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, Bar("0", "0", beyond=False)),
        (0, Bar("0", "0", beyond=False)),
        (62.5, Bar("62.5", "0", beyond=False)),
        (100, Bar("100", "0", beyond=False)),
        (140, Bar("100", "40", beyond=False)),
        (150, Bar("100", "50", beyond=False)),
        (168.2, Bar("100", "50", beyond=True)),
    ],
)
def test_bar(value: float | None, expected: Bar) -> None:
    assert bar(value) == expected


def test_trend_lies_between_0_and_100_at_least() -> None:
    chart = trend(points(0, 50, 100))
    assert chart.lines == ("M0 150L500 75L1000 0",)
    assert chart.lower_bounds == ()
    assert [(line.percent, line.y) for line in chart.gridlines] == [
        (0, "166"),
        (25, "128.5"),
        (50, "91"),
        (75, "53.5"),
        (100, "16"),
    ]
    assert (chart.last, chart.last_x, chart.last_y) == (points(0, 50, 100)[-1], "100", "16")


def test_trend_grows_with_what_is_above_100() -> None:
    chart = trend(points(120, 130))
    assert [line.percent for line in chart.gridlines] == [0, 50, 100, 150]
    assert chart.lines == ("M0 30L1000 20",)


def test_a_day_without_a_figure_breaks_the_line() -> None:
    assert trend(points(100, None, 100, 50)).lines == ("M0 0", "M666.7 0L1000 75")


def test_lower_bounds_are_lines_of_their_own_that_join_the_rest() -> None:
    chart = trend([Point(DAY, 100), Point(DAY, 50, lower_bound=True), Point(DAY, 50, lower_bound=True), Point(DAY, 0)])
    assert chart.lines == ("M0 0", "M1000 150")
    assert chart.lower_bounds == ("M0 0L333.3 75L666.7 75L1000 150",)


def test_a_trend_of_nothing_has_no_lines() -> None:
    for nothing in ([], points(None, None)):
        chart = trend(nothing)
        assert (chart.lines, chart.last) == ((), None)


def test_a_single_day_is_a_point() -> None:
    assert trend(points(100)).last_x == "0"
