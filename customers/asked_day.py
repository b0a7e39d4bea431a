"""Reads a day that somebody asks for in the address of a page."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import BadRequest

from partners.days import BadDayError, read_day


def day_from(text: str) -> date:
    """The day that is written so, YYYY-MM-DD. Raises BadRequest with a sentence, for a day that is still to come too."""
    try:
        return read_day(text)
    except BadDayError as error:
        raise BadRequest(f"date: {error}") from None
