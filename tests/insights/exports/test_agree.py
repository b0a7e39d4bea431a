"""Numbers agree everywhere: page, CSV, XLSX, JSON and API give the same figures, whatever is filtered and sorted."""

from __future__ import annotations

import io
import json
import zipfile
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils.formats import number_format
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.metrics import PERCENTAGES
from partners.models import Staff
from tests.asking import asking, results
from tests.insights.exports.reading import csv_rows, fetched, json_rows, seals, xlsx_rows
from tests.insights.pages.conftest import Portfolio
from tests.insights.pages.reading import tables
from tests.insights.world import DAY
from tests.people import signed_in

SHOWN = {
    "customer": "Customer",
    "at_stake": "At stake",
    "sold": "Sold",
    "assigned": "Assigned",
    "deployment_pct": "Deployment",
}
"""Columns of the portfolio's page that hold a value and nothing beside it, and their headings."""
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "country": st.sampled_from(["SE", "IT", "se"]),
        "segment": st.sampled_from(["Retail", "Public"]),
        "seller": st.sampled_from(["all", "us"]),
        "workload": st.sampled_from(["any", "EXO", "SPO"]),
        "sort": st.sampled_from(["customer", "-sold", "usage_pct", "-idle", "at_stake", "-deployment_pct"]),
        "by": st.sampled_from(["all", "family", "sku"]),
    },
)


@pytest.fixture
def browser(three: Portfolio, admin: Staff) -> Client:
    return signed_in(admin)


@settings(max_examples=25, suppress_health_check=[*HealthCheck])
@given(asked=FILTERS)
def test_every_form_of_the_portfolio_says_the_same(browser: Client, admin: Staff, asked: dict[str, str]) -> None:
    query = urlencode({"date": DAY.isoformat(), **asked})
    as_csv, as_json, as_xlsx = (fetched(browser, f"/portfolio.{form}?{query}") for form in ("csv", "json", "xlsx"))
    rows = json_rows(as_json)
    assert xlsx_rows(as_xlsx) == rows
    assert [row | {"customer": row["customer"].removeprefix("'")} for row in csv_rows(as_csv)] == rows
    with zipfile.ZipFile(io.BytesIO(fetched(browser, f"/portfolio.csv?{query}&manifest=1"))) as packed:
        said = json.loads(packed.read("manifest.json"))
        assert packed.read(packed.namelist()[0]) == as_csv
    assert len(seals(said, as_json, as_xlsx)) == 1
    assert {**said["filters"], "sort": said["sort"]} == {"date": DAY.isoformat(), "sort": "", **asked}
    assert page_rows(browser, query) == [[shown(row, name) for name in SHOWN] for row in rows]
    assert sorted(api_rows(admin, asked), key=str) == sorted(without(rows, "at_stake"), key=str)


def page_rows(browser: Client, query: str) -> list[list[str]]:
    """Those columns of the page's table."""
    found = tables(browser.get(f"/?{query}"))
    if not found:
        return []
    headings = found[0][0]
    places = [next(i for i, said in enumerate(headings) if said.startswith(word)) for word in SHOWN.values()]
    return [[row[place] for place in places] for row in found[0][1:]]


def shown(row: dict[str, str], name: str) -> str:
    """A value of a file as the page writes it."""
    if name in PERCENTAGES:
        return f"{number_format(float(row[name]), 1, use_l10n=True)}%" if row[name] else "–"
    return row[name]


def api_rows(admin: Staff, asked: dict[str, str]) -> list[dict[str, str]]:
    """The same question, asked of the API, whose order is its own."""
    question = {"by": "all", "workload": "any"} | {name: text for name, text in asked.items() if name != "sort"}
    answer = asking(admin).get("/api/v1/insights/", {"date": DAY.isoformat(), "page_size": 500, **question})
    return json_rows(json.dumps({"rows": results(answer)}).encode())


def without(rows: list[dict[str, str]], name: str) -> list[dict[str, str]]:
    return [{key: value for key, value in row.items() if key != name} for row in rows]


@pytest.mark.parametrize("address", ["/customers", "/subscriptions", "/audit"])
def test_other_tables_say_the_same_in_every_format(browser: Client, address: str) -> None:
    as_csv, as_json, as_xlsx = (fetched(browser, f"{address}.{form}") for form in ("csv", "json", "xlsx"))
    rows = json_rows(as_json)
    for row in rows:
        row.pop("at", None)  # a moment, which Excel has as a number of days
    assert [{name: text for name, text in row.items() if name != "at"} for row in xlsx_rows(as_xlsx)] == rows
    stripped = [
        {name: text.removeprefix("'") for name, text in row.items() if name != "at"} for row in csv_rows(as_csv)
    ]
    assert stripped == rows
