"""The SKUs that customers hold as of a day, remembered as long as their facts are the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from customers.models import Sku
from customers.selectors.holdings import skus_held
from insights.selectors.analysis.freshness import Freshness
from partners.tenancy import counting

MOST_KNOWN = 50
_KNOWN: dict[tuple[int, date], tuple[bytes, list[Sku]]] = {}
"""By partner (key) and day: what the answer follows from, and the answer. Per process."""


def held(*, partner: int, customers: Sequence[int], day: date, fresh: Freshness) -> list[Sku]:
    """The SKUs, of families that are switched on, of which these customers (keys) have a subscription; by name.

    Their names are remembered too: a change of the catalogue makes its epoch another one.
    """
    keys = np.unique(np.array(customers, dtype=np.int64))
    state = keys.tobytes() + fresh.states_of(keys).tobytes()
    known = _KNOWN.get((partner, day))
    if known is None or known[0] != state:
        with counting():
            known = (state, skus_held(customers=keys.tolist(), day=day))
        while len(_KNOWN) >= MOST_KNOWN:
            _KNOWN.pop(next(iter(_KNOWN)))
        _KNOWN[partner, day] = known
    return known[1]
