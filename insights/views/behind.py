"""The list behind a count of a customer's insights: exactly as many rows as the count says; and the same as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.selectors.customers import Reach
from customers.services.people import record_names_seen
from customers.views.customer import unknown_customer
from customers.views.subscriptions import STATUS_NAMES
from insights.selectors.explain import COLUMNS, LISTED, Entry, Row, UnknownRowError, entries
from insights.selectors.insight_rows import Question
from insights.views.customer_insights import FiguresDoor
from insights.views.questions import kept_of
from partners.csv_export import csv_response
from partners.paging import page_of
from partners.permissions import Action

CLASS_NAMES = {
    "current": gettext_lazy("current"),
    "former": gettext_lazy("former"),
    "lapsed": gettext_lazy("lapsed"),
    "trial": gettext_lazy("trial"),
    "unlicensed": gettext_lazy("without a licence"),
    "blocked": gettext_lazy("blocked"),
}
PAGE, FILE = "page", "file"


@dataclass(frozen=True, slots=True)
class Asked:
    """A list that somebody may see."""

    question: Question
    reach: Reach
    row: Row
    count: str
    entries: list[Entry]


class ListDoor(FiguresDoor):
    """A list of people; only where a confirmed relationship covers the as-of date and today."""

    abstract: ClassVar[bool] = True

    def listed(self, request: HttpRequest, customer_id: UUID) -> Asked:
        """What the address asks for. Raises BadRequest with a sentence, and Http404."""
        question, reach = self.asked(request, customer_id)
        if not reach.on_today:
            raise unknown_customer()
        row, count = _row(request), _count(request)
        named = request.user.may(Action.SEE_NAMES)
        try:
            found = entries(question, customer_id=customer_id, row=row, count=count, named=named)
        except UnknownRowError as error:
            raise BadRequest(str(error)) from None
        return Asked(question, reach, row, count, found)

    def tell(self, asked: Asked, shown: list[Entry], where: str) -> None:
        """The audit log learns whose names are shown."""
        people = {entry.user for entry in shown if entry.named}
        record_names_seen(
            actor=self.request.user,
            customer_id=asked.reach.customer.customer_id,
            people=len(people),
            where=f"{asked.count}, {where}",
        )


class BehindPage(ListDoor):
    """The page."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    def get(self, request: HttpRequest, customer_id: UUID) -> HttpResponse:
        asked = self.listed(request, customer_id)
        page = page_of(request, asked.entries)
        self.tell(asked, page.object_list, PAGE)
        context = {
            "customer": asked.reach.customer,
            "day": asked.question.day,
            "seller": asked.question.seller.value,
            "count": asked.count,
            "of": _called(asked),
            "workload": asked.row.workload,
            "page": page,
            "rows": [_line(entry) for entry in page.object_list],
            "kept": kept_of(request.GET, "date", "seller"),
            "named": request.user.may(Action.SEE_NAMES),
        }
        return render(request, "insights/behind.html", context)


class BehindCsv(ListDoor):
    """The file."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS

    def get(self, request: HttpRequest, customer_id: UUID) -> StreamingHttpResponse:
        asked = self.listed(request, customer_id)
        self.tell(asked, asked.entries, FILE)
        name = f"{asked.count}-{customer_id}-{asked.question.day.isoformat()}.csv"
        return csv_response(name, COLUMNS, [entry.shown() for entry in asked.entries])


def _row(request: HttpRequest) -> Row:
    sku, family = (request.GET.get(name, "").strip() for name in ("sku", "family"))
    workload = request.GET.get("workload", "").strip() or "any"
    if not sku:
        return Row(family=family or None, workload=workload)
    try:
        return Row(sku=UUID(sku), workload=workload)
    except ValueError:
        raise BadRequest(_("sku: “%(text)s” is no SKU id; expected a GUID.") % {"text": sku}) from None


def _count(request: HttpRequest) -> str:
    count = request.GET.get("count", "").strip()
    if count not in LISTED:
        message = _("count: “%(text)s” has no list behind it; expected one of %(known)s.")
        raise BadRequest(message % {"text": count, "known": ", ".join(LISTED)})
    return count


def _called(asked: Asked) -> str:
    """What the row is of, in words: an SKU, a family; nothing: everything."""
    named = next((entry.sku for entry in asked.entries if entry.sku), "") if asked.row.sku else ""
    return named or asked.row.family or ""


def _line(entry: Entry) -> dict[str, Any]:
    return {
        "entry": entry,
        "class": CLASS_NAMES[entry.entitlement_class],
        "status": STATUS_NAMES[entry.status] if entry.status else "",
    }
