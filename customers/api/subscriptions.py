"""A customer's subscriptions: those that the partner sold, and no others."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.clock import today
from customers.lifecycle import Status
from customers.models import SubscriptionVersion
from customers.selectors.customers import customer_of
from customers.selectors.subscriptions import OwnSubscription, own_subscriptions
from partners.api.description import described
from partners.api.doors import ApiDoor
from partners.api.pages import PagedQuery, page_of, page_schema, paged
from partners.api.parameters import DayField
from partners.permissions import Action

STATUSES = [status.value for status in Status]


class VersionSchema(serializers.Serializer):
    """What a subscription is from a day on, until its next version."""

    effective_on = serializers.DateField()
    sku_id = serializers.UUIDField()
    part_number = serializers.CharField()
    sku = serializers.CharField(help_text=_("The SKU's name."))
    family = serializers.CharField(help_text=_("The family's code."))
    stated_status = serializers.ChoiceField(STATUSES, help_text=_("As stated, before ageing."))
    quantity = serializers.IntegerField()
    is_trial = serializers.BooleanField()
    term_end = serializers.DateField(allow_null=True)
    auto_renew = serializers.BooleanField(allow_null=True, help_text=_("Null: unknown."))
    cancel_until = serializers.DateField(allow_null=True)
    unit_price = serializers.CharField(allow_null=True, help_text=_("A decimal number, as text."))
    currency = serializers.CharField(help_text=_("Three letters (ISO 4217), or empty."))


class SubscriptionSchema(VersionSchema):
    """A subscription as of a day: the version that holds, its status then, and all its versions, oldest first."""

    subscription_id = serializers.CharField()
    status = serializers.ChoiceField(STATUSES, help_text=_("As of the day, aged."))
    assigned = serializers.IntegerField(help_text=_("People with an entitled period that covers the day."))
    versions = VersionSchema(many=True)


class SubscriptionsQuery(PagedQuery):
    """As of when."""

    date = DayField(required=False, help_text=_("As of this day; default: today (UTC)."))


class Subscriptions(ApiDoor):
    """The partner's own subscriptions of one customer."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    @described(
        page_schema(SubscriptionSchema),
        name="subscriptions",
        summary=_("A customer's subscriptions"),
        query=SubscriptionsQuery,
    )
    def get(self, request: Request, customer_id: UUID) -> Response:
        """The subscriptions that exist as of the day and that the own partner sold, by SKU name and id."""
        query = SubscriptionsQuery.read(request.query_params)
        customer = customer_of(partner=request.user.partner, customer_id=customer_id, day=today())
        if customer is None:
            raise Http404
        day, page = query.get("date", today()), page_of(query)
        own = own_subscriptions(user=request.user, day=day, customer=customer.id)
        return paged(request, page, len(own), [_row(one) for one in own[page.first : page.last]])


def _row(subscription: OwnSubscription) -> dict[str, Any]:
    return {
        "subscription_id": subscription.subscription_id,
        "status": subscription.status.value,
        "assigned": subscription.holders,
        **_version(subscription.version),
        "versions": [_version(held.version) for held in subscription.history],
    }


def _version(version: SubscriptionVersion) -> dict[str, Any]:
    return {
        "effective_on": version.effective_on.isoformat(),
        "sku_id": str(version.sku.sku_id),
        "part_number": version.sku.part_number,
        "sku": version.sku.name,
        "family": version.sku.family.code,
        "stated_status": version.status,
        "quantity": version.quantity,
        "is_trial": version.is_trial,
        "term_end": _day(version.term_end),
        "auto_renew": version.auto_renew,
        "cancel_until": _day(version.cancel_until),
        "unit_price": None if version.unit_price is None else str(version.unit_price),
        "currency": version.currency,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
