"""Writes the catalogue: SKUs as a feed or the vendor's file states them. Later statements replace earlier ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from customers.catalogue.placement import place
from customers.catalogue.report import CatalogueReport, SkuChange
from customers.catalogue.statement import SkuStatement
from customers.catalogue.tables import reviewed_tables
from customers.catalogue.vendor import BadLinesError, CatalogueError, read_catalogue
from customers.models import Family, Load, LoadedFile, Sku, Workload
from customers.services.lock import hold_loading

BATCH = 1000
_FIELDS = ("part_number", "name", "family", "is_free", "is_viral", "stated_by", "load")
_SAME_AS = {"odb": "SPO"}  # feed.md, "Form": OneDrive for Business means SharePoint wherever it stands

Coded = TypeVar("Coded", Family, Workload)


@dataclass(kw_only=True)
class SkuCounts:
    """What came of stating SKUs. `families` and `workloads` are the codes that were new; `restated`: figures change."""

    new: int = 0
    unchanged: int = 0
    changes: list[SkuChange] = field(default_factory=list)
    families: list[str] = field(default_factory=list)
    workloads: list[str] = field(default_factory=list)
    restated: bool = False

    @property
    def changed(self) -> int:
        """How many known SKUs are stated otherwise than before."""
        return len(self.changes)


def load_catalogue(*, source: Path, name: str = "") -> CatalogueReport:
    """Load the vendor's public catalogue file, as a whole or not at all; the operator states it. `name`: what it is called.

    SKUs that the file doesn't name stay as they are. CatalogueError (BadLinesError with the lines) where the file can't
    be used; that it was refused is then recorded.
    """
    try:
        vendor = read_catalogue(source)
    except CatalogueError as error:
        _record_refusal(name or source.name, error)
        raise
    placement = place(vendor.skus.values(), reviewed_tables())
    with transaction.atomic():
        hold_loading()
        load = _begin(name or source.name)
        counts = state_skus(load=load, rows=placement.skus)
        _record(load, LoadedFile.Outcome.LOADED, new=counts.new, changed=counts.changed, unchanged=counts.unchanged)
    return CatalogueReport(
        vendor=vendor,
        placement=placement,
        new=counts.new,
        changes=counts.changes,
        unchanged=counts.unchanged,
        families=counts.families,
        workloads=counts.workloads,
        restated=counts.restated,
    )


def state_skus(*, load: Load, rows: Iterable[SkuStatement]) -> SkuCounts:
    """Store what `load` states of SKUs; of several rows for one SKU the last holds.

    Families and workloads named for the first time are created (feed.md, "Meaning"). Where a known SKU gets another family
    or other workloads, the epoch of the catalogue advances: every figure is to be computed again (metrics.md, "Facts").
    The caller holds the lock of loading where others may load.
    """
    statements = {row.sku_id: row for row in rows}
    with transaction.atomic():
        writer = _Writer(load, list(statements.values()))
        writer.write()
    return writer.counts


class _Writer:
    """Compares the statements of one load with what is stored, and writes the difference in a few statements."""

    def __init__(self, load: Load, statements: list[SkuStatement]) -> None:
        self.load = load
        self.statements = statements
        self.counts = SkuCounts()
        self.families, self.counts.families = _ensured(Family, (row.family for row in statements))
        self.workloads, self.counts.workloads = _ensured(
            Workload, (code for row in statements for code in sorted(row.workloads))
        )
        self.stored = _stored([row.sku_id for row in statements])
        self.held = _held(self.stored.values())

    def write(self) -> None:
        new = [row for row in self.statements if row.sku_id not in self.stored]
        self.counts.new = len(new)
        created = Sku.objects.bulk_create((self._filled(Sku(sku_id=row.sku_id), row) for row in new), BATCH)
        self._link([(sku, self._wanted(row)) for sku, row in zip(created, new, strict=True)])
        self._change([row for row in self.statements if row.sku_id in self.stored])
        if self.counts.restated:
            advance_epoch()

    def _change(self, rows: list[SkuStatement]) -> None:
        changed, relinked = [], []
        for row in rows:
            sku = self.stored[row.sku_id]
            change = self._difference(sku, row)
            if change is None:
                self.counts.unchanged += 1
                continue
            self.counts.changes.append(change)
            self.counts.restated |= change.restates
            if self.held[sku.pk] != self._wanted(row):
                relinked.append((sku, self._wanted(row)))
            changed.append(self._filled(sku, row))
        Sku.objects.bulk_update(changed, _FIELDS, BATCH)
        Sku.workloads.through.objects.filter(sku__in=[sku for sku, _ in relinked]).delete()
        self._link(relinked)

    def _difference(self, sku: Sku, row: SkuStatement) -> SkuChange | None:
        before = {
            "part_number": sku.part_number,
            "name": sku.name,
            "family": sku.family.code,
            "workloads": _codes(self.held[sku.pk], self.workloads),
            "free": sku.is_free,
            "viral": sku.is_viral,
        }
        after = {
            "part_number": row.part_number,
            "name": row.name,
            "family": self.families[row.family.casefold()].code,
            "workloads": _codes(self._wanted(row), self.workloads),
            "free": sku.is_free if row.is_free is None else row.is_free,
            "viral": sku.is_viral if row.is_viral is None else row.is_viral,
        }
        parts = tuple((name, str(before[name]), str(after[name])) for name in before if before[name] != after[name])
        return SkuChange(part_number=row.part_number, name=row.name, parts=parts) if parts else None

    def _wanted(self, row: SkuStatement) -> frozenset[int]:
        return frozenset(self.workloads[_key(code)].pk for code in row.workloads)

    def _filled(self, sku: Sku, row: SkuStatement) -> Sku:
        sku.part_number, sku.name = row.part_number, row.name
        sku.family = self.families[row.family.casefold()]
        sku.is_free = sku.is_free if row.is_free is None else row.is_free
        sku.is_viral = sku.is_viral if row.is_viral is None else row.is_viral
        sku.load, sku.stated_by = self.load, self.load.stated_by
        return sku

    def _link(self, pairs: list[tuple[Sku, frozenset[int]]]) -> None:
        through = Sku.workloads.through
        through.objects.bulk_create(
            (through(sku_id=sku.pk, workload_id=workload) for sku, wanted in pairs for workload in sorted(wanted)),
            BATCH,
        )


def _ensured(model: type[Coded], codes: Iterable[str]) -> tuple[dict[str, Coded], list[str]]:
    """All records of the model by key, and the codes of those that had to be created, as first written."""
    records = {record.key: record for record in model.objects.all()}
    missing: dict[str, str] = {}
    for code in codes:
        if _key(code) not in records:
            missing.setdefault(_key(code), code)
    created = model.objects.bulk_create(model(code=code, key=key, name=code) for key, code in missing.items())
    return records | {record.key: record for record in created}, list(missing.values())


def _key(code: str) -> str:
    key = code.casefold()
    return _SAME_AS.get(key, key).casefold()


def _stored(ids: list[UUID]) -> dict[UUID, Sku]:
    skus = Sku.objects.filter(sku_id__in=ids).select_related("family").select_for_update(of=("self",))
    return {sku.sku_id: sku for sku in skus}


def _held(skus: Iterable[Sku]) -> dict[int, frozenset[int]]:
    """The workloads of each SKU, as keys of the database."""
    held: dict[int, set[int]] = {sku.pk: set() for sku in skus}
    links = Sku.workloads.through.objects.filter(sku__in=list(held)).values_list("sku_id", "workload_id")
    for sku, workload in links:
        held[sku].add(workload)
    return {sku: frozenset(workloads) for sku, workloads in held.items()}


def _codes(wanted: frozenset[int], workloads: dict[str, Workload]) -> str:
    return ";".join(sorted(workload.code for workload in workloads.values() if workload.pk in wanted))


def advance_epoch() -> None:
    """Say that the catalogue has changed in a way that restates every figure."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO customers_catalogueepoch AS epoch (id, number) VALUES (1, 2)
            ON CONFLICT (id) DO UPDATE SET number = epoch.number + 1
            """
        )


def _record_refusal(name: str, error: CatalogueError) -> None:
    with transaction.atomic():
        load = _begin(name)
        refused = error.count if isinstance(error, BadLinesError) else 0
        _record(load, LoadedFile.Outcome.REFUSED, refused=refused)


def _begin(name: str) -> Load:
    # A file's name may hold bytes that are no text, which the database can't store.
    return Load.objects.create(kind=Load.Kind.CATALOGUE, source=name.encode(errors="replace").decode())


def _record(load: Load, outcome: LoadedFile.Outcome, **counts: int) -> None:
    LoadedFile.objects.create(load=load, name=load.source[:256], outcome=outcome, **counts)
    load.finished_at = timezone.now()
    load.save(update_fields=["finished_at"])
