"""Partner Center: a customer's SKUs with their totals, and the licences of one user."""

from __future__ import annotations

from typing import BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.imports.formats.graph_items import KnownSkus
from customers.imports.formats.partner_center_values import (
    BadFieldError,
    Item,
    by_item,
    count_at,
    customer_of,
    guid_at,
    read_items,
    text_at,
    user_in_link,
)
from customers.imports.reading import About, Format, Sink


def _read_totals(stream: BinaryIO, about: About, sink: Sink) -> None:
    known = KnownSkus(about)

    def take(number: int, item: Item) -> None:
        sku, part_number = guid_at(item, "productSku.id"), text_at(item, "productSku.skuPartNumber")
        if not known.has(UUID(sku), part_number):
            return
        sink.add(
            "sku_totals.csv",
            number,
            customer_id=customer_of(item, about),
            day=about.day.isoformat(),
            sku_id=sku,
            part_number=part_number,
            enabled=count_at(item, "activeUnits"),
            warning=count_at(item, "warningUnits"),
            suspended=count_at(item, "suspendedUnits"),
            consumed=count_at(item, "consumedUnits"),
        )

    read_items(stream, sink, take)
    known.remark(sink)


def _read_user_licences(stream: BinaryIO, about: About, sink: Sink) -> None:
    day = about.day.isoformat()
    listed: set[tuple[str, str]] = set()
    known = KnownSkus(about)

    def take(number: int, item: Item) -> None:
        # The answer itself names nobody (domain 3.3): whoever asked may have written it beside each licence.
        user = text_at(item, "userId") or user_in_link(item)
        if not user:
            raise BadFieldError(
                _("The licences don't say whose they are; expected a list of users with their licences.")
            )
        who = {
            "customer_id": customer_of(item, about, "customerId"),
            "day": day,
            "source": "directory",
            "user_id": user,
        }
        sku = guid_at(item, "productSku.id")
        if (who["customer_id"], user) not in listed:
            listed.add((who["customer_id"], user))
            sink.add("lists.csv", number, **who)
        if known.has(UUID(sku), text_at(item, "productSku.skuPartNumber")):
            sink.add("holders.csv", number, **who, sku_id=sku, state="entitled")

    read_items(stream, sink, take)
    known.remark(sink)


LICENCE_FORMATS = (
    Format(
        "partner_center_subscribed_skus",
        gettext_lazy("Partner Center: SKUs of a customer with their totals"),
        by_item(lambda names: {"productSku", "consumedUnits"} <= names),
        _read_totals,
        needs_customer=True,
    ),
    Format(
        "partner_center_user_licences",
        gettext_lazy("Partner Center: licences of one user"),
        by_item(lambda names: "productSku" in names and "consumedUnits" not in names),
        _read_user_licences,
    ),
)
