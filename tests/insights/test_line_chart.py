"""Where several lines over the same days lie."""

from __future__ import annotations

from datetime import date

from insights.line_chart import Series, line_chart

DAYS = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


def test_days_are_as_far_apart_as_in_the_calendar() -> None:
    chart = line_chart(DAYS, [Series("a", "A", [0, 50, 100])], at_least=100)
    assert chart.lines[0].paths == ("M0 200L474.58 100L1000 0",)
    assert [(slot.begin, slot.width) for slot in chart.slots] == [("0", "23.73"), ("23.73", "50"), ("73.73", "26.27")]
    assert [tick.value for tick in chart.ticks] == [0, 20, 40, 60, 80, 100]


def test_gap_breaks_a_line_and_a_lonely_point_is_a_dot() -> None:
    chart = line_chart(DAYS, [Series("a", "A", [10, None, 20]), Series("b", "B", [None, None, None])])
    line, nothing = chart.lines
    assert (line.paths, len(line.dots), line.first, line.last) == ((), 2, 10, 20)
    assert (nothing.paths, nothing.dots, nothing.first, nothing.last) == ((), (), None, None)


def test_scale_reaches_the_highest_value() -> None:
    assert [tick.value for tick in line_chart(DAYS, [Series("a", "A", [1, 2, 1234])]).ticks][-1] == 1500
    assert [tick.value for tick in line_chart(DAYS[:1], [Series("a", "A", [0])]).ticks] == [0, 1]
