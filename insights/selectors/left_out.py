"""Figures as if a partner's customers had no subscriptions of the SKUs that it leaves out: computed, never stored.

People are distinct, so that what an SKU adds can't be subtracted. Who has one is computed on the spot as if the SKU's
family were off; everybody else's figures are the stored ones (docs/decisions/0015).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection

from customers.columns import array_literal
from insights.engine import compute
from insights.engine.rows import ALL, ROW
from insights.selectors.ranges import ranges

Key = tuple[int, date, frozenset[int]]
State = tuple[int, int]

MOST_KNOWN = 5_000
"""So many customers' rows are kept by a process (some 30 MB): the pages of a day ask for the same ones."""
_KNOWN: OrderedDict[Key, tuple[State, np.ndarray]] = OrderedDict()

# What the rows follow from: the catalogue, and the customer's facts (customers.services.stale).
_STATES = """
    SELECT c.id, e.number, coalesce(s.seq, 0)
    FROM customers_customer c
    CROSS JOIN customers_catalogueepoch e
    LEFT JOIN customers_staledays s ON s.customer_id = c.id
    WHERE c.id = ANY(%(customers)s)
"""


@dataclass(frozen=True, slots=True)
class Effect:
    """What leaving SKUs out takes away from some customers' figures."""

    skus: int
    """How many SKUs there are of which a customer has a row."""
    seats: int
    """Their `sold`, summed."""


NO_EFFECT = Effect(0, 0)


def effect_of(rows: np.ndarray, left_out: Collection[int]) -> Effect:
    """What the SKUs (keys) add to rows by SKU (`engine.rows.ROW`) in which they are still counted."""
    theirs = rows[np.isin(rows["sku"], list(left_out)) & (rows["workload"] == ALL)]
    return Effect(len(np.unique(theirs["sku"])), int(theirs["sold"].sum()))


def figures_without(
    *, customers: Sequence[int], day: date, sellers: Sequence[int], left_out: frozenset[int]
) -> np.ndarray:
    """The rows of these customers (keys) as of `day` without those SKUs (keys): array of `ROW`.

    The caller reads as one who counts, in a snapshot.
    """
    states = _states(customers)
    known = {customer: _known(customer, day, left_out, state) for customer, state in states.items()}
    missing = sorted(customer for customer, rows in known.items() if rows is None)
    known |= _computed(missing, day, left_out, states)
    parts = [rows for rows in known.values() if rows is not None]
    rows = np.concatenate([np.zeros(0, dtype=ROW), *parts])
    return rows[np.isin(rows["seller"], sellers)]


def _states(customers: Sequence[int]) -> dict[int, State]:
    with connection.cursor() as cursor:
        cursor.execute(_STATES, {"customers": array_literal(customers)})
        return {customer: (epoch, changes) for customer, epoch, changes in cursor.fetchall()}


def _known(customer: int, day: date, left_out: frozenset[int], state: State) -> np.ndarray | None:
    found = _KNOWN.get((customer, day, left_out))
    if found is None or found[0] != state:
        return None
    _KNOWN.move_to_end((customer, day, left_out))
    return found[1]


def _computed(
    customers: Sequence[int], day: date, left_out: frozenset[int], states: dict[int, State]
) -> dict[int, np.ndarray]:
    found: dict[int, np.ndarray] = {}
    for part in ranges(customers=customers) if customers else ():
        rows = compute.figures(customers=part, day=day, left_out=left_out)
        found |= {customer: rows[rows["customer"] == customer] for customer in part}
    _keep(((customer, day, left_out), (states[customer], rows)) for customer, rows in found.items())
    return found


def _keep(entries: Iterable[tuple[Key, tuple[State, np.ndarray]]]) -> None:
    _KNOWN.update(entries)
    while len(_KNOWN) > MOST_KNOWN:
        _KNOWN.popitem(last=False)
