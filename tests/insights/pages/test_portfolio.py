"""The portfolio's page and file: the figures of the command and the API, filtered, sorted, by page."""

from __future__ import annotations

import pytest
from django.test import Client

from customers.models import Account, CustomerProfile
from insights.selectors.insight_rows import INSIGHT_COLUMNS, By, Question, Seller, insight_rows, portfolio_rows
from insights.selectors.portfolio import Filters
from insights.services.rollup import rollup
from insights.views import portfolio
from partners.permissions import Role
from tests.insights.pages.conftest import Portfolio, staff_of
from tests.insights.pages.reading import lines, tables, text
from tests.insights.world import DAY, ago
from tests.people import make_staff, signed_in
from tests.statements import statements

DATE = f"date={DAY.isoformat()}"


def names(client: Client, query: str = "") -> list[str]:
    """The customers in the page's table, in order."""
    found = tables(client.get(f"/?{DATE}&{query}"))
    return [row[0] for row in found[0][1:]] if found else []


@pytest.fixture
def three(world: Portfolio) -> Portfolio:
    """Alfa has 2 idle and 1 unassigned licences, Beta 1 and 5, Gamma none; Gamma's are lapsed and trial, too."""
    world.licences(world.serve("Alfa", country="SE", segment="Retail"), sold=5, assigned=4, used=2)
    world.licences(world.serve("Beta", country="IT", segment="Public"), sold=8, assigned=3, used=2)
    gamma = world.serve("Gamma", country="SE")
    world.licences(gamma, sold=2, assigned=2, used=2)
    world.licences(gamma, sold=9, assigned=3, used=3, status="grace")
    return world


def test_worst_customer_stands_first(three: Portfolio, browser: Client) -> None:
    (table,) = tables(browser.get(f"/?{DATE}"))
    assert [row[:4] for row in table[1:]] == [
        ["Beta", "6", "8", "3"],
        ["Alfa", "3", "5", "4"],
        ["Gamma", "0", "2", "2"],
    ]
    assert table[3] == [
        *("Gamma", "0", "2", "2", "100.0%", "≥ at least 250.0%", "≥ at least 100.0%"),
        *("Second subscription 3", "0", "0", "1"),
    ]


def test_headline_is_the_ratio_of_the_sums(three: Portfolio, browser: Client) -> None:
    page = text(browser.get(f"/?{DATE}").content.decode())
    (row,) = portfolio_rows(Question(three.us, DAY, By.ALL, filters=Filters(workload=0)))
    assert [row[name] for name in ("sold", "assigned", "active", "idle", "unassigned", "customers")] == [
        15,
        9,
        9,
        3,
        6,
        3,
    ]
    assert [row["deployment_pct"], row["usage_pct"]] == [60.0, 60.0]
    assert "Deployment 60.0%" in page
    assert "Usage ≥ at least 60.0%" in page
    assert "Assigned 9 Sold 15" in page


@pytest.mark.parametrize("seller", ["all", "us"])
@pytest.mark.parametrize(
    ("query", "by", "filters"),
    [
        ("", By.ALL, {}),
        ("by=family", By.FAMILY, {}),
        ("by=sku", By.SKU, {}),
        ("family=o365", By.FAMILY, {"family": "o365"}),
        ("by=sku&family=O365&workload=exo", By.SKU, {"family": "o365", "workload": "EXO"}),
        ("country=se", By.ALL, {"country": "SE"}),
        ("segment=retail", By.ALL, {"segment": "Retail"}),
    ],
)
def test_file_says_what_the_selectors_say(
    three: Portfolio, browser: Client, query: str, by: By, filters: dict, seller: str
) -> None:
    keys = {"workload": 0} | filters
    if "family" in keys:
        keys["family"] = three.family(keys["family"]).pk
    if keys["workload"]:
        keys["workload"] = three.workload(keys["workload"]).pk
    question = Question(three.us, DAY, by, Seller(seller), Filters(**keys))
    expected = insight_rows(question)
    assert expected
    found = lines(browser.get(f"/portfolio.csv?{DATE}&seller={seller}&sort=customer&{query}"))
    assert [[row[name] for name in INSIGHT_COLUMNS] for row in found] == [
        ["" if row[name] is None else str(row[name]) for name in INSIGHT_COLUMNS] for row in expected
    ]
    assert [int(row["at_stake"]) for row in found] == [row["idle"] + row["unassigned"] for row in expected]


def test_each_filter_leaves_what_it_means(three: Portfolio, browser: Client) -> None:
    colleague = staff_of(three, Role.SALES_AGENT)
    alfa, beta = (CustomerProfile.objects.get(name=name).customer for name in ("Alfa", "Beta"))
    Account.objects.create(partner=three.us, customer=alfa, owner=colleague, tags=["Renewal"], segment="Key")
    Account.objects.create(partner=three.them, customer=beta, tags=["Renewal"], segment="Key")
    assert names(browser, "country=IT") == ["Beta"]
    assert names(browser, "segment=key") == ["Alfa"]
    assert names(browser, "segment=Public") == ["Beta"]
    assert names(browser, "tag=renewal") == ["Alfa"]
    assert names(browser, f"owner={colleague.pk}") == ["Alfa"]
    assert names(browser, "owner=none") == ["Beta", "Gamma"]
    assert names(browser, f"sku={three.e3.sku_id}") == ["Beta", "Alfa", "Gamma"]
    assert names(browser, "workload=TEAMS") == ["Beta", "Alfa", "Gamma"]
    assert names(browser, "country=NL") == []


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("", ["Beta", "Alfa", "Gamma"]),
        ("customer", ["Alfa", "Beta", "Gamma"]),
        ("-customer", ["Gamma", "Beta", "Alfa"]),
        ("-usage_pct", ["Gamma", "Alfa", "Beta"]),
        ("deployment_pct", ["Beta", "Alfa", "Gamma"]),
        ("idle", ["Gamma", "Beta", "Alfa"]),
    ],
)
def test_table_is_sorted_by_the_column_asked_for(
    three: Portfolio, browser: Client, order: str, expected: list[str]
) -> None:
    assert names(browser, f"sort={order}") == expected


@pytest.mark.parametrize("order", ["usage_pct", "-usage_pct"])
def test_row_without_a_figure_comes_last(three: Portfolio, browser: Client, order: str) -> None:
    three.licences(three.serve("Delta"), sold=3, assigned=1, used=0)
    assert names(browser, f"sort={order}")[-1] == "Delta"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("by=licence", "by: “licence” isn't known; expected one of sku, family, all."),
        ("seller=them", "seller: “them” isn't known; expected one of all, us."),
        ("workload=nope", "workload: “nope” is no workload; known are any, "),
        ("family=nope", "family: “nope” is no family; known are "),
        ("sku=nope", "sku: “nope” is no SKU id; expected a GUID."),
        ("sku=00000000-0000-4000-8000-000000000000", "sku: no SKU has the id "),
        ("country=Sweden", "country: “Sweden” is no country; expected a two-letter code of ISO 3166-1, such as SE."),
        ("owner=me", "owner: “me” is nobody of your staff; expected the number of a member of staff, or none."),
        ("sort=name", "sort: “name” is no column; expected one of customer, sold, "),
        ("date=2026-02-30", "date: “2026-02-30” is no day; expected YYYY-MM-DD."),
        ("page=2", "page: “2” is no page of this table; expected a number from 1 to 1."),
        ("page=x", "page: “x” is no page of this table; expected a number from 1 to 1."),
    ],
)
def test_wrong_parameter_is_named(three: Portfolio, browser: Client, query: str, message: str) -> None:
    response = browser.get(f"/?{query}" if "date" in query else f"/?{DATE}&{query}")
    assert response.status_code == 400
    assert message in text(response.content.decode())


def test_colleague_of_another_partner_is_no_owner(three: Portfolio, browser: Client) -> None:
    stranger = staff_of(three, partner=three.them)
    response = browser.get(f"/?{DATE}&owner={stranger.pk}")
    assert response.status_code == 400


def test_pages_of_fifty(world: Portfolio, browser: Client) -> None:
    for number in range(51):
        world.subscription(customer=world.serve(f"Customer {number:02}"), quantity=number + 1)
    first, second = (browser.get(f"/?{DATE}&sort=customer&page={page}") for page in (1, 2))
    assert [len(tables(page)[0]) - 1 for page in (first, second)] == [50, 1]
    assert tables(second)[0][1][0] == "Customer 50"
    assert len(lines(browser.get(f"/portfolio.csv?{DATE}"))) == 51


def test_nothing_of_others_is_shown(three: Portfolio, browser: Client, sign_in) -> None:
    theirs = three.a_customer("Stranger")
    three.relationship(three.them, theirs)
    three.subscription(customer=theirs)
    waiting = three.a_customer("Waiting")
    three.relationship(three.us, waiting, status="claimed")
    three.subscription(customer=waiting)
    assert names(browser) == ["Beta", "Alfa", "Gamma"]
    assert names(sign_in(partner=three.them)) == ["Stranger"]


def test_filter_offers_what_is_held_on_the_day_only(world: Portfolio, browser: Client) -> None:
    customer = world.serve("Alfa")
    before, held, later = (world.sku("EXO", part_number=name) for name in ("before", "held", "later"))
    subscription = world.subscription(before, customer=customer)
    world.version(subscription, held, effective_on=ago(3))
    world.version(subscription, later, effective_on=ago(-1))
    (choice,) = (choice for choice in browser.get(f"/?{DATE}").context["choices"] if choice.name == "sku")
    assert choice.options == [(str(held.sku_id), "The held")]


@pytest.mark.parametrize("path", ["/", "/portfolio.csv"])
def test_doors_are_for_staff(world: Portfolio, path: str) -> None:
    assert Client().get(path).status_code == 302
    assert signed_in(make_staff(None)).get(path).status_code == 403
    assert signed_in(make_staff(world.us)).get(path).status_code == 403
    for role in Role:
        assert signed_in(make_staff(world.us, role)).get(path).status_code == 200


def test_empty_portfolio_says_what_to_do(world: Portfolio, browser: Client) -> None:
    assert "Welcome to Seatwise" in browser.get("/").content.decode()


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 10),
        ("by=family&workload=EXO&country=SE&seller=us", 11),
        ("by=sku&owner=none", 11),
        ("sku={sku}&owner={owner}&tag=x", 12),
    ],
)
def test_queries_do_not_grow_with_rows(world: Portfolio, browser: Client, query: str, number: int) -> None:
    colleague = staff_of(world, Role.SALES_AGENT)
    address = f"/?{DATE}&" + query.format(sku=world.e3.sku_id, owner=colleague.pk)

    def sent() -> int:
        rollup(first=DAY, last=DAY)
        with statements() as found:
            browser.get(address)
        return len(found)

    world.licences(world.serve("Alfa"), sold=5, assigned=4, used=2)
    assert sent() == number
    for name in ("Beta", "Gamma"):
        world.licences(world.serve(name), sold=5, assigned=4, used=2)
    assert sent() == number


def test_latest_complete_day_costs_one_query_once_it_is_known(world: Portfolio, browser: Client) -> None:
    world.licences(world.serve("Alfa"), sold=5, assigned=4, used=2)
    rollup(first=ago(1), last=ago(1))
    browser.get("/")
    with statements() as sent:
        assert "As of 30 Mar 2026" in text(browser.get("/").content.decode())
    assert len(sent) == 11


def test_lapsed_use_costs_two_more_queries_however_many(world: Portfolio, browser: Client) -> None:
    counts = []
    for name in ("Alfa", "Beta", "Gamma"):
        customer = world.serve(name)
        world.licences(customer, sold=5, assigned=4, used=2)
        world.licences(customer, sold=5, assigned=4, used=2, status="grace")
        rollup(first=DAY, last=DAY)
        with statements() as found:
            browser.get(f"/?{DATE}")
        counts.append(len(found))
    assert counts == [12, 12, 12]


def test_lapsed_use_is_named_for_what_stands_beside_it(world: Portfolio, browser: Client) -> None:
    alone, beside = world.serve("Alone"), world.serve("Beside")
    other = world.sku("EXO", part_number="P1")
    for customer, sku in ((alone, other), (beside, world.e3)):
        world.licences(customer, sold=3, assigned=1, used=0)
        lapsed = world.subscription(sku, customer=customer, status="grace")
        world.period(lapsed, "eve")
        world.period(lapsed, f"eve{customer.pk}")
        world.activity(f"eve{customer.pk}", "EXO", ago(2), customer=customer)
    found = {row[0]: row[7] for row in tables(browser.get(f"/?{DATE}"))[0][1:]}
    assert found == {"Alone": "Lapsed subscription in use 1", "Beside": "Second subscription 1"}


def test_families_go_by_their_names(three: Portfolio, browser: Client) -> None:
    html = text(browser.get(f"/?{DATE}&by=family").content.decode())
    assert ("Office 365" in html, " o365 " in html) == (True, False)


def test_customers_without_licences_are_told_apart_from_those_without_measure(
    three: Portfolio, browser: Client
) -> None:
    three.serve("Without licences")
    html = text(browser.get(f"/?{DATE}").content.decode())
    shown = browser.get(f"/?{DATE}").context["headline"]
    number, measured = shown["customers"], shown["customers_measured"]
    assert f"{measured} of {number} customers with licences measured" in html
    assert f"with licences, of {number + 1} in all; {measured} measured" in html


def test_figures_worked_out_on_the_spot_are_said_to_be_so(
    three: Portfolio, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portfolio, "MANY", 1)
    rollup(first=ago(9), last=ago(8))
    html = browser.get(f"/?{DATE}&by=family").content.decode()
    assert "have been worked out just now" in html
    assert f'href="?date={ago(8).isoformat()}&amp;by=family"' in html
    stored = browser.get(f"/?date={ago(8).isoformat()}").content.decode()
    assert "worked out just now" not in stored


def test_no_day_is_offered_where_none_is_stored(
    three: Portfolio, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portfolio, "MANY", 1)
    html = browser.get(f"/?{DATE}").content.decode()
    assert ("worked out just now" in html, "the latest stored day" in html) == (True, False)
