"""Activity and coverage as bits (design.md, decision 6). Only `customers.bits` knows how to read and write them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models.catalogue import Workload
from customers.models.customer import Customer
from customers.models.load import Load


class Activity(models.Model):
    """Who of 64 people of a customer was active in a workload on a day, as one source stated it.

    Person n is bit n % 64 of block n // 64. `source` is the partner's key, or 0 for the operator. The table is
    partitioned by month of `day`, keyed customer first, and has no foreign keys: to check them would take longer than
    all the rest of a load.
    """

    pk = models.CompositePrimaryKey("customer", "workload", "block", "day", "source")
    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    workload = models.ForeignKey(Workload, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    block = models.IntegerField()
    day = models.DateField()
    source = models.IntegerField()
    bits = models.BigIntegerField()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activity")

    def __str__(self) -> str:
        return f"customer {self.customer_id}, {self.workload_id}, block {self.block}, {self.day}"


class ActivityStatement(models.Model):
    """What one load said about such a block: these were active, those were retracted. Kept for 90 days.

    `added` and `removed` are what that changed of what its own source had stated.
    """

    pk = models.CompositePrimaryKey("load", "customer", "workload", "block", "day")
    load = models.ForeignKey(Load, models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    workload = models.ForeignKey(Workload, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    block = models.IntegerField()
    day = models.DateField()
    stated = models.BigIntegerField()
    retracted = models.BigIntegerField()
    added = models.BigIntegerField(default=0, db_default=0)
    removed = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("statement of activity")
        verbose_name_plural = _("statements of activity")

    def __str__(self) -> str:
        return f"load {self.load_id}: customer {self.customer_id}, {self.workload_id}, block {self.block}, {self.day}"


class Coverage(models.Model):
    """The days of a month for which a source delivered a workload of a customer: day d is bit d - 1.

    Without workload: every one, later ones included (`*` in feed.md).
    """

    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="+")
    workload = models.ForeignKey(Workload, models.PROTECT, null=True, db_index=False, related_name="+")
    source = models.IntegerField()
    month = models.DateField()
    days = models.IntegerField()

    class Meta:
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "month", "workload", "source"],
                nulls_distinct=False,
                name="coverage_unique",
                violation_error_message=_("The coverage of a month is kept once per source."),
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="coverage_month_first",
                violation_error_message=_("A month is written as its first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"customer {self.customer_id}, {self.workload_id}, {self.month:%Y-%m}"


class CoverageStatement(models.Model):
    """What one load said about such a month: these days were delivered, those retracted. Kept for 90 days.

    `added` and `removed` are what that changed of what its own source had stated.
    """

    load = models.ForeignKey(Load, models.CASCADE, db_index=False, related_name="+")
    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, db_constraint=False, related_name="+")
    workload = models.ForeignKey(
        Workload, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    month = models.DateField()
    stated = models.IntegerField()
    retracted = models.IntegerField()
    added = models.IntegerField(default=0, db_default=0)
    removed = models.IntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("statement of coverage")
        verbose_name_plural = _("statements of coverage")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["load", "customer", "workload", "month"],
                nulls_distinct=False,
                name="coverage_statement_unique",
                violation_error_message=_("A load states the coverage of a month once."),
            ),
        ]

    def __str__(self) -> str:
        return f"load {self.load_id}: customer {self.customer_id}, {self.workload_id}, {self.month:%Y-%m}"
