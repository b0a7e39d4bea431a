"""A month of Graph's daily files gives the same figures as the same facts by feed."""

from __future__ import annotations

import os
from uuid import UUID

import numpy as np
import pytest

from customers.models import Customer
from insights.engine.rows import ALL
from insights.selectors.figures import figures_computed
from tests.customers.services.imports.conftest import Imports
from tests.customers.services.imports.month import DAYS, SKUS_CSV, Month, as_feed, as_graph, invented

# In `make test-long` 200 customers, in `make test` one with names and one whose names are concealed.
NUMBERS = range(200) if os.environ.get("SEATWISE_HYPOTHESIS_PROFILE") == "long" else (0, 5)


def figures_of(tenant: UUID, day: int) -> np.ndarray:
    """All rows of the customer as of the day, in order, without whose they are."""
    key = Customer.objects.get(tenant_id=tenant).pk
    rows = figures_computed(customers=[key], day=DAYS[day], seller=ALL)
    names = [name for name in rows.dtype.names or () if name != "customer"]
    return np.sort(rows[names])


def bring_in(imports: Imports, month: Month) -> None:
    """The month twice: by feed, and day by day by Graph's files."""
    lines = [f"{tenant},Customer,example.com,SE\n" for tenant in (month.fed, month.imported)]
    feed = {
        "skus.csv": SKUS_CSV,
        "customers.csv": "customer_id,name,domain,country\n" + "".join(lines),
        **as_feed(month),
    }
    assert not imports.feeds.load(feed).refused
    for day, files in as_graph(month):
        report = imports.apply(files, customer=month.imported, day=day)
        assert (report.applied, report.faultless, report.first) == (True, True, [])


@pytest.mark.parametrize("number", NUMBERS)
def test_month_of_daily_files_gives_the_figures_of_the_same_facts_by_feed(imports: Imports, number: int) -> None:
    month = invented(number)
    bring_in(imports, month)
    for day in (0, 9, 20, 29):
        expected, found = figures_of(month.fed, day), figures_of(month.imported, day)
        assert found.tolist() == expected.tolist()
        assert len(found) > 0
