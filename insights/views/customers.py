"""The list of a partner's customers: search, filters, sorting, all in the address; and its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.selectors.customers import VisibleCustomer
from insights.asof import asof
from insights.exported import about_day, columns
from insights.grain import By
from insights.selectors.customer_list import (
    FIGURES,
    TEXTS,
    ListedCustomer,
    chosen,
    customers_on,
    listed,
    sorted_by_figure,
    sorted_by_text,
)
from insights.selectors.portfolio import NO_FILTERS, Catalogue, FilterError, Filters, read_filters
from insights.views.filtered import FilteredDoor
from insights.views.questions import left_out_of
from partners.export.doors import ExportDoor
from partners.export.table import Row, Table
from partners.paging import page_of
from partners.permissions import Action

LONGEST_SEARCH = 200
BY_DEFAULT = "name"
FILTERS = ("country", "segment", "owner", "tag")
NO_CATALOGUE = Catalogue({}, {})
"""None of these filters asks the catalogue."""

HEADERS: tuple[tuple[str, Promise], ...] = (
    ("name", gettext_lazy("Customer")),
    ("sold", gettext_lazy("Sold")),
    ("deployment_pct", gettext_lazy("Deployment")),
    ("usage_pct", gettext_lazy("Usage")),
    ("idle", gettext_lazy("Idle")),
    ("country", gettext_lazy("Country")),
    ("segment", gettext_lazy("Segment")),
    ("owner", gettext_lazy("Owner")),
)
"""The columns that can be sorted by."""

COLUMNS = (
    "customer_id",
    "customer",
    "domain",
    "country",
    "segment",
    "owner",
    "tags",
    "relationship_from",
    "date",
    "sold",
    "entitlements",
    "assigned",
    "active",
    "idle",
    "unassigned",
    "deployment_pct",
    "usage_pct",
    "adjusted_usage_pct",
    "user_usage_pct",
    "covered_days",
)
"""The columns of the file; the words are those of the metrics."""


@dataclass(frozen=True, slots=True)
class Header:
    """A column that can be sorted by: where a click leads, and how it is sorted now."""

    name: str
    label: Promise
    query: str
    sorted: str
    """`ascending`, `descending`, or nothing (for aria-sort)."""
    is_number: bool


class Customers(FilteredDoor):
    """The list, a page at a time."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO
    remembers: ClassVar[tuple[str, ...]] = ("q", *FILTERS, "date", "sort", "left_out")

    def get(self, request: HttpRequest) -> HttpResponse:
        day, search, filters = asof(request), search_of(request.GET), filters_of(request)
        column, descending = order_of(request.GET)
        left_out = left_out_of(request)
        every, with_figures = customers_on(partner=request.user.partner, day=day)
        found = chosen(every, filters, search, partner=request.user.partner)
        if column in TEXTS:
            page = page_of(request, sorted_by_text(found, column, descending=descending))
            rows = listed(page.object_list, with_figures=with_figures, day=day, left_out=left_out.skus)
        else:
            known = listed(found, with_figures=with_figures, day=day, left_out=left_out.skus)
            page = page_of(request, sorted_by_figure(known, column, descending=descending))
            rows = list(page.object_list)
        context = {
            "day": day,
            "page": page,
            "rows": rows,
            "search": search,
            "filters": filters,
            "headers": headers(request.GET, column, descending=descending),
            "filtered": bool(search) or filters != NO_FILTERS,
            "choices": choices(every),
            "left_out": left_out,
        }
        return render(request, "insights/customers.html", context)


class CustomersExport(ExportDoor):
    """The list as a file, whole, as it is filtered and sorted."""

    action: ClassVar[Action] = Action.EXPORT_CUSTOMERS

    def table(self) -> Table:
        """The rows of the page."""
        request = self.request
        day, search, filters = asof(request), search_of(request.GET), filters_of(request)
        column, descending = order_of(request.GET)
        left_out = left_out_of(request)
        every, with_figures = customers_on(partner=request.user.partner, day=day)
        found = chosen(every, filters, search, partner=request.user.partner)
        if column in TEXTS:
            found = sorted_by_text(found, column, descending=descending)
        rows = listed(found, with_figures=with_figures, day=day, left_out=left_out.skus)
        if column in FIGURES:
            rows = sorted_by_figure(rows, column, descending=descending)
        return Table(
            name=f"customers-{day}",
            title=_("Customers"),
            columns=columns(COLUMNS),
            rows=(_line(row, day) for row in rows),
            size=len(rows),
            about=about_day(day.isoformat()),
        )


def search_of(query: QueryDict) -> str:
    """What an address searches for. Raises BadRequest with a sentence."""
    search = query.get("q", "").strip()
    if len(search) > LONGEST_SEARCH or "\0" in search:
        raise BadRequest(_("q: expected text of at most %(most)d characters.") % {"most": LONGEST_SEARCH})
    return search


def filters_of(request: HttpRequest) -> Filters:
    """Which customers an address asks for. Raises BadRequest with a sentence that names the parameter."""
    asked = {name: request.GET.get(name, "") for name in FILTERS}
    try:
        return read_filters(asked, partner=request.user.partner, by=By.ALL, catalogue=NO_CATALOGUE)
    except FilterError as error:
        raise BadRequest(str(error)) from None


def order_of(query: QueryDict) -> tuple[str, bool]:
    """By which column, and whether from the top down. Raises BadRequest with a sentence."""
    text = query.get("sort", BY_DEFAULT)
    column = text.removeprefix("-")
    if column not in (*TEXTS, *FIGURES):
        known = ", ".join((*TEXTS, *FIGURES))
        message = _(
            "sort: “%(text)s” is no column to sort by; expected one of %(known)s, with - before it for the reverse."
        )
        raise BadRequest(message % {"text": text, "known": known})
    return column, text.startswith("-")


def headers(query: QueryDict, column: str, *, descending: bool) -> list[Header]:
    """The columns; a click sorts by the column, figures from the top down first, a second click the other way."""
    return [_header(query, name, label, column, descending=descending) for name, label in HEADERS]


def _header(query: QueryDict, name: str, label: Promise, column: str, *, descending: bool) -> Header:
    is_number = name in FIGURES
    present = name == column
    falls = not descending if present else is_number
    return Header(
        name=name,
        label=label,
        query=_without(query, "page", "sort", sort=f"-{name}" if falls else name),
        sorted=("descending" if descending else "ascending") if present else "",
        is_number=is_number,
    )


def _without(query: QueryDict, *names: str, **more: str) -> str:
    """The address's parameters without these, and with some more."""
    kept = query.copy()
    for name in names:
        kept.pop(name, None)
    kept.update(more)
    return kept.urlencode()


def choices(customers: Sequence[VisibleCustomer]) -> dict[str, list[Any]]:
    """What the filters offer: what the partner's customers have."""
    owners = {customer.owner_id: customer.owner for customer in customers if customer.owner_id is not None}
    return {
        "countries": sorted({customer.country for customer in customers if customer.country}),
        "segments": sorted({customer.segment for customer in customers if customer.segment}, key=str.casefold),
        "owners": sorted(owners.items(), key=lambda pair: pair[1].casefold()),
        "tags": sorted({tag for customer in customers for tag in customer.tags}, key=str.casefold),
    }


def _line(row: ListedCustomer, day: date) -> Row:
    customer, figures = row.customer, row.figures or {}
    own = [
        str(customer.customer_id),
        customer.name,
        customer.domain,
        customer.country,
        customer.segment,
        customer.owner,
    ]
    return [*own, ", ".join(customer.tags), customer.since, day, *(figures.get(name) for name in COLUMNS[9:])]
