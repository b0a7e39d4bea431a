"""The analyses of stored figures: headline, bands, trend, sums and customers agree with each other and with the portfolio."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import Account, CustomerProfile, LeftOutSku
from insights.metrics import PERCENTAGES, percentage
from insights.models import FigureDays, WantedDays
from insights.selectors.insight_rows import By, Question, insight_rows, portfolio_rows
from insights.selectors.portfolio import Filters
from insights.services.rollup import rollup
from insights.services.work import work_off
from partners.models import Staff
from partners.permissions import Role
from tests.insights.exports.reading import csv_rows, fetched, json_rows, seals, xlsx_rows
from tests.insights.pages.conftest import Portfolio, staff_of
from tests.insights.pages.reading import tables, text
from tests.insights.world import DAY, ago
from tests.people import signed_in
from tests.statements import statements

DATE = f"date={DAY.isoformat()}"
OPTIONS = ("deployment", "usage", "idle", "above-100")
PARTS = ("customers", "bands", "trend", "skus", "workloads", "countries", "segments")
WHOLE = Filters(workload=0)


def page(browser: Client, option: str, query: str = "") -> Any:
    response = browser.get(f"/analysis/{option}/?{DATE}&{query}")
    assert response.status_code == 200, response.content
    return response


def rows(browser: Client, option: str, part: str, query: str = "") -> list[dict[str, str]]:
    return json_rows(fetched(browser, f"/analysis/{option}/{part}.json?{DATE}&{query}"))


def values(found: list[dict[str, str]], *names: str) -> list[list[str]]:
    return [[row[name] for name in names] for row in found]


def headline(response: Any) -> dict[str, Any]:
    return {figure.name: figure for figure in response.context["headlines"]}


def test_headline_is_that_of_the_portfolio(three: Portfolio, browser: Client) -> None:
    (whole,) = portfolio_rows(Question(three.us, DAY, By.ALL, filters=WHOLE))
    for option in ("deployment", "usage", "idle"):
        for name, figure in headline(page(browser, option)).items():
            expected = whole["idle"] + whole["unassigned"] if name == "at_stake" else whole[name]
            assert figure.value == expected
            if name in PERCENTAGES:
                assert percentage(*figure.parts) == expected


def test_headline_says_by_how_much_it_changed(three: Portfolio, browser: Client) -> None:
    epsilon = three.serve("Epsilon")
    three.licences(epsilon, sold=10, assigned=1, used=0, effective_on=ago(10))
    three.period(three.subscription(seller=three.us, customer=epsilon, quantity=2), "late", ago(5), stated_by=three.us)
    figure = headline(page(browser, "deployment"))["deployment_pct"]
    before = portfolio_rows(Question(three.us, ago(28), By.ALL, filters=WHOLE))[0]
    now = portfolio_rows(Question(three.us, DAY, By.ALL, filters=WHOLE))[0]
    assert (figure.parts, figure.parts_before) == ((11, 27), (9, 17))
    assert [(row["assigned"], row["sold"]) for row in (now, before)] == [(11, 27), (9, 17)]
    assert figure.change == -12.2
    assert "−12.2 points since 3 Mar 2026 (9 of 17)" in text(page(browser, "deployment").content.decode())


def test_two_dates_are_compared(three: Portfolio, browser: Client) -> None:
    three.version(three.licences(three.serve("Zeta"), sold=4, assigned=0, used=0), quantity=6, effective_on=ago(3))
    figure = headline(page(browser, "deployment", f"with={ago(4).isoformat()}"))["sold"]
    assert (figure.value, figure.before, figure.change) == (21, 19, 2)
    assert "+2 since 27 Mar 2026" in text(page(browser, "deployment", f"with={ago(4).isoformat()}").content.decode())


def test_worst_customer_stands_first(three: Portfolio, browser: Client) -> None:
    assert values(rows(browser, "idle", "customers"), "customer", "at_stake", "idle", "unassigned") == [
        ["Beta", "6", "1", "5"],
        ["Alfa", "3", "2", "1"],
        ["Delta", "0", "0", "0"],
        ["Gamma", "0", "0", "0"],
    ]
    shown = page(browser, "idle").context["main"]
    assert [row["customer"] for row in shown.visible] == ["Beta", "Alfa", "Delta", "Gamma"]


def test_customers_have_the_figures_of_the_portfolio(three: Portfolio, browser: Client) -> None:
    expected = {row["customer"]: row for row in insight_rows(Question(three.us, DAY, By.ALL, filters=WHOLE))}
    found = {row["customer"]: row for row in rows(browser, "usage", "customers")}
    for name, row in expected.items():
        for column in ("sold", "assigned", "active", "usage_pct", "adjusted_usage_pct", "idle", "covered_days"):
            assert found[name][column] == ("" if row[column] is None else str(row[column]))
    assert [found["Delta"][name] for name in ("sold", "usage_pct", "band")] == ["0", "", "none"]


def test_bands_add_up_to_all_customers(three: Portfolio, browser: Client) -> None:
    assert values(rows(browser, "usage", "bands"), "band", "label", "customers") == [
        ["0-20", "0–20 %", "0"],
        ["20-40", "20–40 %", "2"],
        ["40-60", "40–60 %", "0"],
        ["60-80", "60–80 %", "0"],
        ["80-100", "80–100 %", "0"],
        ["over-100", "Above 100 %", "1"],
        ["none", "No figure", "1"],
    ]


@pytest.mark.parametrize("option", OPTIONS)
def test_each_band_leads_to_as_many_customers(three: Portfolio, browser: Client, option: str) -> None:
    for band in rows(browser, option, "bands"):
        found = rows(browser, option, "customers", f"band={band['band']}")
        if option == "above-100" and band["band"] in ("0-100", "none"):
            assert found == []
            continue
        assert len(found) == int(band["customers"])
        assert {row["band"] for row in found} <= {band["band"]}


def test_above_100_is_about_customers_above_100(three: Portfolio, browser: Client) -> None:
    shown = headline(page(browser, "above-100"))
    assert {name: figure.value for name, figure in shown.items()} == {
        "customers": 1,
        "usage_pct": 250.0,
        "beyond": 3,
        "active_former": 0,
        "active_lapsed": 3,
        "active_trial": 0,
        "active_unlicensed": 0,
    }
    assert values(rows(browser, "above-100", "customers"), "customer", "beyond") == [["Gamma", "3"]]
    assert values(rows(browser, "above-100", "countries"), "country", "active") == [["SE", "5"]]


def test_sums_by_sku_workload_country_and_segment(three: Portfolio, browser: Client) -> None:
    figures = ("sold", "assigned", "deployment_pct")
    assert values(rows(browser, "deployment", "skus"), "sku", *figures) == [["The E3", "15", "9", "60.0"]]
    assert values(rows(browser, "deployment", "countries"), "country", *figures) == [
        ["IT", "8", "3", "37.5"],
        ["SE", "7", "6", "85.7"],
        ["NL", "0", "0", ""],
    ]
    assert values(rows(browser, "deployment", "segments"), "segment", *figures) == [
        ["Public", "8", "3", "37.5"],
        ["Retail", "5", "4", "80.0"],
        ["No segment", "2", "2", "100.0"],
    ]
    by_workload = {row["workload"]: row for row in rows(browser, "usage", "workloads")}
    for code in ("any", "EXO", "TEAMS"):
        filters = Filters(workload=0 if code == "any" else three.workload(code).pk)
        (whole,) = portfolio_rows(Question(three.us, DAY, By.ALL, filters=filters))
        for name in ("active", "measured_entitlements"):
            assert by_workload[code][name] == str(whole[name])


def test_each_filter_leaves_what_it_means(three: Portfolio, browser: Client) -> None:
    colleague = staff_of(three, Role.SALES_AGENT)
    alfa = CustomerProfile.objects.get(name="Alfa").customer
    Account.objects.create(partner=three.us, customer=alfa, owner=colleague, tags=["Renewal"])

    def names(query: str) -> list[str]:
        return [row["customer"] for row in rows(browser, "deployment", "customers", query)]

    assert names("country=IT") == ["Beta"]
    assert names("segment=public") == ["Beta"]
    assert names("tag=renewal") == ["Alfa"]
    assert names(f"owner={colleague.pk}") == ["Alfa"]
    assert names(f"sku={three.e3.sku_id}&sort=customer") == ["Alfa", "Beta", "Delta", "Gamma"]
    assert names("sort=-deployment_pct") == ["Gamma", "Alfa", "Beta", "Delta"]
    assert len(tables(page(browser, "deployment", "country=FR"))) == 0


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("band=1-2", "band: “1-2” is no band; expected one of 0-20, "),
        ("sort=name", "sort: “name” is no column; expected one of customer, at_stake, "),
        ("columns=nope", "columns: “nope” is no column; expected any of at_stake, "),
        ("with=x", "with: “x” is no day; expected YYYY-MM-DD."),
        ("from=2024-01-01", "from: a trend goes back 25 months at most; expected a day from 2024-02-29."),
        ("from=2026-03-31&to=2026-03-30", "from: expected a day up to 2026-03-30, the trend's last day."),
        ("page=9", "page: “9” is no page of this table; expected a number from 1 to 1."),
    ],
)
def test_wrong_parameter_is_named(three: Portfolio, browser: Client, query: str, message: str) -> None:
    response = browser.get(f"/analysis/usage/?{DATE}&{query}")
    assert response.status_code == 400
    assert message in text(response.content.decode())


def test_columns_are_chosen_by_the_address(three: Portfolio, browser: Client) -> None:
    main = page(browser, "usage", "columns=sold&columns=idle").context["main"]
    assert [column.name for column in main.shown] == ["customer", "sold", "idle", "usage_pct_change"]


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "country": st.sampled_from(["SE", "IT", "se"]),
        "segment": st.sampled_from(["Retail", "Public"]),
        "seller": st.sampled_from(["all", "us"]),
        "workload": st.sampled_from(["any", "EXO", "SPO"]),
        "sort": st.sampled_from(["customer", "-sold", "usage_pct", "-idle", "at_stake", "-deployment_pct"]),
        "family": st.sampled_from(["o365"]),
        "with": st.sampled_from([ago(1).isoformat(), ago(40).isoformat()]),
        "from": st.sampled_from([ago(20).isoformat(), ago(100).isoformat()]),
        "band": st.sampled_from(["20-40", "none"]),
    },
)


@settings(max_examples=15, suppress_health_check=[*HealthCheck])
@given(asked=FILTERS, option=st.sampled_from(["deployment", "usage", "idle"]), part=st.sampled_from(PARTS))
def test_every_form_of_every_table_says_the_same(
    three: Portfolio, browser: Client, asked: dict[str, str], option: str, part: str
) -> None:
    query = urlencode({"date": DAY.isoformat(), **asked})
    base = f"/analysis/{option}/{part}"
    as_csv, as_json, as_xlsx = (fetched(browser, f"{base}.{form}?{query}") for form in ("csv", "json", "xlsx"))
    found = json_rows(as_json)
    assert xlsx_rows(as_xlsx) == found
    assert csv_rows(as_csv) == found
    context = browser.get(f"/analysis/{option}/?{query}").context
    listings = {"customers": context["main"], **{each.part: each for each in context["groups"]}}
    if "bands" in context:
        listings |= {"bands": context["bands"].listing, "trend": context["chart"].listing}
    if part not in listings:  # nobody is as asked: the page says so instead
        assert len(context["main"].rows) == 0
        return
    listing = listings[part]
    shown = [[plain(row[column.name]) for column in listing.columns] for row in listing.rows]
    assert shown == [list(row.values()) for row in found]


def plain(value: Any) -> str:
    """As files write it."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


MONTHS = [date(2026, 1, 31), date(2026, 2, 28)]


def stored(*days: date) -> None:
    for day in days:
        rollup(first=day, last=day)


@pytest.mark.parametrize("query", ["", "seller=us", "workload=EXO", "family=o365", "country=SE"])
def test_trend_has_the_figures_of_each_day(three: Portfolio, browser: Client, query: str) -> None:
    stored(*MONTHS, DAY)
    found = rows(browser, "usage", "trend", f"from=2026-01-01&{query}&to=2026-03-31")
    weekly = [row["date"] for row in found]
    assert weekly[:2] == ["2026-03-31", "2026-03-24"]
    monthly = rows(browser, "usage", "trend", f"{query}")
    known = [row for row in monthly if row["customers_stored"] != "0" and row["customers_seen"] != "0"]
    assert [row["date"] for row in known] == ["2026-03-31", "2026-02-28", "2026-01-31"]
    for row in known:
        day = row["date"]
        expected = headline(browser.get(f"/analysis/usage/?date={day}&{query}"))
        for name in ("usage_pct", "adjusted_usage_pct", "user_usage_pct"):
            value = expected[name].value
            assert row[name] == ("" if value is None else str(value)), (day, name)


def test_trend_by_day_reads_versions(three: Portfolio, browser: Client) -> None:
    stored(*(ago(days) for days in range(6, -1, -1)))
    found = rows(browser, "deployment", "trend", f"from={ago(6).isoformat()}")
    assert values(found, "date", "deployment_pct", "customers_seen", "customers_stored") == [
        [ago(days).isoformat(), "60.0", "4", "4"] for days in range(7)
    ]


def test_missing_points_are_said_and_can_be_asked_for(three: Portfolio, browser: Client) -> None:
    stored(DAY)
    response = page(browser, "usage", "from=2026-01-01")
    said = text(response.content.decode())
    assert "12 of 13 points are missing: the figures of those days aren't stored yet." in said
    assert "Have them worked out" in said
    address = response.context["chart"].fill_url
    answer = browser.post(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/analysis/usage/?{DATE}&from=2026-01-01")
    assert WantedDays.objects.count() == 4
    assert "12 days are being worked out" in text(page(browser, "usage", "from=2026-01-01").content.decode())
    work_off(worker="A", last=DAY)
    done = page(browser, "usage", "from=2026-01-01")
    assert done.context["chart"].gaps == 0
    assert "points are missing" not in text(done.content.decode())
    customer = CustomerProfile.objects.get(name="Alfa").customer
    assert sum((one.upper - one.lower).days for one in FigureDays.objects.get(customer=customer).days) == 13


def test_only_whoever_brings_facts_in_asks_for_days(three: Portfolio, browser: Client) -> None:
    stored(DAY)
    agent = signed_in(staff_of(three, Role.SALES_AGENT))
    assert "Have them worked out" not in agent.get(f"/analysis/usage/?{DATE}").content.decode()
    assert agent.post(f"/analysis/usage/fill/?{DATE}").status_code == 403
    assert browser.post(f"/analysis/nothing/fill/?{DATE}").status_code == 404
    assert WantedDays.objects.count() == 0


def test_trend_shows_no_day_without_a_relationship(world: Portfolio, browser: Client) -> None:
    customer = world.a_customer("Late")
    world.relationship(world.us, customer, begin=date(2026, 2, 15))
    world.licences(customer, sold=5, assigned=4, used=2)
    stored(*MONTHS, DAY)
    found = rows(browser, "deployment", "trend")
    assert values(found[:4], "date", "sold", "customers_seen") == [
        ["2026-03-31", "5", "1"],
        ["2026-02-28", "5", "1"],
        ["2026-01-31", "", "0"],
        ["2025-12-31", "", "0"],
    ]


def test_left_out_skus_are_in_no_figure_of_the_trend(three: Portfolio, admin: Staff, browser: Client) -> None:
    free = three.sku("EXO", part_number="FREE")
    three.subscription(free, seller=three.us, customer=CustomerProfile.objects.get(name="Alfa").customer, quantity=9000)
    stored(*MONTHS, DAY)
    LeftOutSku.objects.create(
        partner=three.us, sku=free, reason="free", left_out_by=admin, left_out_at="2026-01-01T00:00Z"
    )
    found = rows(browser, "deployment", "trend")
    assert values(found[:3], "sold", "assigned") == [["15", "9"]] * 3
    assert rows(browser, "deployment", "trend", "left_out=counted")[0]["sold"] == "9015"


def test_figures_follow_facts_that_change(three: Portfolio, browser: Client) -> None:
    assert headline(page(browser, "deployment"))["sold"].value == 15
    alfa = CustomerProfile.objects.get(name="Alfa").customer
    three.subscription(seller=three.us, customer=alfa, quantity=100)
    three.changed(ago(90), customer=alfa)
    assert headline(page(browser, "deployment"))["sold"].value == 115


def test_nothing_of_others_is_shown(three: Portfolio, browser: Client) -> None:
    theirs = three.a_customer("Stranger")
    three.relationship(three.them, theirs)
    three.licences(theirs, sold=50, assigned=1, used=1)
    waiting = three.a_customer("Waiting")
    three.relationship(three.us, waiting, status="claimed")
    three.subscription(customer=waiting)
    stored(*MONTHS, DAY)
    for option in OPTIONS:
        said = page(browser, option).content.decode()
        assert "Stranger" not in said
        assert "Waiting" not in said
    assert rows(browser, "deployment", "trend")[0]["sold"] == "15"
    other = browser.get(f"/analysis/compare/?{DATE}&customers={theirs.tenant_id}")
    nobody = browser.get(f"/analysis/compare/?{DATE}&customers=00000000-0000-4000-8000-00000000dead")
    assert (other.status_code, nobody.status_code) == (404, 404)


@pytest.mark.parametrize("option", [*OPTIONS, "compare"])
def test_queries_do_not_grow_with_rows(world: Portfolio, browser: Client, option: str) -> None:
    def sent() -> int:
        stored(*MONTHS, ago(28), DAY)
        chosen = CustomerProfile.objects.order_by("name").filter(name="Alfa").first()
        query = f"&customers={chosen.customer.tenant_id}" if option == "compare" else ""
        browser.get(f"/analysis/{option}/?{DATE}&from=2026-01-05{query}")
        with statements() as found:
            browser.get(f"/analysis/{option}/?{DATE}&from=2026-01-05{query}")
        return len(found)

    world.licences(world.serve("Alfa"), sold=5, assigned=4, used=2)
    first = sent()
    for name in ("Beta", "Gamma"):
        world.licences(world.serve(name), sold=5, assigned=4, used=2)
    assert sent() == first
    assert first <= 15


def test_two_customers_side_by_side(three: Portfolio, browser: Client) -> None:
    stored(*MONTHS, DAY)
    ids = [CustomerProfile.objects.get(name=name).customer.tenant_id for name in ("Alfa", "Beta")]
    query = f"{DATE}&customers={ids[0]}&customers={ids[1]}"
    response = browser.get(f"/analysis/compare/?{query}")
    found = {row.column.name: (row.values, row.difference) for row in response.context["figure_rows"]}
    assert found["deployment_pct"] == ([(80.0, False), (37.5, False)], 42.5)
    assert found["usage_pct"] == ([(40.0, True), (25.0, True)], 15.0)
    assert found["at_stake"] == ([(3, False), (6, False)], -3)
    exported = json_rows(fetched(browser, f"/analysis/compare.json?{query}"))
    assert values(exported, "name", "sold", "usage_pct") == [["Alfa", "5", "40.0"], ["Beta", "8", "25.0"]]
    assert [one.label for one in response.context["chart"].drawn.lines] == ["Alfa", "Beta"]
    assert [one.last for one in response.context["chart"].drawn.lines] == [40.0, 25.0]


def test_two_skus_side_by_side(three: Portfolio, browser: Client) -> None:
    other = three.sku("EXO", part_number="F3")
    three.subscription(other, seller=three.us, customer=CustomerProfile.objects.get(name="Alfa").customer, quantity=7)
    stored(*MONTHS, DAY)
    query = f"{DATE}&skus={three.e3.sku_id}&skus={other.sku_id}"
    exported = json_rows(fetched(browser, f"/analysis/compare.json?{query}"))
    assert values(exported, "name", "sold", "assigned") == [["The E3", "15", "9"], ["The F3", "7", "0"]]
    assert browser.get(f"/analysis/compare/?{query}").status_code == 200


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("customers=x", "customer: “x” is no customer id; expected a GUID."),
        ("skus=x", "sku: “x” is no SKU that your customers hold."),
        ("customers=x&skus=y", "customers, skus: compare customers with each other, or SKUs, not both at once."),
        ("&".join(f"customers={n}" for n in range(5)), "customers: at most 4 can stand side by side."),
    ],
)
def test_wrong_comparison_is_explained(three: Portfolio, browser: Client, query: str, message: str) -> None:
    response = browser.get(f"/analysis/compare/?{DATE}&{query}")
    assert response.status_code == 400
    assert message in text(response.content.decode())


def test_unknown_tables_are_not_there(three: Portfolio, browser: Client) -> None:
    assert browser.get("/analysis/nothing/customers.csv").status_code == 404
    assert browser.get("/analysis/usage/nothing.csv").status_code == 404


def test_bare_address_leads_to_the_first_analysis(three: Portfolio, browser: Client) -> None:
    answer = browser.get("/analysis/?country=SE&page=2")
    assert (answer.status_code, answer["Location"]) == (302, "/analysis/deployment/?country=SE")


def test_empty_portfolio_says_what_to_do(world: Portfolio, admin: Staff) -> None:
    browser = signed_in(admin)
    for option in OPTIONS:
        assert "No figures yet" in browser.get(f"/analysis/{option}/").content.decode()


def test_forms_of_files_agree_on_their_seal(three: Portfolio, browser: Client) -> None:
    as_json, as_xlsx = (fetched(browser, f"/analysis/usage/customers.{form}?{DATE}") for form in ("json", "xlsx"))
    assert len(seals({"rows": 4, "sha256": seal_of(as_json)}, as_json, as_xlsx)) == 1


def seal_of(content: bytes) -> str:
    return json.loads(content)["manifest"]["sha256"]
