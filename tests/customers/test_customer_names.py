"""What a partner calls a customer: its own name, else the operator's, else that of a confirmed partner (decision 0003)."""

from __future__ import annotations

from pathlib import Path

import pytest

from customers.clock import today
from customers.selectors.customers import customers_of
from partners.models import Partner
from partners.tenancy import acting_for, operating
from tests.customers.feed.conftest import ALPHA, BETA, WORLD, Feeds

NEWCOMER = "cccccccc-0000-0000-0000-000000000009"
PROFILE = "customer_id,name,domain,country,segment\n"
RELATIONSHIP = "partner_id,customer_id,from,to\n"


@pytest.fixture
def feeds(db: None, tmp_path: Path) -> Feeds:
    """Beta has claimed a customer that nobody knew."""
    feeds = Feeds(tmp_path)
    feeds.load(WORLD)
    feeds.load({"customers.csv": PROFILE + f"{NEWCOMER},Named by Beta,beta.example,SE,mid\n"}, partner="beta")
    return feeds


def confirm(feeds: Feeds, partner: str) -> None:
    feeds.load({"relationships.csv": RELATIONSHIP + f"{partner},{NEWCOMER},2026-01-01,\n"})


def as_alpha_sees_it() -> tuple[str, ...]:
    alpha = Partner.objects.get(slug="alpha")
    with acting_for(alpha.pk):
        shown = {str(one.customer_id): one for one in customers_of(partner=alpha, day=today())}[NEWCOMER]
    with operating():
        for_operator = {str(one.customer_id): one for one in customers_of(partner=alpha, day=today())}[NEWCOMER]
    assert shown == for_operator
    return shown.name, shown.domain, shown.country, shown.segment


def test_a_claim_that_waits_names_a_customer_for_nobody_else(feeds: Feeds) -> None:
    confirm(feeds, ALPHA)
    assert as_alpha_sees_it() == (NEWCOMER, "", "", "")


def test_a_confirmed_partner_names_it_for_others(feeds: Feeds) -> None:
    confirm(feeds, ALPHA)
    confirm(feeds, BETA)
    assert as_alpha_sees_it() == ("Named by Beta", "beta.example", "SE", "mid")


def test_the_operators_name_goes_before_and_the_own_before_all(feeds: Feeds) -> None:
    confirm(feeds, ALPHA)
    confirm(feeds, BETA)
    feeds.load({"customers.csv": PROFILE + f"{NEWCOMER},Official,official.example,NO,\n"})
    assert as_alpha_sees_it() == ("Official", "official.example", "NO", "")
    feeds.load({"customers.csv": PROFILE + f"{NEWCOMER},Ours,ours.example,DK,\n"}, partner="alpha")
    assert as_alpha_sees_it() == ("Ours", "ours.example", "DK", "")
