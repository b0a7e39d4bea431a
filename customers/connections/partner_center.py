"""Partner Center: what is fetched for the partner itself, its customers and the subscriptions that it sold to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from customers.connections.client import Link
from customers.connections.fetching import Wanted
from customers.connections.limits import PARTNER_CENTER, take_turn
from customers.connections.storage import Round
from customers.selectors.vendor_names import StoredCatalogue

LIST, SUBSCRIPTIONS, ITEMS = "customers.json", "subscriptions.json", "items"
GUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
CUSTOMERS = Wanted(LIST, "/v1/customers?size=500", ITEMS)


def plan(part: Round) -> Iterator[Wanted]:
    """The list of customers; what it lacks of new ones; the subscriptions of each; the SKUs of new ones.

    Each file is fetched before the next is asked for: what follows is read from what is here.
    """
    stored = StoredCatalogue(part.claimed.partner)
    yield CUSTOMERS
    customers = _ids(part, LIST)
    new = [guid for guid in customers if not stored.country_of(UUID(guid))]
    planned = 1 + len(new) + len(customers)
    part.plan(planned)
    for guid in new:
        # Only here a customer's country stands, without which it can't be claimed.
        yield Wanted(f"customer-{guid}.json", f"/v1/customers/{guid}", ITEMS, is_one=True, into=LIST, may_lack=True)
    for guid in customers:
        wanted = _subscriptions(guid)
        yield wanted
        unknown = [
            key for key in _ids(part, wanted.name) if not stored.sku_of(customer=UUID(guid), subscription_id=key)
        ]
        planned += len(unknown)
        part.plan(planned)
        for key in unknown:
            yield _status(guid, key)


def completed(part: Round, wanted: Wanted) -> Wanted:
    """The file as it is handed over: of the list without those customers of which more is here."""
    if wanted.name != LIST:
        return wanted
    more = frozenset(guid for guid in _ids(part, LIST) if part.is_here(f"customer-{guid}.json"))
    return replace(wanted, without=more)


def _subscriptions(customer: str) -> Wanted:
    return Wanted(
        f"subscriptions-{customer}.json",
        f"/v1/customers/{customer}/subscriptions",
        ITEMS,
        into=SUBSCRIPTIONS,
        link=f"/v1/customers/{customer}/subscriptions/{{id}}",
        beside=f"status-{customer}-{{id}}.json",
        may_lack=True,
    )


def _status(customer: str, subscription: str) -> Wanted:
    """The one place where the vendor says which SKU a subscription is of."""
    path = f"/v1/customers/{customer}/subscriptions/{subscription}/provisioningstatus"
    return Wanted(f"status-{customer}-{subscription}.json", path, ITEMS, is_one=True, is_beside=True, may_lack=True)


def following(page: dict[str, Any]) -> Link | None:
    """The next page: its address, and the header that the link itself asks for."""
    links = page.get("links")
    found = links.get("next") if isinstance(links, dict) else None
    uri = found.get("uri") if isinstance(found, dict) else None
    if not isinstance(uri, str) or not uri:
        return None
    pairs = [pair for pair in found.get("headers") or () if isinstance(pair, dict)]
    # Of what it asks for only this: a page must not choose what else is sent with our token.
    headers = {
        pair["key"]: pair["value"]
        for pair in pairs
        if str(pair.get("key", "")).casefold() == "ms-continuationtoken" and isinstance(pair.get("value"), str)
    }
    return Link(_versioned(uri), headers)


def counter(*, tenant: UUID, application: UUID) -> Any:
    """Everything counts against the limits."""

    def count(_wanted: Wanted) -> None:
        take_turn(tenant=tenant, application=application, what=PARTNER_CENTER)

    return count


def _versioned(uri: str) -> str:
    """Links come as /v1/customers and as /customers."""
    return uri if "://" in uri or uri.startswith("/v1/") else f"/v1/{uri.lstrip('/')}"


def _ids(part: Round, file: str) -> list[str]:
    """The GUIDs of a list's items as written, each once: a customer of two roles stands in the list twice."""
    found = dict[str, None]()
    for page in part.pages(file):
        for item in page[ITEMS]:
            written = item.get("id") if isinstance(item, dict) else None
            if isinstance(written, str) and GUID.fullmatch(written):
                found[written] = None
    return list(found)
