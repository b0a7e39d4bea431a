"""The tables of the next steps as files: suggestions, sessions of a training, and what came of a suggestion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.clock import today
from customers.selectors.customers import VisibleCustomer, customers_of
from insights.models import Course, Suggestion, TrainingSession
from insights.selectors.steps.library import sessions
from insights.selectors.steps.outcome import After, outcome_of
from insights.steps.outcome import Change
from insights.steps.shown import followed_name, playbook, shown_short, shown_weight
from insights.views.steps.listing import found_steps
from partners.export.doors import ExportDoor
from partners.export.table import Column, Kind, Row, Table
from partners.permissions import Action

_CUSTOMER = (Column("customer_id", gettext_lazy("Customer id")), Column("customer", gettext_lazy("Customer")))
STEPS = (
    Column("suggestion", gettext_lazy("Suggestion"), Kind.INTEGER),
    Column("rule", gettext_lazy("Rule")),
    Column("what_to_do", gettext_lazy("What to do")),
    *_CUSTOMER,
    Column("because", gettext_lazy("Because")),
    Column("weight", gettext_lazy("Weight"), Kind.INTEGER),
    Column("is_about", gettext_lazy("Is about")),
    Column("due_on", gettext_lazy("Until"), Kind.DAY),
    Column("state", gettext_lazy("State")),
    Column("owner", gettext_lazy("Who")),
    Column("planned_for", gettext_lazy("Planned for"), Kind.DAY),
    Column("put_off_until", gettext_lazy("Put off until"), Kind.DAY),
    Column("raised_on", gettext_lazy("Raised on"), Kind.DAY),
    Column("evidence_on", gettext_lazy("Evidence of"), Kind.DAY),
    Column("closed_on", gettext_lazy("Closed on"), Kind.DAY),
)
SESSIONS = (
    Column("date", gettext_lazy("Date"), Kind.DAY),
    *_CUSTOMER,
    Column("course", gettext_lazy("Training")),
    Column("kind", gettext_lazy("Kind")),
    Column("invited", gettext_lazy("Invited"), Kind.INTEGER),
    Column("attended", gettext_lazy("Attended"), Kind.INTEGER),
    Column("suggestion", gettext_lazy("Suggestion"), Kind.INTEGER),
)
OUTCOME = (
    Column("days", gettext_lazy("Days after"), Kind.INTEGER),
    Column("date", gettext_lazy("Date"), Kind.DAY),
    Column("figure", gettext_lazy("Figure")),
    Column("figure_name", gettext_lazy("Name of the figure")),
    Column("before", gettext_lazy("Before"), Kind.DECIMAL),
    Column("after", gettext_lazy("After"), Kind.DECIMAL),
    Column("change", gettext_lazy("Change"), Kind.DECIMAL),
    Column("mean_change_of_others", gettext_lazy("Mean change of others"), Kind.DECIMAL),
    Column("others", gettext_lazy("Others"), Kind.INTEGER),
)


class StepsExport(ExportDoor):
    """The list as it is filtered and ordered, whole."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS

    def table(self) -> Table:
        """A row a suggestion."""
        found = found_steps(self.request)
        return Table(
            name=f"next-steps-{today().isoformat()}",
            title=_("Next steps"),
            columns=STEPS,
            rows=(_step(one, found.served[one.customer_id]) for one in found.suggestions),
            size=found.suggestions.count(),
            about={"as_of": found.last_run.isoformat() if found.last_run else None},
        )


class SessionsExport(ExportDoor):
    """The sessions of a training, of customers that are served today."""

    action: ClassVar[Action] = Action.PLAN_STEPS

    def reachable(self, key: int) -> None:
        """Raises Http404 for a training that isn't there, and for another partner's."""
        self._course(key)

    def table(self, key: int) -> Table:
        """A row a session, the latest first."""
        course, user = self._course(key), self.request.user
        customers = {customer.id: customer for customer in customers_of(partner=user.partner, day=today())}
        held = sessions(user, course=course.pk)
        return Table(
            name=f"training-{course.pk}-{today().isoformat()}",
            title=_("Sessions of “%(course)s”") % {"course": course.title},
            columns=SESSIONS,
            rows=(_session(course, session, customers[session.customer_id]) for session in held),
            size=len(held),
        )

    def _course(self, key: int) -> Course:
        course = Course.objects.visible_to(self.request.user).filter(pk=key).first()
        if course is None:
            raise Http404(_("There is nothing here any more."))
        return course


class OutcomeExport(ExportDoor):
    """What came of a suggestion that was done, after 28 and 56 days."""

    action: ClassVar[Action] = Action.EXPORT_INSIGHTS

    def reachable(self, suggestion_id: int) -> None:
        """Raises Http404 for a suggestion that isn't there, and for another partner's."""
        self._suggestion(suggestion_id)

    def table(self, suggestion_id: int) -> Table:
        """A row for each figure and number of days; none before they are known."""
        one, partner = self._suggestion(suggestion_id), self.request.user.partner
        rows = list(_outcome(outcome_of(partner=partner, one=one)))
        about = {"customer": str(one.customer.tenant_id), "rule": one.rule}
        return Table(
            name=f"next-step-{one.pk}-outcome",
            title=_("What came of it"),
            columns=OUTCOME,
            rows=rows,
            size=len(rows),
            about=about,
        )

    def _suggestion(self, key: int) -> Suggestion:
        one = Suggestion.objects.visible_to(self.request.user).select_related("customer").filter(pk=key).first()
        if one is None:
            raise Http404(_("There is no such suggestion."))
        return one


def _step(one: Suggestion, customer: VisibleCustomer) -> Row:
    return [
        one.pk,
        one.rule,
        str(playbook(one.rule).title),
        str(customer.customer_id),
        customer.name,
        shown_short(one.evidence),
        one.weight,
        shown_weight(one.rule, one.weight) if one.weight else "",
        one.due_on,
        one.state,
        (one.owner.get_full_name() or one.owner.email) if one.owner else "",
        one.planned_for,
        one.put_off_until,
        one.raised_on,
        one.evidence_on,
        one.closed_on,
    ]


def _session(course: Course, session: TrainingSession, customer: VisibleCustomer) -> Row:
    return [
        session.held_on,
        str(customer.customer_id),
        customer.name,
        course.title,
        course.kind,
        session.invited,
        session.attended,
        session.suggestion_id,
    ]


def _outcome(found: list[After]) -> Iterator[Row]:
    for after in found:
        for change in after.changes:
            yield [after.days, after.day, change.name, str(followed_name(change.name)), *_numbers(change)]


def _numbers(change: Change) -> Row:
    values = (change.before, change.after, change.change, change.mean)
    return [*(None if value is None else f"{value:.1f}" for value in values), change.compared]
