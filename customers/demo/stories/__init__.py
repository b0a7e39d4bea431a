"""The sixty customers of the demo, as data; docs/demo.md tells who shows what."""

from __future__ import annotations

from customers.demo.specs import Customer
from customers.demo.stories import adoption, causes, gaps, lifecycle, shared

CUSTOMERS: tuple[Customer, ...] = (
    *causes.CUSTOMERS,
    *lifecycle.CUSTOMERS,
    *gaps.CUSTOMERS,
    *shared.CUSTOMERS,
    *adoption.CUSTOMERS,
)
