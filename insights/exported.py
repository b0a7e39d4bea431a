"""The columns of exported tables, by the exact words of the metrics: what they are called, and their kinds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from insights.metrics import PERCENTAGES
from insights.selectors.insight_rows import NUMBERS, Question
from insights.terms import TERMS
from partners.export.table import Column, Kind

_HEADINGS: dict[str, Promise] = {
    "customer_id": _("Customer id"),
    "sku_id": _("SKU id"),
    "part_number": _("Part number"),
    "at_stake": _("At stake"),
    "domain": _("Domain"),
    "country": _("Country"),
    "segment": _("Segment"),
    "owner": _("Owner"),
    "tags": _("Tags"),
    "relationship_from": _("Customer since"),
    "user": _("Person"),
    "class": _("Class"),
    "subscription_id": _("Subscription id"),
    "status": _("Status"),
    "last_active": _("Last active"),
    "day": _("Day"),
    "covered": _("Covered"),
    "delivered_by": _("Delivered by"),
    "people_outside": _("People active without a licence"),
    "workload_name": _("Workload"),
    "customers": _("Customers"),
    "customers_measured": _("Customers measured"),
    "beyond": _("Used beyond entitlements"),
}
"""Of columns that aren't words of the metrics."""
_KINDS = (
    dict.fromkeys(
        (*NUMBERS, "at_stake", "covered_days", "people_outside", "customers", "customers_measured", "beyond"),
        Kind.INTEGER,
    )
    | dict.fromkeys(PERCENTAGES, Kind.PERCENT)
    | dict.fromkeys(("date", "day", "relationship_from", "last_active"), Kind.DAY)
    | {"covered": Kind.FLAG}
)


MAIL_COLUMNS = (
    *("customer", "family", "sku", "workload", "sold", "assigned", "deployment_pct", "usage_pct"),
    *("idle", "unassigned", "at_stake"),
)
"""The columns that stand in a mail, where a table has them."""


def columns(names: Iterable[str]) -> list[Column]:
    """The columns of these names. KeyError for one that nobody has said what it is called."""
    return [Column(name, _heading(name), _KINDS.get(name, Kind.TEXT)) for name in names]


def about(question: Question) -> dict[str, str]:
    """What a manifest says about a question of figures."""
    return about_day(question.day.isoformat()) | {"seller": question.seller.value}


def about_day(day: str) -> dict[str, str]:
    """What a manifest says about a table as of a day (ISO)."""
    return {"as_of": day, "definitions": definitions()}


@cache
def definitions() -> str:
    """Which definitions of the metrics hold: the beginning of the SHA-256 of their words and formulas in English."""
    with override("en"):
        said = [f"{term.name}: {term.meaning} {term.formula}" for term in TERMS.values()]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]


def _heading(name: str) -> str | Promise:
    return _HEADINGS[name] if name in _HEADINGS else TERMS[name].title
