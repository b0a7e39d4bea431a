"""Reads single values of a feed (feed.md, "Form"). Every reader takes a stripped, non-empty value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache

import pycountry

from customers.external import PREFIX
from customers.feed.faults import BadValueError, Fault
from customers.held import Source
from customers.lifecycle import PeriodState, Status

GUID_PATTERN = re.compile(r"(\{)?(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12})(?(1)\})")
DAY_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PRICE_PATTERN = re.compile(r"[0-9]+(?:\.[0-9]{0,4})?|\.[0-9]{1,4}")
_LOW_GUID = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_OF_TOTALS = re.compile(f"{PREFIX}:{_LOW_GUID}:{_LOW_GUID}")
NOT_TEXT = re.compile("[\0\ud800-\udfff]")
MAX_QUANTITY = 2147483647
CACHED = 8192

Cells = tuple[str | None, ...]


def is_text(value: str) -> bool:
    """Whether a cell is what UTF-8 can say, without NUL characters."""
    return (value.isascii() and "\0" not in value) or NOT_TEXT.search(value) is None


def canonical_guid(value: str) -> str | None:
    """`value` as 8-4-4-4-12 in lower case if it has the form of a GUID, else nothing."""
    if GUID_PATTERN.fullmatch(value) is None:
        return None
    digits = value.strip("{}").replace("-", "").lower()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def fold(value: str) -> str:
    """What an id or a code compares as: a GUID in its one form, all else case folded."""
    return canonical_guid(value) or value.casefold()


@lru_cache(maxsize=CACHED)
def guid(value: str) -> Cells:
    found = canonical_guid(value)
    if found is None:
        raise BadValueError(Fault.GUID)
    return (found,)


@lru_cache(maxsize=CACHED)
def day(value: str) -> Cells:
    return (iso_day(value),)


def iso_day(value: str) -> str:
    """`value` if it is a day of the calendar in the form YYYY-MM-DD."""
    if DAY_PATTERN.fullmatch(value) is None:
        raise BadValueError(Fault.DAY)
    try:
        date.fromisoformat(value)
    except ValueError:
        raise BadValueError(Fault.DAY) from None
    return value


@lru_cache(maxsize=CACHED)
def opaque_id(value: str) -> Cells:
    """An opaque id: as written, and as it compares."""
    return (shortened_to(value, 256, Fault.LONG_256), fold(value))


@lru_cache(maxsize=CACHED)
def subscription_id(value: str) -> Cells:
    """The id of a subscription that somebody states: none of those that follow from totals (customers.external)."""
    if _OF_TOTALS.fullmatch(fold(value)):
        raise BadValueError(Fault.RESERVED)
    return opaque_id(value)


def text(value: str) -> Cells:
    return (shortened_to(value, 256, Fault.LONG_256),)


def comment(value: str) -> Cells:
    return (shortened_to(value, 10_000, Fault.LONG_10000),)


def code(value: str) -> Cells:
    """A code: as written, and as it compares."""
    return (shortened_to(value, 64, Fault.LONG_64), value.casefold())


def slug(value: str) -> Cells:
    return code(value)


def service_key(value: str) -> str:
    """What a service code compares as; OneDrive for Business is SharePoint wherever it stands."""
    shortened_to(value, 64, Fault.LONG_64)
    folded = value.casefold()
    return "spo" if folded == "odb" else folded


def workloads(value: str) -> Cells:
    """Workload codes separated by `;`: as written and as they compare, both as JSON-free lists in array form."""
    written = {}
    for part in value.split(";"):
        stripped = part.strip()
        if stripped:
            key = service_key(stripped)
            written.setdefault(key, "SPO" if key == "spo" else stripped)
    return (array_literal(written.values()), array_literal(written))


def array_literal(values: Iterable[str]) -> str:
    """A list of texts as PostgreSQL reads one."""
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"


def shortened_to(value: str, limit: int, fault: Fault) -> str:
    """`value`, unless it has more than `limit` characters."""
    if len(value) > limit:
        raise BadValueError(fault)
    return value


def boolean(value: str) -> Cells:
    folded = value.casefold()
    if folded not in ("true", "false"):
        raise BadValueError(Fault.BOOLEAN)
    return (folded,)


def whole_number(value: str, fault: Fault, lowest: int, highest: int) -> Cells:
    digits = value.lstrip("0") or "0"
    if not (value.isascii() and value.isdigit()) or len(digits) > 10 or not lowest <= int(digits) <= highest:
        raise BadValueError(fault)
    return (digits,)


def quantity(value: str) -> Cells:
    return whole_number(value, Fault.QUANTITY, 0, MAX_QUANTITY)


def score(value: str) -> Cells:
    return whole_number(value, Fault.SCORE, 1, 5)


def price(value: str) -> Cells:
    if PRICE_PATTERN.fullmatch(value) is None:
        raise BadValueError(Fault.PRICE)
    return text(value)


@lru_cache(maxsize=CACHED)
def seller(value: str) -> Cells:
    """A partner's id; nothing stands for `external`."""
    if value.casefold() == "external":
        return (None,)
    found = canonical_guid(value)
    if found is None:
        raise BadValueError(Fault.SELLER)
    return (found,)


def one_of(choices: Iterable[str], fault: Fault) -> Callable[[str], Cells]:
    """Reads one of `choices`, without regard to case, into the choice as it is spelled there."""
    spelled = {choice.casefold(): (str(choice),) for choice in choices}

    def read(value: str) -> Cells:
        found = spelled.get(value.casefold())
        if found is None:
            raise BadValueError(fault)
        return found

    return read


country = one_of((entry.alpha_2 for entry in pycountry.countries), Fault.COUNTRY)
currency = one_of((entry.alpha_3 for entry in pycountry.currencies), Fault.CURRENCY)
status = one_of(Status, Fault.STATUS)
state = one_of(PeriodState, Fault.STATE)
list_source = one_of((source for source in Source if source is not Source.STATED), Fault.SOURCE)
case_kind = one_of(("how_to", "incident", "billing", "other"), Fault.KIND)
