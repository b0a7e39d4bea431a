"""What a source states of one SKU, whichever source it is."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class SkuStatement:
    """One SKU as a source states it (feed.md, skus.csv). `family` and `workloads` are codes, in any case.

    `is_free` and `is_viral` None: the source doesn't say, and what is stored stays.
    """

    sku_id: UUID
    part_number: str
    name: str
    family: str
    workloads: frozenset[str]
    is_free: bool | None = None
    is_viral: bool | None = None
