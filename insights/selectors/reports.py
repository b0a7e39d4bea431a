"""Regular reports as their pages show them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from insights.models import Report, ReportRecipient, SentReport
from partners.models import Staff

MOST_MAILS = 100
"""So many of the latest mails are shown."""


def listed_reports(user: Staff) -> QuerySet[Any]:
    """The reports that somebody sees, those that go on first; with `people`, `waiting` (to be approved) and `last_at`."""
    waiting = Q(
        recipients__contact__isnull=False, recipients__approved_at__isnull=True, recipients__ended_at__isnull=True
    )
    sent = Q(sent__outcome=SentReport.Outcome.SENT)
    return (
        Report.objects.visible_to(user)
        .select_related("owner")
        .annotate(
            people=Count("recipients", filter=Q(recipients__ended_at__isnull=True), distinct=True),
            waiting=Count("recipients", filter=waiting, distinct=True),
            last_at=Max("sent__at", filter=sent),
        )
        .order_by("ended_at", "name", "pk")
    )


def report_of(user: Staff, report: int) -> Report | None:
    """One of them."""
    return Report.objects.visible_to(user).select_related("owner", "partner").filter(pk=report).first()


def recipients_of(report: Report) -> list[ReportRecipient]:
    """Who gets it, colleagues first."""
    related = ("staff", "contact__account__customer", "approved_by", "report__partner")
    return list(report.recipients.select_related(*related).order_by("contact_id", "pk"))


def mails_of(report: Report) -> list[SentReport]:
    """The latest mails, the last first."""
    return list(report.sent.order_by("-at", "-pk")[:MOST_MAILS])
