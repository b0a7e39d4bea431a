"""Partner Center: subscriptions, as its API lists them and as its analytics do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.imports.formats.partner_center_values import (
    BadFieldError,
    Item,
    by_item,
    count_at,
    customer_of,
    day_at,
    flag_at,
    guid_at,
    needed_text,
    read_items,
    sku_of,
    text_at,
    value_at,
)
from customers.imports.reading import About, FileNotTakenError, Format, Sink

# domain 4.4, both generations of commerce and the words of the pages. `expired` is the grace period here.
STATES = {
    "active": "active",
    "expired": "grace",
    "in grace": "grace",
    "ingraceperiod": "grace",
    "grace": "grace",
    "suspended": "disabled",
    "disabled": "disabled",
    "deleted": "deprovisioned",
    "deprovisioned": "deprovisioned",
}


def state_of(written: str, *, column: str) -> str:
    """The state that the vendor's word means. Raises BadFieldError: `pending`, `none`, another one."""
    state = STATES.get(written.casefold())
    if state is None:
        raise BadFieldError(
            _(
                "Expected active, expired, suspended, disabled or deleted: others have no licences yet, or aren't known."
            ),
            column=column,
            value=written,
        )
    return state


def seller_of(about: About) -> str:
    """The partner: its own lists have what it sold, and nothing else. Raises FileNotTakenError without one."""
    if about.partner is None:
        raise FileNotTakenError(
            _("A list of subscriptions has what one partner sold, and doesn't say which; import it for a partner.")
        )
    return str(about.partner)


def _read_subscriptions(stream: BinaryIO, about: About, sink: Sink) -> None:
    seller = seller_of(about)

    def take(number: int, item: Item) -> None:
        _refuse_unlicensed(item)
        customer = customer_of(item, about)
        subscription = needed_text(item, "id")
        status = state_of(needed_text(item, "status"), column="status")
        term_end = day_at(item, "commitmentEndDate")
        sink.add(
            "subscriptions_seen.csv",
            number,
            customer_id=customer,
            day=about.day.isoformat(),
            subscription_id=subscription,
            seller=seller,
            sku_id=_sku_of(item, customer, subscription, about),
            status=status,
            quantity=count_at(item, "quantity"),
            is_trial=_is_trial(item),
            started_on=_state_began(item, status, term_end, about.day),
            term_end=term_end,
            auto_renew=flag_at(item, "autoRenewEnabled"),
            cancel_until=day_at(item, "cancellationAllowedUntilDate"),
        )

    read_items(stream, sink, take)


def _refuse_unlicensed(item: Item) -> None:
    """What is billed by use, or sold as software, hands out no licences."""
    for column, words in (
        ("billingType", ("usage",)),
        ("unitType", ("usage-based", "usage")),
        ("productType.id", ("software", "azure", "azureplan", "azurereservation")),
    ):
        word = text_at(item, column)
        if word.casefold() in words:
            raise BadFieldError(
                _(
                    "The subscription isn't one of licences that people hold; expected an online service billed by licence."
                ),
                column=column,
                value=word,
            )


def _sku_of(item: Item, customer: str, subscription: str, about: About) -> str:
    """The SKU: by the provisioning status where somebody put it beside, else by the name of the offer (domain 3.1)."""
    for column in ("skuId", "provisioningStatus.skuId"):
        if value_at(item, column):
            return guid_at(item, column)
    name = text_at(item, "offerName")
    return sku_of(name, about, column="offerName", customer=customer, subscription=subscription)


def _is_trial(item: Item) -> str:
    # Older answers lack the flag: trials are then the ones without a billing cycle (domain 3.1, 4.4).
    cycle = text_at(item, "billingCycle").casefold()
    return flag_at(item, "isTrial") or ("true" if cycle == "none" else "false")


def _state_began(item: Item, status: str, term_end: str, day: date) -> str:
    """Since when it is as it is, as far as the record tells: active from its start, in grace from the end of its term."""
    if status == "active":
        began = day_at(item, "effectiveStartDate") or day_at(item, "creationDate")
    elif status == "grace" and term_end:
        began = (date.fromisoformat(term_end) + timedelta(days=1)).isoformat()
    else:
        began = ""
    return began if began <= day.isoformat() else ""


def _read_analytics(stream: BinaryIO, about: About, sink: Sink) -> None:
    seller = seller_of(about)

    def take(number: int, item: Item) -> None:
        _refuse_azure(item)
        customer = customer_of(item, about, "customerTenantId")
        subscription = needed_text(item, "id")
        status = state_of(needed_text(item, "status"), column="status")
        sink.add(
            "subscriptions_seen.csv",
            number,
            customer_id=customer,
            day=about.day.isoformat(),
            subscription_id=subscription,
            seller=seller,
            sku_id=sku_of(
                text_at(item, "productName"), about, column="productName", customer=customer, subscription=subscription
            ),
            status=status,
            quantity=count_at(item, "licenseCount"),
            is_trial=_is_unconverted_trial(item, about.day),
            started_on=_state_began(item, status, "", about.day),
            term_end=day_at(item, "commitmentEndDate"),
            auto_renew=flag_at(item, "autoRenewEnabled"),
        )

    read_items(stream, sink, take)


def _refuse_azure(item: Item) -> None:
    kind = text_at(item, "subscriptionType")
    if kind.casefold() == "azure":
        raise BadFieldError(
            _("Azure is billed by use and has no licences; expected a subscription of licences."),
            column="subscriptionType",
            value=kind,
        )


def _is_unconverted_trial(item: Item, day: date) -> str:
    converted = day_at(item, "trialToPaidConversionDate")
    is_trial = day_at(item, "trialStartDate") and not (converted and converted <= day.isoformat())
    return "true" if is_trial else "false"


SUBSCRIPTION_FORMATS = (
    Format(
        "partner_center_subscriptions",
        gettext_lazy("Partner Center: subscriptions"),
        by_item(lambda names: {"id", "unitType", "quantity", "status"} <= names),
        _read_subscriptions,
    ),
    Format(
        "partner_center_analytics_subscriptions",
        gettext_lazy("Partner Center: analytics of subscriptions"),
        by_item(lambda names: {"id", "customerTenantId", "licenseCount", "status"} <= names),
        _read_analytics,
    ),
)
