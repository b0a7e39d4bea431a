"""What makes a load's undoing exact: its steps, the lines that it brought, and how each change of facts is taken back."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.load import Load


class NextStep(models.Func):
    """The next place in the order of all changes of facts."""

    function = "nextval"
    template = "nextval('customers_step')"
    output_field = models.BigIntegerField()


class LoadStep(models.Model):
    """One file that a load brought in. Its key is its place in the order of all changes of facts; kept for 90 days.

    `header` are the columns that the file had, `staged` the columns of its lines as they were staged (name and type).
    """

    id = models.BigIntegerField(primary_key=True, db_default=NextStep())
    load = models.ForeignKey(Load, models.CASCADE, related_name="steps")
    name = models.CharField(max_length=64)
    today = models.DateField()
    header = ArrayField(models.TextField())
    staged = ArrayField(models.TextField(), default=list)
    reaches_all = models.BooleanField(default=False)
    alone = models.BooleanField(default=False, help_text=_("The installation had a single partner."))

    class Meta:
        verbose_name = _("step of a load")
        verbose_name_plural = _("steps of loads")

    def __str__(self) -> str:
        return f"load {self.load_id}: {self.name}"


class LoadLines(models.Model):
    """Lines that held in a step, of one customer, or of none that was known: rows of the staged table, as text."""

    id = models.BigAutoField(primary_key=True)
    step = models.ForeignKey(LoadStep, models.CASCADE, related_name="lines", db_index=False)
    customer_id = models.IntegerField(null=True)
    lines = ArrayField(models.TextField())

    class Meta:
        verbose_name = _("lines of a load")
        verbose_name_plural = _("lines of loads")
        indexes: ClassVar = [models.Index(fields=["step", "customer_id"], name="load_lines_of_step")]

    def __str__(self) -> str:
        return f"step {self.step_id}: customer {self.customer_id}"


class JournalEntry(models.Model):
    """What one statement changed in one table for one customer (customers/journalling.py writes it). Kept for 90 days.

    `step` is that of the load, or for a change outside loads one of its own. `before` are the changed or removed rows as they
    were, `after` as they are now, both as lists of JSON objects; `after` is kept of changes outside loads alone.
    """

    id = models.BigAutoField(primary_key=True)
    step = models.BigIntegerField(db_index=True)
    is_outside = models.BooleanField()
    relation = models.CharField(max_length=63)
    operation = models.CharField(max_length=6)
    customer_id = models.IntegerField()
    ids = ArrayField(models.BigIntegerField())
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("entry of the journal")
        verbose_name_plural = _("entries of the journal")
        indexes: ClassVar = [models.Index(fields=["customer_id", "step"], name="journal_of_customer")]

    def __str__(self) -> str:
        return f"step {self.step}: {self.operation} {self.relation}, customer {self.customer_id}"


class RemovedBits(models.Model):
    """What a retraction by the operator took from another source: activity of a block, or coverage of a month (no block)."""

    id = models.BigAutoField(primary_key=True)
    load = models.ForeignKey(Load, models.CASCADE, related_name="+")
    customer_id = models.IntegerField()
    workload_id = models.SmallIntegerField(null=True)
    block = models.IntegerField(null=True)
    day = models.DateField()
    source = models.IntegerField()
    bits = models.BigIntegerField()

    class Meta:
        verbose_name = _("bits taken from another source")
        verbose_name_plural = _("bits taken from other sources")

    def __str__(self) -> str:
        return f"load {self.load_id}: customer {self.customer_id}, {self.day}"
