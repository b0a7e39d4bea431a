"""Which day it is: today, in UTC (metrics.md, "Whose figures a partner sees")."""

from __future__ import annotations

from datetime import UTC, date, datetime


def today() -> date:
    """Today's calendar day in UTC."""
    return datetime.now(UTC).date()
