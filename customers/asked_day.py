"""Reads a day that somebody asks for in an address."""

from __future__ import annotations

import re
from datetime import date

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from customers.clock import today

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def day_from(text: str) -> date:
    """The day that is written so, YYYY-MM-DD. Raises BadRequest with a sentence, for a day that is still to come too."""
    try:
        day = date(*map(int, _DAY.fullmatch(text).groups()))  # type: ignore[union-attr]
    except (AttributeError, ValueError):
        raise BadRequest(_("date: “%(text)s” is no day; expected YYYY-MM-DD.") % {"text": text}) from None
    if day > today():
        raise BadRequest(
            _("date: %(text)s is still to come; expected a day up to %(today)s.")
            % {"text": text, "today": today().isoformat()}
        )
    return day
