"""The catalogue: families, workloads, SKUs. It carries no dates: as it is now, it applies to every as-of date."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models.load import Stated


class Family(models.Model):
    """A product family; it takes part in insights when it is switched on."""

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField(_("code"), max_length=64, help_text=_("As first written."))
    key = models.CharField(max_length=192, unique=True, help_text=_("The code, case folded."))
    name = models.CharField(_("name"), max_length=256)
    in_insights = models.BooleanField(_("takes part in insights"), default=False)

    class Meta:
        verbose_name = _("family")
        verbose_name_plural = _("families")

    def __str__(self) -> str:
        return self.name


class Workload(models.Model):
    """A service people use. With `unlicensed_family` set it can be used without a licence, and counts there."""

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField(_("code"), max_length=64, help_text=_("As first written."))
    key = models.CharField(max_length=192, unique=True, help_text=_("The code, case folded."))
    name = models.CharField(_("name"), max_length=256)
    unlicensed_family = models.ForeignKey(
        Family,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Set: people can use this workload without a licence, and such use counts in this family."),
    )

    class Meta:
        verbose_name = _("workload")
        verbose_name_plural = _("workloads")

    def __str__(self) -> str:
        return self.name


class Sku(Stated):
    """What is sold: one product of one family, with the workloads it contains."""

    id = models.AutoField(primary_key=True)
    sku_id = models.UUIDField(_("SKU id"), unique=True)
    part_number = models.CharField(_("part number"), max_length=256)
    name = models.CharField(_("name"), max_length=256)
    family = models.ForeignKey(Family, models.PROTECT, related_name="skus")
    workloads = models.ManyToManyField(Workload, related_name="skus", db_table="customers_sku_workload", blank=True)
    is_free = models.BooleanField(_("free"), default=False, help_text=_("Given away, in unlimited or huge numbers."))
    is_viral = models.BooleanField(_("viral"), default=False, help_text=_("People can sign up for it by themselves."))

    class Meta:
        verbose_name = _("SKU")
        verbose_name_plural = _("SKUs")

    def __str__(self) -> str:
        return self.name


class CatalogueEpoch(models.Model):
    """One row that counts the changes of the catalogue which restate every figure."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=1)

    class Meta:
        verbose_name = _("epoch of the catalogue")
        verbose_name_plural = _("epoch of the catalogue")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(id=1),
                name="catalogue_epoch_single",
                violation_error_message=_("There is one epoch of the catalogue only."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)
