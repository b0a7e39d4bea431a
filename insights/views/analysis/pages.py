"""The pages of the analyses of stored figures, and their tables as files."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from insights.bands import NO_FIGURE
from insights.exported import about, columns
from insights.line_chart import Series
from insights.selectors.analysis.wanted import days_wanted
from insights.selectors.stored import snapshot
from insights.views.analysis import parts
from insights.views.analysis.asking import choices, scene_of
from insights.views.analysis.charts import Bands, Bar, Chart, bands_text, chart_of
from insights.views.analysis.figure_options import EVERY_COLUMN, FIGURE_OPTIONS, FigureOption
from insights.views.analysis.figures import Findings
from insights.views.analysis.headline import headlines
from insights.views.analysis.listing import Listing, Order, columns_of, order_of
from insights.views.analysis.options import OPTIONS, tabs
from insights.views.filtered import FilteredDoor
from insights.views.questions import FILTERS, left_out_of_figures
from partners.doors import Door
from partners.export.doors import ExportDoor
from partners.export.table import Table
from partners.paging import page_of
from partners.permissions import Action

COMPARED = ("date", "with", "seller", "left_out", "workload", "from", "to")
"""The parameters that the comparison knows too."""
KEPT = ("sort", "band", "left_out")
"""What the form of filters keeps beside its own fields."""


class AnalysisPage(Door):
    """A page of the frame: `option` names it; what it shows is in `content`."""

    abstract: ClassVar[bool] = True
    action: ClassVar[Action] = Action.SEE_PORTFOLIO
    option: ClassVar[str]
    template: ClassVar[str] = "insights/analysis/base.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        with snapshot():
            context = self.frame(request) | self.content(request)
        return render(request, self.template, context)

    def frame(self, request: HttpRequest) -> dict[str, Any]:
        """What every analysis has around it."""
        return {
            "option": OPTIONS[self.option],
            "tabs": tabs(self.option, request.GET),
            "filtered": is_filtered(request),
            "kept_pairs": pairs(request, KEPT),
            "compare_url": reverse("insights:analysis_compare"),
            "compare_pairs": pairs(request, COMPARED),
        }

    def content(self, request: HttpRequest) -> dict[str, Any]:
        """What this one shows (docs/pages.md, "Analyses")."""
        raise NotImplementedError


def is_filtered(request: HttpRequest) -> bool:
    """Whether the address asks for less than everything, or for other days."""
    return any(request.GET.get(name) for name in (*FILTERS, "seller", "date", "with", "from", "to"))


def pairs(request: HttpRequest, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Those of the parameters that the address has, to be kept by a form."""
    return [(name, request.GET[name]) for name in names if request.GET.get(name)]


class FigurePage(AnalysisPage, FilteredDoor):
    """An analysis of stored figures."""

    abstract: ClassVar[bool] = True
    remembers: ClassVar[tuple[str, ...]] = (*FILTERS, "seller", "date", "with", "from", "to", *KEPT, "columns")

    def content(self, request: HttpRequest) -> dict[str, Any]:
        """Everything, in the order of the page."""
        found = findings_of(request, self.option)
        main = _customers(found)
        scene = found.scene
        context = {
            "day": scene.day,
            "before": scene.before,
            "choices": choices(request, scene),
            "coverage": _coverage(found),
            "left_out": left_out_of_figures(request, scene.question, [one.id for one in scene.customers]),
            "lower_bounds": found.lower_bounds,
            "on_the_spot": found.on_the_spot,
            "main": main,
            "column_choices": _column_choices(main),
            "chosen_band": _band_label(found),
            "groups": [] if not len(found.rows) else [group(found) for group in parts.GROUPS.values()],
            "empty": _empty(found),
        }
        if not scene.customers:
            return context
        return context | {
            "headlines": headlines(
                found.option.figures, found.sums, found.past_sums, at_least=bool(found.lower_bounds)
            ),
            "chart": chart(found),
            "bands": _bands(found),
        }


class Deployment(FigurePage):
    """How much of what was sold has been handed out."""

    option: ClassVar[str] = "deployment"


class Usage(FigurePage):
    """How much of what could be used was used."""

    option: ClassVar[str] = "usage"


class Idle(FigurePage):
    """Licences that are paid for and that nobody uses."""

    option: ClassVar[str] = "idle"


class Above(FigurePage):
    """Customers who use more than they are entitled to."""

    option: ClassVar[str] = "above-100"


class AnalysisStart(Door):
    """The bare address leads to the first analysis, with the filters it came with."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    def get(self, request: HttpRequest) -> HttpResponse:
        """To the first tab."""
        return redirect(tabs("", request.GET)[0].url)


class AnalysisExport(ExportDoor):
    """One table of one analysis as a file."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS

    def reachable(self, option: str, part: str) -> None:
        """Raises Http404 where there is no such table."""
        if option not in FIGURE_OPTIONS or part not in PARTS:
            raise Http404

    def table(self, option: str, part: str) -> Table:
        """The rows of the page, all of them, with every column."""
        self.reachable(option, part)
        with snapshot():
            found = findings_of(self.request, option)
            listing = PARTS[part](found)
        question = found.scene.question
        said = about(question) | {"compared_with": found.scene.before.isoformat()}
        return listing.table(name=f"{option}-{part}-{question.day.isoformat()}", about=said)


def findings_of(request: HttpRequest, code: str) -> Findings:
    """What the address asks of an analysis."""
    return Findings(request, FIGURE_OPTIONS[code], scene_of(request))


def _customers(found: Findings) -> Listing:
    request, option = found.request, found.option
    order = order_of(request, known=parts.sorts(found), default=option.order)
    shown = columns_of(request, every=EVERY_COLUMN, first=option.columns)
    listing = parts.customers(found, order=order, shown=shown, band=band_of(request, option))
    return listing.on_page(page_of(request, listing.rows))


def _all_customers(found: Findings) -> Listing:
    order: Order = order_of(found.request, known=parts.sorts(found), default=found.option.order)
    return parts.customers(found, order=order, shown=EVERY_COLUMN, band=band_of(found.request, found.option))


PARTS = {"customers": _all_customers, "bands": parts.bands, "trend": parts.trend, **parts.GROUPS}
"""The tables of an analysis, by the last part of their files' addresses."""


def band_of(request: HttpRequest, option: FigureOption) -> str:
    """The band that the address asks for. Raises BadRequest with a sentence."""
    text = request.GET.get("band", "").strip()
    known = [band.code for band in option.bands]
    if text and text not in known:
        message = _("band: “%(text)s” is no band; expected one of %(known)s.")
        raise BadRequest(message % {"text": text, "known": ", ".join(known)})
    return text


def _band_label(found: Findings) -> str:
    code = band_of(found.request, found.option)
    return next((parts.band_label(band) for band in found.option.bands if band.code == code), "")


def _column_choices(main: Listing) -> list[tuple[str, Any, bool]]:
    shown = {column.name for column in main.shown}
    return [(column.name, column.heading, column.name in shown) for column in columns(EVERY_COLUMN)]


def _coverage(found: Findings) -> str:
    said = {"all": found.sums["customers"], "measured": found.sums["customers_measured"]}
    return _("%(measured)d of %(all)d customers with licences measured") % said


def chart(found: Findings) -> Chart:
    """The trend, with what is missing of it."""
    listing, lines = parts.trend(found), parts.shown_lines(found)
    rows = listing.rows[::-1]
    known = found.history
    missing = known.missing
    waiting = days_wanted(customers=[one.id for one in found.scene.customers], days=missing)
    gaps = int((~known.known & (known.customers > 0)).sum())
    url = reverse("insights:analysis_fill", args=[found.option.code])
    asked = found.request.GET.urlencode()
    return chart_of(
        found.request.GET,
        code="trend",
        title=str(found.option.trend_title),
        days=known.days,
        series=[Series(line.name, str(line.label), [row[line.name] for row in rows]) for line in lines],
        percentages=found.option.in_percent,
        listing=listing,
        gaps=gaps,
        waiting=len(waiting),
        fill_url="" if len(waiting) == len(missing) else f"{url}?{asked}",
    )


def _bands(found: Findings) -> Bands:
    listing = parts.bands(found)
    chosen = band_of(found.request, found.option)
    longest = max(1, *(row["customers"] for row in listing.rows))
    bars = [
        Bar(
            label=row["label"],
            url=row["href"],
            customers=row["customers"],
            width=f"{100 * row['customers'] / longest:.1f}",
            chosen=row["band"] == chosen,
            over=(band.above or 0) >= 100,
            none=band.code == NO_FIGURE,
        )
        for row, band in zip(listing.rows, found.option.bands, strict=True)
    ]
    return Bands(listing.title, bands_text(bars), bars, listing)


def _empty(found: Findings) -> dict[str, str]:
    if found.option.above_only and found.scene.customers:
        return {
            "title": _("Nobody is above 100 %"),
            "text": _("No customer uses more than it is entitled to as of this day."),
        }
    return {
        "title": _("No figures yet"),
        "text": _("Figures appear as soon as a customer whom you serve has subscriptions."),
        "url": reverse("insights:customers"),
        "action": _("Customers"),
    }
