"""Finds customers, services and days by cells as they stand in activity.csv and coverage.csv.

Both files have few distinct customers, services and days in very many lines, so that each is read once and remembered
as it was written. What is remembered is bounded, whatever the file holds.
"""

from __future__ import annotations

from datetime import date

from customers.feed.batches import NULL, escaped
from customers.feed.context import FileContext
from customers.feed.faults import BadValueError, Fault
from customers.feed.rows import reads_true
from customers.feed.values import canonical_guid, fold, iso_day, service_key, shortened_to

SPELLINGS = 4
ROOM = 10_000

SKIPPED = "skipped"
EVERY_SERVICE = "*"


class Known:
    """What cells of one column mean; `spelled` holds those met so far, as they stand in the file."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values
        self.spelled: dict[str, str] = {}
        self._most = SPELLINGS * len(values) + ROOM

    def remember(self, cell: str, value: str) -> str:
        """Keep what `cell` means, as long as there is room; the value."""
        if len(self.spelled) < self._most:
            self.spelled[cell] = value
        return value


class Lookup:
    """Reads cells into what COPY is to write. Every method raises BadValueError."""

    def __init__(self, context: FileContext, *, every_service: bool) -> None:
        services = dict(context.rows("SELECT key, id::text FROM customers_workload"))
        if every_service:
            services[EVERY_SERVICE] = NULL
        self.customers = Known(dict(context.rows("SELECT tenant_id::text, id::text FROM feed_customer")))
        self.services = Known(services)
        self.days = Known({})
        self._limit = context.limit.isoformat()
        self._today = context.today.isoformat()

    def customer(self, cell: str) -> str:
        """The key of a customer."""
        guid = canonical_guid(_filled(cell))
        if guid is None:
            raise BadValueError(Fault.GUID)
        found = self.customers.values.get(guid)
        if found is None:
            raise BadValueError(Fault.UNKNOWN_CUSTOMER)
        return self.customers.remember(cell, found)

    def service(self, cell: str) -> str:
        """The key of a workload."""
        found = self.services.values.get(service_key(_filled(cell)))
        if found is None:
            raise BadValueError(Fault.UNKNOWN_SERVICE)
        return self.services.remember(cell, found)

    def day(self, cell: str) -> str:
        """A day, or SKIPPED for one from before the retention limit."""
        value = iso_day(_filled(cell))
        if value > self._today:
            raise BadValueError(Fault.FUTURE)
        return self.days.remember(cell, SKIPPED if value < self._limit else value)

    def user(self, cell: str) -> str:
        """A user: how the id compares, and how it is written where that differs."""
        value = shortened_to(_filled(cell), 256, Fault.LONG_256)
        key = fold(value)
        written = NULL if key == value else escaped(value)
        return f"{escaped(key)}\t{written}"

    def retract(self, cell: str) -> bool:
        """Whether a line retracts."""
        return reads_true(cell)


def _filled(cell: str) -> str:
    value = cell.strip()
    if not value:
        raise BadValueError(Fault.EMPTY)
    return value


def first_kept_day(today: date, months: int) -> date:
    """The first day of activity that is kept: `months` before today, at the latest that month's last day."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    for day in range(today.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, today.day)
