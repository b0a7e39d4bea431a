"""The pages of the analyses of own subscriptions, and their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from insights.exported import about_day
from insights.line_chart import Series
from insights.selectors.analysis.own import own
from insights.selectors.analysis.states import StatesOn, states_on
from insights.selectors.stored import snapshot
from insights.views.analysis.asking import Choice, choices, scene_of
from insights.views.analysis.charts import Chart, chart_of
from insights.views.analysis.headline import Headline
from insights.views.analysis.listing import Listing
from insights.views.analysis.own_rows import NO_FILTERS_OF, skus_sold
from insights.views.analysis.pages import AnalysisPage, is_filtered
from insights.views.filtered import FilteredDoor
from insights.views.questions import LeftOut, left_out_of
from partners.export.doors import ExportDoor
from partners.export.table import Column, Kind, Table
from partners.paging import page_of
from partners.permissions import Action

DAYS_BACK = 90
"""So far before the as-of date movements look."""
REMEMBERED = ("date", "from", "to", "left_out", "family", "sku", "country", "segment", "owner", "tag", "sort")


class OwnAnalysis:
    """What an address asks of one's own subscriptions. Raises BadRequest with a sentence."""

    code: ClassVar[str]
    """Of `options.OPTIONS`."""
    parameters: ClassVar[tuple[str, ...]]
    """Those of its own, of the address."""
    parts: ClassVar[frozenset[str]] = frozenset({"trend", "by-sku", "by-country", "by-segment"})
    """The tables beside the list, by the last part of their files' addresses."""
    trend_title: ClassVar[Any]
    lines: ClassVar[Mapping[str, Any]]
    """The lines of the trend: by the name in `StatesOn` what they are called."""
    trend_columns: ClassVar[tuple[Column, ...]]

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        scene = scene_of(request, days_back=DAYS_BACK, only_own=True)
        self.own = own(scene.question, scene.relationships)
        self.skus = skus_sold(self.own)
        self.scene = replace(scene, words=replace(scene.words, skus=self.skus.known))

    @property
    def main(self) -> Listing:
        """The list, whole."""
        raise NotImplementedError

    @property
    def choices(self) -> list[Choice]:
        """Its own filters, before those that all analyses have."""
        raise NotImplementedError

    @property
    def headlines(self) -> list[Headline]:
        """The figures."""
        raise NotImplementedError

    @property
    def tables(self) -> list[Listing]:
        """The tables beside the list and the trend."""
        return []

    @property
    def empty(self) -> dict[str, str]:
        """What the page says where the list is empty."""
        raise NotImplementedError

    @property
    def context(self) -> dict[str, Any]:
        """What else its page shows."""
        return {}

    @cached_property
    def states(self) -> list[StatesOn]:
        """The points of the trend."""
        return states_on(self.own, self.scene.span.days)

    @property
    def trend(self) -> Listing:
        """The trend as a table, the latest day first."""
        names = [column.name for column in self.trend_columns]
        records = [
            {name: point.day if name == "day" else getattr(point, name) for name in names} for point in self.states
        ]
        return Listing("trend", str(self.trend_title), self.trend_columns, records[::-1])

    @property
    def chart(self) -> Chart:
        """The trend as lines."""
        points = self.states
        series = [
            Series(name, str(label), [getattr(point, name) for point in points]) for name, label in self.lines.items()
        ]
        return chart_of(
            self.request.GET,
            code="trend",
            title=str(self.trend_title),
            days=[point.day for point in points],
            series=series,
            percentages=False,
            listing=self.with_file(self.trend),
        )

    def with_file(self, listing: Listing) -> Listing:
        """The table with its file's address."""
        return replace(listing, file=reverse(f"insights:analysis_{self.code}_part_csv", args=[listing.part]))


class OwnAnalysisPage(AnalysisPage, FilteredDoor):
    """A page."""

    abstract: ClassVar[bool] = True
    of: ClassVar[type[OwnAnalysis]]

    def content(self, request: HttpRequest) -> dict[str, Any]:
        """Everything, in the order of the page."""
        asked = type(self).of(request)
        main = asked.main
        return {
            "day": asked.scene.day,
            "choices": [*asked.choices, *choices(request, asked.scene, without=NO_FILTERS_OF)],
            "filtered": is_filtered(request) or any(request.GET.get(name) for name in asked.parameters),
            "no_compare": True,
            "headlines": asked.headlines,
            "chart": asked.chart,
            "main": main.on_page(page_of(request, main.rows)),
            "main_file": reverse(f"insights:analysis_{asked.code}_csv"),
            "groups": [asked.with_file(table) for table in asked.tables],
            "left_out": _left_out(request, asked),
            "empty": asked.empty,
            **asked.context,
        }


class OwnAnalysisExport(ExportDoor):
    """The list as a file, whole, as it is filtered and sorted: subscriptions and customers."""

    abstract: ClassVar[bool] = True
    action: ClassVar[Action] = Action.EXPORT_CUSTOMERS
    of: ClassVar[type[OwnAnalysis]]

    def table(self) -> Table:
        """Exactly the rows of the page, all pages of it."""
        with snapshot():
            asked = type(self).of(self.request)
            return _table(asked, asked.main)


class OwnPartExport(ExportDoor):
    """Another table of the page, of sums."""

    abstract: ClassVar[bool] = True
    action: ClassVar[Action] = Action.EXPORT_INSIGHTS
    of: ClassVar[type[OwnAnalysis]]

    def reachable(self, part: str) -> None:
        """Raises Http404 for a part that the page hasn't."""
        if part not in type(self).of.parts:
            raise Http404(_("There is no such table."))

    def table(self, part: str) -> Table:
        """Its rows."""
        self.reachable(part)
        with snapshot():
            asked = type(self).of(self.request)
            tables = (asked.trend,) if part == "trend" else asked.tables
            return _table(asked, next(table for table in tables if table.part == part))


def _left_out(request: HttpRequest, asked: OwnAnalysis) -> LeftOut:
    """What isn't here is known from the question; only what is counted all the same has to be asked for."""
    known = asked.scene.question.left_out
    return left_out_of(request) if request.GET.get("left_out") else LeftOut(known, counted=False)


def _table(asked: OwnAnalysis, listing: Listing) -> Table:
    day = asked.scene.day.isoformat()
    return listing.table(name=f"{asked.code}-{listing.part}-{day}", about=about_day(day))


def number(name: str, title: Any) -> Column:
    """A column of a count."""
    return Column(name, title, Kind.INTEGER)
