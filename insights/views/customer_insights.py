"""A customer's insights: deployment per SKU, usage per workload, and why usage is above 100 %; and the rows as a file."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from customers.selectors.customers import Reach, reach_of
from customers.selectors.mailboxes import number_left_out
from customers.views.customer import unknown_customer
from customers.words import STATUS_NAMES
from insights.asof import asof
from insights.charts import Point
from insights.exported import about, columns
from insights.grain import By
from insights.selectors.customer_insights import CustomerFigures, customer_figures, lapsed_in_use
from insights.selectors.customer_trends import Trends, trends_of
from insights.selectors.evidence import evidence
from insights.selectors.insight_rows import INSIGHT_COLUMNS, InsightRow, Question
from insights.selectors.stored import snapshot
from insights.spark import Spark, spark
from insights.views.questions import kept_of, left_out_of, left_out_of_figures, seller_of
from partners.doors import Door
from partners.export.doors import ExportDoor
from partners.export.table import Table
from partners.permissions import Action

TILES = ("deployment_pct", "usage_pct", "adjusted_usage_pct", "user_usage_pct")


class FiguresDoor(Door):
    """A page about figures of a customer with whom a confirmed relationship covers the as-of date."""

    abstract: ClassVar[bool] = True

    def asked(self, request: HttpRequest, customer_id: UUID) -> tuple[Question, Reach]:
        """What is asked, and of whom. Raises BadRequest, and Http404 where no relationship covers the day."""
        question = Question(
            request.user.partner, asof(request), seller=seller_of(request), left_out=left_out_of(request).skus
        )
        reach = reach_of(partner=question.partner, customer_id=customer_id, day=question.day)
        if reach is None or not reach.on_day:
            raise unknown_customer()
        return question, reach


class FiguresExport(ExportDoor, FiguresDoor):
    """A file about figures of such a customer."""

    abstract: ClassVar[bool] = True

    def reachable(self, customer_id: UUID) -> None:
        """Raises Http404 where no confirmed relationship covers the as-of date."""
        self.asked(self.request, customer_id)


class CustomerInsights(FiguresDoor):
    """The page."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    def get(self, request: HttpRequest, customer_id: UUID) -> HttpResponse:
        with snapshot():
            question, reach = self.asked(request, customer_id)
            found = customer_figures(question, reach.customer)
            context = self._more(question, reach, found) if found.headline else {}
        context |= {
            "customer": reach.customer,
            "day": question.day,
            "tab": "insights",
            "seller": question.seller.value,
            "kept": kept_of(request.GET, "date", "seller", "left_out"),
            "left_out": left_out_of_figures(request, question, [reach.customer.id]),
            "headline": found.headline,
            "evidence": evidence(user=request.user, reach=reach, day=question.day),
        }
        return render(request, "insights/customer_insights.html", context)

    def _more(self, question: Question, reach: Reach, found: CustomerFigures) -> dict[str, Any]:
        lapsed = lapsed_in_use(found, customer=reach.customer, day=question.day, user=self.request.user)
        trends = trends_of(question, reach)
        overall, skus = found.of(By.ALL)[0], found.of(By.SKU)
        return {
            "tiles": TILES,
            "changes": _changes(trends, found.headline),
            "lists": reach.on_today,
            "mailboxes": number_left_out(customer=reach.customer.id),
            "lapsed": [(subscription, STATUS_NAMES[subscription.status]) for subscription in lapsed],
            "trend_points": trends.usage_of(found.headline)[1:],
            "families": found.of(By.FAMILY),
            "skus": [(group, trends.deployment_of(group.whole, sku=group.whole["sku_key"])) for group in skus],
            "overall": overall,
            "overall_trends": {row["workload"]: _usage(trends, row) for row in (overall.whole, *overall.workloads)},
        }


def _usage(trends: Trends, row: InsightRow) -> list[Point]:
    return trends.usage_of(row, workload=row["workload_key"])


def _changes(trends: Trends, row: InsightRow) -> dict[str, Spark]:
    """How the headline moved since the first of the 28 days that is stored."""
    ways = {"usage_pct": trends.usage_of(row), "deployment_pct": trends.deployment_of(row)}
    drawn = {name: spark(points) for name, points in ways.items() if points[-1].value is not None}
    return {name: small for name, small in drawn.items() if small is not None}


class CustomerInsightsExport(FiguresExport):
    """All rows of the customer: over everything, by family, and by SKU."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS
    for_customer: ClassVar[bool] = True

    def table(self, customer_id: UUID) -> Table:
        """All rows as of the day."""
        with snapshot():
            question, reach = self.asked(self.request, customer_id)
            rows = customer_figures(question, reach.customer).rows
        return Table(
            name=f"insights-{customer_id}-{question.day.isoformat()}",
            title=_("Insights"),
            columns=columns(INSIGHT_COLUMNS),
            rows=([row[name] for name in INSIGHT_COLUMNS] for row in rows),
            size=len(rows),
            about=about(question) | {"customer": reach.customer.name},
        )
