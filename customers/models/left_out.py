"""The SKUs that a partner leaves out of what its pages show: free ones, viral ones, those that nobody can be given."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.catalogue import Sku
from customers.models.visibility import OwnQuerySet
from partners.models import Partner, Staff


class LeftOutSku(models.Model):
    """An SKU that a partner's pages don't count, up to a last day or for good. No stored figure depends on it."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+", db_index=False)
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="+", db_index=False)
    reason = models.CharField(_("reason"), max_length=256)
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day. Empty: for good."))
    left_out_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    left_out_at = models.DateTimeField()

    objects: ClassVar = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("SKU left out")
        verbose_name_plural = _("SKUs left out")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "sku"],
                name="left_out_sku_once",
                violation_error_message=_("This SKU is left out already."),
            ),
        ]

    def __str__(self) -> str:
        return f"partner {self.partner_id}: SKU {self.sku_id}"
