"""Where the reviewed tables place the vendor's SKUs: workloads, family, free and viral; and what they don't know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Protocol
from uuid import UUID

from customers.catalogue.statement import SkuStatement
from customers.catalogue.tables import PART_NUMBER, FamilyRule, Tables

UNPLACED_FAMILY = "other"


class Offer(Protocol):
    """A SKU of the vendor with its service plans (id -> name)."""

    sku_id: UUID
    part_number: str
    name: str
    plans: dict[UUID, str]


@dataclass(kw_only=True)
class Placement:
    """The SKUs as the tables place them.

    `unplaced`: those that fit no rule and are put into the family `other`. `unreviewed`: service plans (id -> name) that
    the table doesn't know though their names sound like a workload; they make none.
    """

    skus: list[SkuStatement] = field(default_factory=list)
    unplaced: list[SkuStatement] = field(default_factory=list)
    unreviewed: dict[UUID, str] = field(default_factory=dict)


def place(offers: Iterable[Offer], tables: Tables) -> Placement:
    """Place every SKU; the first family rule that fits decides."""
    placement = Placement()
    for offer in offers:
        workloads = workloads_of(offer.plans, tables)
        family = family_of(offer.part_number, workloads, tables.rules)
        statement = SkuStatement(
            sku_id=offer.sku_id,
            part_number=offer.part_number,
            name=offer.name,
            family=family or UNPLACED_FAMILY,
            workloads=workloads,
            is_free=offer.sku_id in tables.free,
            is_viral=offer.sku_id in tables.viral,
        )
        placement.skus.append(statement)
        if family is None:
            placement.unplaced.append(statement)
        placement.unreviewed.update(unreviewed_plans(offer.plans, tables))
    return placement


def workloads_of(plans: Iterable[UUID], tables: Tables) -> frozenset[str]:
    """The codes of the workloads that these service plans make."""
    return frozenset(tables.workload_of.get(plan, "") for plan in plans) - {""}


def family_of(part_number: str, workloads: frozenset[str], rules: Iterable[FamilyRule]) -> str | None:
    """The family of the first rule that fits, or None."""
    keys = {code.casefold() for code in workloads}
    part = part_number.casefold()
    for rule in rules:
        if fnmatchcase(part, rule.pattern) if rule.match == PART_NUMBER else rule.pattern in keys:
            return rule.family
    return None


def unreviewed_plans(plans: Mapping[UUID, str], tables: Tables) -> dict[UUID, str]:
    """The service plans that nobody has looked at, and whose names tell that somebody should."""
    return {
        plan: name
        for plan, name in plans.items()
        if plan not in tables.workload_of
        and any(fnmatchcase(name.casefold(), pattern) for pattern in tables.telling_names)
    }
