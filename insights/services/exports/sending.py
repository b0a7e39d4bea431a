"""Sends reports that are due: each mail once, with what owner and recipient may see at that moment."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from insights.models import Report, ReportRecipient, SentReport
from insights.schedule import next_time
from insights.services.exports.mails import send_report
from insights.services.exports.reports import customer_of
from partners.export.asking import Export, UnknownExportError
from partners.mail import MailError
from partners.models import Staff
from partners.tenancy import operating, scope_of, within

CLAIM = timedelta(minutes=15)
_log = logging.getLogger(__name__)


def send_due_reports() -> int:
    """Send what is due; how many mails. A mail that a lost worker may have sent isn't sent again."""
    sent = 0
    with operating():
        while (report := _claimed()) is not None:
            sent += _send_all(report)
    return sent


def _claimed() -> Report | None:
    """The report that is due longest, now claimed; None: nothing is due."""
    now = timezone.now()
    due = Report.objects.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))
    with transaction.atomic():
        found = due.filter(next_at__lte=now, ended_at__isnull=True).order_by("next_at")
        report = found.select_for_update(skip_locked=True).first()
        if report is None:
            return None
        report.claimed_until = now + CLAIM
        report.save(update_fields=["claimed_until"])
    return Report.objects.select_related("owner__partner", "partner").get(pk=report.pk)


def _send_all(report: Report) -> int:
    """What is noted thereby is read by the owner, and said in his or her language."""
    with override(report.owner.language or settings.LANGUAGE_CODE):
        return _send_to_all(report)


def _send_to_all(report: Report) -> int:
    stopped = _stopped(report)
    sent = 0
    if not stopped:
        related = ("staff__partner", "contact__account__customer", "report__partner")
        for recipient in report.recipients.select_related(*related).filter(ended_at__isnull=True).order_by("pk"):
            sent += _send_one(report, recipient)
    _advance(report, stopped)
    return sent


def _stopped(report: Report) -> str:
    """Why the report ends now; empty: it goes on. Its owner must be there, and may still have what it shows."""
    owner = report.owner
    if not owner.is_active:
        return _("Its owner was deactivated.")
    try:
        with within(scope_of(owner)):
            allowed = Export.at(report.address).still_reachable(owner)
    except (UnknownExportError, BadRequest):
        allowed = False
    return "" if allowed else _("Its owner may not see what it shows any more.")


def _send_one(report: Report, recipient: ReportRecipient) -> bool:
    if recipient.waits:
        return False
    entry, new = SentReport.objects.get_or_create(
        report=report, recipient=recipient, due_at=report.next_at, defaults={"email": recipient.email}
    )
    if not new:
        return False
    entry.why = _unfit(report, recipient) or _sent(report, recipient, entry)
    entry.outcome = SentReport.Outcome.NOT_SENT if entry.why else SentReport.Outcome.SENT
    entry.save()
    return not entry.why


def _unfit(report: Report, recipient: ReportRecipient) -> str:
    """Why this person isn't sent it today; empty: he or she may have it."""
    export = Export.at(report.address)
    if recipient.staff_id:
        fit = recipient.staff.is_active and recipient.staff.partner_id == report.partner_id
        return "" if fit and export.opens_to(recipient.staff) else _("The recipient's role doesn't include it.")
    account = recipient.contact.account
    fit = account.partner_id == report.partner_id and account.customer.tenant_id == customer_of(export)
    return "" if fit and recipient.contact.email else _("The contact can't be written to.")


def _sent(report: Report, recipient: ReportRecipient, entry: SentReport) -> str:
    """Send it; why that failed, in a sentence."""
    staff: Staff = recipient.staff if recipient.staff_id else report.owner
    language = staff.language or report.owner.language or settings.LANGUAGE_CODE
    try:
        with within(scope_of(staff)), override(language):
            entry.manifest = send_report(report=report, recipient=recipient, staff=staff, language=language)
    except MailError:
        return _("The mail couldn't be sent.")
    except (BadRequest, PermissionDenied) as error:
        return str(error)
    except Http404:
        return _("What it was to show isn't there any more.")
    except Exception:  # noqa: BLE001  one mail that fails keeps nobody else from his or hers
        _log.exception("Report %s failed", report.pk)
        return _("Something went wrong on our side. The operator finds more in the log.")
    return ""


def _advance(report: Report, stopped: str) -> None:
    now: datetime = timezone.now()
    report.next_at = next_time(report.rhythm, day=report.day, hour=report.hour, zone=report.time_zone, after=now)
    report.claimed_until = None
    if stopped:
        report.ended_at, report.ended_because = now, stopped
    report.save(update_fields=["next_at", "claimed_until", "ended_at", "ended_because"])
