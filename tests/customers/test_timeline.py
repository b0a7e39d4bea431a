"""Where the states of subscriptions stand on a scale of days."""

from __future__ import annotations

from datetime import date

import pytest

from customers.timeline import Mark, Scale, Stretch, scale_of

SPRING = Scale(first=date(2026, 1, 1), past=date(2026, 4, 11))
DAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("day", "x"),
    [
        (date(2025, 1, 1), 0.0),
        (date(2026, 1, 1), 0.0),
        (date(2026, 1, 11), 10.0),
        (date(2026, 4, 11), 100.0),
        (date(2027, 1, 1), 100.0),
    ],
)
def test_day_on_the_scale(day: date, x: float) -> None:
    assert SPRING.x(day) == x


@pytest.mark.parametrize(
    ("first", "past", "stretch"),
    [
        (date(2026, 1, 11), date(2026, 1, 21), Stretch("10.00", "10.00", "grace")),
        (date(2026, 1, 11), date(2026, 1, 26), Stretch("10.00", "15.00", "grace", is_wide=True)),
        (date(2026, 4, 1), None, Stretch("90.00", "10.00", "grace")),
        (date(2025, 1, 1), date(2026, 1, 11), Stretch("0.00", "10.00", "grace", goes_back=True)),
        (date(2025, 1, 1), date(2026, 1, 1), None),
        (date(2027, 1, 1), None, None),
    ],
)
def test_stretch_within_the_scale(first: date, past: date | None, stretch: Stretch | None) -> None:
    assert SPRING.stretch(first, past, "grace") == stretch


@pytest.mark.parametrize(
    ("day", "mark"),
    [
        (None, None),
        (date(2025, 12, 31), None),
        (date(2026, 1, 11), Mark("10.00", "")),
        (date(2026, 4, 11), None),
    ],
)
def test_mark_of_a_day_that_may_lie_outside(day: date | None, mark: Mark | None) -> None:
    assert SPRING.mark_within(day) == mark


def test_quarters_are_marked_and_years_labelled_but_not_at_the_end() -> None:
    scale = Scale(first=date(2024, 12, 1), past=date(2026, 1, 10))
    assert [mark.label for mark in scale.quarters()] == ["2025", "", "", "", ""]
    assert [mark.x for mark in scale.quarters()] == ["7.65", "29.88", "52.35", "75.06", "97.78"]


@pytest.mark.parametrize(
    ("begins", "first"),
    [
        ([], date(2025, 3, 31)),
        ([date(2026, 1, 1)], date(2025, 3, 31)),
        ([date(2025, 5, 1), date(2024, 9, 1)], date(2024, 9, 1)),
        ([date(2010, 1, 1)], date(2024, 2, 29)),
    ],
)
def test_scale_reaches_back_12_to_25_months(begins: list[date], first: date) -> None:
    assert scale_of(begins, [], day=DAY) == Scale(first, date(2026, 5, 1))


def test_scale_reaches_to_a_month_after_the_last_end_of_the_coming_year() -> None:
    ends = [date(2026, 12, 1), date(2027, 5, 1), date(9999, 12, 31)]
    assert scale_of([], ends, day=DAY).past == date(2027, 1, 1)


def test_scale_of_the_first_day_there_is() -> None:
    assert scale_of([], [], day=date.min).first == date.min
