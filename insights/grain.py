"""Which rows of the customers are wanted: what a row stands for, and which family, SKU or workload. Pure, no ORM."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class By(StrEnum):
    """What a row stands for."""

    SKU = "sku"
    FAMILY = "family"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Grain:
    """Rows of one `by`; of the family, SKU or workload with this key alone, where one is named (workload 0: any)."""

    by: By
    family: int | None = None
    sku: int | None = None
    workload: int | None = None

    @property
    def keys(self) -> dict[str, int]:
        """The columns of a row that have one value, and which."""
        fixed = {By.ALL: {"family": 0, "sku": 0}, By.FAMILY: {"sku": 0}, By.SKU: {}}[self.by]
        named = {"family": self.family, "sku": self.sku, "workload": self.workload}
        return {name: key for name, key in named.items() if key is not None} | fixed

    @property
    def set_columns(self) -> tuple[str, ...]:
        """The columns of a row that say something, where nothing says what."""
        columns = {By.ALL: (), By.FAMILY: ("family",), By.SKU: ("sku",)}[self.by]
        return tuple(name for name in columns if name not in self.keys)
