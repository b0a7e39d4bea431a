"""The small catalogue that Seatwise ships, and how a fresh installation gets it."""

from __future__ import annotations

from typing import Any

from customers.catalogue.statement import SkuStatement
from customers.catalogue.tables import family_rows, flag, table, table_guid, workload_rows

EPOCH = 1


def shipped_skus() -> list[SkuStatement]:
    """The SKUs of data/skus.csv."""
    name = "skus.csv"
    return [
        SkuStatement(
            sku_id=table_guid(name, line, row["sku_id"]),
            part_number=row["part_number"],
            name=row["name"],
            family=row["family"],
            workloads=frozenset(row["workloads"].split(";")) - {""},
            is_free=flag(name, line, row["free"]),
            is_viral=flag(name, line, row["viral"]),
        )
        for line, row in table(name)
    ]


def install(models: Any, *, alias: str) -> None:
    """Store families, workloads, the epoch and the shipped SKUs in the database `alias`; what is there already stays.

    `models` has Family, Workload, Sku and CatalogueEpoch as attributes, so that a migration can pass those of its time.
    """
    families = _install_families(models.Family.objects.using(alias))
    workloads = _install_workloads(models.Workload.objects.using(alias), families)
    models.CatalogueEpoch.objects.using(alias).get_or_create(id=EPOCH)
    _install_skus(models.Sku, families, workloads, alias)


def uninstall(models: Any, *, alias: str) -> None:
    """Remove the shipped SKUs that no other source has stated and no subscription has.

    Families, workloads and the epoch stay: activity and stored figures may refer to them, and `install` takes them as they are.
    """
    ids = [statement.sku_id for statement in shipped_skus()]
    used = models.SubscriptionVersion.objects.using(alias).values("sku_id")
    models.Sku.objects.using(alias).filter(sku_id__in=ids, load=None).exclude(id__in=used).delete()


def _install_families(families: Any) -> dict[str, Any]:
    return {
        row.code: families.get_or_create(
            key=row.code.casefold(),
            defaults={"code": row.code, "name": row.name, "in_insights": row.in_insights},
        )[0]
        for row in family_rows()
    }


def _install_workloads(workloads: Any, families: dict[str, Any]) -> dict[str, Any]:
    return {
        row.code: workloads.get_or_create(
            key=row.code.casefold(),
            defaults={
                "code": row.code,
                "name": row.name,
                "unlicensed_family": families[row.unlicensed_family] if row.unlicensed_family else None,
            },
        )[0]
        for row in workload_rows()
    }


def _install_skus(sku_model: Any, families: dict[str, Any], workloads: dict[str, Any], alias: str) -> None:
    known = set(sku_model.objects.using(alias).values_list("sku_id", flat=True))
    missing = [statement for statement in shipped_skus() if statement.sku_id not in known]
    stored = sku_model.objects.using(alias).bulk_create(
        sku_model(
            sku_id=statement.sku_id,
            part_number=statement.part_number,
            name=statement.name,
            family=families[statement.family],
            is_free=statement.is_free,
            is_viral=statement.is_viral,
        )
        for statement in missing
    )
    through = sku_model.workloads.through
    through.objects.using(alias).bulk_create(
        through(sku_id=sku.pk, workload_id=workloads[code].pk)
        for sku, statement in zip(stored, missing, strict=True)
        for code in sorted(statement.workloads)
    )
