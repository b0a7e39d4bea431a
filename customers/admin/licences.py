"""Subscriptions, their versions, and the periods in which people were entitled to them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from customers.admin.base import CalledMixin, ChosenField, FactAdmin, NamingMixin
from customers.feed.values import fold
from customers.lifecycle import PeriodState, Status
from customers.models import EntitlementPeriod, Subscription, SubscriptionVersion
from customers.selectors.people import spelt
from customers.services.corrections.records import EXTERNAL, PERIOD, VERSION, cell, source_cell
from customers.words import EXTERNAL_SELLER, STATE_NAMES, STATUS_NAMES
from partners.admin_base import ADD, CHANGE, REMOVE, TenantAdmin
from partners.admin_corrections import CorrectionForm
from partners.models import Staff
from partners.permissions import Action
from partners.services.corrections import STATED_BY, Cells

EVERYTHING = frozenset({ADD, CHANGE, REMOVE})


@admin.register(Subscription)
class SubscriptionAdmin(CalledMixin, TenantAdmin):
    """Subscriptions: what they were when is in their versions. To a partner's staff those that it sold."""

    action = Action.CORRECT_FACTS
    list_display = ("subscription_id", "customer_name", "seller_name", "aside")
    list_select_related = ("seller",)
    fields = ("subscription_id", "customer_name", "seller_name", "aside")
    search_keys = ("key",)
    search_guids = ("customer__tenant_id",)

    def folded(self, term: str) -> str:
        return fold(term)

    def own(self, queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return queryset.visible_to(user)

    @admin.display(description=_("seller"))
    def seller_name(self, subscription: Subscription) -> str:
        """Who sold it."""
        return str(subscription.seller) if subscription.seller else str(EXTERNAL_SELLER)


class VersionForm(CorrectionForm):
    """Another SKU is an upgrade; customer and seller stay for life."""

    field_of = {"sku_id": "sku", "customer_id": "customer", "subscription_id": "subscription_id"}
    sku = ChosenField(SubscriptionVersion._meta.get_field("sku"), label=_("SKU"))


class NewVersionForm(VersionForm):
    """With an id that is new it makes a subscription."""

    subscription_id = forms.CharField(label=_("Subscription id"), max_length=256, widget=UnfoldAdminTextInputWidget)
    customer = ChosenField(Subscription._meta.get_field("customer"), label=_("Customer"))
    seller = ChosenField(
        SubscriptionVersion._meta.get_field("seller"),
        label=_("Seller"),
        required=False,
        help_text=_("Empty: external."),
    )


@admin.register(SubscriptionVersion)
class VersionAdmin(FactAdmin):
    """Versions of subscriptions. Staff of a partner reaches what it stated of the subscriptions that it sold."""

    form = VersionForm
    add_form = NewVersionForm
    corrections = EVERYTHING
    fact = VERSION
    customer_path = "subscription__customer"
    _said = ("status", "quantity", "is_trial", "term_end", "auto_renew", "cancel_until", "unit_price", "currency")
    shown = ("subscription", "customer_name", "seller_name", "stater")
    changed = ("effective_on", "sku", *_said)
    added = ("subscription_id", "customer", "seller", "effective_on", "sku", *_said)
    list_display = (
        "subscription",
        "customer_name",
        "effective_on",
        "sku_name",
        "status_name",
        "quantity",
        "trial",
        "stater",
    )
    list_select_related = ("subscription", "sku", "stated_by")
    list_filter = ("status", "is_trial")
    search_keys = ("subscription__key",)
    search_guids = ("subscription__customer__tenant_id",)
    words: ClassVar = {"status": STATUS_NAMES}

    def own(self, queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return super().own(queryset, user).filter(subscription__seller=user.partner_id)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        related = ("subscription__customer", "seller", "sku", "stated_by")
        return super().get_queryset(request).select_related(*related)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A partner's staff sells for its own partner only."""
        names = super().get_fields(request, obj)
        return [name for name in names if name != "seller" or not request.user.partner_id]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        if request.user.partner_id:
            form.base_fields.pop("seller", None)
        return form

    @admin.display(description=_("SKU"))
    def sku_name(self, version: SubscriptionVersion) -> str:
        """What is sold."""
        return version.sku.name

    @admin.display(description=_("status"))
    def status_name(self, version: SubscriptionVersion) -> str:
        """As stated."""
        return str(STATUS_NAMES[Status(version.status)])

    @admin.display(description=_("trial"))
    def trial(self, version: SubscriptionVersion) -> str:
        """Said only where it is one."""
        return gettext("trial") if version.is_trial else ""

    @admin.display(description=_("seller"))
    def seller_name(self, version: SubscriptionVersion) -> str:
        """Who sold it, as this version says."""
        return str(version.seller) if version.seller else str(EXTERNAL_SELLER)

    def after(self, cleaned: dict[str, Any], before: Cells | None, actor: Staff) -> dict[str, Any]:
        said = {name: cell(cleaned[name]) for name in ("effective_on", *self._said)}
        said["sku_id"] = str(cleaned["sku"].sku_id)
        if before is not None:
            return {**before, **said}
        seller = actor.partner or cleaned["seller"]
        return said | {
            "subscription_id": cleaned["subscription_id"],
            "customer_id": str(cleaned["customer"].tenant_id),
            "seller": str(seller.partner_id) if seller else EXTERNAL,
            STATED_BY: source_cell(actor.partner),
        }


class PeriodForm(CorrectionForm):
    """The first day and the state can be corrected too."""

    field_of = {"from": "valid_from", "to": "valid_to"}


class NewPeriodForm(PeriodForm):
    """The subscription and the person, as a feed names them."""

    subscription_id = forms.CharField(label=_("Subscription id"), max_length=256, widget=UnfoldAdminTextInputWidget)
    user_id = forms.CharField(label=_("User id"), max_length=256, widget=UnfoldAdminTextInputWidget)


@admin.register(EntitlementPeriod)
class PeriodAdmin(NamingMixin, FactAdmin):
    """Entitlement periods. They name people, so each look is written down."""

    shows = "entitlement periods"

    form = PeriodForm
    add_form = NewPeriodForm
    corrections = EVERYTHING
    fact = PERIOD
    _said = ("valid_from", "valid_to", "state")
    shown = ("subscription", "customer_name", "user", "stater")
    changed = _said
    added = ("subscription_id", "user_id", *_said)
    list_display = ("subscription", "user", "customer_name", "state_name", "valid_from", "valid_to", "stater")
    list_select_related = ("subscription", "person", "stated_by", "customer")
    list_filter = ("state", "allotted")
    search_keys = ("subscription__key",)
    search_guids = ("customer__tenant_id",)
    words: ClassVar = {"state": STATE_NAMES}

    def own(self, queryset: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return super().own(queryset, user).filter(subscription__seller=user.partner_id)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("subscription", "person", "stated_by", "customer")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is allotted follows from other facts."""
        return super().has_change_permission(request, obj) and not (obj and obj.allotted)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.allotted)

    @admin.display(description=_("stated by"))
    def stater(self, stored: EntitlementPeriod) -> str:
        """Who stated it; nobody where it was allotted."""
        if stored.allotted:
            return gettext("nobody: allotted, since only the SKU was named")
        return super().stater(stored)

    @admin.display(description=_("user"))
    def user(self, period: EntitlementPeriod) -> str:
        """Whose licence it is."""
        return spelt(period.person.user_id, period.person.writer, partner=period.stated_by_id)

    @admin.display(description=_("state"))
    def state_name(self, period: EntitlementPeriod) -> str:
        """In which state the licence is."""
        return str(STATE_NAMES[PeriodState(period.state)])

    def person_of(self, stored: EntitlementPeriod) -> tuple[str, int]:
        return str(stored.customer.tenant_id), stored.person_number

    def after(self, cleaned: dict[str, Any], before: Cells | None, actor: Staff) -> dict[str, Any]:
        said = {
            "from": cell(cleaned["valid_from"]),
            "to": cell(cleaned["valid_to"]),
            "state": cleaned["state"],
        }
        if before is not None:
            return {**before, **said}
        keys = {"subscription_id": cleaned["subscription_id"], "user_id": cleaned["user_id"]}
        return said | keys | {STATED_BY: source_cell(actor.partner)}
