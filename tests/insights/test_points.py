"""Of which days a trend is drawn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from insights.points import Span, Step, is_month_end, months_before, span_before

LAST = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("first", "step", "number"),
    [
        (LAST, Step.DAY, 1),
        (LAST - timedelta(days=35), Step.DAY, 36),
        (LAST - timedelta(days=36), Step.WEEK, 6),
        (LAST - timedelta(days=214), Step.WEEK, 31),
        (LAST - timedelta(days=215), Step.MONTH, 8),
        (date(2024, 2, 29), Step.MONTH, 26),
    ],
)
def test_points_are_some_dozens_at_most(first: date, step: Step, number: int) -> None:
    span = Span(first, LAST)
    assert span.step is step
    assert len(span.days) == number
    assert span.days == sorted(set(span.days))
    assert (span.days[0] >= first, span.days[-1]) == (True, LAST)


def test_months_are_shown_by_their_last_days_and_the_last_day_itself() -> None:
    assert Span(date(2025, 8, 15), date(2026, 4, 10)).days == [
        date(2025, 8, 31),
        date(2025, 9, 30),
        date(2025, 10, 31),
        date(2025, 11, 30),
        date(2025, 12, 31),
        date(2026, 1, 31),
        date(2026, 2, 28),
        LAST,
        date(2026, 4, 10),
    ]


def test_months_before_a_long_months_end() -> None:
    assert months_before(LAST, 1) == date(2026, 2, 28)
    assert months_before(LAST, 25) == date(2024, 2, 29)
    assert span_before(LAST).first == date(2024, 3, 31)


@pytest.mark.parametrize("day", [date.min, LAST, date(2024, 2, 29), date.max])
def test_month_ends(day: date) -> None:
    assert is_month_end(day) == (day != date.min)
