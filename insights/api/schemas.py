"""How insight rows are described in the OpenAPI document (interfaces.md, "An insight row"; metrics.md for the words)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from insights.metrics import PERCENTAGES
from insights.selectors.insight_rows import NUMBERS, By, Seller

_KEY = {
    "date": serializers.DateField(help_text=_("The as-of date.")),
    "customer_id": serializers.UUIDField(allow_null=True, help_text=_("Null in the portfolio.")),
    "customer": serializers.CharField(allow_null=True, help_text=_("The customer's name.")),
    "family": serializers.CharField(allow_null=True, help_text=_("The family's code; null: all families.")),
    "sku_id": serializers.UUIDField(allow_null=True, help_text=_("Null: not by SKU.")),
    "part_number": serializers.CharField(allow_null=True),
    "sku": serializers.CharField(allow_null=True, help_text=_("The SKU's name.")),
    "workload": serializers.CharField(help_text=_("The workload's code, or any.")),
    "seller": serializers.ChoiceField([seller.value for seller in Seller]),
}
_COUNTS = {
    "sold": _("Sum of the quantities of qualifying subscriptions."),
    "blocked": _("Licences that are taken, but no right to use."),
    "entitlements": _("Quantities less blocked: the total entitlements."),
    "measured_entitlements": _("Entitlements where the row is measured, else 0."),
    "assigned": _("Current entitlements."),
    "active": _("Active entitlements of all five classes."),
    "active_current": _("Of these: current."),
    "active_former": _("Of these: the licence ended for the user, and was used before that."),
    "active_lapsed": _("Of these: of a subscription in grace, disabled or deprovisioned."),
    "active_trial": _("Of these: of a trial."),
    "active_unlicensed": _("Of these: people who used the workload without a licence for it."),
    "users": _("People with a current entitlement."),
    "measured_users": _("Users where the row is measured, else 0."),
    "active_users": _("People behind the active entitlements."),
    "idle": _("Handed out and unused: assigned less active_current, where the row is measured."),
    "unassigned": _("Bought and not handed out."),
    "overassigned": _("More handed out than bought."),
}
_PERCENTAGES = {
    "deployment_pct": _("100 * assigned / sold."),
    "usage_pct": _("100 * active / measured_entitlements: the headline; may pass 100."),
    "adjusted_usage_pct": _("100 * active_current / measured_entitlements."),
    "user_usage_pct": _("100 * active_users / measured_users."),
}
_FIELDS = {
    **_KEY,
    **{name: serializers.IntegerField(help_text=_COUNTS[name]) for name in NUMBERS},
    "covered_days": serializers.IntegerField(
        allow_null=True, help_text=_("Days of the 28-day window that were delivered; below 28 usage is a lower bound.")
    ),
    **{name: serializers.FloatField(allow_null=True, help_text=_PERCENTAGES[name]) for name in PERCENTAGES},
}
_CUSTOMERS = {
    "customers": serializers.IntegerField(help_text=_("How many customers have this row.")),
    "customers_measured": serializers.IntegerField(help_text=_("How many of those rows are measured.")),
}

InsightRowSchema = type(
    "InsightRowSchema", (serializers.Serializer,), {"__doc__": "One row of one customer.", **_FIELDS}
)
PortfolioRowSchema = type(
    "PortfolioRowSchema", (serializers.Serializer,), {"__doc__": "Summed over customers.", **_FIELDS, **_CUSTOMERS}
)
BY = [by.value for by in By]
SELLERS = [seller.value for seller in Seller]
