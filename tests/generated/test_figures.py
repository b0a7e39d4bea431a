"""Generated histories: every figure of the product equals the naive reading's, however the facts arrive."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from customers.models import Customer
from insights.engine import compute
from insights.selectors.figures import figures
from insights.services.rollup import rollup
from tests.generated.product import check_constraints, load, rolled_back, rows, set_switches, totals
from tests.generated.profile import PARTS, check_generated
from tests.naive import metrics as naive
from tests.naive.feed import Facts
from tests.naive.strategies import Feed, History, histories

TODAY = date(2026, 6, 30)
BY = ("sku", "family", "all")
SELLERS = ("all", "us")

pytestmark = pytest.mark.django_db


def naive_facts(history: History) -> Facts:
    facts = Facts()
    for feed in history.feeds:
        facts.load(feed, TODAY)
    history.switches.apply(facts)
    return facts


def load_all(history: History, feeds: list[Feed]) -> None:
    """Load the feeds; figures are stored in between, so that later facts must make them stale."""
    for feed in feeds:
        report = load(feed, today=TODAY)
        assert not report.refused, str(report)
        rollup(first=history.days[0], last=history.days[0])
    check_constraints()
    set_switches(history.switches)


def assert_equal_on_the_spot(history: History, facts: Facts, day: date, turn: int) -> None:
    """One question per partner; which one takes turns."""
    for place, partner in enumerate(history.partners):
        by, seller = BY[(turn + place) % len(BY)], SELLERS[turn % len(SELLERS)]
        assert rows(partner, day, by, seller) == naive.insights(facts, partner, day, by, seller)


def assert_stored_equals_computed(day: date) -> None:
    """Every row of every customer, seen by anybody or not."""
    customers = list(Customer.objects.values_list("id", flat=True))
    computed = compute.figures(customers=customers, day=day)
    for seller in np.unique(computed["seller"]):
        stored = np.sort(figures(customers=customers, day=day, seller=int(seller)))
        assert stored.tolist() == np.sort(computed[computed["seller"] == seller]).tolist()


def assert_equal_figures(history: History, facts: Facts, day: date) -> None:
    """Every question, of figures that are stored."""
    for partner in history.partners:
        for by in BY:
            for seller in SELLERS:
                assert rows(partner, day, by, seller) == naive.insights(facts, partner, day, by, seller)
        assert totals(partner, day, "all", "all") == naive.portfolio(facts, partner, day, "all", "all")


@pytest.mark.parametrize("part", PARTS)
def test_figures_however_told(part: int) -> None:
    check_generated(part, histories(TODAY, variants=1, asked=3), assert_figures_however_told)


def assert_figures_however_told(history: History) -> None:
    """Facts that come late, repeated, split, reordered, or wrong first and corrected give the figures of the plain ones."""
    facts = naive_facts(history)
    with rolled_back():
        load_all(history, history.variants[0])
        for turn, day in enumerate(history.days):
            assert_equal_on_the_spot(history, facts, day, turn)
            rollup(first=day, last=day)
            assert_stored_equals_computed(day)
            assert_equal_figures(history, facts, day)
