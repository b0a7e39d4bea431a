"""What is stored, beside what is computed: for the tests of stored figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from django.db import connection

from customers.models import CatalogueEpoch, Customer
from insights.engine import compute
from insights.engine.rows import KEY
from insights.models import Figure
from insights.selectors.figures import figures
from insights.selectors.stored import fresh_customers, stored_figures
from partners.models import Partner

Row = tuple[int, ...]

_OVERLAPS = """
    SELECT count(*) FROM insights_figure a JOIN insights_figure b USING (customer_id, seller, family, sku, workload)
    WHERE a.valid_from < b.valid_from AND (a.valid_to IS NULL OR a.valid_to > b.valid_from)
"""


def ordered(table: np.ndarray) -> list[Row]:
    return np.sort(table, order=KEY).tolist()


def computed(customers: Sequence[Customer], day: date) -> list[Row]:
    return ordered(compute.figures(customers=[customer.pk for customer in customers], day=day))


def shown(customers: Sequence[Customer], day: date) -> list[Row]:
    """What readers get, of all sellers and of each partner."""
    sellers = [0, *Partner.objects.values_list("id", flat=True)]
    keys = [customer.pk for customer in customers]
    return ordered(np.concatenate([figures(customers=keys, day=day, seller=seller) for seller in sellers]))


def stored(customers: Sequence[Customer], day: date) -> list[Row]:
    """The stored rows that hold on the day, whether or not they are fresh."""
    sellers = [0, *Partner.objects.values_list("id", flat=True)]
    return ordered(stored_figures(customers=[customer.pk for customer in customers], day=day, sellers=sellers))


def fresh(customers: Sequence[Customer], day: date) -> list[bool]:
    found = fresh_customers(customers=[customer.pk for customer in customers], day=day)
    return [customer.pk in found for customer in customers]


def everything() -> list[tuple]:
    """Every stored row as it is."""
    return list(Figure.objects.order_by("pk").values_list())


def overlaps() -> int:
    """How many pairs of stored rows with the same key hold on a common day."""
    with connection.cursor() as cursor:
        cursor.execute(_OVERLAPS)
        return cursor.fetchone()[0]


def new_epoch() -> None:
    epoch = CatalogueEpoch.objects.get()
    epoch.number += 1
    epoch.save()
