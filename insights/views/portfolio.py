"""The portfolio: headline figures, and its customers, worst first; and the same table as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from insights.engine.rows import ALL
from insights.exported import about, columns
from insights.grain import By
from insights.selectors.guide import guide_of
from insights.selectors.insight_rows import INSIGHT_COLUMNS
from insights.selectors.portfolio import NOBODY, read_catalogue
from insights.selectors.portfolio_table import (
    AT_STAKE,
    CUSTOMER,
    SORTS,
    Order,
    PortfolioTable,
    portfolio_table,
    rows_for_file,
)
from insights.selectors.stored import snapshot
from insights.selectors.stored_days import latest_stored_day
from insights.views.analysis.options import tabs
from insights.views.filtered import FilteredDoor
from insights.views.questions import FILTERS, kept_of, left_out_of_figures, question_of
from insights.window import WINDOW_DAYS
from partners.export.doors import ExportDoor
from partners.export.table import Table
from partners.models import operates
from partners.paging import page_of
from partners.permissions import Action

MANY = 200
"""Customers whose figures take about a second to compute."""
TILES = ("deployment_pct", "usage_pct", "adjusted_usage_pct", "user_usage_pct")
LABELS: dict[str, Promise] = {
    CUSTOMER: gettext_lazy("Customer"),
    AT_STAKE: gettext_lazy("At stake"),
    "sold": gettext_lazy("Sold"),
    "assigned": gettext_lazy("Assigned"),
    "deployment_pct": gettext_lazy("Deployment"),
    "usage_pct": gettext_lazy("Usage"),
    "adjusted_usage_pct": gettext_lazy("Adjusted usage"),
    "idle": gettext_lazy("Idle"),
    "unassigned": gettext_lazy("Unassigned"),
    "covered_days": gettext_lazy("Covered days"),
}
"""The columns of the page that can be sorted by."""


@dataclass(frozen=True, slots=True)
class Header:
    """A column: where a click on it leads, and how it is sorted now (for aria-sort; empty: it isn't)."""

    name: str
    label: Promise
    query: str
    sorted: str


class Portfolio(FilteredDoor):
    """The page."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO
    remembers: ClassVar[tuple[str, ...]] = ("by", "seller", *FILTERS, "date", "sort", "left_out")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who comes by the bare address and is the operator, belongs in the admin site."""
        return redirect("admin:index") if operates(request.user) else super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        with snapshot():
            order = order_of(request.GET)
            catalogue = read_catalogue()
            table = portfolio_table(question_of(request, catalogue), order, catalogue)
            page = page_of(request, table)
            rows = list(page.object_list)
            spot = _on_the_spot(table)
            shown = [customer.id for customer in table.customers]
            left_out = left_out_of_figures(request, table.question, shown)
        context = _looked_at(table) | {
            "page": page,
            "rows": rows,
            "analyses": tabs("", request.GET),
            "headers": {header.name: header for header in _headers(request.GET, order)},
            "choices": _choices(table, request.GET),
            "kept": kept_of(request.GET, "date", "seller", "left_out"),
            "left_out": left_out,
            **spot,
            "filtered": any(request.GET.get(name) for name in FILTERS),
            "guide": guide_of(request.user) if not table.offered and not request.user.guide_closed else [],
        }
        return render(request, "insights/portfolio.html", context)


class PortfolioExport(ExportDoor):
    """The table as a file, whole, as it is filtered and sorted."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS

    def table(self) -> Table:
        """The rows of the page, with every column of an insight row."""
        with snapshot():
            catalogue = read_catalogue()
            question = question_of(self.request, catalogue)
            table = portfolio_table(question, order_of(self.request.GET), catalogue)
        header = (*INSIGHT_COLUMNS, AT_STAKE)
        return Table(
            name=f"portfolio-{question.day.isoformat()}",
            title=_("Portfolio"),
            columns=columns(header),
            rows=([row[name] for name in header] for row in rows_for_file(table)),
            size=len(table),
            about=about(question),
        )


def order_of(query: QueryDict) -> Order:
    """By which column, `-` before it: from the top down. Raises BadRequest with a sentence."""
    text = query.get("sort", "").strip()
    if not text:
        return Order()
    column = text.removeprefix("-")
    if column not in SORTS:
        message = _("sort: “%(text)s” is no column; expected one of %(known)s, with - before it from the top down.")
        raise BadRequest(message % {"text": text, "known": ", ".join(SORTS)})
    return Order(column, descending=text.startswith("-"))


def _looked_at(table: PortfolioTable) -> dict[str, Any]:
    """What the page says about the whole of the table."""
    measured = table.headline["customers_measured"] if table.headline else 0
    covered = table.table["covered_days"]
    return {
        "day": table.question.day,
        "by": table.question.by.value,
        "seller": table.question.seller.value,
        "headline": table.headline,
        "tiles": TILES,
        "customers": len(table.customers),
        "measured": measured,
        "lower_bounds": len(set(table.table["customer"][(covered > 0) & (covered < WINDOW_DAYS)].tolist())),
        "workload": _workload(table),
    }


def _on_the_spot(table: PortfolioTable) -> dict[str, Any]:
    """What took longer than it should, and which day wouldn't; nothing where few customers were computed."""
    if table.on_the_spot < MANY:
        return {}
    customers = [customer.id for customer in table.customers]
    stored = latest_stored_day(customers=customers, before=table.question.day)
    return {"on_the_spot": table.on_the_spot, "stored_day": stored}


def _workload(table: PortfolioTable) -> str:
    key = table.question.filters.workload or ALL
    return table.words.workloads[key].name if key else ""


def _headers(query: QueryDict, order: Order) -> list[Header]:
    """A click sorts by the column, figures from the top down first; a second click the other way."""
    return [_header(query, order, name) for name in LABELS]


def _header(query: QueryDict, order: Order, name: str) -> Header:
    present = name == order.column
    falls = not order.descending if present else name != CUSTOMER
    kept = query.copy()
    kept.pop("page", None)
    kept["sort"] = f"-{name}" if falls else name
    direction = "descending" if order.descending else "ascending"
    return Header(name, LABELS[name], kept.urlencode(), direction if present else "")


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter: what it offers as pairs (value, label), and what is chosen."""

    name: str
    label: str
    chosen: str
    options: list[tuple[str, str]]


def _choices(table: PortfolioTable, query: QueryDict) -> list[Choice]:
    words, offered = table.words, table.offered
    families = sorted((f for f in words.families.values() if f.in_insights), key=lambda f: f.name.casefold())
    workloads = sorted(_used_workloads(table), key=lambda w: w[1].casefold())
    owners = {(str(c.owner_id), c.owner) for c in offered if c.owner_id}
    texts = {
        "country": {c.country for c in offered if c.country},
        "segment": {c.segment for c in offered if c.segment},
        "tag": {tag for c in offered for tag in c.tags},
    }
    plain = {name: [(text, text) for text in sorted(found, key=str.casefold)] for name, found in texts.items()}
    offers = {
        "by": (_("Rows"), [(By.FAMILY.value, _("Per customer and family")), (By.SKU.value, _("Per customer and SKU"))]),
        "family": (_("Family"), [(f.code, f.name) for f in families]),
        "sku": (_("SKU"), [(str(sku.sku_id), sku.name) for sku in words.skus.values()]),
        "workload": (_("Workload"), workloads),
        "country": (_("Country"), plain["country"]),
        "segment": (_("Segment"), plain["segment"]),
        "owner": (_("Owner"), [*sorted(owners, key=lambda o: o[1].casefold()), (NOBODY, _("Nobody"))]),
        "tag": (_("Tag"), plain["tag"]),
        "seller": (_("Sold by"), [("us", _("us"))]),
    }
    return [Choice(name, label, query.get(name, "").strip(), options) for name, (label, options) in offers.items()]


def _used_workloads(table: PortfolioTable) -> list[tuple[str, str]]:
    return [(workload.code, workload.name) for workload in table.words.workloads.values()]
