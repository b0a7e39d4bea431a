"""The worked examples of metrics.md, on the naive reading alone."""

from datetime import date
from typing import Any

from tests.naive.feed import Facts
from tests.naive.metrics import Row, explain, insights, portfolio

DAY = date(2026, 3, 31)
TODAY = date(2026, 6, 30)
US = "10000000-0000-0000-0000-000000000001"
OTHER = "10000000-0000-0000-0000-000000000002"
FABRIKAM = "20000000-0000-0000-0000-000000000001"
E3 = "30000000-0000-0000-0000-000000000001"

FEED: dict[str, str | bytes] = {
    "partners.csv": f"partner_id,name,slug\n{US},Us,us\n{OTHER},Other,other\n",
    "customers.csv": f"customer_id,name,domain,country\n{FABRIKAM},Fabrikam,fabrikam.example,IT\n",
    "relationships.csv": f"partner_id,customer_id,from\n{US},{FABRIKAM},2025-01-01\n",
    "skus.csv": f"sku_id,part_number,name,family,workloads\n{E3},ENTERPRISEPACK,Office 365 E3,o365,EXO;SPO;TEAMS;YAM\n",
    "subscriptions.csv": (
        "subscription_id,effective_on,customer_id,seller,sku_id,status,quantity,is_trial\n"
        f"S1,2026-01-01,{FABRIKAM},{US},{E3},active,6,false\n"
        f"S2,2026-01-01,{FABRIKAM},{OTHER},{E3},active,3,false\n"
        f"S2,2026-03-20,{FABRIKAM},{OTHER},{E3},grace,3,false\n"
        f"S3,2026-01-01,{FABRIKAM},external,{E3},active,25,true\n"
    ),
    "entitlements.csv": (
        "subscription_id,user_id,from,to,state\n"
        "S1,ann,2026-01-01,,entitled\n"
        "S1,bob,2026-01-01,2026-03-15,entitled\n"
        "S1,cat,2026-03-15,,entitled\n"
        "S1,dan,2026-01-01,,entitled\n"
        "S1,gus,2026-01-01,2026-03-20,entitled\n"
        "S1,gus,2026-03-20,,suspended_nonpayment\n"
        "S2,eve,2026-01-01,,entitled\n"
        "S3,fay,2026-03-01,,entitled\n"
    ),
    "activity.csv": "customer_id,user_id,service,day\n"
    + "".join(
        f"{FABRIKAM},{user},EXO,2026-03-{day}\n"
        for user, day in [("ann", "30"), ("bob", "10"), ("cat", "16"), ("dan", "03"), ("eve", "04"), ("fay", "31")]
    ),
}
ZOE: dict[str, str | bytes] = {"activity.csv": f"customer_id,user_id,service,day\n{FABRIKAM},zoe,YAM,2026-03-05\n"}


def fabrikam(*more: dict[str, str | bytes]) -> Facts:
    facts = Facts()
    for feed in (FEED, *more):
        assert facts.load(feed, TODAY).clean
    return facts


def the_row(facts: Facts, by: str, seller: str, workload: str) -> Row:
    (row,) = (row for row in insights(facts, US, DAY, by, seller) if row["workload"] == workload)
    return row


def test_exchange_all_sellers() -> None:
    assert the_row(fabrikam(), "sku", "all", "EXO") == {
        "date": "2026-03-31",
        "customer_id": FABRIKAM,
        "customer": "Fabrikam",
        "family": "o365",
        "sku_id": E3,
        "part_number": "ENTERPRISEPACK",
        "sku": "Office 365 E3",
        "workload": "EXO",
        "seller": "all",
        "sold": 6,
        "blocked": 1,
        "entitlements": 5,
        "measured_entitlements": 5,
        "assigned": 3,
        "active": 5,
        "active_current": 2,
        "active_former": 1,
        "active_lapsed": 1,
        "active_trial": 1,
        "active_unlicensed": 0,
        "users": 3,
        "measured_users": 3,
        "active_users": 5,
        "idle": 1,
        "unassigned": 2,
        "overassigned": 0,
        "covered_days": 5,
        "deployment_pct": 50.0,
        "usage_pct": 100.0,
        "adjusted_usage_pct": 40.0,
        "user_usage_pct": 166.7,
    }


def test_exchange_sold_by_us() -> None:
    row = the_row(fabrikam(), "sku", "us", "EXO")
    assert (row["active"], row["usage_pct"]) == (3, 60.0)
    assert (row["active_users"], row["users"], row["user_usage_pct"]) == (3, 3, 100.0)


def test_teams_not_measured() -> None:
    row = the_row(fabrikam(), "sku", "all", "TEAMS")
    assert (row["sold"], row["entitlements"], row["assigned"]) == (6, 5, 3)
    names = ("covered_days", "active", "measured_entitlements", "idle", "usage_pct")
    assert [row[name] for name in names] == [0, 0, 0, 0, None]


def test_zoe_uses_yammer_without_a_licence() -> None:
    before, after = fabrikam(), fabrikam(ZOE)
    yammer = the_row(after, "family", "all", "YAM")
    assert (yammer["active_unlicensed"], yammer["usage_pct"], yammer["adjusted_usage_pct"]) == (1, 20.0, 0.0)
    every = the_row(after, "family", "all", "any")
    assert (every["active"], every["usage_pct"]) == (6, 120.0)
    changed: dict[tuple[str, str], Any] = {}
    for old, new in zip(insights(before, US, DAY, "sku", "all"), insights(after, US, DAY, "sku", "all"), strict=True):
        changed |= {(new["workload"], name): new[name] for name in new if new[name] != old[name]}
    assert changed == {
        ("YAM", "covered_days"): 1,
        ("YAM", "measured_entitlements"): 5,
        ("YAM", "measured_users"): 3,
        ("YAM", "idle"): 3,
        ("YAM", "usage_pct"): 0.0,
        ("YAM", "adjusted_usage_pct"): 0.0,
        ("YAM", "user_usage_pct"): 0.0,
        ("any", "covered_days"): 6,
    }


def test_lists_behind_the_counts() -> None:
    facts = fabrikam(ZOE)

    def behind(count: str) -> list[tuple[str, ...]]:
        return explain(facts, US, DAY, "family", "all", FABRIKAM, "o365", "any", count)

    assert behind("active_current") == [("s1", "ann"), ("s1", "cat")]
    assert behind("active_former") == [("s1", "bob")]
    assert behind("active_lapsed") == [("s2", "eve")]
    assert behind("active_trial") == [("s3", "fay")]
    assert behind("active_unlicensed") == [("zoe",)]
    assert behind("idle") == [("s1", "dan")]


def test_rows_in_order_and_portfolio() -> None:
    facts = fabrikam(ZOE)
    rows = insights(facts, US, DAY, "sku", "all")
    assert [row["workload"] for row in rows] == ["any", "EXO", "SPO", "TEAMS", "YAM"]
    for row, total in zip(rows, portfolio(facts, US, DAY, "sku", "all"), strict=True):
        measured = int(row["covered_days"] > 0)
        of_customer = {"customer_id": None, "customer": None, "covered_days": None}
        assert total == row | of_customer | {"customers": 1, "customers_measured": measured}
    assert insights(facts, OTHER, DAY, "sku", "all") == []
