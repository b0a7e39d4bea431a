"""Reads a day that somebody asks for: in pages and the API the same, with the same sentences."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
FIRST_DAY = date(1970, 1, 1)


class BadDayError(ValueError):
    """What is written is no day that can be asked for; the message says what was expected."""


def read_day(text: str) -> date:
    """The day that is written so, YYYY-MM-DD and in no other way. Raises BadDayError, for a day to come (UTC) too."""
    written = _DAY.fullmatch(text)
    try:
        day = date(*map(int, written.groups())) if written else None
    except ValueError:
        day = None
    today = datetime.now(UTC).date()
    if day is None:
        raise BadDayError(_("“%(text)s” is no day; expected YYYY-MM-DD.") % {"text": text})
    if day > today:
        message = _("%(text)s is still to come; expected a day up to %(today)s.")
        raise BadDayError(message % {"text": text, "today": today.isoformat()})
    if day < FIRST_DAY:
        message = _("%(text)s is out of range; expected a day from %(first)s.")
        raise BadDayError(message % {"text": text, "first": FIRST_DAY.isoformat()})
    return day
