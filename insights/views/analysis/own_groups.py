"""Own subscriptions of a list summed up by SKU, country and segment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.columns import Columns
from customers.selectors.customers import VisibleCustomer
from insights.selectors.analysis.in_use import InUse
from insights.selectors.analysis.own import Own
from insights.views.analysis import own_rows as rows
from insights.views.analysis.listing import Listing, Record
from partners.export.table import Column, Kind

COUNTRY = Column("country", gettext_lazy("Country"))
SEGMENT = Column("segment", gettext_lazy("Segment"))
_NUMBERS = (Column("subscriptions", gettext_lazy("Subscriptions"), Kind.INTEGER), rows.LICENCES, rows.IN_USE)


@dataclass(frozen=True, slots=True)
class Listed:
    """The subscriptions of a list: places in pieces that cover the day."""

    own: Own
    pieces: Columns
    used: InUse
    places: np.ndarray
    customers: dict[int, VisibleCustomer]


def groups_of(listed: Listed, skus: rows.Skus) -> list[Listing]:
    """The tables, in each the most licences first."""
    names, own = skus.names, listed.own
    by_sku = [names[key] for key in own.of("sku", listed.pieces)[listed.places].tolist()]
    customers = [listed.customers[key] for key in own.of("customer", listed.pieces)[listed.places].tolist()]
    return [
        _table(listed, "by-sku", _("By SKU"), rows.SKU, by_sku),
        _table(listed, "by-country", _("By country"), COUNTRY, [one.country for one in customers]),
        _table(listed, "by-segment", _("By segment"), SEGMENT, [one.segment for one in customers]),
    ]


def _table(listed: Listed, part: str, title: str, column: Column, said: list[str]) -> Listing:
    return Listing(part, title, (column, *_NUMBERS), _summed(listed, column.name, said))


def _summed(listed: Listed, name: str, said: list[str]) -> list[Record]:
    """A record for each different text that is said of the subscriptions."""
    texts, group = np.unique(np.array(said, dtype=object), return_inverse=True) if said else (np.zeros(0), np.zeros(0))
    quantity = listed.own.of("quantity", listed.pieces)
    found = []
    for place, text in enumerate(texts):
        places = listed.places[group == place]
        chosen = np.zeros(len(quantity), dtype=bool)
        chosen[places] = True
        licences = {"licences": int(quantity[places].sum()), "in_use": listed.used.sum(chosen)}
        found.append({name: text, "subscriptions": len(places), **licences})
    return sorted(found, key=lambda row: (-row["licences"], row[name].casefold()))
