"""Percentages that a vendor reported: evidence beside the figures, never their source."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer
from customers.models.load import Stated
from customers.models.visibility import OwnOfServedQuerySet


class ReportedQuerySet(OwnOfServedQuerySet):
    """Who delivered them."""

    owned_by = "stated_by"


class Reported(Stated):
    """A percentage of one customer as a vendor's report has it, with the two numbers that it is made of.

    `service` and `workload` are the vendor's codes, case folded; an SKU or product may be unknown here. A source keeps a
    record of each (day, metric, service, workload, SKU, product, channel).
    """

    class Metric(models.TextChoices):
        DEPLOYMENT = "deployment", _("deployment")
        USAGE = "usage", _("usage")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"), help_text=_("As of which the vendor computed it."))
    metric = models.CharField(_("metric"), max_length=16, choices=Metric)
    service = models.CharField(_("service"), max_length=64)
    workload = models.CharField(_("workload"), max_length=64, blank=True)
    sku_id = models.UUIDField(_("SKU id"), null=True)
    product_name = models.CharField(_("product"), max_length=256, blank=True)
    channel = models.CharField(_("channel"), max_length=64, blank=True)
    numerator = models.BigIntegerField(_("numerator"))
    denominator = models.BigIntegerField(_("denominator"))
    percent = models.DecimalField(
        _("percent"), max_digits=24, decimal_places=6, null=True, help_text=_("As reported; its unit isn't.")
    )

    objects: ClassVar = ReportedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reported percentage")
        verbose_name_plural = _("reported percentages")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    "customer", "day", "metric", "service", "workload", "sku_id", "product_name", "channel",
                    "stated_by",
                ],
                nulls_distinct=False,
                name="reported_unique",
                violation_error_message=_("The same source has reported this already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"customer {self.customer_id}: {self.metric} as of {self.day}"
