"""Corrects the catalogue: switches of families and workloads, and what an SKU is (feed.md, "Meaning")."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from customers.models import Family, Sku, Workload
from customers.services.catalogue import advance_epoch
from customers.services.corrections.loading import alone, new_load
from customers.services.corrections.records import source_cell
from partners.models import AuditEntry, Partner, Staff
from partners.services.corrections import Cells, Fact, refusal, register


class CatalogueFact(Fact):
    """A record of the catalogue. It carries no dates: what restates figures restates all of them."""

    kind = AuditEntry.Kind.SETTINGS
    operator_only = True
    removable = False
    restating: ClassVar[tuple[str, ...]]
    """The cells on which figures depend."""

    def alone(self) -> AbstractContextManager[None]:
        """Waits for the load that is running."""
        return alone()

    def partner(self, cells: Cells) -> Partner | None:  # noqa: ARG002 - the base class's signature
        """The catalogue is no partner's."""
        return None

    def write(self, *, actor: Staff, before: Cells | None, after: Cells | None) -> None:
        """Save it; where figures depend on what changes, all are to be computed again."""
        stored = self.find(before or {})
        self.fill(stored, after or {}, actor)
        try:
            stored.full_clean(exclude=["stated_by", "load"])
        except ValidationError as error:
            raise refusal(error, {}) from error
        stored.save()
        self.link(stored, after or {})
        if any((before or {})[name] != (after or {})[name] for name in self.restating):
            advance_epoch()

    def fill(self, stored: Any, cells: Cells, actor: Staff) -> None:
        """Take over what the cells say."""
        raise NotImplementedError

    def link(self, stored: Any, cells: Cells) -> None:
        """Take over what stands in other tables."""


def _coded(model: type[models.Model], code: str | None) -> Any:
    return None if code is None else model._default_manager.get(key=code.casefold())


class FamilyFact(CatalogueFact):
    """A product family and its switch."""

    name = "family"
    key = ("code",)
    restating = ("in_insights",)

    def find(self, cells: Cells) -> Family:
        return _coded(Family, cells["code"])

    def cells_of(self, stored: Family) -> dict[str, Any]:
        return {"code": stored.code, "name": stored.name, "in_insights": stored.in_insights}

    def fill(self, stored: Family, cells: Cells, actor: Staff) -> None:  # noqa: ARG002
        stored.name, stored.in_insights = cells["name"], cells["in_insights"]


class WorkloadFact(CatalogueFact):
    """A workload, and the family in which its use without a licence counts."""

    name = "workload"
    key = ("code",)
    restating = ("unlicensed_family",)

    def find(self, cells: Cells) -> Workload:
        return _coded(Workload, cells["code"])

    def cells_of(self, stored: Workload) -> dict[str, Any]:
        family = stored.unlicensed_family
        return {"code": stored.code, "name": stored.name, "unlicensed_family": family.code if family else None}

    def fill(self, stored: Workload, cells: Cells, actor: Staff) -> None:  # noqa: ARG002
        stored.name = cells["name"]
        stored.unlicensed_family = _coded(Family, cells["unlicensed_family"])


class SkuFact(CatalogueFact):
    """An SKU: its family, its workloads, whether it is free or viral."""

    name = "sku"
    key = ("sku_id",)
    restating = ("family", "workloads")
    _PLAIN: ClassVar = ("part_number", "name", "is_free", "is_viral")

    def find(self, cells: Cells) -> Sku:
        return Sku.objects.select_related("family", "stated_by").get(sku_id=cells["sku_id"])

    def cells_of(self, stored: Sku) -> dict[str, Any]:
        return {
            "sku_id": str(stored.sku_id),
            "family": stored.family.code,
            "workloads": sorted(stored.workloads.values_list("code", flat=True)),
            "stated_by": source_cell(stored.stated_by),
        } | {name: getattr(stored, name) for name in self._PLAIN}

    def fill(self, stored: Sku, cells: Cells, actor: Staff) -> None:
        for name in self._PLAIN:
            setattr(stored, name, cells[name])
        stored.family = _coded(Family, cells["family"])
        stored.load = new_load(actor=actor, stated_by=stored.stated_by)

    def link(self, stored: Sku, cells: Cells) -> None:
        stored.workloads.set([_coded(Workload, code) for code in cells["workloads"]])


FAMILY = register(FamilyFact())
WORKLOAD = register(WorkloadFact())
SKU = register(SkuFact())
