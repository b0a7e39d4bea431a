"""Customers, their profiles, the people in them, and the days on which they were active."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import SafeString, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action as button
from unfold.decorators import display

from customers.admin.base import CalledMixin, FactAdmin, NamingMixin
from customers.admin.days import days_page
from customers.feed.values import fold
from customers.models import Customer, CustomerProfile, Person
from customers.services.corrections.profiles import PROFILE
from partners.admin_base import CHANGE, TenantAdmin
from partners.models import Staff, operates
from partners.permissions import Action
from partners.services.corrections import Cells

FACTS = (
    ("customerprofile", _("Profiles")),
    ("relationship", _("Relationships")),
    ("subscription", _("Subscriptions")),
    ("subscriptionversion", _("Subscription versions")),
    ("entitlementperiod", _("Entitlement periods")),
    ("supportcase", _("Support cases")),
    ("satisfactionresponse", _("Satisfaction responses")),
)


@admin.register(Customer)
class CustomerAdmin(CalledMixin, TenantAdmin):
    """Customers: to a partner's staff those that it serves today."""

    action = Action.CORRECT_FACTS
    customer_path = "pk"
    list_display = ("customer_name", "tenant_id", "created_at")
    list_display_links = ("customer_name", "tenant_id")
    fields = ("customer_name", "tenant_id", "created_at", "facts")
    search_guids = ("tenant_id",)
    search_prefixes = ("called",)
    actions_detail = ("days",)

    def own(self, queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return queryset.visible_to(user)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The operator also by names that only others give; it is quicker than to work out what each is called."""
        if not operates(request.user) or "\0" in search_term:
            return super().get_search_results(request, queryset, search_term)
        term = search_term.strip()
        named = CustomerProfile.objects.filter(name__istartswith=term).values("customer")
        by_name = queryset.filter(pk__in=named) if term else queryset
        exact, _duplicates = (
            super().get_search_results(request, queryset, search_term) if _is_guid(term) else (by_name, False)
        )
        return exact, False

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return _told(request, self.list_display)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return _told(request, self.fields)

    @display(description=_("facts"))
    def facts(self, customer: Customer) -> SafeString:
        """Where what is known of the customer stands."""
        links = (
            (f"{reverse(f'admin:customers_{model}_changelist')}?q={customer.tenant_id}", name) for model, name in FACTS
        )
        return format_html_join(
            "", '<a class="block py-1 text-primary-600 dark:text-primary-500" href="{}">{}</a>', links
        )

    def label(self, stored: Customer) -> str:
        return f"{stored.called or ''} ({stored.tenant_id})"

    @button(description=_("Activity and coverage"), url_path="days", icon="calendar_month")
    def days(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """What was said about the customer's days."""
        return days_page(self, request, object_id)


def _told(request: HttpRequest, names: tuple[str, ...]) -> tuple[str, ...]:
    """Since when a customer is known here tells a partner whether others knew it before."""
    return names if operates(request.user) else tuple(name for name in names if name != "created_at")


def _is_guid(term: str) -> bool:
    return fold(term) != term.casefold() or len(term) == len("00000000-0000-0000-0000-000000000000")


@admin.register(CustomerProfile)
class ProfileAdmin(FactAdmin):
    """What somebody says of a customer: its name and whereabouts."""

    corrections = frozenset({CHANGE})
    fact = PROFILE
    shown = ("customer", "stater")
    changed = ("name", "domain", "country", "segment")
    list_display = ("name", "domain", "country", "segment", "stater")
    list_select_related = ("stated_by",)
    search_guids = ("customer__tenant_id",)
    search_prefixes = ("name", "domain")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("customer", "stated_by")

    def after(self, cleaned: dict[str, Any], before: Cells | None, actor: Staff) -> dict[str, Any]:
        return {**(before or {}), **{name: cleaned[name] for name in self.changed}}


@admin.register(Person)
class PersonAdmin(NamingMixin, CalledMixin, TenantAdmin):
    """The people of customers: the operator's. Each look is written down."""

    operator_only = True
    list_display = ("user_id", "customer_name", "number")
    fields = ("user_id", "customer_name", "number")
    list_select_related = ("customer",)
    search_guids = ("customer__tenant_id",)
    shows = "people"

    def person_of(self, stored: Person) -> tuple[str, int]:
        return str(stored.customer.tenant_id), stored.number
