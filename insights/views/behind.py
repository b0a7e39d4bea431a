"""The list behind a count of a customer's insights: exactly as many rows as the count says; and the same as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.selectors.customers import Reach
from customers.views.customer import unknown_customer
from customers.words import STATUS_NAMES
from insights.exported import about, columns
from insights.selectors.explain import COLUMNS, LISTED, Entry, Row, UnknownRowError, entries
from insights.selectors.insight_rows import Question
from insights.views.customer_insights import FiguresDoor
from insights.views.questions import kept_of
from partners.export.doors import ExportDoor
from partners.export.table import Table
from partners.paging import page_of
from partners.permissions import Action
from partners.services.names import record_names_seen

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
            "kept": kept_of(request.GET, "date", "seller", "left_out"),
            "named": request.user.may(Action.SEE_NAMES),
        }
        return render(request, "insights/behind.html", context)


class BehindExport(ExportDoor, ListDoor):
    """The file."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS

    def table(self, customer_id: UUID) -> Table:
        """The whole list."""
        asked = self.listed(self.request, customer_id)
        self.tell(asked, asked.entries, FILE)
        return Table(
            name=f"{asked.count}-{customer_id}-{asked.question.day.isoformat()}",
            title=_("List behind a count"),
            columns=columns(COLUMNS),
            rows=(entry.shown() for entry in asked.entries),
            size=len(asked.entries),
            about=about(asked.question) | {"customer": asked.reach.customer.name},
        )

    def reachable(self, customer_id: UUID) -> None:
        """Raises Http404 where no confirmed relationship covers the as-of date and today."""
        _question, reach = self.asked(self.request, customer_id)
        if not reach.on_today:
            raise unknown_customer()


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
