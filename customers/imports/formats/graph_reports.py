"""Reads usage reports of Microsoft Graph into activity, coverage, people, and lists of who holds what.

A report tells of each person the last day of activity only. So who was active on an earlier day stays unknown; but on the day
of the report itself everybody who was active has that very day as the last one: this day is covered, and no other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.imports.formats.graph_kinds import KINDS, NAME, REFRESHED, Kind, kind_of
from customers.imports.formats.graph_lists import Lists
from customers.imports.formats.graph_products import Products
from customers.imports.formats.graph_tables import Row, Table, columns_in, table_in
from customers.imports.formats.graph_values import (
    CACHED,
    BadCellError,
    customer_of,
    guid_in,
    is_nobody,
    is_pseudonym,
    past_day,
    yes_or_no,
)
from customers.imports.lines import AT_ONCE, Lines
from customers.imports.reading import About, FileNotTakenError, Format, Sample, Sink

CONCEALED, REVEALED = "report_concealed", "report"
ONEDRIVE, SHAREPOINT = "ODB", "SPO"
SHOWN = 80


class _Reader:
    """Reads one report, row by row."""

    def __init__(self, kind: Kind, table: Table, lists: Lists, about: About, sink: Sink) -> None:
        self._kind = kind
        self._table = table
        self._lists = lists
        self._sink = sink
        self._lines = Lines(sink)
        self._customer = customer_of(about)
        self._products = Products(about)
        places = table.places
        self._name = places[NAME]
        self._refreshed = places[REFRESHED]
        self._services = [(code, places[column]) for column, code in kind.days.items() if column in places]
        self._user_id = places.get("userid")
        self._display_name = places.get("displayname")
        self._deleted = places.get("isdeleted")
        self._held = places.get("assignedproducts")
        self._report_days: dict[str, str] = {}
        self._days: dict[str, str] = {}
        self._reported: dict[str, int] = {}
        self._first_nobody = self._nobodies = 0
        self._source = ""

    def read(self) -> None:
        """Every row, then what holds for the report as a whole. Raises FileNotTakenError."""
        for count, (origin, row) in enumerate(self._table.rows):
            self._take(origin, row)
            if not count % AT_ONCE:
                self._lines.hand_over()
        self._lines.hand_over()
        if not self._reported and not self._table.broken:
            raise FileNotTakenError(_("The report has no rows, so it doesn't even say of which day it is."))
        is_page = self._table.names_next_page()
        # The reports on one workload leave out people without a licence of it.
        self._lists.state(is_whole=self._kind.is_list and not self._table.broken and not is_page)
        if self._kind.covers and not is_page:
            self._cover()
        self._remark()

    def _take(self, origin: int, row: Row) -> None:
        day = self._report_days.get(row[self._refreshed]) or self._report_day(origin, row)
        name = row[self._name].strip()
        if is_nobody(name):
            self._nobodies += 1
            self._first_nobody = self._first_nobody or origin
            return
        is_concealed = is_pseudonym(name)
        self._source = self._source or (CONCEALED if is_concealed else REVEALED)
        user = name if is_concealed else self._user_of(row, name)
        is_deleted = "" if self._deleted is None else self._cell(origin, row, self._deleted, yes_or_no)
        if self._held is not None:
            # Also where another cell can't be read: nobody loses a licence because of a bad day.
            self._hold(origin, user, day, "" if is_deleted == "true" else row[self._held])
        days = None if is_deleted is None else self._days_of(origin, row)
        if days is not None and is_deleted is not None:
            self._be_active(origin, user, days)
            self._describe(origin, row, user, name, is_deleted, is_concealed=is_concealed)

    def _report_day(self, origin: int, row: Row) -> str:
        """The day of the report, which every row states. Raises FileNotTakenError: what a row says can't be dated without."""
        cell = row[self._refreshed]
        try:
            day = past_day(cell)
        except BadCellError:
            day = ""
        if not day:
            reason = _(
                "%(column)s of line or item %(origin)d is “%(value)s”. Expected the day of the report as YYYY-MM-DD, not after today."
            )
            said = {"column": self._table.titles[self._refreshed], "origin": origin, "value": cell[:SHOWN]}
            raise FileNotTakenError(reason % said)
        self._reported.setdefault(day, origin)
        if len(self._report_days) < CACHED:
            self._report_days[cell] = day
        return day

    def _user_of(self, row: Row, name: str) -> str:
        """The object id where there is one, else the principal name."""
        if self._user_id is None:
            return name
        return str(guid_in(row[self._user_id]) or name)

    def _cell(self, origin: int, row: Row, place: int, read: Callable[[str], str]) -> str | None:
        """What a cell says; nothing, and the row is refused, where it can't be read."""
        try:
            return read(row[place])
        except BadCellError as error:
            column, value = self._table.titles[place], row[place][:SHOWN]
            self._sink.refuse(origin, column=column, value=value, reason=str(error))
            return None

    def _days_of(self, origin: int, row: Row) -> dict[str, str] | None:
        """The last day of activity in each workload; nothing where one of them can't be read."""
        days = {}
        for service, place in self._services:
            cell = row[place]
            day = self._days.get(cell) if cell else ""
            if day is None:
                day = self._cell(origin, row, place, past_day)
                if day is None:
                    return None
                if len(self._days) < CACHED:
                    self._days[cell] = day
            if day:
                days[service] = day
        return days

    def _hold(self, origin: int, user: str, day: str, products: str) -> None:
        self._lists.add(origin, day, self._source, user)
        if products:
            lines = self._lines.of("holders.csv", "customer_id", "day", "source", "user_id", "sku_id")
            for sku in self._products.skus_in(products):
                lines.append((origin, (self._customer, day, self._source, user, sku)))

    def _be_active(self, origin: int, user: str, days: dict[str, str]) -> None:
        if ONEDRIVE in days and days[ONEDRIVE] == days.get(SHAREPOINT):
            # Both are one workload (metrics.md), so one line says it.
            del days[ONEDRIVE]
        lines = self._lines.of("activity.csv", "customer_id", "user_id", "service", "day")
        for service, day in days.items():
            lines.append((origin, (self._customer, user, service, day)))

    def _describe(self, origin: int, row: Row, user: str, name: str, is_deleted: str, *, is_concealed: bool) -> None:
        """Who it is, as far as the report knows; of a pseudonym only that the person is deleted."""
        cells = {}
        if not is_concealed and self._user_id is not None:
            cells["principal_name"] = name
        if not is_concealed and self._display_name is not None:
            cells["display_name"] = row[self._display_name].strip()
        if self._deleted is not None and (is_deleted == "true" or not is_concealed):
            cells["is_deleted"] = is_deleted
        if cells:
            lines = self._lines.of("people.csv", "customer_id", "user_id", *cells)
            lines.append((origin, (self._customer, user, *cells.values())))

    def _cover(self) -> None:
        services = [service for service, _place in self._services]
        if SHAREPOINT in services and ONEDRIVE in services:
            services.remove(ONEDRIVE)
        for day, origin in self._reported.items():
            for service in services:
                self._sink.add("coverage.csv", origin, customer_id=self._customer, service=service, day=day)

    def _remark(self) -> None:
        if self._source == CONCEALED:
            self._sink.remark(
                _(
                    "Names are concealed in this report: its people are pseudonyms, and can't be matched with other lists of the "
                    "customer's people. An administrator of the customer can reveal them in the settings of reports."
                )
            )
        if self._nobodies:
            sentence = ngettext(
                "%(count)d row doesn't say whom it is about, and is left out; the first is %(first)d.",
                "%(count)d rows don't say whom they are about, and are left out; the first is %(first)d.",
                self._nobodies,
            )
            self._sink.remark(sentence % {"count": self._nobodies, "first": self._first_nobody})
        if self._table.names_next_page():
            self._sink.remark(
                _(
                    "The file is one page of several, so nothing is concluded of people who aren't in it, and no day is covered."
                )
            )
        if self._table.broken and self._kind.is_list:
            self._sink.remark(_("Some rows can't be read, so nothing is concluded of people who aren't in the report."))
        if not self._kind.covers:
            self._sink.remark(
                _(
                    "The report tells of some devices or programs only: its days of activity are taken, and no day is covered by it."
                )
            )
        self._products.remark(self._sink)


def _read(kind: Kind, stream: BinaryIO, about: About, sink: Sink) -> None:
    if kind.refusal is not None:
        raise FileNotTakenError(str(kind.refusal))
    table = table_in(stream, sink)
    if kind_of(table.places) is not kind:
        raise FileNotTakenError(_("The columns aren't those of “%(title)s”.") % {"title": kind.title})
    with Lists(sink, customer_of(about)) as lists:
        _Reader(kind, table, lists, about, sink).read()


def _is(kind: Kind, sample: Sample) -> bool:
    return kind_of(columns_in(sample)) is kind


REPORT_FORMATS = tuple(
    Format(kind.code, kind.title, partial(_is, kind), partial(_read, kind), needs_customer=kind.refusal is None)
    for kind in KINDS
)
