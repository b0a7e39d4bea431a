"""Where the states of subscriptions stand on a scale of days."""

from __future__ import annotations

from datetime import date

import pytest

from customers.timeline import Mark, Scale, Stretch, scale_of

YEAR = Scale(first=date(2026, 1, 1), past=date(2026, 4, 11))


@pytest.mark.parametrize(
    ("day", "x"),
    [
        (date(2025, 1, 1), 0.0),
        (date(2026, 1, 1), 0.0),
        (date(2026, 1, 11), 100.0),
        (date(2026, 4, 11), 1000.0),
        (date(2027, 1, 1), 1000.0),
    ],
)
def test_day_on_the_scale(day: date, x: float) -> None:
    assert YEAR.x(day) == x


@pytest.mark.parametrize(
    ("first", "past", "stretch"),
    [
        (date(2026, 1, 11), date(2026, 1, 21), Stretch("100.0", "100.0", "grace")),
        (date(2026, 4, 1), None, Stretch("900.0", "100.0", "grace")),
        (date(2025, 1, 1), date(2026, 1, 11), Stretch("0.0", "100.0", "grace")),
        (date(2025, 1, 1), date(2026, 1, 1), None),
        (date(2027, 1, 1), None, None),
    ],
)
def test_stretch_within_the_scale(first: date, past: date | None, stretch: Stretch | None) -> None:
    assert YEAR.stretch(first, past, "grace") == stretch


def test_years_are_marked_but_not_at_the_end() -> None:
    scale = Scale(first=date(2024, 1, 1), past=date(2026, 1, 10))
    assert scale.years() == [Mark("494.6", "2025")]


@pytest.mark.parametrize(("first", "number"), [(date(2020, 6, 1), 6), (date(2000, 6, 1), 7), (date(1950, 6, 1), 8)])
def test_years_are_not_crowded(first: date, number: int) -> None:
    assert len(Scale(first=first, past=date(2027, 6, 1)).years()) == number


def test_scale_from_the_first_beginning_to_a_month_after_the_last_end() -> None:
    scale = scale_of([date(2025, 5, 1), date(2024, 5, 1)], [date(2026, 12, 1), date(2099, 1, 1)], day=date(2026, 3, 31))
    assert scale == Scale(date(2024, 5, 1), date(2027, 1, 1))


def test_scale_of_nothing_is_around_the_day() -> None:
    assert scale_of([], [], day=date(2026, 3, 31)) == Scale(date(2026, 3, 31), date(2026, 5, 1))
