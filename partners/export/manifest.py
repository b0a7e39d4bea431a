"""What a file says of itself: what it shows, with which filters, as of when, for whom; how many rows, and their SHA-256."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from partners.export.canonical import Seal, moment
from partners.export.table import Table

NO_FILTERS = frozenset({"page", "manifest", "sort"})
"""Parameters of an address that don't choose rows."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who asked for a file, and by which address."""

    by: str
    """The person's e-mail address."""
    partner: str
    query: Mapping[str, str]
    """The address's parameters."""


def manifest(table: Table, seal: Seal, order: Order) -> dict[str, Any]:
    """The manifest of a file whose rows have all passed the seal. JSON values only; moments in UTC."""
    return {
        "what": str(table.title),
        "made_at": moment(datetime.now(UTC)),
        "made_for": order.by,
        "partner": order.partner,
        **table.about,
        "filters": {name: text for name, text in sorted(order.query.items()) if text and name not in NO_FILTERS},
        "sort": order.query.get("sort", ""),
        "columns": [
            {"name": column.name, "heading": str(column.heading), "type": column.kind.value} for column in table.columns
        ],
        "rows": seal.rows,
        "sha256": seal.sha256(),
    }
