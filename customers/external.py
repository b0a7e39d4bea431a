"""What a tenant's totals say of licences that nobody here sold: one external subscription per SKU. Pure, no ORM.

The rule (docs/decisions/0013): what the totals of a day have beyond all subscriptions that were stated, in the same
status on that day; the best status of which anything is left; never below 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from customers.lifecycle import Status

PREFIX = "external"


class Total(NamedTuple):
    """A tenant's licences of an SKU on a day (a number)."""

    day: int
    enabled: int
    warning: int
    suspended: int


class Rest(NamedTuple):
    """What the external subscription is from a day on."""

    day: int
    status: Status
    quantity: int


def external_id(customer: object, sku: object) -> str:
    """The id of the external subscription of a customer (tenant id) and an SKU (id)."""
    return f"{PREFIX}:{customer}:{sku}"


def rest(total: Total, stated: Mapping[Status, int]) -> Rest:
    """What is left of a day's total; `stated` are the licences that others state on that day, by status."""
    counted = ((Status.ACTIVE, total.enabled), (Status.GRACE, total.warning), (Status.DISABLED, total.suspended))
    for status, number in counted:
        left = number - stated.get(status, 0)
        if left > 0:
            return Rest(total.day, status, left)
    return Rest(total.day, Status.DEPROVISIONED, 0)


def versions(rests: Iterable[Rest]) -> list[Rest]:
    """Those from which a version takes effect: each that differs from the one before; there is none until anything is left."""
    found: list[Rest] = []
    for one in rests:
        before = found[-1][1:] if found else (Status.DEPROVISIONED, 0)
        if one[1:] != before:
            found.append(one)
    return found
