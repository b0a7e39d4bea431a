"""Microsoft Graph's `subscribedSkus` (totals per SKU, all sellers) and `directory/subscriptions` (who sold what)."""

from __future__ import annotations

from typing import Any, BinaryIO
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.imports.formats.graph_items import Item, KnownSkus, RefusedItemError, sku_in, take_each
from customers.imports.formats.graph_values import customer_of, day_in, guid_in, text_in
from customers.imports.json_items import JsonItems, outline
from customers.imports.reading import About, FileNotTakenError, Format, Sample, Sink

MAX_UNITS = 2147483647
# Graph's words and the feed's (domain: the vocabulary of states). Locked out: nobody can use it, the data are kept.
STATUSES = {
    "enabled": "active",
    "warning": "grace",
    "suspended": "disabled",
    "lockedout": "disabled",
    "deleted": "deprovisioned",
}
EXTERNAL = "external"


def _units(within: Any, name: str) -> str:
    """A number of licences; none stated is 0. Raises RefusedItemError."""
    value = within.get(name) if isinstance(within, dict) else None
    if value is None:
        return "0"
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_UNITS:
        raise RefusedItemError(name, value, _("Expected a number of licences, from 0 to 2147483647."))
    return str(value)


def _has(sample: Sample, *names: str) -> bool:
    found = outline(sample.text)
    return found is not None and found.item.issuperset(names)


def _is_empty_list_of(sample: Sample, what: str) -> bool:
    found = outline(sample.text)
    return found is not None and not found.item and found.envelope.get("@odata.context", "").endswith(f"#{what}")


def _are_totals(sample: Sample) -> bool:
    # Partner Center's list of the same name has productSku in place of skuId.
    return _has(sample, "skuId", "prepaidUnits", "consumedUnits") or _is_empty_list_of(sample, "subscribedSkus")


def _are_subscriptions(sample: Sample) -> bool:
    return _has(sample, "skuId", "totalLicenses", "status") or _is_empty_list_of(sample, "directory/subscriptions")


class _Totals:
    """Reads `subscribedSkus`."""

    def __init__(self, about: About, sink: Sink) -> None:
        self._about = about
        self._sink = sink
        self.known = KnownSkus(about)

    def take(self, number: int, item: Item) -> None:
        sku = sku_in(item)
        part_number = text_in(item, "skuPartNumber")
        customer = self._customer(item)
        prepaid = item.get("prepaidUnits")
        cells = {name: _units(prepaid, name) for name in ("enabled", "warning", "suspended")}
        cells["locked_out"] = _units(prepaid, "lockedOut")
        cells["consumed"] = _units(item, "consumedUnits")
        if self.known.has(sku, part_number):
            self._sink.add(
                "sku_totals.csv",
                number,
                customer_id=customer,
                day=self._about.day.isoformat(),
                sku_id=str(sku),
                part_number=part_number,
                **cells,
            )

    def _customer(self, item: Item) -> str:
        """The tenant that stands in the id before the SKU, else the customer that was named. Raises FileNotTakenError."""
        tenant = guid_in(text_in(item, "id").partition("_")[0])
        if tenant is None:
            return customer_of(self._about)
        if self._about.customer not in (None, tenant):
            raise FileNotTakenError(
                _("The file is about the customer %(tenant)s; expected one about %(customer)s, which was named.")
                % {"tenant": tenant, "customer": self._about.customer}
            )
        return str(tenant)


def _read_totals(stream: BinaryIO, about: About, sink: Sink) -> None:
    reader = _Totals(about, sink)
    take_each(JsonItems(stream), sink, reader.take)
    reader.known.remark(sink)


class _Subscriptions:
    """Reads `directory/subscriptions`."""

    def __init__(self, about: About, sink: Sink) -> None:
        self._about = about
        self._sink = sink
        self._customer = customer_of(about)
        self.known = KnownSkus(about)

    def take(self, number: int, item: Item) -> None:
        sku = sku_in(item)
        status = self._status(item)
        cells = {
            "customer_id": self._customer,
            "day": self._about.day.isoformat(),
            "subscription_id": self._id(item),
            "seller": self._seller(item),
            "sku_id": str(sku),
            "status": status,
            "quantity": _units(item, "totalLicenses"),
            "is_trial": "true" if item.get("isTrial") is True else "false",
            "started_on": _day(item, "createdDateTime"),
            # Of an active subscription the next change is the end of its term; of another one the end of its grace.
            "term_end": _day(item, "nextLifecycleDateTime") if status == "active" else "",
        }
        if self.known.has(sku, text_in(item, "skuPartNumber")):
            self._sink.add("subscriptions_seen.csv", number, **cells)

    @staticmethod
    def _id(item: Item) -> str:
        """The id by which the seller knows it, else the directory's own."""
        found = text_in(item, "commerceSubscriptionId") or text_in(item, "id")
        if not found:
            raise RefusedItemError("commerceSubscriptionId", "", _("Expected the id of a subscription."))
        return found

    @staticmethod
    def _status(item: Item) -> str:
        stated = text_in(item, "status")
        found = STATUSES.get(stated.casefold())
        if found is None:
            raise RefusedItemError("status", stated, _("Expected Enabled, Warning, Suspended, LockedOut or Deleted."))
        return found

    def _seller(self, item: Item) -> str:
        """The partner who imports, where its tenant made the subscription; for the operator any partner. Else `external`."""
        owner = guid_in(item.get("ownerTenantId"))
        return str(owner) if owner is not None and self._is_ours(owner) else EXTERNAL

    def _is_ours(self, owner: UUID) -> bool:
        partner = self._about.partner
        return owner == partner if partner else self._about.catalogue.is_partner(owner)


def _day(item: Item, name: str) -> str:
    """The day of a moment; nothing for none, and for the vendor's `no such day` (year 1). Raises RefusedItemError."""
    text = text_in(item, name)
    found = day_in(text)
    if text and found is None:
        raise RefusedItemError(name, text, _("Expected a moment as YYYY-MM-DDThh:mm:ssZ."))
    return found.isoformat() if found and found.year > 1 else ""


def _read_subscriptions(stream: BinaryIO, about: About, sink: Sink) -> None:
    reader = _Subscriptions(about, sink)
    take_each(JsonItems(stream), sink, reader.take)
    reader.known.remark(sink)


LICENCE_FORMATS = (
    Format(
        "graph_subscribed_skus", gettext_lazy("Graph: totals per product (subscribedSkus)"), _are_totals, _read_totals
    ),
    Format(
        "graph_subscriptions",
        gettext_lazy("Graph: subscriptions (directory/subscriptions)"),
        _are_subscriptions,
        _read_subscriptions,
        needs_customer=True,
    ),
)
