"""Stored figures: derived from the facts, thrown away and computed again at any time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from customers.models.load import DateMultiRangeField

NONE = 0
"""In a key of `Figure`: all sellers, all families, every SKU of the row, or the workload `any`."""


class Figure(models.Model):
    """The counts of one insight row of one customer, on each day from `valid_from` on and before `valid_to`.

    Kept as changes: without `valid_to` the counts held on the last day that was computed. Which days were computed is in
    `FigureDays`; between them a row says nothing. Counts are those of metrics.md, "Base counts" and "People"; the rest
    of an insight row follows from them.
    """

    pk = models.CompositePrimaryKey("customer", "seller", "family", "sku", "workload", "valid_from")
    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    seller = models.IntegerField(help_text=_("A partner's key: what it sold itself; 0: all sellers."))
    family = models.SmallIntegerField(help_text=_("0: all families."))
    sku = models.IntegerField(help_text=_("0: all SKUs of the family."))
    workload = models.SmallIntegerField(help_text=_("0: any."))
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    sold = models.BigIntegerField()
    blocked = models.IntegerField()
    entitlements = models.BigIntegerField()
    assigned = models.IntegerField()
    active_current = models.IntegerField()
    active_former = models.IntegerField()
    active_lapsed = models.IntegerField()
    active_trial = models.IntegerField()
    active_unlicensed = models.IntegerField()
    users = models.IntegerField()
    active_users = models.IntegerField()
    unassigned = models.BigIntegerField()
    overassigned = models.BigIntegerField()
    covered_days = models.SmallIntegerField()
    own_of = models.IntegerField(
        default=0, help_text=_("Of all sellers: the partner whose own row is the same, and not stored; 0: of none.")
    )

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        indexes: ClassVar = [models.Index(fields=["customer", "valid_to"], name="figure_until")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="figure_ends_after_start",
                violation_error_message=_("A figure holds for at least one day."),
            ),
        ]

    def __str__(self) -> str:
        return f"customer {self.customer_id}: {self.seller}/{self.family}/{self.sku}/{self.workload}"


class MonthFigure(models.Model):
    """The counts of one insight row of one customer as of the last day of a month: what trends are drawn from.

    A copy of what `Figure` says of that day, so that two years of a portfolio are some dozens of neighbouring entries for
    each customer, and not all that changed in between. Which days hold is in `FigureDays`, as for any other.
    """

    pk = models.CompositePrimaryKey("customer", "seller", "family", "sku", "workload", "day")
    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    seller = models.IntegerField()
    family = models.SmallIntegerField()
    sku = models.IntegerField()
    workload = models.SmallIntegerField()
    day = models.DateField()
    sold = models.BigIntegerField()
    entitlements = models.BigIntegerField()
    unassigned = models.BigIntegerField()
    assigned = models.IntegerField()
    active_current = models.IntegerField()
    active_former = models.IntegerField()
    active_lapsed = models.IntegerField()
    active_trial = models.IntegerField()
    active_unlicensed = models.IntegerField()
    users = models.IntegerField()
    active_users = models.IntegerField()
    own_of = models.IntegerField(default=0)
    covered_days = models.SmallIntegerField()

    class Meta:
        verbose_name = _("figure of a month")
        verbose_name_plural = _("figures of months")

    def __str__(self) -> str:
        return f"customer {self.customer_id}: {self.seller}/{self.family}/{self.sku}/{self.workload} {self.day}"


class FigureDays(models.Model):
    """The as-of days for which a customer's figures are stored, as the catalogue was in `epoch`.

    A stored day is fresh when the epoch is still the catalogue's and the day isn't among the customer's stale days.
    """

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="figure_days")
    epoch = models.BigIntegerField()
    days = DateMultiRangeField(db_default=models.Func(function="datemultirange"))

    class Meta:
        verbose_name = _("stored days")
        verbose_name_plural = _("stored days")

    def __str__(self) -> str:
        return f"customer {self.customer_id}: {self.days}"


class WantedDays(models.Model):
    """The as-of days of the past that somebody wants to have stored for a customer, beside those that the nights bring.

    They are worked off with everything else that is to be computed, and stay wanted: once stored they are like any other.
    """

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="wanted_days")
    days = DateMultiRangeField(db_default=models.Func(function="datemultirange"))

    class Meta:
        verbose_name = _("wanted days")
        verbose_name_plural = _("wanted days")

    def __str__(self) -> str:
        return f"customer {self.customer_id}: {self.days}"


class WorkRange(models.Model):
    """A range of customers that one worker at a time works off; a claim that ran out is anybody's again."""

    id = models.IntegerField(primary_key=True, help_text=_("Customer id // CUSTOMERS_PER_RANGE."))
    claimed_until = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=256, blank=True)

    class Meta:
        verbose_name = _("range of work")
        verbose_name_plural = _("ranges of work")

    def __str__(self) -> str:
        return f"range {self.id}"
