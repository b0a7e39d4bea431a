"""What changed at a customer between two days, and why; and the same as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.selectors.customers import Reach
from insights.exported import about
from insights.selectors.changes.causes import KIND_NAMES, Cause, Kind, causes_between
from insights.selectors.changes.figures import Compared, compared
from insights.selectors.insight_rows import Question
from insights.views.customer_insights import FiguresDoor
from insights.views.questions import kept_of
from insights.window import WINDOW_DAYS
from partners.days import BadDayError, read_day
from partners.export.doors import ExportDoor
from partners.export.table import Cell, Column, Row, Table
from partners.export.table import Kind as Of
from partners.paging import page_of
from partners.permissions import Action

FIGURE_COLUMNS = (
    Column("figure", gettext_lazy("Figure")),
    Column("before", gettext_lazy("Before"), Of.DECIMAL),
    Column("after", gettext_lazy("After"), Of.DECIMAL),
    Column("change", gettext_lazy("Change"), Of.DECIMAL),
    Column("change_us", gettext_lazy("Of it your subscriptions"), Of.INTEGER),
    Column("change_others", gettext_lazy("Of it another source"), Of.INTEGER),
)
PART_COLUMNS = (
    Column("kind", gettext_lazy("Kind")),
    Column("name", gettext_lazy("Name")),
    Column("deployment_pct_before", gettext_lazy("Deployment before"), Of.PERCENT),
    Column("deployment_pct_after", gettext_lazy("Deployment after"), Of.PERCENT),
    Column("usage_pct_before", gettext_lazy("Usage before"), Of.PERCENT),
    Column("usage_pct_after", gettext_lazy("Usage after"), Of.PERCENT),
    Column("sold_change", gettext_lazy("Change of sold"), Of.INTEGER),
    Column("assigned_change", gettext_lazy("Change of assigned"), Of.INTEGER),
    Column("active_change", gettext_lazy("Change of active"), Of.INTEGER),
    Column("idle_change", gettext_lazy("Change of idle"), Of.INTEGER),
)
CAUSE_COLUMNS = (
    Column("kind", gettext_lazy("Kind")),
    Column("day", gettext_lazy("Day"), Of.DAY),
    Column("last_day", gettext_lazy("Last day"), Of.DAY),
    Column("what", gettext_lazy("What")),
    Column("details", gettext_lazy("Details")),
    Column("who", gettext_lazy("Who stated it")),
    Column("at", gettext_lazy("When it was stated"), Of.MOMENT),
    Column("why", gettext_lazy("Why")),
)
PERCENTAGES_SHOWN, COUNTS_SHOWN = ("deployment_pct", "usage_pct"), ("sold", "assigned", "active", "idle")


@dataclass(frozen=True, slots=True)
class Asked:
    """Two days of a customer."""

    question: Question
    reach: Reach
    before: date

    @property
    def is_comparable(self) -> bool:
        """Whether a confirmed relationship covers the earlier day too."""
        return self.reach.covers(self.before)


class ChangesDoor(FiguresDoor):
    """Two days of a customer with whom a confirmed relationship covers the later one."""

    abstract: ClassVar[bool] = True

    def between(self, request: HttpRequest, customer_id: UUID) -> Asked:
        """The days that the address asks for. Raises BadRequest, and Http404."""
        question, reach = self.asked(request, customer_id)
        return Asked(question, reach, _before(request, question.day, reach))

    def compared(self, asked: Asked) -> Compared | None:
        """Both days; None where the earlier one isn't the partner's to see."""
        if not asked.is_comparable:
            return None
        return compared(asked.question, customer=asked.reach.customer.id, before=asked.before)

    def causes(self, asked: Asked, found: Compared | None) -> list[Cause]:
        """What made the difference; nothing of a customer that isn't served any more."""
        if found is None or not asked.reach.on_today:
            return []
        days = {"before": asked.before, "day": asked.question.day}
        return causes_between(self.request.user, asked.reach, found, **days)


class CustomerChanges(ChangesDoor):
    """The page."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    def get(self, request: HttpRequest, customer_id: UUID) -> HttpResponse:
        asked = self.between(request, customer_id)
        found = self.compared(asked)
        causes = self.causes(asked, found)
        page = page_of(request, causes)
        context: dict[str, Any] = {
            "customer": asked.reach.customer,
            "day": asked.question.day,
            "before": asked.before,
            "days": (asked.question.day - asked.before).days,
            "tab": "changes",
            "served": asked.reach.on_today,
            "found": found,
            "page": page,
            "causes": [(cause, KIND_NAMES[cause.kind]) for cause in page],
            "another": Kind.ANOTHER_SOURCE,
            "events": request.user.may(Action.SEE_CUSTOMER_EVENTS),
            "kept": kept_of(request.GET, "date", "with", "left_out"),
        }
        return render(request, "insights/changes.html", context)


class ChangesExport(ExportDoor, ChangesDoor):
    """A table of the page as a file."""

    abstract: ClassVar[bool] = True
    called: ClassVar[str]
    title: ClassVar[Promise]
    columns: ClassVar[Sequence[Column]]

    def table(self, customer_id: UUID) -> Table:
        """The whole table."""
        asked = self.between(self.request, customer_id)
        rows = self.rows(asked, self.compared(asked))
        return Table(
            name=f"{self.called}-{customer_id}-{asked.before.isoformat()}-{asked.question.day.isoformat()}",
            title=self.title,
            columns=self.columns,
            rows=rows,
            size=len(rows),
            about=about(asked.question)
            | {"customer": asked.reach.customer.name, "compared_with": asked.before.isoformat()},
        )

    def rows(self, asked: Asked, found: Compared | None) -> list[Row]:
        """What stands in the table."""
        raise NotImplementedError

    def reachable(self, customer_id: UUID) -> None:
        """Raises Http404 where no confirmed relationship covers the as-of date."""
        self.between(self.request, customer_id)


class FigureChangesExport(ChangesExport):
    """The figures."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS
    called, title, columns = "changes", gettext_lazy("What changed"), FIGURE_COLUMNS

    def rows(self, asked: Asked, found: Compared | None) -> list[Row]:  # noqa: ARG002 - the base class's
        """A line a figure."""
        return [[c.name, c.before, c.after, c.change, c.own, c.others] for c in (found.whole if found else ())]


class PartChangesExport(ChangesExport):
    """The SKUs and workloads that differ."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS
    called, title, columns = "changes-by-part", gettext_lazy("What changed, by SKU and workload"), PART_COLUMNS

    def rows(self, asked: Asked, found: Compared | None) -> list[Row]:  # noqa: ARG002 - the base class's
        """A line a SKU and workload."""
        rows: list[Row] = []
        for part in found.parts if found else ():
            line: list[Cell] = ["sku" if part.is_sku else "workload", part.name]
            for name in PERCENTAGES_SHOWN:
                line += [part.changes[name].before, part.changes[name].after]
            rows.append([*line, *(part.changes[name].change for name in COUNTS_SHOWN)])
        return rows


class CausesExport(ChangesExport):
    """What made the difference."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS
    called, title, columns = "causes", gettext_lazy("What caused the change"), CAUSE_COLUMNS

    def rows(self, asked: Asked, found: Compared | None) -> list[Row]:
        """A line a cause."""
        return [
            [
                cause.kind.value,
                cause.first,
                cause.last,
                str(cause.what),
                "; ".join([*cause.parts, *(_written(change) for change in cause.changes)]),
                str(cause.who),
                cause.at,
                str(cause.why),
            ]
            for cause in self.causes(asked, found)
        ]


def _written(change: Any) -> str:
    if change.before is None:
        return f"{change.name}: {change.after or ''}"
    return f"{change.name}: {change.before} → {change.after or ''}"


def _before(request: HttpRequest, day: date, reach: Reach) -> date:
    """`?with=YYYY-MM-DD`; else 28 days before, or the first day that the relationship covers. Raises BadRequest."""
    text = request.GET.get("with", "").strip()
    if not text:
        usual = max(day, date.min + timedelta(days=WINDOW_DAYS)) - timedelta(days=WINDOW_DAYS)
        since = max(one.since for one in reach.relationships if one.covers(day))
        return usual if reach.covers(usual) or since >= day else max(usual, since)
    try:
        before = read_day(text)
    except BadDayError as error:
        raise BadRequest(f"with: {error}") from None
    if before >= day:
        message = _("with: %(text)s isn't earlier than %(day)s; expected a day before it.")
        raise BadRequest(message % {"text": text, "day": day.isoformat()})
    return before
