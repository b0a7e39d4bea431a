"""The people of a customer: by name or pseudonym, with their licences and last activity; and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.selectors.customers import Reach
from customers.views.customer import unknown_customer
from insights.exported import about_day
from insights.selectors.insight_rows import Question
from insights.selectors.roster import Order, People, Show, Somebody
from insights.views.behind import CLASS_NAMES, FILE, PAGE
from insights.views.customer_insights import FiguresDoor
from insights.views.questions import choice_of, kept_of
from partners.export.doors import ExportDoor
from partners.export.table import Column, Kind, Row, Table
from partners.paging import page_of
from partners.permissions import Action
from partners.services.names import record_names_seen

SHOWN = {
    Show.ALL: (
        gettext_lazy("Everybody"),
        gettext_lazy("Everybody who held a licence or was active on one of the 28 days."),
    ),
    Show.IDLE: (
        gettext_lazy("Idle licence"),
        gettext_lazy("They hold a licence that counts, and used none of its workloads on any of the 28 days."),
    ),
    Show.UNLICENSED: (
        gettext_lazy("Use without a licence"),
        gettext_lazy("They used a workload on a day on which no licence of theirs included it."),
    ),
    Show.LEFT: (
        gettext_lazy("Left"),
        gettext_lazy("They had a licence on one of the 28 days, and have none any more."),
    ),
}
"""What each choice is called, and whom it means."""
COLUMNS = (
    Column("user", gettext_lazy("Person")),
    Column("last_active", gettext_lazy("Last active"), Kind.DAY),
    Column("last_active_by_workload", gettext_lazy("Last active, by workload")),
    Column("licences", gettext_lazy("Licences")),
    Column("subscription_ids", gettext_lazy("Your subscriptions")),
    Column("allotted", gettext_lazy("Allotted"), Kind.FLAG),
    Column("idle", gettext_lazy("Idle licence"), Kind.FLAG),
    Column("unlicensed", gettext_lazy("Use without a licence"), Kind.FLAG),
    Column("left", gettext_lazy("Left"), Kind.FLAG),
)
LONGEST_SEARCH = 256
AT_ONCE = 500
"""So many people of a file are described at a time."""


class PeopleDoor(FiguresDoor):
    """People of a customer; only where a confirmed relationship covers the as-of date and today."""

    abstract: ClassVar[bool] = True

    def served(self, request: HttpRequest, customer_id: UUID) -> tuple[Question, Reach]:
        """What is asked, and of whom. Raises BadRequest, and Http404."""
        question, reach = self.asked(request, customer_id)
        if not reach.on_today:
            raise unknown_customer()
        return question, reach

    def found(self, request: HttpRequest, question: Question, reach: Reach) -> tuple[People, list[int]]:
        """Everybody, and the places of those whom the address asks for."""
        show, order = asked_show(request), choice_of(request, "sort", Order, Order.USER)
        search = asked_search(request)
        people = People(question, reach, named=request.user.may(Action.SEE_NAMES))
        return people, people.chosen(show, search, order)

    def tell(self, reach: Reach, named: int, where: str) -> None:
        """The audit log learns whose names are shown."""
        record_names_seen(
            actor=self.request.user,
            customer_id=reach.customer.customer_id,
            people=named,
            where=f"people, {where}",
        )


class CustomerPeople(PeopleDoor):
    """The page."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    def get(self, request: HttpRequest, customer_id: UUID) -> HttpResponse:
        question, reach = self.served(request, customer_id)
        people, places = self.found(request, question, reach)
        page = page_of(request, places)
        shown = people.described(page.object_list)
        self.tell(reach, people.named_among(page.object_list), PAGE)
        show, counts = asked_show(request), people.counts
        context = {
            "customer": reach.customer,
            "day": question.day,
            "tab": "people",
            "page": page,
            "people": [(one, [(licence, CLASS_NAMES[licence.cls]) for licence in one.licences]) for one in shown],
            "choices": [(each.value, SHOWN[each][0], counts[each]) for each in Show],
            "show": show.value,
            "meaning": SHOWN[show][1],
            "anybody": counts[Show.ALL],
            "search": asked_search(request),
            "sort": request.GET.get("sort", ""),
            "named": request.user.may(Action.SEE_NAMES),
            "kept": kept_of(request.GET, "date", "left_out"),
        }
        return render(request, "insights/people.html", context)


class CustomerPeopleExport(ExportDoor, PeopleDoor):
    """The file."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS

    def table(self, customer_id: UUID) -> Table:
        """All whom the address asks for."""
        question, reach = self.served(self.request, customer_id)
        people, places = self.found(self.request, question, reach)
        self.tell(reach, people.named_among(places), FILE)
        day = question.day.isoformat()
        return Table(
            name=f"people-{customer_id}-{day}",
            title=_("People"),
            columns=COLUMNS,
            rows=_lines(people, places),
            size=len(places),
            about=about_day(day) | {"customer": reach.customer.name},
        )

    def reachable(self, customer_id: UUID) -> None:
        """Raises Http404 where no confirmed relationship covers the as-of date and today."""
        self.served(self.request, customer_id)


def asked_show(request: HttpRequest) -> Show:
    """Which people the address asks for. Raises BadRequest."""
    return choice_of(request, "show", Show, Show.ALL)


def asked_search(request: HttpRequest) -> str:
    """The part of a name or pseudonym that the address asks for. Raises BadRequest for one longer than any."""
    text = request.GET.get("q", "").strip()
    if len(text) > LONGEST_SEARCH:
        raise BadRequest(_("q: expected at most %(most)d characters.") % {"most": LONGEST_SEARCH})
    return text


def _lines(people: People, places: list[int]) -> Iterator[Row]:
    """Some people at a time, so that the first lines come at once."""
    for first in range(0, len(places), AT_ONCE):
        yield from map(_line, people.described(places[first : first + AT_ONCE]))


def _line(one: Somebody) -> Row:
    return [
        one.user,
        one.last_active,
        "; ".join(f"{use.code} {use.day.isoformat()}" for use in one.uses),
        "; ".join(f"{licence.sku} ({licence.cls})" for licence in one.licences),
        "; ".join(licence.subscription_id for licence in one.licences if licence.subscription_id),
        any(licence.allotted for licence in one.licences),
        one.idle,
        one.unlicensed,
        one.left,
    ]
