"""How present people are on a day: weekends, public holidays, the long summer breaks, Chinese New Year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

MonthDay = tuple[int, int]

# (month, day) of the holidays that fall on the same date every year.
HOLIDAYS: dict[str, frozenset[MonthDay]] = {
    "IT": frozenset({(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26)}),
    "ES": frozenset({(1, 1), (1, 6), (5, 1), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8), (12, 25)}),
    "SE": frozenset({(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)}),
    "NL": frozenset({(1, 1), (4, 27), (12, 25), (12, 26)}),
    "CN": frozenset({(1, 1), (4, 5), (5, 1), (5, 2), (5, 3), *((10, day) for day in range(1, 8))}),
    "DE": frozenset({(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)}),
    "FR": frozenset({(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}),
    "PT": frozenset({(1, 1), (4, 25), (5, 1), (6, 10), (8, 15), (10, 5), (11, 1), (12, 1), (12, 8), (12, 25)}),
    "PL": frozenset({(1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)}),
    "FI": frozenset({(1, 1), (1, 6), (5, 1), (12, 6), (12, 25), (12, 26)}),
    "CZ": frozenset(
        {(1, 1), (5, 1), (5, 8), (7, 5), (7, 6), (9, 28), (10, 28), (11, 17), (12, 24), (12, 25), (12, 26)}
    ),
    "GR": frozenset({(1, 1), (1, 6), (3, 25), (5, 1), (8, 15), (10, 28), (12, 25), (12, 26)}),
    "DK": frozenset({(1, 1), (6, 5), (12, 24), (12, 25), (12, 26)}),
    "GB": frozenset({(1, 1), (12, 25), (12, 26)}),
}

# Country -> month of the long break and the share of people who work in it all the same.
SUMMER: dict[str, tuple[int, float]] = {
    "IT": (8, 0.4),
    "ES": (8, 0.45),
    "FR": (8, 0.5),
    "PT": (8, 0.55),
    "GR": (8, 0.5),
    "SE": (7, 0.4),
    "FI": (7, 0.4),
    "DK": (7, 0.5),
    "NL": (8, 0.7),
    "DE": (8, 0.75),
}

# First day of the Chinese year; the moon decides, so it is a table.
LUNAR_NEW_YEAR = frozenset(
    {
        date(2024, 2, 10),
        date(2025, 1, 29),
        date(2026, 2, 17),
        date(2027, 2, 6),
        date(2028, 1, 26),
        date(2029, 2, 13),
        date(2030, 2, 3),
        date(2031, 1, 23),
        date(2032, 2, 11),
        date(2033, 1, 31),
        date(2034, 2, 19),
        date(2035, 2, 8),
    }
)

OPEN_AT_WEEKENDS = {"hospitality": 0.45, "retail": 0.35, "healthcare": 0.3}
WEEKEND = 0.05
HOLIDAY = 0.06
CHRISTMAS = 0.5


def is_weekend(day: date) -> bool:
    """Saturday or Sunday."""
    return day.weekday() >= 5


def is_holiday(country: str, day: date) -> bool:
    """A public holiday of the country; in China also the eve of the new year and the seven days from it."""
    if country == "CN" and any(day - timedelta(ahead) in LUNAR_NEW_YEAR for ahead in range(-1, 7)):
        return True
    return (day.month, day.day) in HOLIDAYS[country]


def season(country: str, day: date) -> float:
    """The share of people who aren't on leave."""
    month, share = SUMMER.get(country, (0, 1.0))
    if day.month == month:
        return share
    between_the_years = (day.month, day.day) >= (12, 23) or (day.month, day.day) <= (1, 5)
    return CHRISTMAS if between_the_years and country != "CN" else 1.0


def presence(country: str, segment: str, days: Sequence[date]) -> list[float]:
    """The chance, day by day, that somebody who works all days is at work."""
    return [_presence_on(country, segment, day) for day in days]


def _presence_on(country: str, segment: str, day: date) -> float:
    if is_holiday(country, day):
        return HOLIDAY
    if is_weekend(day):
        return OPEN_AT_WEEKENDS.get(segment, WEEKEND)
    return season(country, day)
