"""Families, workloads and SKUs. They are no tenant's: staff may look, the operator corrects."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelMultipleChoiceField
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from customers.admin.base import ChosenField
from customers.models import Family, Sku, Workload
from customers.services.corrections.catalogue import FAMILY, SKU, WORKLOAD
from partners.admin_base import CHANGE
from partners.admin_corrections import CorrectionAdmin, CorrectionForm
from partners.models import Staff, belongs
from partners.permissions import Action
from partners.services.corrections import Cells


class CatalogueAdmin(CorrectionAdmin):
    """Part of the catalogue. What figures depend on restates all of them, for every day."""

    abstract = True
    action = Action.CORRECT_FACTS
    corrections = frozenset({CHANGE})
    staff_corrections = frozenset()

    def own(self, queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return queryset if belongs(user) else queryset.none()


@admin.register(Family)
class FamilyAdmin(CatalogueAdmin):
    """Product families and the switch of each."""

    fact = FAMILY
    shown = ("code",)
    changed = ("name", "in_insights")
    list_display = ("name", "code", "in_insights")
    search_keys = ("key",)
    search_prefixes = ("name",)

    def after(self, cleaned: dict[str, Any], before: Cells | None, actor: Staff) -> dict[str, Any]:
        return {**(before or {}), **{name: cleaned[name] for name in self.changed}}


class WorkloadForm(CorrectionForm):
    """The family is chosen from those there are."""

    unlicensed_family = ChosenField(
        Workload._meta.get_field("unlicensed_family"),
        label=_("Counts without a licence in"),
        required=False,
        help_text=_("Set: people can use this workload without a licence, and such use counts in this family."),
    )


@admin.register(Workload)
class WorkloadAdmin(CatalogueAdmin):
    """Workloads, and which of them people can use without a licence."""

    form = WorkloadForm
    fact = WORKLOAD
    shown = ("code",)
    changed = ("name", "unlicensed_family")
    list_display = ("name", "code", "unlicensed_family")
    list_select_related = ("unlicensed_family",)
    search_keys = ("key",)
    search_prefixes = ("name",)

    def after(self, cleaned: dict[str, Any], before: Cells | None, actor: Staff) -> dict[str, Any]:
        family = cleaned["unlicensed_family"]
        return {**(before or {}), "name": cleaned["name"], "unlicensed_family": family.code if family else None}


class SkuForm(CorrectionForm):
    """There are some dozens of workloads: they are ticked."""

    family = ChosenField(Sku._meta.get_field("family"), label=_("Family"))
    workloads = ModelMultipleChoiceField(
        Workload.objects.order_by("name"),
        label=_("Workloads"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )


@admin.register(Sku)
class SkuAdmin(CatalogueAdmin):
    """What is sold."""

    form = SkuForm
    fact = SKU
    shown = ("sku_id",)
    _plain = ("part_number", "name", "is_free", "is_viral")
    changed = (*_plain, "family", "workloads")
    list_display = ("name", "part_number", "family", "is_free", "is_viral")
    list_select_related = ("family",)
    list_filter = ("is_free", "is_viral")
    search_guids = ("sku_id",)
    search_prefixes = ("name", "part_number")

    def label(self, stored: Sku) -> str:
        return f"{stored.name} ({stored.part_number})"

    def after(self, cleaned: dict[str, Any], before: Cells | None, actor: Staff) -> dict[str, Any]:
        said = {name: cleaned[name] for name in self._plain}
        said["family"] = cleaned["family"].code
        said["workloads"] = sorted(workload.code for workload in cleaned["workloads"])
        return {**(before or {}), **said}
