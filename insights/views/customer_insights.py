"""A customer's insights: deployment per SKU, usage per workload, and why usage is above 100 %; and the rows as a file."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from customers.selectors.customers import Reach, reach_of
from customers.views.customer import unknown_customer
from customers.views.subscriptions import STATUS_NAMES
from insights.asof import asof
from insights.grain import By
from insights.selectors.customer_insights import CustomerFigures, customer_figures, lapsed_in_use, usage_trend
from insights.selectors.insight_rows import INSIGHT_COLUMNS, Question
from insights.selectors.stored import snapshot
from insights.views.questions import kept_of, seller_of
from partners.csv_export import csv_response
from partners.doors import Door
from partners.permissions import Action

TILES = ("deployment_pct", "usage_pct", "adjusted_usage_pct", "user_usage_pct")


class FiguresDoor(Door):
    """A page about figures of a customer with whom a confirmed relationship covers the as-of date."""

    abstract: ClassVar[bool] = True

    def asked(self, request: HttpRequest, customer_id: UUID) -> tuple[Question, Reach]:
        """What is asked, and of whom. Raises BadRequest, and Http404 where no relationship covers the day."""
        question = Question(request.user.partner, asof(request), seller=seller_of(request))
        reach = reach_of(partner=question.partner, customer_id=customer_id, day=question.day)
        if reach is None or not reach.on_day:
            raise unknown_customer()
        return question, reach


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
            "kept": kept_of(request.GET, "date", "seller"),
            "headline": found.headline,
        }
        return render(request, "insights/customer_insights.html", context)

    def _more(self, question: Question, reach: Reach, found: CustomerFigures) -> dict[str, Any]:
        lapsed = lapsed_in_use(found, customer=reach.customer, day=question.day, user=self.request.user)
        return {
            "tiles": TILES,
            "lists": reach.on_today,
            "lapsed": [(subscription, STATUS_NAMES[subscription.status]) for subscription in lapsed],
            "trend_points": usage_trend(question, reach, found.headline),
            "families": found.of(By.FAMILY),
            "skus": found.of(By.SKU),
            "overall": found.of(By.ALL)[0],
        }


class CustomerInsightsCsv(FiguresDoor):
    """All rows of the customer: over everything, by family, and by SKU."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS

    def get(self, request: HttpRequest, customer_id: UUID) -> StreamingHttpResponse:
        with snapshot():
            question, reach = self.asked(request, customer_id)
            rows = customer_figures(question, reach.customer).rows
        lines = [[row[name] for name in INSIGHT_COLUMNS] for row in rows]
        return csv_response(f"insights-{customer_id}-{question.day.isoformat()}.csv", INSIGHT_COLUMNS, lines)
