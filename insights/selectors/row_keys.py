"""Which rows customers have, without their figures: what a page of rows is cut out by.

Which there are follows from the facts and the catalogue alone. So they are kept in each process, with the state in which
they were found: whatever changes is found out anew.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date

import numpy as np
from django.db import connection

from customers.clock import today
from customers.columns import array_literal
from insights.grain import Grain
from insights.selectors.figures import figures_computed, wanted
from insights.selectors.stored import fresh_customers, stored_keys

MOST_KEPT = 2_000_000
"""So many rows are kept in all, of 12 bytes each: those of the questions that were asked last."""

KEY = np.dtype([("customer", np.int32), ("family", np.int16), ("sku", np.int32), ("workload", np.int16)])

# The number of a customer goes up with each change of its facts (customers.services.stale).
_STATE = """
    SELECT e.number, (SELECT sum(s.seq) FROM customers_staledays s WHERE s.customer_id = ANY(%(customers)s))
    FROM customers_catalogueepoch e
"""

_Question = tuple[date, int, bytes]
_KEPT: OrderedDict[_Question, tuple[object, np.ndarray]] = OrderedDict()


def numbers_of_rows(
    *, customers: Sequence[int], among: Sequence[int], day: date, seller: int, grain: Grain
) -> np.ndarray:
    """[c] how many of the wanted rows each of `customers` (keys) has as of `day`, of one seller or 0 (all sellers).

    `among`: a set that has all of them, and is asked for again and again, such as all customers of a partner.
    """
    keys = wanted(_keys(among, day, seller), grain)["customer"]
    numbers = np.bincount(keys, minlength=max(customers, default=0) + 1)
    return numbers[np.asarray(customers, dtype=np.int64)]


def _keys(customers: Sequence[int], day: date, seller: int) -> np.ndarray:
    """All rows that these customers have: array of `KEY`."""
    question = (day, seller, np.array(customers, dtype=np.int32).tobytes())
    state = (today(), _state(customers))
    known = _KEPT.pop(question, None)
    if known is None or known[0] != state:
        known = (state, _found(customers, day, seller))
    _KEPT[question] = known
    while len(_KEPT) > 1 and sum(len(keys) for _state, keys in _KEPT.values()) > MOST_KEPT:
        _KEPT.popitem(last=False)
    return known[1]


def _state(customers: Sequence[int]) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_STATE, {"customers": array_literal(customers)})
        return cursor.fetchone()


def _found(customers: Sequence[int], day: date, seller: int) -> np.ndarray:
    fresh = fresh_customers(customers=customers, day=day)
    stored = stored_keys(customers=fresh, day=day, seller=seller)
    computed = figures_computed(customers=sorted(set(customers) - set(fresh)), day=day, seller=seller)
    keys = np.empty(len(stored["customer"]) + len(computed), dtype=KEY)
    for name in KEY.names or ():
        keys[name] = np.concatenate([stored[name], computed[name]])
    return keys
