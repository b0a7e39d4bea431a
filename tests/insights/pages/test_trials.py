"""The analysis "Trials": own trials, since when and until when, who holds and who uses them, which to convert."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from customers.models import Customer
from insights.services.rollup import rollup
from tests.insights.exports.reading import fetched, json_rows
from tests.insights.pages.conftest import Portfolio
from tests.insights.pages.reading import text
from tests.insights.steps.suggesting import suggest
from tests.insights.world import DAY, LONG_AGO, ago
from tests.statements import statements

PAGE = "/analysis/trials/"


def ahead(days: int) -> date:
    return DAY + timedelta(days=days)


@pytest.fixture
def trying(world: Portfolio) -> Portfolio:
    """Alfa tries and uses, Beta tries and doesn't, Gamma's trial has lapsed and Delta's was converted."""
    alfa, beta, gamma, delta = (world.serve(name, country=code) for name, code in zip(NAMES, COUNTRIES, strict=True))
    world.licences(alfa, sold=25, assigned=4, used=3, is_trial=True, term_end=ahead(10), auto_renew=False)
    world.licences(beta, sold=5, assigned=2, used=0, is_trial=True, term_end=ahead(45), auto_renew=True)
    lapsed = world.subscription(seller=world.us, customer=gamma, quantity=8)
    world.version(lapsed, effective_on=ago(40), quantity=8, is_trial=True)
    world.version(lapsed, effective_on=ago(30), quantity=9, is_trial=True, term_end=ago(4), auto_renew=False)
    converted = world.subscription(seller=world.us, customer=delta, quantity=7, is_trial=True)
    world.version(converted, effective_on=ago(20), quantity=7)
    world.subscription(seller=world.us, customer=delta, quantity=99, is_trial=True, term_end=ago(150), auto_renew=False)
    for other in (world.them, None):
        world.subscription(seller=other, customer=alfa, quantity=1000, is_trial=True)
    return world


NAMES = ("Alfa", "Beta", "Gamma", "Delta")
COUNTRIES = ("SE", "IT", "SE", "SE")


def rows(client: Client, **query: Any) -> list[dict[str, str]]:
    asked = "&".join(f"{name}={value}" for name, value in {"date": DAY, **query}.items())
    return json_rows(fetched(client, f"{PAGE}subscriptions.json?{asked}"))


def test_trials_stand_with_their_days_and_their_use_the_next_to_end_first(trying: Portfolio, browser: Client) -> None:
    names = (
        "customer",
        "status",
        "started",
        "ends",
        "days_left",
        "licences",
        "people_with_a_licence",
        "in_use",
        "in_use_pct",
    )
    assert [tuple(row[name] for name in names) for row in rows(browser)] == [
        ("Gamma", "grace", ago(40).isoformat(), ago(4).isoformat(), "-4", "9", "0", "", ""),
        ("Alfa", "active", LONG_AGO.isoformat(), ahead(10).isoformat(), "10", "25", "4", "3", "75.0"),
        ("Beta", "active", LONG_AGO.isoformat(), ahead(45).isoformat(), "45", "5", "2", "", ""),
    ]


@pytest.mark.parametrize(
    ("query", "customers"),
    [
        ({"state": "running"}, ["Alfa", "Beta"]),
        ({"state": "ending"}, ["Alfa"]),
        ({"state": "ending", "within": "60"}, ["Alfa", "Beta"]),
        ({"state": "used"}, ["Alfa"]),
        ({"state": "lapsed"}, ["Gamma"]),
        ({"country": "IT"}, ["Beta"]),
        ({"sort": "-licences"}, ["Alfa", "Gamma", "Beta"]),
        ({"sort": "started"}, ["Alfa", "Beta", "Gamma"]),
        ({"sort": "-people_with_a_licence"}, ["Alfa", "Beta", "Gamma"]),
        ({"sort": "-in_use_pct"}, ["Alfa", "Gamma", "Beta"]),
        ({"sort": "-customer"}, ["Gamma", "Beta", "Alfa"]),
        ({"date": ago(30).isoformat(), "sort": "customer"}, ["Alfa", "Beta", "Delta", "Delta", "Gamma"]),
    ],
)
def test_each_list_holds_what_it_says(
    trying: Portfolio, browser: Client, query: dict[str, str], customers: list[str]
) -> None:
    assert [row["customer"] for row in rows(browser, **query)] == customers


def test_numbers_of_the_page_add_up_what_the_lists_hold(trying: Portfolio, browser: Client) -> None:
    page = text(browser.get(PAGE, {"date": DAY}).content.decode().partition("<main")[2])
    for said in (
        "Running 2 30 licences, 3 in use",
        "Ending soon 1 25 licences, 3 in use",
        "In use 1 25 licences, 3 in use",
        "In grace or disabled 1 9 licences",
        "People with a licence 6",
    ):
        assert said in page


def test_trial_to_convert_leads_to_its_next_step(trying: Portfolio, browser: Client) -> None:
    alfa = Customer.objects.get(profiles__name="Alfa")
    subject = rows(browser, state="used")[0]["subscription_id"]
    step = suggest(trying.us, alfa, rule="convert_trial", subject=subject)
    assert f'href="/next-steps/{step.pk}/"' in browser.get(PAGE, {"date": DAY}).content.decode()
    assert [bool(row["next_step"]) for row in rows(browser)] == [False, True, False]


def test_trend_says_the_licences_of_trials(trying: Portfolio, browser: Client) -> None:
    query = f"date={DAY}&from={ago(40)}&to={DAY}"
    found = {row["day"]: row for row in json_rows(fetched(browser, f"{PAGE}trend.json?{query}"))}
    now = found[DAY.isoformat()]
    assert (now["trial"], now["trial_lapsed"]) == ("30", "9")
    for day, row in found.items():
        for state, name in (("running", "trial"), ("lapsed", "trial_lapsed")):
            assert int(row[name]) == sum(int(one["licences"]) for one in rows(browser, date=day, state=state))


def test_empty_list_says_what_to_do(world: Portfolio, browser: Client) -> None:
    page = text(browser.get(PAGE).content.decode().partition("<main")[2])
    assert "No trials" in page
    assert "Show what ends soon" in page


def test_queries_do_not_grow_with_rows(world: Portfolio, browser: Client) -> None:
    def sent() -> int:
        rollup(first=DAY, last=DAY)
        with statements() as found:
            browser.get(PAGE, {"date": DAY})
        return len(found)

    world.licences(world.serve("Alfa"), sold=5, assigned=4, used=2, is_trial=True)
    assert sent() == 12
    for name in ("Beta", "Gamma"):
        world.licences(world.serve(name), sold=5, assigned=4, used=2, is_trial=True)
    assert sent() == 12
