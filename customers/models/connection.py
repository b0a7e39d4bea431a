"""Connections with the vendor: a partner's application, the tenants that it may read, and what each pull has fetched."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.visibility import OwnQuerySet
from partners.models import Partner, belongs


class Application(models.Model):
    """A partner's application registration at the vendor. Its secret is sealed (customers/connections/secrets.py)."""

    partner = models.OneToOneField(Partner, models.CASCADE, related_name="+")
    directory_id = models.UUIDField(_("directory id"), help_text=_("The tenant in which it is registered: your own."))
    client_id = models.UUIDField(_("application id"))
    sealed_secret = models.TextField(_("secret"), help_text=_("Encrypted."))
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects: ClassVar = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")

    def __str__(self) -> str:
        return str(self.client_id)


class Connection(models.Model):
    """A tenant that a partner's application reads: a customer's, by its consent, or the partner's own Partner Center.

    It names the tenant by its id and refers to no customer, so that it tells nobody whether that one is known here. What is
    to be done, by whom and when follows from this row alone (customers/connections/due.py).
    """

    class Kind(models.TextChoices):
        GRAPH = "graph", _("Microsoft Graph")
        PARTNER_CENTER = "partner_center", _("Partner Center")

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    tenant_id = models.UUIDField(_("tenant id"))
    nonce = models.UUIDField(default=uuid4, help_text=_("Stands in the link for the consent; used once."))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    verified_at = models.DateTimeField(
        _("verified at"), null=True, help_text=_("The tenant itself has answered everything that is asked of it.")
    )
    asked_at = models.DateTimeField(_("asked at"), null=True, help_text=_("Somebody waits for a pull."))
    not_before = models.DateTimeField(_("not before"), null=True)
    claimed_by = models.CharField(max_length=128, blank=True)
    claimed_until = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0, help_text=_("Since the last success."))
    problem = models.CharField(
        _("problem"), max_length=32, blank=True, help_text=_("One of customers.connections.failures.Problem.")
    )
    detail = models.TextField(_("detail"), blank=True)
    pulled_at = models.DateTimeField(_("pulled at"), null=True)
    pulled_on = models.DateField(_("pulled on"), null=True, help_text=_("The day (UTC) whose state was pulled last."))

    objects: ClassVar = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "kind", "tenant_id"],
                name="connection_unique",
                violation_error_message=_("You have a connection with this tenant already."),
            ),
            models.CheckConstraint(
                condition=Q(failures__gte=0),
                name="connection_failures_from_0",
                violation_error_message=_("A number of failures is 0 or more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.tenant_id}"


class PullQuerySet(models.QuerySet["Pull"]):
    """Whose pulls."""

    def visible_to(self, user: Any) -> PullQuerySet:
        """Those of the own partner's connections."""
        return self.filter(connection__partner=user.partner_id) if belongs(user) else self.none()


class Pull(models.Model):
    """One round of a connection: the files of a day, fetched one by one, then imported together. A killed one goes on."""

    class Outcome(models.TextChoices):
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        GIVEN_UP = "given_up", _("given up")

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="pulls")
    day = models.DateField(_("day"))
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome, default=Outcome.RUNNING)
    planned = models.IntegerField(default=0, help_text=_("How many files it is made of, as far as known."))
    fetched = ArrayField(models.CharField(max_length=128), default=list, help_text=_("Files that are here in full."))
    left_out = ArrayField(models.CharField(max_length=512), default=list, help_text=_("What the vendor didn't give."))

    objects: ClassVar = PullQuerySet.as_manager()

    class Meta:
        verbose_name = _("pull")
        verbose_name_plural = _("pulls")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection"],
                condition=Q(outcome="running"),
                name="pull_one_at_a_time",
                violation_error_message=_("A pull of this connection is running already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.connection_id} {self.day}"


class PulledPart(models.Model):
    """A page of a list, or a piece of a report, kept until its pull is imported. Only workers see it."""

    pull = models.ForeignKey(Pull, models.CASCADE, related_name="parts", db_index=False)
    file = models.CharField(max_length=128)
    number = models.IntegerField()
    content = models.BinaryField(help_text=_("Compressed (zlib)."))
    link = models.TextField(blank=True, help_text=_("Where the next page is, as JSON; empty: this was the last."))

    class Meta:
        verbose_name = _("pulled part")
        verbose_name_plural = _("pulled parts")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pull", "file", "number"],
                name="part_unique",
                violation_error_message=_("This part of the file is here already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.file} {self.number}"


class VendorRequest(models.Model):
    """A request that counts against one of the vendor's limits per tenant. Only workers see it; forgotten after an hour."""

    tenant_id = models.UUIDField()
    application = models.UUIDField()
    what = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("request to the vendor")
        verbose_name_plural = _("requests to the vendor")
        indexes: ClassVar = [models.Index(fields=["tenant_id", "at"], name="request_by_tenant")]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"
