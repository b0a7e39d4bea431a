"""Partner Center: lists of customers and of a customer's users."""

from __future__ import annotations

from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.imports.formats.partner_center_values import (
    BadFieldError,
    Item,
    by_item,
    customer_of,
    guid_at,
    needed_text,
    read_items,
    text_at,
)
from customers.imports.reading import About, Format, Sink

_COUNTRY = "billingProfile.defaultAddress.country"


def country_of(tenant: str, written: str, about: About) -> str:
    """The country of a customer: as the file has it, else as it is known, else as said for such customers.

    Raises BadFieldError: nowhere. The vendor's lists of customers have none.
    """
    country = written or about.catalogue.country_of(UUID(tenant)) or about.country
    if not country:
        raise BadFieldError(
            _(
                "The list doesn't say the customer's country, and it isn't known yet; say the country of such customers."
            ),
            value=tenant,
        )
    return country


def _read_customers(stream: BinaryIO, about: About, sink: Sink) -> None:
    def take(number: int, item: Item) -> None:
        tenant = guid_at(item, "companyProfile.tenantId")
        _refuse_other_relationships(item)
        sink.add(
            "customers.csv",
            number,
            customer_id=tenant,
            name=needed_text(item, "companyProfile.companyName"),
            domain=needed_text(item, "companyProfile.domain"),
            country=country_of(tenant, text_at(item, _COUNTRY), about),
        )

    read_items(stream, sink, take)


def _refuse_other_relationships(item: Item) -> None:
    relationship = text_at(item, "relationshipToPartner")
    if relationship.casefold() not in ("", "reseller"):
        raise BadFieldError(
            _("The customer buys from somebody else; expected the relationship “reseller”."),
            column="relationshipToPartner",
            value=relationship,
        )


def _read_users(stream: BinaryIO, about: About, sink: Sink) -> None:
    def take(number: int, item: Item) -> None:
        sink.add(
            "people.csv",
            number,
            customer_id=customer_of(item, about),
            user_id=guid_at(item, "id"),
            principal_name=needed_text(item, "userPrincipalName"),
            display_name=text_at(item, "displayName"),
            # domain 3.3: inactive is soft-deleted.
            is_deleted="true" if text_at(item, "state").casefold() == "inactive" else "false",
        )

    read_items(stream, sink, take)


def _is_user(names: set[str]) -> bool:
    return "userPrincipalName" in names and not names.isdisjoint({"userDomainType", "firstName", "lastName"})


CUSTOMER_FORMATS = (
    Format(
        "partner_center_customers",
        gettext_lazy("Partner Center: customers"),
        by_item(lambda names: "companyProfile" in names),
        _read_customers,
    ),
    Format("partner_center_users", gettext_lazy("Partner Center: users"), by_item(_is_user), _read_users),
)
