"""Customers as their partner sees them: the list, and one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.clock import today
from customers.selectors.customers import VisibleCustomer, customer_of, customers_of
from partners.api.description import described
from partners.api.doors import ApiDoor
from partners.api.pages import PagedQuery, page_of, page_schema, paged
from partners.api.parameters import Query
from partners.models import Staff
from partners.permissions import Action


class CustomerSchema(serializers.Serializer):
    """A customer with which a confirmed relationship covers today, as the partner sees it."""

    customer_id = serializers.UUIDField()
    name = serializers.CharField()
    domain = serializers.CharField()
    country = serializers.CharField(help_text=_("Two letters (ISO 3166-1)."))
    segment = serializers.CharField(help_text=_("The partner's own where it has set one; may be empty."))
    owner = serializers.EmailField(allow_null=True, help_text=_("Who looks after it."))
    tags = serializers.ListField(child=serializers.CharField())
    since = serializers.DateField(help_text=_("The first day of the relationship."))


class CustomersQuery(PagedQuery):
    """Which customers; several conditions hold together. Letters count the same in either case."""

    country = serializers.CharField(required=False, help_text=_("Two letters (ISO 3166-1)."))
    segment = serializers.CharField(required=False)
    owner = serializers.CharField(required=False, help_text=_("The e-mail address of who looks after it."))
    tag = serializers.CharField(required=False)
    search = serializers.CharField(required=False, help_text=_("A part of the name or the domain."))


class Customers(ApiDoor):
    """The customers with which a confirmed relationship covers today."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    @described(page_schema(CustomerSchema), name="customers", summary=_("Customers"), query=CustomersQuery)
    def get(self, request: Request) -> Response:
        """The customers with which a confirmed relationship covers today, by name and customer id."""
        query = CustomersQuery.read(request.query_params)
        page = page_of(query)
        known = customers_of(partner=request.user.partner, day=today())
        owners = _owners(request.user, known)
        chosen = sorted((customer for customer in known if _fits(customer, query, owners)), key=_order)
        shown = chosen[page.first : page.last]
        return paged(request, page, len(chosen), [_row(customer, owners) for customer in shown])


class Customer(ApiDoor):
    """One customer."""

    action: ClassVar[Action] = Action.SEE_PORTFOLIO

    @described(CustomerSchema, name="customer", summary=_("One customer"))
    def get(self, request: Request, customer_id: UUID) -> Response:
        """The customer with this id, where a confirmed relationship covers today."""
        Query.read(request.query_params)
        customer = customer_of(partner=request.user.partner, customer_id=customer_id, day=today())
        if customer is None:
            raise Http404
        return Response(_row(customer, _owners(request.user, [customer])))


def _owners(user: Staff, customers: Iterable[VisibleCustomer]) -> dict[int, str]:
    """The e-mail addresses of the own staff who look after these customers, by key."""
    keys = {customer.owner_id for customer in customers} - {None}
    return dict(Staff.objects.visible_to(user).filter(pk__in=keys).values_list("pk", "email"))


def _fits(customer: VisibleCustomer, query: dict[str, Any], owners: dict[int, str]) -> bool:
    """Whether a customer meets all the conditions of the query."""
    said = {name: query[name].casefold() for name in ("country", "segment", "owner", "tag") if name in query}
    found = {
        "country": [customer.country],
        "segment": [customer.segment],
        "owner": [owners.get(customer.owner_id or 0, "")],
        "tag": customer.tags,
    }
    part = query.get("search", "").casefold()
    return any(part in text.casefold() for text in (customer.name, customer.domain)) and all(
        word in [known.casefold() for known in found[name]] for name, word in said.items()
    )


def _order(customer: VisibleCustomer) -> tuple[str, str]:
    return customer.name.casefold(), str(customer.customer_id)


def _row(customer: VisibleCustomer, owners: dict[int, str]) -> dict[str, Any]:
    return {
        "customer_id": str(customer.customer_id),
        "name": customer.name,
        "domain": customer.domain,
        "country": customer.country,
        "segment": customer.segment,
        "owner": owners.get(customer.owner_id or 0),
        "tags": sorted(customer.tags),
        "since": customer.since.isoformat(),
    }
