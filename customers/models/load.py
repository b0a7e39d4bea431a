"""Loads: who stated what and when; and the days whose figures a change has made stale."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.visibility import OwnQuerySet
from partners.models import Partner, Staff


class LoadQuerySet(OwnQuerySet):
    """Whose deliveries."""

    owned_by = "stated_by"


class Load(models.Model):
    """One delivery of facts, by the operator or by a partner."""

    class Kind(models.TextChoices):
        FEED = "feed", _("feed")
        CATALOGUE = "catalogue", _("catalogue")
        CORRECTION = "correction", _("correction")
        IMPORT = "import", _("import")

    kind = models.CharField(max_length=16, choices=Kind)
    stated_by = models.ForeignKey(
        Partner, models.PROTECT, null=True, related_name="+", help_text=_("Empty: the operator.")
    )
    source = models.TextField(_("source"), help_text=_("The name of what was loaded."))
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True, help_text=_("Since then the facts are as if it had never been."))
    undone_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    objects: ClassVar = LoadQuerySet.as_manager()

    class Meta:
        verbose_name = _("load")
        verbose_name_plural = _("loads")

    def __str__(self) -> str:
        return f"{self.source} ({self.started_at:%Y-%m-%d %H:%M})"


class LoadedFile(models.Model):
    """One file of a load: what came of it, and how many of its records did what."""

    class Outcome(models.TextChoices):
        LOADED = "loaded", _("loaded")
        REFUSED = "refused", _("refused")

    load = models.ForeignKey(Load, models.CASCADE, related_name="files")
    name = models.CharField(max_length=256)
    outcome = models.CharField(max_length=16, choices=Outcome)
    new = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    retracted = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    skipped = models.BigIntegerField(default=0, help_text=_("From before the retention limit."))

    class Meta:
        verbose_name = _("loaded file")
        verbose_name_plural = _("loaded files")

    def __str__(self) -> str:
        return f"{self.name}: {self.outcome}"


class Stated(models.Model):
    """A fact knows who stated it last, and in which load."""

    stated_by = models.ForeignKey(
        Partner, models.PROTECT, null=True, db_index=False, related_name="+", help_text=_("Empty: the operator.")
    )
    load = models.ForeignKey(Load, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        abstract = True


class StatedByMany(models.Model):
    """Like `Stated`, without foreign keys in the database: of such facts a load brings a million, as of activity.

    Each row would wait in memory for its checks, which would take longer than all the rest of the load.
    """

    stated_by = models.ForeignKey(
        Partner,
        models.PROTECT,
        null=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
        help_text=_("Empty: the operator."),
    )
    load = models.ForeignKey(Load, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+")

    class Meta:
        abstract = True


class DateMultiRangeField(models.Field):
    """A PostgreSQL `datemultirange`: a set of days, kept as disjoint ranges. Read and written in SQL only."""

    def db_type(self, connection: object) -> str:  # noqa: ARG002  Django's signature
        return "datemultirange"


class StaleDays(models.Model):
    """The days of a customer whose stored figures, where there are any, no longer follow from the facts.

    `seq` counts the changes of the customer's facts: a computation clears a day only while `seq` is still what it was
    when it read the facts (design.md, decision 5).
    """

    customer = models.OneToOneField("customers.Customer", models.CASCADE, primary_key=True, related_name="stale")
    seq = models.BigIntegerField(default=0)
    days = DateMultiRangeField(db_default=models.Func(function="datemultirange"))

    class Meta:
        verbose_name = _("stale days")
        verbose_name_plural = _("stale days")

    def __str__(self) -> str:
        return f"customer {self.customer_id}: {self.days}"
