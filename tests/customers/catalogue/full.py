"""A catalogue as large and as dirty as the vendor's (5,990 lines, 619 SKUs, 791 service plans), of made-up products."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import NAMESPACE_URL, UUID, uuid5

from tests.customers.catalogue.conftest import HEADER

SKUS, PLANS, LINES = 619, 791, 5_990
REPEATED = 31
_LONG = LINES - REPEATED - 9 * SKUS
"""So many SKUs have ten plans, the others nine."""


def sku_id(number: int) -> UUID:
    """The id of one of the SKUs, from 0."""
    return uuid5(NAMESPACE_URL, f"sku {number}")


def full_catalogue() -> bytes:
    """With byte-order mark, no-break spaces in GUIDs, blanks and tabs at ends, repeated pairs, products with two names."""
    lines = list(_lines())
    return ("\ufeff" + "\r\n".join([HEADER, *lines, *lines[-REPEATED:]]) + "\r\n").encode()


def _lines() -> Iterator[str]:
    for number in range(SKUS):
        for place in range(10 if number < _LONG else 9):
            plan = (number * 9 + place) % PLANS
            guid = f"{sku_id(number)}\u00a0" if number < 7 else str(sku_id(number))
            part = f"PRODUCT_{number}" + ("\t" if place == 0 and number % 34 == 0 else "")
            name = f"Product {number} (formerly another)" if number < 3 and place else f"Product {max(number, 15)}"
            yield f"{name},{part},{guid},PLAN_{plan},{uuid5(NAMESPACE_URL, f'plan {plan}')},Plan {plan} "
