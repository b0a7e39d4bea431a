"""Corrects activity and coverage: a person's days in a workload, and the days that were delivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from customers.bits.read import days_covered_by, days_of_person
from customers.feed.files.activity import ACTIVITY
from customers.feed.files.coverage import COVERAGE
from customers.feed.values import service_key
from customers.models import Customer, Workload
from customers.selectors.people import numbers_of
from customers.services.corrections.loading import LoadedFact
from partners.audit_names import PARTS
from partners.models import AuditEntry, Partner, Staff
from partners.services.corrections import STATED_BY, Cells, CorrectionError, correct, register, stater
from partners.tenancy import operating

EVERY_SERVICE = "*"
MOST_DAYS = 366


class DaysFact(LoadedFact):
    """A set of days that one source stated of the same thing. Only those that stand there are read."""

    def find(self, cells: Cells) -> dict[str, Any] | None:
        days = [date.fromisoformat(day) for day in cells["days"]]
        found = sorted(set(days) & set(self.stored(cells, min(days), max(days))))
        return {**cells, "days": [day.isoformat() for day in found]} if found else None

    def cells_of(self, stored: dict[str, Any]) -> dict[str, Any]:
        return stored

    def stored(self, cells: Cells, first: date, last: date) -> list[date]:
        """The days from `first` to `last` that the source stated."""
        raise NotImplementedError

    def lines(self, cells: Cells) -> list[dict[str, str]]:
        named = {column.name: cells[column.name] for column in self.file.columns if column.name != "day"}
        return [named | {"day": day} for day in cells["days"]]

    def title(self, cells: Cells) -> str:
        first, last = cells["days"][0], cells["days"][-1]
        span = first if first == last else f"{first} - {last}"
        return PARTS.join([*(cells[name] for name in self.key if name not in (STATED_BY, "days")), span])[:256]


class ActivityFact(DaysFact):
    """The days of a person in a workload."""

    name = "activity"
    key = ("customer_id", "user_id", "service", "days", STATED_BY)
    file = ACTIVITY

    def stored(self, cells: Cells, first: date, last: date) -> list[date]:
        customer = Customer.objects.filter(tenant_id=cells["customer_id"]).first()
        workload = Workload.objects.filter(key=service_key(cells["service"])).first()
        if customer is None or workload is None:
            return []
        source = stater(cells)
        told = {"customer": customer.pk, "workload": workload.pk, "source": source.pk if source else 0}
        return [
            day
            for person in numbers_of(customer=customer.pk, user_id=cells["user_id"])
            for day in days_of_person(person=person, first=first, last=last, **told)
        ]


class CoverageFact(DaysFact):
    """The days of which a workload was delivered; `*`: every workload."""

    name = "coverage"
    key = ("customer_id", "service", "days", STATED_BY)
    file = COVERAGE

    def stored(self, cells: Cells, first: date, last: date) -> list[date]:
        customer = Customer.objects.filter(tenant_id=cells["customer_id"]).first()
        workload = None
        if cells["service"] != EVERY_SERVICE:
            workload = Workload.objects.filter(key=service_key(cells["service"])).first()
        if customer is None or (workload is None and cells["service"] != EVERY_SERVICE):
            return []
        source = stater(cells)
        return days_covered_by(
            customer=customer.pk,
            workload=workload.pk if workload else None,
            source=source.pk if source else 0,
            first=first,
            last=last,
        )


ACTIVITY_FACT = register(ActivityFact())
COVERAGE_FACT = register(CoverageFact())


def correct_days(
    *,
    actor: Staff,
    fact: DaysFact,
    cells: Cells,
    first: date,
    last: date,
    add: bool,
    source: Partner | None,
    reason: str,
) -> AuditEntry:
    """State (`add`) or retract, as what `source` says, each day from `first` to `last` for which that changes anything.

    `cells` name the customer, the service and, for activity, the person. Raises as `correct` does.
    """
    days = _between(first, last)
    told = {**cells, STATED_BY: None if source is None else str(source.partner_id)}
    with operating():
        stored = set(fact.stored(told, first, last))
    touched = [day.isoformat() for day in days if (day in stored) != add]
    if not touched:
        raise CorrectionError(_("This changes nothing: it stands there like that already."))
    told["days"] = touched
    before, after = (None, told) if add else (told, None)
    return correct(actor=actor, fact=fact, before=before, after=after, reason=reason)


def _between(first: date, last: date) -> Sequence[date]:
    if last < first:
        raise CorrectionError(_("The last day lies before the first; expected the same day or a later one."), "last")
    count = (last - first).days + 1
    if count > MOST_DAYS:
        raise CorrectionError(
            _("These are %(count)d days; expected at most %(most)d at once.") % {"count": count, "most": MOST_DAYS},
            "last",
        )
    return [first + timedelta(days=number) for number in range(count)]
