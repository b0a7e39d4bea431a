"""The rules that the database keeps of figures, next steps and exports: each refuses its bad row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from customers.models import Account, Contact, Customer
from insights.metrics import COUNTS
from insights.models import (
    Course,
    ExportJob,
    Figure,
    Playbook,
    Report,
    ReportRecipient,
    SavedView,
    SelfServiceLink,
    SentReport,
    Silence,
    Suggestion,
    TrainingSession,
)
from partners.models import Partner, Staff
from tests.refusals import constraints, refusal, twice

pytestmark = pytest.mark.django_db

FIRST, SECOND = date(2026, 1, 1), date(2026, 1, 2)
NOW = timezone.now()


class Rows:
    """Good rows, and ways to write one more that may be bad."""

    def __init__(self) -> None:
        self.partner = Partner.objects.create(partner_id=uuid4(), name="Nordwind", slug="nordwind")
        self.staff = Staff.objects.create(email="ann@nordwind.example", partner=self.partner)
        self.customer = Customer.objects.create(tenant_id=uuid4())
        self.of = {"partner": self.partner, "customer": self.customer}

    def figure(self, begin: date, end: date | None) -> None:
        counts = dict.fromkeys((*COUNTS, "covered_days"), 0)
        key = {"seller": 0, "family": 0, "sku": 0, "workload": 0}
        Figure.objects.create(customer=self.customer, valid_from=begin, valid_to=end, **key, **counts)

    def suggestion(self, **fields: object) -> None:
        given = {"rule": "renew", "raised_on": FIRST, "evidence_on": FIRST, "weight": 1, **self.of}
        Suggestion.objects.create(**(given | fields))

    def stranger(self) -> Staff:
        partner = Partner.objects.create(partner_id=uuid4(), name="Sud", slug="sud")
        return Staff.objects.create(email="eve@sud.example", partner=partner)

    def silence(self) -> None:
        Silence.objects.create(rule="renew", lack="coverage", as_of=FIRST, **self.of)

    def playbook(self, **fields: object) -> None:
        Playbook.objects.create(
            **({"partner": self.partner, "rule": "renew", "title": "title", "attempt": "attempt"} | fields)
        )

    def course(self, **fields: object) -> Course:
        return Course.objects.create(
            **({"partner": self.partner, "title": "title", "kind": "online", "language": "en"} | fields)
        )

    def session(self, **fields: object) -> None:
        TrainingSession.objects.create(
            **(self.of | {"course": self.course(), "held_on": FIRST, "invited": 0, "attended": 0} | fields)
        )

    def link(self, **fields: object) -> None:
        given = {"partner": self.partner, "title": "title", "language": "en", "address": "https://x.example"}
        SelfServiceLink.objects.create(**(given | fields))

    def report(self, **fields: object) -> Report:
        given = {"partner": self.partner, "owner": self.staff, "name": "report", "rhythm": "daily", "next_at": NOW}
        return Report.objects.create(**(given | fields))

    def job(self, **fields: object) -> ExportJob:
        return ExportJob.objects.create(**({"partner": self.partner, "staff": self.staff} | fields))

    def contact(self) -> Contact:
        return Contact.objects.create(account=Account.objects.create(**self.of), name="Contact")

    def recipient(self, report: Report, **fields: object) -> ReportRecipient:
        return ReportRecipient.objects.create(report=report, **fields)

    def sent(self, recipient: ReportRecipient | None, report: Report) -> None:
        SentReport.objects.create(report=report, recipient=recipient, email="ann@nordwind.example", due_at=NOW)

    def sent_twice(self) -> None:
        report = self.report()
        twice(partial(self.sent, self.recipient(report, staff=self.staff), report))

    def view(self, **fields: object) -> None:
        given = {"partner": self.partner, "owner": self.staff, "page": "/", "query": "by=sku", "name": "view"}
        SavedView.objects.create(**(given | fields))


@pytest.fixture
def rows() -> Rows:
    return Rows()


REFUSED: dict[str, list[Callable[[Rows], object]]] = {
    "figure_ends_after_start": [lambda r: r.figure(SECOND, SECOND), lambda r: r.figure(SECOND, FIRST)],
    "suggestion_once": [lambda r: (r.suggestion(), r.suggestion(state="planned"))],
    "suggestion_state_known": [lambda r: r.suggestion(state="forgotten")],
    "suggestion_rule_known": [lambda r: r.suggestion(rule="guess")],
    "suggestion_closed_on_a_day": [
        lambda r: r.suggestion(closed_on=FIRST),
        lambda r: r.suggestion(state="done"),
    ],
    "suggestion_owner_of_partner": [lambda r: r.suggestion(owner=r.stranger())],
    "silence_once": [lambda r: twice(r.silence)],
    "playbook_rule_known": [lambda r: r.playbook(rule="guess")],
    "playbook_titled": [lambda r: r.playbook(title="")],
    "course_kind_known": [lambda r: r.course(kind="by_post")],
    "course_titled": [lambda r: r.course(title="")],
    "session_invited_from_0": [lambda r: r.session(invited=-1)],
    "session_attended_from_0": [lambda r: r.session(attended=-1)],
    "link_titled": [lambda r: r.link(title="")],
    "link_to_the_web": [lambda r: r.link(address="javascript:alert(1)"), lambda r: r.link(address="")],
    "report_time_exists": [
        lambda r: r.report(day=0),
        lambda r: r.report(day=29),
        lambda r: r.report(hour=24),
    ],
    "export_staff_of_partner": [lambda r: r.job(staff=r.stranger())],
    "report_owner_of_partner": [lambda r: r.report(owner=r.stranger())],
    "recipient_is_staff_or_contact": [
        lambda r: r.recipient(r.report()),
        lambda r: r.recipient(r.report(), staff=r.staff, contact=r.contact()),
    ],
    "recipient_staff_once": [lambda r: twice(partial(r.recipient, r.report(), staff=r.staff))],
    "recipient_contact_once": [lambda r: twice(partial(r.recipient, r.report(), contact=r.contact()))],
    "sent_once": [lambda r: r.sent_twice()],
    "view_name_once": [lambda r: (r.view(), r.view(name="VIEW"))],
    "view_default_once": [lambda r: (r.view(is_default=True), r.view(name="other", is_default=True))],
    "view_named": [lambda r: r.view(name=""), lambda r: r.view(page=""), lambda r: r.view(query="")],
    "view_owner_of_partner": [lambda r: r.view(owner=r.stranger())],
}


@pytest.mark.parametrize(
    ("constraint", "write"), [(constraint, write) for constraint, writes in REFUSED.items() for write in writes]
)
def test_database_refuses(rows: Rows, constraint: str, write: Callable[[Rows], object]) -> None:
    assert refusal(lambda: write(rows)) == constraint


def test_good_neighbours_are_accepted(rows: Rows) -> None:
    rows.figure(FIRST, SECOND)
    rows.suggestion(owner=rows.staff)
    rows.suggestion(subject="s1")
    rows.suggestion(state="gone", closed_on=FIRST)
    rows.suggestion(state="gone", closed_on=FIRST)
    rows.session()
    rows.session(attended=None)
    rows.link(address="HTTP://x.example")
    report = rows.report(day=28, hour=23)
    rows.recipient(report, staff=rows.staff)
    rows.recipient(report, contact=rows.contact())
    # Of recipients that are gone nothing is left to tell them apart.
    rows.sent(None, report)
    rows.sent(None, report)
    connection.check_constraints()


def test_every_constraint_of_insights_is_tested_here() -> None:
    assert {c.name for c in constraints("insights")} - set(REFUSED) == set()
