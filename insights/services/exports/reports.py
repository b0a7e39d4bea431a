"""What people do with regular reports: define one, approve what goes to a customer, end it, want no more of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Contact
from insights.models import Report, ReportRecipient
from insights.schedule import next_time
from partners.export.asking import Export
from partners.failures import WrongStateError
from partners.models import AuditEntry, Staff
from partners.permissions import Action
from partners.services.audit import record
from partners.tenancy import operating

_OF_THE_MOMENT = ("date", "page", "manifest")
"""Parameters that a report leaves out: it shows the latest day, and all rows."""
_SALT = "insights.report.recipient"


@dataclass(frozen=True, slots=True)
class Plan:
    """When a report is sent: `day` of the week (Monday is 1) or of the month (1 to 28), `hour` in the time zone."""

    rhythm: str
    day: int
    hour: int
    zone: str


def define_report(
    *,
    actor: Staff,
    export: Export,
    name: str,
    plan: Plan,
    staff: Sequence[Staff],
    contacts: Sequence[Contact],
    site: str,
) -> Report:
    """Have an export sent regularly. Contacts get it once it is approved. `site`: where links in the mails lead.

    Raises PermissionDenied where the export isn't for `actor`, WrongStateError for a recipient who can't be one.
    """
    if not export.opens_to(actor):
        raise PermissionDenied(_("Your role doesn't include this page."))
    _judge(actor, export, staff, contacts)
    with transaction.atomic():
        report = Report.objects.create(
            partner=actor.partner,
            owner=actor,
            name=name,
            address=_lasting(export.address),
            site=site,
            rhythm=plan.rhythm,
            day=plan.day,
            hour=plan.hour,
            time_zone=plan.zone,
            next_at=next_time(plan.rhythm, day=plan.day, hour=plan.hour, zone=plan.zone, after=timezone.now()),
        )
        people = [ReportRecipient(report=report, staff=one) for one in staff]
        people += [ReportRecipient(report=report, contact=one) for one in contacts]
        ReportRecipient.objects.bulk_create(people)
        _record(actor, report, "report.define", after={"name": name, "recipients": [one.email for one in people]})
    return report


def customer_of(export: Export) -> UUID | None:
    """The customer (tenant id) to whose contacts the export may go; None: it is nothing for a customer's eyes."""
    return export.ids.get("customer_id") if export.door.for_customer else None


def may_approve(staff: Staff) -> bool:
    """Whether this person decides what is sent to customers."""
    return staff.may(Action.EXPORT_CUSTOMERS)


def approve(*, actor: Staff, recipient: ReportRecipient) -> None:
    """Let a contact of the customer get the report from now on. Raises PermissionDenied."""
    if not may_approve(actor):
        raise PermissionDenied(_("Your role doesn't include this."))
    with transaction.atomic():
        recipient.approved_by, recipient.approved_at = actor, timezone.now()
        recipient.save(update_fields=["approved_by", "approved_at"])
        _record(actor, recipient.report, "report.approve", after={"recipient": recipient.email})


def end_report(*, actor: Staff, report: Report) -> None:
    """Send it no more. Raises WrongStateError where it has ended already."""
    with transaction.atomic():
        found = Report.objects.visible_to(actor).select_for_update().get(pk=report.pk)
        if found.ended_at is not None:
            raise WrongStateError(_("This report has ended already."))
        found.ended_at, found.ended_because = timezone.now(), _("Ended by %(who)s.") % {"who": actor.email}
        found.save(update_fields=["ended_at", "ended_because"])
        _record(actor, found, "report.end", after={"name": found.name})


def token_of(recipient: ReportRecipient) -> str:
    """What stands in the mail's link by which the recipient ends it."""
    return signing.dumps(recipient.pk, salt=_SALT, compress=False)


def recipient_by(token: str) -> ReportRecipient | None:
    """Whose link it is; None for one that nobody was sent, and for a recipient who isn't there any more."""
    try:
        key = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    with operating():
        related = ("report__partner", "report__owner", "staff", "contact")
        return ReportRecipient.objects.select_related(*related).filter(pk=key).first()


def want_no_more(*, recipient: ReportRecipient) -> None:
    """The recipient gets no more of it. Any number of times."""
    with operating():
        ReportRecipient.objects.filter(pk=recipient.pk, ended_at__isnull=True).update(ended_at=timezone.now())


def _judge(actor: Staff, export: Export, staff: Sequence[Staff], contacts: Sequence[Contact]) -> None:
    if not staff and not contacts:
        raise WrongStateError(_("A report needs somebody to be sent to."))
    if any(one.partner_id != actor.partner_id for one in staff):
        raise PermissionDenied(_("Reports go to one's own staff."))
    for contact in contacts:
        account = contact.account
        if account.partner_id != actor.partner_id or account.customer.tenant_id != customer_of(export):
            raise WrongStateError(
                _("%(name)s gets reports about his or her own organisation only.") % {"name": contact.name}
            )
        if not contact.email:
            raise WrongStateError(_("%(name)s has no e-mail address.") % {"name": contact.name})


def _lasting(address: str) -> str:
    path, _mark, query = address.partition("?")
    kept = QueryDict(query, mutable=True)
    for name in _OF_THE_MOMENT:
        kept.pop(name, None)
    return f"{path}?{kept.urlencode()}" if kept else path


def _record(actor: Staff, report: Report, action: str, *, after: dict[str, object]) -> None:
    record(
        actor=actor,
        partner=report.partner,
        kind=AuditEntry.Kind.CUSTOMER,
        action=action,
        object_type="report",
        object_id=str(report.pk),
        after=after,
    )
