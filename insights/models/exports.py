"""Files that are made in the background, and reports that are sent again and again."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Contact
from partners.models import Partner, Staff, belongs
from partners.permissions import Action

KEPT = timedelta(hours=24)
"""So long a file can be fetched."""


class OwnExportQuerySet(models.QuerySet["ExportJob"]):
    """Whose files."""

    def visible_to(self, user: Any) -> OwnExportQuerySet:
        """One's own; none for whoever is anonymous, inactive or without a partner."""
        return self.filter(partner=user.partner_id, staff=user.pk) if belongs(user) else self.none()


class ExportJob(models.Model):
    """A file that somebody asked for, from the wish to its end. What it holds is an address, asked with that person's rights.

    A worker claims it for a while and says how far it is; one whose claim ran out is anybody's again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("being made")
        DONE = "done", _("ready")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("expired")

    TO_DO: ClassVar[tuple[str, ...]] = (State.WAITING, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+", db_index=False)
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    address = models.TextField(help_text=_("Path and query of the export."))
    site = models.CharField(max_length=256, help_text=_("Where the installation was asked: https://host"))
    language = models.CharField(max_length=16)
    title = models.CharField(max_length=256, blank=True, help_text=_("What it shows, in words."))
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    rows = models.BigIntegerField(null=True, help_text=_("How many there will be, where that is known."))
    rows_done = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0, help_text=_("Bytes."))
    name = models.CharField(max_length=256, blank=True, help_text=_("What the file is called."))
    manifest = models.JSONField(null=True)
    rights = ArrayField(
        models.CharField(max_length=32), default=list, help_text=_("The person's actions when it was made.")
    )
    failure = models.TextField(blank=True)

    objects: ClassVar = OwnExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes: ClassVar = [models.Index(fields=["partner", "staff", "-asked_at"], name="export_by_time")]

    def __str__(self) -> str:
        return f"{self.staff}: {self.address}"

    @property
    def is_to_do(self) -> bool:
        """Whether it is still to be made."""
        return self.state in self.TO_DO

    @property
    def expires_at(self) -> Any:
        """When the file goes; None: there is none."""
        return self.done_at + KEPT if self.done_at else None

    @property
    def can_be_fetched(self) -> bool:
        """Whether the file is there."""
        return self.state == self.State.DONE and timezone.now() < self.expires_at

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None: nobody knows."""
        return min(100, 100 * self.rows_done // self.rows) if self.rows else None


class ReportQuerySet(models.QuerySet["Report"]):
    """Whose reports."""

    def visible_to(self, user: Any) -> ReportQuerySet:
        """One's own; and all of the own partner's for whoever may approve what goes to customers."""
        if not belongs(user):
            return self.none()
        found = self.filter(partner=user.partner_id)
        return found if user.may(Action.EXPORT_CUSTOMERS) else found.filter(owner=user.pk)


class Report(models.Model):
    """An export that is sent by mail again and again, with the rights that its owner has each time."""

    class Rhythm(models.TextChoices):
        DAILY = "daily", _("every day")
        WEEKLY = "weekly", _("every week")
        MONTHLY = "monthly", _("every month")

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+", db_index=False)
    owner = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=128)
    address = models.TextField(
        help_text=_("Path and query of the export, without an as-of date: each time the latest.")
    )
    site = models.CharField(max_length=256)
    rhythm = models.CharField(_("how often"), max_length=16, choices=Rhythm)
    day = models.PositiveSmallIntegerField(
        _("on day"), default=1, help_text=_("Of the week (Monday is 1) or of the month (1 to 28).")
    )
    hour = models.PositiveSmallIntegerField(_("hour"), default=7)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    next_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.TextField(blank=True)

    objects: ClassVar = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes: ClassVar = [
            models.Index(fields=["partner", "owner"], name="report_by_owner"),
            models.Index(fields=["next_at"], condition=Q(ended_at__isnull=True), name="report_by_time"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(day__range=(1, 28)) & Q(hour__range=(0, 23)),
                name="report_time_exists",
                violation_error_message=_("A report is sent on a day from 1 to 28, at an hour from 0 to 23."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ReportRecipient(models.Model):
    """Who gets a report: one of the staff, or a named contact of the customer that it is about, once that is approved."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="recipients")
    staff = models.ForeignKey(Staff, models.CASCADE, null=True, related_name="+")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="+")
    approved_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text=_("When he or she didn't want it any more."))

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(staff__isnull=True) ^ Q(contact__isnull=True),
                name="recipient_is_staff_or_contact",
                violation_error_message=_("A recipient is one of the staff or a contact of a customer."),
            ),
            models.UniqueConstraint(
                fields=["report", "staff"],
                name="recipient_staff_once",
                violation_error_message=_("This person gets the report already."),
            ),
            models.UniqueConstraint(
                fields=["report", "contact"],
                name="recipient_contact_once",
                violation_error_message=_("This contact gets the report already."),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def email(self) -> str:
        """Where the mail goes."""
        return self.staff.email if self.staff_id else self.contact.email

    @property
    def waits(self) -> bool:
        """Whether it has to be approved first."""
        return self.contact_id is not None and self.approved_at is None


class SentReport(models.Model):
    """One mail of a report: to whom, when, and what stood in it; or why it wasn't sent. Stays when the recipient goes."""

    class Outcome(models.TextChoices):
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        NOT_SENT = "not_sent", _("not sent")

    report = models.ForeignKey(Report, models.CASCADE, related_name="sent")
    recipient = models.ForeignKey(ReportRecipient, models.SET_NULL, null=True, related_name="+")
    email = models.EmailField(_("e-mail address"), max_length=254)
    due_at = models.DateTimeField()
    at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=16, choices=Outcome, default=Outcome.SENDING)
    why = models.TextField(blank=True)
    manifest = models.JSONField(null=True)

    class Meta:
        verbose_name = _("report that was sent")
        verbose_name_plural = _("reports that were sent")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report", "recipient", "due_at"],
                name="sent_once",
                violation_error_message=_("This recipient has a mail of the report for that time already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.at:%Y-%m-%d}"
