"""The window of 28 calendar days that a figure looks at (metrics.md, "Words"). Pure, no ORM."""

from __future__ import annotations

from datetime import date, timedelta

WINDOW_DAYS = 28


def first_day(as_of: date) -> date:
    """The first day of the window of as-of date `as_of`, whose last day it is itself; never before date.min."""
    return max(as_of, date.min + timedelta(days=WINDOW_DAYS - 1)) - timedelta(days=WINDOW_DAYS - 1)
