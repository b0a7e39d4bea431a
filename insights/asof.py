"""The as-of date that a request asks about."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

from customers.asked_day import day_from
from insights.selectors.latest import latest_complete_day


def asof(request: HttpRequest) -> date:
    """`?date=YYYY-MM-DD`, else the latest complete day of the person's partner.

    Raises BadRequest with a sentence for what is no day, and for a day that is still to come.
    """
    text = request.GET.get("date", "").strip()
    return day_from(text) if text else latest_complete_day(request.user.partner)
