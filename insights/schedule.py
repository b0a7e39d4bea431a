"""When a report is due next: pure, in its own time zone, through the changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

DAILY, WEEKLY, MONTHLY = "daily", "weekly", "monthly"


def next_time(rhythm: str, *, day: int, hour: int, zone: str, after: datetime) -> datetime:
    """The first moment (UTC) later than `after` at which it is `hour` o'clock in `zone` on a day that the rhythm means.

    `day`: of the week (Monday is 1) or of the month (1 to 28). An hour that the clock skips is the hour after it.
    """
    local = ZoneInfo(zone)
    at = after.astimezone(local).date()
    while True:
        if _means(rhythm, day, at):
            moment = datetime(at.year, at.month, at.day, hour, tzinfo=local).astimezone(UTC)
            if moment > after:
                return moment
        at += timedelta(days=1)


def _means(rhythm: str, day: int, at: date) -> bool:
    if rhythm == WEEKLY:
        return at.isoweekday() == day
    return at.day == day if rhythm == MONTHLY else True
