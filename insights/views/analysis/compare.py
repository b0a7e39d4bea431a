"""Two customers, or two SKUs, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.models import Sku
from customers.selectors.customers import VisibleCustomer
from customers.views.customer import unknown_customer
from insights.exported import about, columns
from insights.line_chart import Series
from insights.metrics import PERCENTAGES, percentage
from insights.selectors.analysis.compare import Side, sides_of_customers, sides_of_skus
from insights.selectors.analysis.table import points
from insights.selectors.stored import snapshot
from insights.views.analysis.asking import Scene, choices, scene_of
from insights.views.analysis.charts import Chart, chart_of
from insights.views.analysis.listing import Listing
from insights.views.analysis.options import tabs
from insights.views.analysis.pages import is_filtered, pairs
from insights.views.analysis.parts import USED, again
from partners.doors import Door
from partners.export.doors import ExportDoor
from partners.export.table import Column, Kind, Table
from partners.permissions import Action

MOST = 4
"""So many can stand side by side."""
FIGURES = (
    *("deployment_pct", "usage_pct", "adjusted_usage_pct", "user_usage_pct"),
    *("sold", "entitlements", "assigned", "active", "active_current", "idle", "unassigned", "at_stake"),
    *("active_former", "active_lapsed", "active_trial", "active_unlicensed", "overassigned", "users", "active_users"),
)
CUSTOMERS, SKUS = "customers", "skus"
"""The parameters that choose, once for each."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared: its kind (`CUSTOMERS` or `SKUS`), and each with its figures."""

    kind: str
    scene: Scene
    sides: list[Side]


class Compare(Door):
    """The page: `?customers=` or `?skus=`, several times."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; with nobody chosen how to choose."""
        with snapshot():
            found = compared(request)
            scene = found.scene
            context = {
                "tabs": tabs("", request.GET),
                "day": scene.day,
                "found": found,
                "skus": list(scene.words.skus.values()),
                "chosen_skus": [side.key for side in found.sides],
                "choices": choices(request, scene, without=("family", "sku")),
                "filtered": is_filtered(request),
                "kept_pairs": [*pairs(request, ("left_out",)), *_chosen(request)],
                "no_compare": True,
                "usage_url": reverse("insights:analysis_usage"),
            }
            if found.sides:
                context |= {
                    "listing": listing_of(found),
                    "figure_rows": _figure_rows(found.sides),
                    "chart": _chart(request, found),
                }
        return render(request, "insights/analysis/compare.html", context)


class CompareExport(ExportDoor):
    """The same as a file."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS

    def table(self) -> Table:
        """A row for each side."""
        with snapshot():
            found = compared(self.request)
        question = found.scene.question
        return listing_of(found).table(name=f"comparison-{question.day.isoformat()}", about=about(question))


def compared(request: HttpRequest) -> Compared:
    """What the address asks for. Raises BadRequest with a sentence, and Http404 for a customer who isn't there."""
    customers, skus = (_distinct(request.GET.getlist(name)) for name in (CUSTOMERS, SKUS))
    if customers and skus:
        raise BadRequest(_("customers, skus: compare customers with each other, or SKUs, not both at once."))
    for name, chosen in ((CUSTOMERS, customers), (SKUS, skus)):
        if len(chosen) > MOST:
            raise BadRequest(_("%(name)s: at most %(most)d can stand side by side.") % {"name": name, "most": MOST})
    scene = scene_of(request)
    about_whom = {"relationships": scene.relationships, "days": scene.span.days, "fresh": scene.fresh}
    if customers:
        chosen = [_customer(text, scene) for text in customers]
        return Compared(CUSTOMERS, scene, sides_of_customers(scene.question, customers=chosen, **about_whom))
    chosen = [_sku(text, scene) for text in skus]
    sides = sides_of_skus(scene.question, skus=chosen, **about_whom) if chosen else []
    return Compared(SKUS, scene, sides)


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text.strip().casefold() for text in texts if text.strip()))


def _chosen(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, text) for name in (CUSTOMERS, SKUS) for text in request.GET.getlist(name) if text]


def _customer(text: str, scene: Scene) -> VisibleCustomer:
    try:
        asked = UUID(text)
    except ValueError:
        raise BadRequest(_("customer: “%(text)s” is no customer id; expected a GUID.") % {"text": text}) from None
    found = next((one for one in scene.offered if one.customer_id == asked), None)
    if found is None:
        raise unknown_customer()
    return found


def _sku(text: str, scene: Scene) -> Sku:
    found = next((sku for sku in scene.words.skus.values() if str(sku.sku_id) == text), None)
    if found is None:
        raise BadRequest(_("sku: “%(text)s” is no SKU that your customers hold.") % {"text": text})
    return found


def listing_of(found: Compared) -> Listing:
    """A row for each side, a column for each figure; the page shows it turned round."""
    rows = [
        {"id": side.key, "name": side.name} | {name: side.figures[name] for name in FIGURES} for side in found.sides
    ]
    named = [Column("id", _("Id")), Column("name", _("Name"))]
    return Listing(
        part="compare",
        title=_("Side by side"),
        columns=[*named, *columns(FIGURES)],
        rows=rows,
        file=reverse("insights:analysis_compare_csv"),
    )


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure on each side, and between two sides the difference."""

    column: Column
    values: list[tuple[Any, bool]]
    """Each with whether it is a lower bound."""
    difference: float | None


def _figure_rows(sides: list[Side]) -> list[FigureRow]:
    return [
        FigureRow(column, [_value(column.name, side) for side in sides], _difference(column.name, sides))
        for column in columns(FIGURES)
    ]


def _value(name: str, side: Side) -> tuple[Any, bool]:
    return side.figures[name], name in USED and bool(side.figures["customers_lower"])


def _difference(name: str, sides: list[Side]) -> float | None:
    """What the first of two sides has more than the second; points of percentages."""
    if len(sides) != 2:
        return None
    one, other = (side.figures for side in sides)
    if name not in PERCENTAGES:
        return one[name] - other[name]
    part, whole = PERCENTAGES[name]
    return points((one[part], one[whole]), (other[part], other[whole]))


def _chart(request: HttpRequest, found: Compared) -> Chart | None:
    days = found.scene.span.days
    series = [Series(side.key, side.name, [_usage(side, place) for place in range(len(days))]) for side in found.sides]
    rows = [
        {"date": day, "href": again(request.GET, date=day.isoformat())}
        | {f"side_{number}": one.values[place] for number, one in enumerate(series, start=1)}
        for place, day in enumerate(days)
    ]
    listing = Listing(
        part="trend",
        title=_("Usage over time"),
        columns=[
            Column("date", _("As-of date"), Kind.DAY),
            *(Column(f"side_{number}", one.label, Kind.PERCENT) for number, one in enumerate(series, start=1)),
        ],
        rows=rows[::-1],
    )
    gaps = sum(all(one.values[place] is None for one in series) for place in range(len(days)))
    return chart_of(
        request.GET,
        code="trend",
        title=_("Usage over time"),
        days=days,
        series=series,
        percentages=True,
        listing=listing,
        gaps=gaps,
    )


def _usage(side: Side, place: int) -> float | None:
    if not side.history.known[place]:
        return None
    return percentage(int(side.history.sums["active"][place]), int(side.history.sums["measured_entitlements"][place]))
