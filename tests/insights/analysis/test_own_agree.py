"""Pages of own subscriptions and their files say the same, whatever is filtered and sorted."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.insights.exports.reading import csv_rows, fetched, json_rows, xlsx_rows
from tests.insights.pages.conftest import Portfolio
from tests.insights.pages.reading import tables
from tests.insights.world import DAY, ago

COMMON = {
    "date": st.sampled_from([DAY.isoformat(), ago(20).isoformat(), (DAY + timedelta(days=40)).isoformat()]),
    "country": st.sampled_from(["SE", "IT", "se"]),
    "segment": st.sampled_from(["Retail", "Public"]),
    "owner": st.just("none"),
    "family": st.sampled_from(["o365", "crm"]),
}
OWN = {
    "lifecycle": {
        "state": st.sampled_from(["ending", "decide", "grace", "disabled", "deprovisioned"]),
        "within": st.sampled_from(["30", "60"]),
        "sort": st.sampled_from(["customer", "-sku", "-licences", "in_use", "-days_left", "status_name", "next_day"]),
    },
    "trials": {
        "state": st.sampled_from(["running", "ending", "used", "lapsed"]),
        "within": st.sampled_from(["60", "90"]),
        "sort": st.sampled_from(["customer", "-sku", "-licences", "in_use_pct", "-days_left", "started", "-ends"]),
    },
    "movements": {
        "days": st.sampled_from(["1", "30", "90"]),
        "list": st.sampled_from(["customers_new", "subscriptions_new", "subscriptions_gone", "licences_new"]),
    },
}
LISTS = {"lifecycle": "subscriptions", "trials": "subscriptions", "movements": "list"}
ASKED = st.sampled_from(sorted(OWN)).flatmap(
    lambda page: st.tuples(st.just(page), st.fixed_dictionaries({}, optional=COMMON | OWN[page]))
)


@pytest.fixture
def moving(world: Portfolio) -> Portfolio:
    """Three customers with own subscriptions that run out, are tried, bought and given up."""
    places = (("Alfa", "SE", "Retail"), ("Beta", "IT", "Public"), ("=Gamma", "SE", "Public"))
    for number, (name, country, segment) in enumerate(places, start=1):
        customer = world.serve(name, country=country, segment=segment)
        for shift in (-200, -40, -10, 12, 50):
            ends = {"term_end": DAY + timedelta(days=shift + number), "auto_renew": False}
            world.licences(customer, sold=number, assigned=1, used=1, effective_on=ago(20 * number), **ends)
            world.licences(customer, sold=5, assigned=2, used=1, is_trial=shift > -40, **ends)
        world.subscription(seller=world.us, customer=customer, cancel_until=DAY + timedelta(days=9), auto_renew=True)
    return world


@settings(max_examples=20, suppress_health_check=[*HealthCheck])
@given(asked=ASKED)
def test_every_form_of_a_list_says_the_same(
    moving: Portfolio, browser: Client, asked: tuple[str, dict[str, str]]
) -> None:
    page, filters = asked
    query = urlencode({"date": DAY.isoformat(), **filters})
    address = f"/analysis/{page}/{LISTS[page]}"
    as_csv, as_json, as_xlsx = (fetched(browser, f"{address}.{form}?{query}") for form in ("csv", "json", "xlsx"))
    rows = json_rows(as_json)
    assert xlsx_rows(as_xlsx) == rows
    assert [unquoted(row) for row in csv_rows(as_csv)] == rows
    assert shown(browser, page, query) == [row["customer"] for row in rows]


def unquoted(row: dict[str, str]) -> dict[str, str]:
    return {name: text.removeprefix("'") for name, text in row.items()}


def shown(browser: Client, page: str, query: str) -> list[str]:
    """The customers of the page's list."""
    found = [table for table in tables(browser.get(f"/analysis/{page}/?{query}")) if table[0][0].startswith("Customer")]
    return [row[0] for row in found[0][1:]] if found else []
