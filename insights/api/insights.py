"""Insight rows: customer by customer, and summed over the portfolio."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from insights.api.schemas import BY, SELLERS, InsightRowSchema, PortfolioRowSchema
from insights.grain import By
from insights.selectors.insight_rows import Question, Seller, portfolio_rows
from insights.selectors.latest import latest_complete_day
from insights.selectors.portfolio import Catalogue, FilterError, read_catalogue, read_filters
from insights.selectors.row_pages import page_of_rows
from partners.api.description import described
from partners.api.doors import ApiDoor
from partners.api.pages import PagedQuery, page_of, page_schema, paged
from partners.api.parameters import DayField, WordField
from partners.api.problems import BadParametersError
from partners.models import Partner
from partners.permissions import Action


class PortfolioQuery(PagedQuery):
    """Which figures; several conditions hold together. Letters count the same in either case."""

    date = DayField(required=False, help_text=_("The as-of date; default: the latest complete day."))
    by = WordField(BY, default=By.SKU.value, help_text=_("What a row stands for."))
    seller = WordField(SELLERS, default=Seller.ALL.value, help_text=_("Everybody's subscriptions, or the own ones."))
    family = serializers.CharField(required=False, help_text=_("A family's code; only with by=sku or by=family."))
    sku = serializers.CharField(required=False, help_text=_("An SKU id; only with by=sku."))
    workload = serializers.CharField(required=False, help_text=_("A workload's code, or any."))
    country = serializers.CharField(required=False, help_text=_("The customer's country: two letters (ISO 3166-1)."))
    segment = serializers.CharField(required=False, help_text=_("The customer's segment."))


class InsightsQuery(PortfolioQuery):
    """The same, and which customer."""

    customer = serializers.UUIDField(required=False, help_text=_("A customer id; unknown ones have no rows."))


FILTERS = ("family", "sku", "workload", "country", "segment")


def question_of(partner: Partner, query: dict[str, Any], catalogue: Catalogue) -> Question:
    """What the parameters ask for. Raises BadParametersError."""
    by, asked = By(query["by"]), {name: query[name] for name in FILTERS if name in query}
    try:
        filters = read_filters(asked, partner=partner, by=by, catalogue=catalogue)
    except FilterError as error:
        raise BadParametersError({error.parameter: [str(error.message)]}) from None
    day = query.get("date") or latest_complete_day(partner)
    return Question(partner, day, by, Seller(query["seller"]), filters)


class Insights(ApiDoor):
    """The insight rows of the customers that the partner may see as of the day."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    @described(page_schema(InsightRowSchema), name="insights", summary=_("Figures by customer"), query=InsightsQuery)
    def get(self, request: Request) -> Response:
        """Figures of each customer, by customer name and id, family, part number, SKU id and workload (any first)."""
        query, catalogue = InsightsQuery.read(request.query_params), read_catalogue()
        question, page = question_of(request.user.partner, query, catalogue), page_of(query)
        which = {"customer_id": query.get("customer"), "first": page.first, "last": page.last}
        count, rows = page_of_rows(question, **which, catalogue=catalogue)
        return paged(request, page, count, rows)


class Portfolio(ApiDoor):
    """The rows summed over the partner's customers."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    @described(
        page_schema(PortfolioRowSchema), name="portfolio", summary=_("Figures of the portfolio"), query=PortfolioQuery
    )
    def get(self, request: Request) -> Response:
        """Figures summed over customers, by family, part number, SKU id and workload (any first)."""
        query, catalogue = PortfolioQuery.read(request.query_params), read_catalogue()
        question = question_of(request.user.partner, query, catalogue)
        page, rows = page_of(query), portfolio_rows(question, catalogue=catalogue)
        return paged(request, page, len(rows), rows[page.first : page.last])
