"""The worked example of metrics.md, number by number."""

from datetime import date

import pytest

from tests.insights.world import World, ago

pytestmark = pytest.mark.django_db

EXCHANGE = {
    "sold": 6,
    "blocked": 1,
    "entitlements": 5,
    "assigned": 3,
    "active": 5,
    "active_current": 2,
    "active_former": 1,
    "active_lapsed": 1,
    "active_trial": 1,
    "active_unlicensed": 0,
    "users": 3,
    "active_users": 5,
    "idle": 1,
    "unassigned": 2,
    "overassigned": 0,
    "covered_days": 5,
    "measured_entitlements": 5,
    "measured_users": 3,
    "deployment_pct": 50.0,
    "usage_pct": 100.0,
    "adjusted_usage_pct": 40.0,
    "user_usage_pct": 166.7,
}


@pytest.fixture
def fabrikam() -> World:
    world = World()
    s1 = world.subscription(seller=world.us, quantity=6)
    s2 = world.subscription(seller=world.them, quantity=3)
    world.version(s2, effective_on=date(2026, 3, 20), status="grace", quantity=3)
    s3 = world.subscription(quantity=25, is_trial=True)
    world.period(s1, "ann")
    world.period(s1, "bob", end=date(2026, 3, 15))
    world.period(s1, "cat", date(2026, 3, 15))
    world.period(s1, "dan")
    world.period(s1, "gus", end=date(2026, 3, 20))
    world.period(s1, "gus", date(2026, 3, 20), state="suspended_nonpayment")
    world.period(s2, "eve")
    world.period(s3, "fay", date(2026, 3, 1))
    for user, month, day in (
        ("ann", 3, 30),
        ("bob", 3, 10),
        ("cat", 3, 16),
        ("dan", 3, 3),
        ("eve", 3, 4),
        ("fay", 3, 31),
    ):
        world.activity(user, "EXO", date(2026, month, day))
    return world


def test_exchange_all_sellers(fabrikam: World) -> None:
    assert fabrikam.row("EXO", sku=fabrikam.e3) == EXCHANGE


def test_exchange_of_family_and_of_all_equal_the_only_sku(fabrikam: World) -> None:
    assert fabrikam.row("EXO", family="o365") == EXCHANGE
    assert fabrikam.row("EXO") == EXCHANGE


def test_exchange_sold_by_us(fabrikam: World) -> None:
    row = fabrikam.row("EXO", sku=fabrikam.e3, seller=fabrikam.us)
    assert (row["active"], row["usage_pct"], row["active_users"], row["user_usage_pct"]) == (3, 60.0, 3, 100.0)


def test_teams_without_coverage(fabrikam: World) -> None:
    row = fabrikam.row("TEAMS", sku=fabrikam.e3)
    assert {name: row[name] for name in ("sold", "entitlements", "assigned", "covered_days", "active", "idle")} == {
        "sold": 6,
        "entitlements": 5,
        "assigned": 3,
        "covered_days": 0,
        "active": 0,
        "idle": 0,
    }
    assert (row["measured_entitlements"], row["usage_pct"]) == (0, None)


def test_yammer_without_licence(fabrikam: World) -> None:
    before = fabrikam.row("any", sku=fabrikam.e3)
    fabrikam.activity("zoe", "YAM", date(2026, 3, 5))
    yammer = fabrikam.row("YAM", family="o365")
    assert (yammer["active_unlicensed"], yammer["usage_pct"], yammer["adjusted_usage_pct"]) == (1, 20.0, 0.0)
    whole = fabrikam.row("any", family="o365")
    assert (whole["active"], whole["usage_pct"]) == (6, 120.0)
    assert fabrikam.row("any", sku=fabrikam.e3) == before | {"covered_days": 6}
    sku = fabrikam.row("YAM", sku=fabrikam.e3)
    assert (sku["covered_days"], sku["usage_pct"], sku["active_unlicensed"]) == (1, 0.0, 0)


def test_window_is_the_28_days_that_end_with_the_as_of_date() -> None:
    assert (ago(27), ago(28)) == (date(2026, 3, 4), date(2026, 3, 3))
