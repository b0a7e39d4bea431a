"""What came of loading the vendor's catalogue, as data and as text for the operator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from customers.catalogue.placement import Placement
from customers.catalogue.vendor import VendorCatalogue

MAX_LISTED = 100
_RESTATING = {"family", "workloads"}


@dataclass(frozen=True, kw_only=True)
class SkuChange:
    """A known SKU that is stated otherwise now. `parts`: what, before, after."""

    part_number: str
    name: str
    parts: tuple[tuple[str, str, str], ...]

    @property
    def restates(self) -> bool:
        """Whether figures follow from what has changed."""
        return any(part in _RESTATING for part, _before, _after in self.parts)

    def __str__(self) -> str:
        parts = "; ".join(f"{part} {before!r} -> {after!r}" for part, before, after in self.parts)
        return f"{self.name} ({self.part_number}): {parts}"


@dataclass(frozen=True, kw_only=True)
class CatalogueReport:
    """One load of the catalogue: what the file has, where it was placed, what was written."""

    vendor: VendorCatalogue
    placement: Placement
    new: int
    changes: list[SkuChange]
    unchanged: int
    families: list[str]
    workloads: list[str]
    restated: bool

    @property
    def per_family(self) -> dict[str, int]:
        """How many SKUs of the file each family has, by code."""
        return dict(sorted(Counter(sku.family for sku in self.placement.skus).items()))

    @property
    def free(self) -> int:
        """How many SKUs of the file are marked as free."""
        return sum(bool(sku.is_free) for sku in self.placement.skus)

    @property
    def viral(self) -> int:
        """How many SKUs of the file are marked as viral."""
        return sum(bool(sku.is_viral) for sku in self.placement.skus)

    def lines(self) -> Iterator[str]:
        """The report for a terminal, line by line; of every list the first 100."""
        yield from self._counts()
        yield from _listed(_("Known SKUs that are stated otherwise now:"), map(str, self.changes))
        yield from _listed(
            _("SKUs that fit no rule (they are in the family other):"),
            (f"{sku.name} ({sku.part_number}, {sku.sku_id})" for sku in self.placement.unplaced),
        )
        yield from _listed(
            _("Service plans that sound like a workload and are in no table (they make none):"),
            (f"{name} ({plan})" for plan, name in self.placement.unreviewed.items()),
        )
        yield from self._dirt()
        if self.restated:
            yield _("Families or workloads of known SKUs have changed: every figure will be computed again.")

    def _counts(self) -> Iterator[str]:
        yield _("%(name)s: %(lines)d lines, %(skus)d SKUs, %(plans)d service plans.") % {
            "name": self.vendor.name,
            "lines": self.vendor.lines,
            "skus": len(self.vendor.skus),
            "plans": len(self.vendor.plan_names),
        }
        yield _("SKUs: %(new)d new, %(changed)d changed, %(unchanged)d unchanged.") % {
            "new": self.new,
            "changed": len(self.changes),
            "unchanged": self.unchanged,
        }
        families = ", ".join(f"{code} {count}" for code, count in self.per_family.items())
        yield _("Families: %(families)s; fit no rule: %(unplaced)d.") % {
            "families": families,
            "unplaced": len(self.placement.unplaced),
        }
        yield _("Marked: %(free)d free, %(viral)d viral.") % {"free": self.free, "viral": self.viral}

    def _dirt(self) -> Iterator[str]:
        if self.vendor.repeated:
            yield _("Lines that repeat a SKU with a service plan: %(count)d.") % {"count": self.vendor.repeated}
        yield from _listed(
            _("SKUs with several names or part numbers (the first holds):"),
            (
                f"{sku.sku_id}: {' / '.join([sku.name, *sku.other_names, *sku.other_part_numbers])}"
                for sku in self.vendor.renamed()
            ),
        )
        yield from _listed(
            _("Part numbers that several SKUs have:"),
            (f"{part}: {', '.join(map(str, ids))}" for part, ids in self.vendor.shared_part_numbers().items()),
        )
        yield from _listed(
            _("Service plans that are spelled in several ways:"),
            (f"{plan}: {' / '.join(names)}" for plan, names in self.vendor.respelled_plans().items()),
        )
        yield from _listed(_("Unknown columns, ignored:"), self.vendor.unknown_columns)
        yield from _listed(_("New families, not switched on:"), self.families)
        yield from _listed(_("New workloads:"), self.workloads)


def _listed(title: str, entries: Iterable[str]) -> Iterator[str]:
    found = list(entries)
    if not found:
        return
    yield title
    yield from (f"  {entry}" for entry in found[:MAX_LISTED])
    if len(found) > MAX_LISTED:
        yield "  " + _("... and %(count)d more.") % {"count": len(found) - MAX_LISTED}
