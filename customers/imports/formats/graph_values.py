"""Single values of Microsoft Graph's files: days, yes and no, people, GUIDs; in CSV and JSON alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers import clock
from customers.feed.values import canonical_guid
from customers.imports.reading import About, FileNotTakenError

CACHED = 8192
FIRST_YEAR = 1900
DAY_EXPECTED = gettext_lazy("Expected a day as YYYY-MM-DD, from 1900 to today, or nothing.")
YES_OR_NO_EXPECTED = gettext_lazy("Expected True or False, Yes or No, 1 or 0, or nothing.")
# Concealed names: MD5 as hexadecimal digits (domain: reports conceal names unless the customer's administrator reveals them).
_PSEUDONYM = re.compile(r"[0-9A-Fa-f]{32}")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].*)?", re.DOTALL)
_YES_OR_NO = {"true": "true", "yes": "true", "1": "true", "false": "false", "no": "false", "0": "false", "": "false"}
_NOBODY = frozenset({"", "(unknown)", "unknown"})
NO_GUID = "00000000-0000-0000-0000-000000000000"


class BadCellError(ValueError):
    """A cell isn't what it should be; the message says what was expected."""


@lru_cache(maxsize=CACHED)
def past_day(text: str) -> str:
    """The day as YYYY-MM-DD, nothing for nothing; of a moment its day. Raises BadCellError: no day, before 1900, after today."""
    stripped = text.strip()
    if not stripped:
        return ""
    found = day_in(stripped)
    if found is None or found.year < FIRST_YEAR or found > clock.today():
        raise BadCellError(str(DAY_EXPECTED))
    return found.isoformat()


def day_in(text: str) -> date | None:
    """The day of a day or moment in ISO form."""
    written = _MOMENT.fullmatch(text)
    try:
        return date.fromisoformat(written[1]) if written else None
    except ValueError:
        return None


@lru_cache(maxsize=CACHED)
def yes_or_no(text: str) -> str:
    """`true` or `false`; nothing is no. Raises BadCellError."""
    found = _YES_OR_NO.get(text.strip().casefold())
    if found is None:
        raise BadCellError(str(YES_OR_NO_EXPECTED))
    return found


def is_nobody(name: str) -> bool:
    """Whether a report doesn't say whom a row is about: `(Unknown)`, or nothing."""
    return name.casefold() in _NOBODY


def is_pseudonym(name: str) -> bool:
    """Whether the name is concealed."""
    return len(name) == 32 and _PSEUDONYM.fullmatch(name) is not None


def guid_in(text: Any) -> UUID | None:
    """The GUID, unless it is the one of zeros."""
    found = canonical_guid(text.strip()) if isinstance(text, str) else None
    return UUID(found) if found and found != NO_GUID else None


def text_in(item: Mapping[str, Any], name: str) -> str:
    """A member of a JSON object as text; nothing for null and for what is no single value."""
    value = item.get(name)
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def customer_of(about: About) -> str:
    """The customer that was named. Raises FileNotTakenError."""
    if about.customer is None:
        raise FileNotTakenError(_("The file doesn't say which customer it is about; name the customer."))
    return str(about.customer)
