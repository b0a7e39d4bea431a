"""What staff uploads: files that are checked, then applied or not; and what is remembered of tables' columns."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.load import Load
from customers.models.visibility import OwnQuerySet
from partners.models import Partner, Staff

KEPT = timedelta(hours=24)
"""So long an upload's files wait for somebody to apply them."""


class Upload(models.Model):
    """Files that somebody of a partner's staff sent, from their arrival to what became of them.

    Whoever works on one holds a lock of the database on it: one in a state of work that nobody holds was left by a
    worker that died.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        REFUSED = "refused", _("refused")
        APPLYING = "applying", _("being applied")
        APPLIED = "applied", _("applied")
        FAILED = "failed", _("failed")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        DISCARDED = "discarded", _("discarded")
        EXPIRED = "expired", _("expired")

    AT_WORK = frozenset({State.CHECKING, State.APPLYING, State.UNDOING})
    WAITING = frozenset({State.CHECKED, State.REFUSED, State.FAILED})
    """Something can still be done with its files, until they expire."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.CHECKING)
    size = models.BigIntegerField(default=0, help_text=_("Bytes."))
    customer_id = models.UUIDField(
        null=True, help_text=_("The tenant id of the customer that files are about which don't say.")
    )
    day = models.DateField(null=True, help_text=_("The day of lists without one; empty: the day of the upload."))
    country = models.CharField(
        max_length=2, blank=True, help_text=_("Of new customers whose list says none; ISO 3166-1 alpha-2.")
    )
    language = models.CharField(max_length=16, blank=True, help_text=_("In which it is told what came of it."))
    skip_bad = models.BooleanField(default=False, help_text=_("Take what is good though something is refused."))
    attempts = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)
    report = models.JSONField(null=True, help_text=_("What came of the check, or of applying it."))
    failure = models.TextField(blank=True)
    load = models.ForeignKey(Load, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True, help_text=_("Why it was undone."))
    applied_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    undone_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects: ClassVar = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        indexes: ClassVar = [models.Index(fields=["partner", "-sent_at"], name="upload_by_time")]

    def __str__(self) -> str:
        return f"{self.partner}: {self.sent_at:%Y-%m-%d %H:%M}"

    @property
    def is_at_work(self) -> bool:
        """Whether somebody is working on it, or is about to."""
        return self.state in self.AT_WORK

    @property
    def is_waiting(self) -> bool:
        """Whether its files are still there and nothing has come of them."""
        return self.state in self.WAITING

    @property
    def expires_at(self) -> datetime:
        """When its files go, if nobody applies them."""
        return self.sent_at + KEPT


class UploadedFile(models.Model):
    """One file of an upload, in the order in which they were sent. Its bytes are in the uploads' folder."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="files")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=256)
    size = models.BigIntegerField(help_text=_("Bytes."))

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["upload", "place"],
                name="uploaded_file_once",
                violation_error_message=_("An upload has one file at each place."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class TableColumns(models.Model):
    """What a partner said that the columns of tables with one header mean; used for each later table like it."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="+", db_index=False)
    fingerprint = models.CharField(max_length=64)
    mapping = models.JSONField()
    said_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(auto_now=True)

    objects: ClassVar = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("columns of a table")
        verbose_name_plural = _("columns of tables")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "fingerprint"],
                name="table_columns_once",
                violation_error_message=_("A partner says once what the columns of a table mean."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner}: {self.fingerprint}"
