"""When reports are due: in their time zone, through the changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.schedule import next_time


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "day", "hour", "zone", "after", "due"),
    [
        ("daily", 1, 7, "UTC", "2026-11-21T06:59:59", "2026-11-21T07:00:00"),
        ("daily", 1, 7, "UTC", "2026-11-21T07:00:00", "2026-11-22T07:00:00"),
        ("daily", 1, 7, "Europe/Rome", "2026-11-21T05:00:00", "2026-11-21T06:00:00"),
        ("daily", 1, 0, "Asia/Shanghai", "2026-11-21T15:59:00", "2026-11-21T16:00:00"),
        ("weekly", 1, 7, "UTC", "2026-11-21T07:00:00", "2026-11-23T07:00:00"),
        ("weekly", 6, 7, "UTC", "2026-11-21T07:00:00", "2026-11-28T07:00:00"),
        ("monthly", 28, 7, "UTC", "2027-02-28T07:00:00", "2027-03-28T07:00:00"),
        ("monthly", 1, 7, "UTC", "2026-12-31T23:00:00", "2027-01-01T07:00:00"),
        # The night in which clocks go forward has no two o'clock in Rome, that in which they go back has it twice.
        ("daily", 1, 2, "Europe/Rome", "2026-03-28T12:00:00", "2026-03-29T01:00:00"),
        ("daily", 1, 2, "Europe/Rome", "2026-10-24T12:00:00", "2026-10-25T00:00:00"),
        ("daily", 1, 2, "Europe/Rome", "2026-10-25T00:00:00", "2026-10-26T01:00:00"),
    ],
)
def test_next_time(rhythm: str, day: int, hour: int, zone: str, after: str, due: str) -> None:
    assert next_time(rhythm, day=day, hour=hour, zone=zone, after=at(after)) == at(due)


@given(
    st.sampled_from(["daily", "weekly", "monthly"]),
    st.integers(1, 7),
    st.integers(0, 23),
    st.sampled_from(["UTC", "Europe/Rome", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"]),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001  the zone is added below
)
def test_next_time_is_later_and_soon(rhythm: str, day: int, hour: int, zone: str, after: datetime) -> None:
    moment = after.replace(tzinfo=UTC)
    due = next_time(rhythm, day=day, hour=hour, zone=zone, after=moment)
    most = {"daily": 2, "weekly": 8, "monthly": 32}[rhythm]
    assert moment < due <= moment + timedelta(days=most)
