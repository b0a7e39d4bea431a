"""The side bar of the admin site: what this person may enter, in the order in which one thinks of it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

GROUPS = (
    (
        _("Customers"),
        (
            ("customers", "customer", "apartment"),
            ("customers", "customerprofile", "badge"),
            ("customers", "relationship", "handshake"),
            ("customers", "person", "group"),
        ),
    ),
    (
        _("Licences"),
        (
            ("customers", "subscription", "receipt_long"),
            ("customers", "subscriptionversion", "history"),
            ("customers", "entitlementperiod", "key"),
        ),
    ),
    (
        _("Service"),
        (("customers", "supportcase", "support_agent"), ("customers", "satisfactionresponse", "sentiment_satisfied")),
    ),
    (
        _("Catalogue"),
        (
            ("customers", "family", "category"),
            ("customers", "workload", "widgets"),
            ("customers", "sku", "inventory_2"),
        ),
    ),
    (
        _("Partners"),
        (
            ("partners", "partner", "storefront"),
            ("partners", "staff", "manage_accounts"),
            ("partners", "apitoken", "vpn_key"),
        ),
    ),
    (
        _("Record"),
        (("customers", "load", "upload_file"), ("partners", "auditentry", "fact_check")),
    ),
)


def favicon(_request: HttpRequest) -> str:
    """The address of the little picture in the browser's tab: that of the pages."""
    return static("seatwise/favicon.svg")


def style_sheet(_request: HttpRequest) -> str:
    """The address of our few styles beside Unfold's."""
    return static("seatwise/admin.css")


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups of links, without those that this person can't enter."""
    groups = []
    for title, places in GROUPS:
        items = [item for place in places for item in _items(request, *place)]
        if items:
            groups.append({"title": title, "separator": True, "items": items})
    return groups


def _items(request: HttpRequest, app: str, name: str, icon: str) -> list[dict[str, Any]]:
    for model, model_admin in admin.site._registry.items():
        if (model._meta.app_label, model._meta.model_name) == (app, name):
            if not model_admin.has_module_permission(request):
                return []
            title = str(model._meta.verbose_name_plural)
            link = reverse(f"admin:{app}_{name}_changelist")
            return [{"title": title[:1].upper() + title[1:], "icon": icon, "link": link}]
    return []
