"""sku_totals.csv: what a tenant has beyond what its sellers state becomes one external subscription per SKU."""

from __future__ import annotations

import pytest

from customers.models import SkuTotal, SubscriptionVersion
from tests.customers.feed import reading
from tests.customers.feed.conftest import ALPHA, BETA, E3, FABRIKAM, SUBSCRIPTIONS, Feeds, version
from tests.customers.feed.importing import faults, imported
from tests.customers.feed.test_lists import seen

TOTALS = "customer_id,day,sku_id,enabled,warning,suspended,consumed\n"
KEY = f"external:{FABRIKAM}:{E3}"


def total(day: str, enabled: int, warning: int = 0, suspended: int = 0, consumed: int = 0) -> dict[str, str]:
    return {"sku_totals.csv": f"{TOTALS}{FABRIKAM},{day},{E3},{enabled},{warning},{suspended},{consumed}\n"}


def external() -> list[tuple[str, str, int]]:
    """Effective on, status, quantity."""
    rows = SubscriptionVersion.objects.filter(subscription__key=KEY).order_by("effective_on")
    return [(row.effective_on.isoformat(), row.status, row.quantity) for row in rows]


@pytest.fixture
def sold(world: Feeds) -> Feeds:
    """Alpha sold S1 with 5 licences to Fabrikam."""
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("S1"))
    reading.forget_stale()
    return world


def test_totals_are_new_changed_and_unchanged(sold: Feeds) -> None:
    assert imported(total("2026-03-01", 5, consumed=3)) == {"sku_totals.csv": (1, 0, 0, 0, 0)}
    assert imported(total("2026-03-01", 5, consumed=3)) == {"sku_totals.csv": (0, 0, 1, 0, 0)}
    assert imported(total("2026-03-01", 5, consumed=4)) == {"sku_totals.csv": (0, 1, 0, 0, 0)}
    assert list(SkuTotal.objects.values_list("enabled", "consumed", "locked_out")) == [(5, 4, None)]


def test_what_sellers_state_leaves_nothing(sold: Feeds) -> None:
    imported(total("2026-03-01", 5))
    assert external() == []
    assert reading.stale() == {}


def test_rest_is_an_external_subscription(sold: Feeds) -> None:
    imported(total("2026-03-01", 25))
    assert external() == [("2026-03-01", "active", 20)]
    assert reading.subscriptions()[0] == (KEY, "1", "external", False)
    assert reading.stale() == {"1": (1, "{[2026-03-01,)}")}


def test_rest_changes_with_totals_and_stale_are_the_days_between(sold: Feeds) -> None:
    imported(total("2026-03-01", 25))
    imported(total("2026-03-20", 30))
    reading.forget_stale()
    imported(total("2026-03-08", 5))
    assert external() == [
        ("2026-03-01", "active", 20),
        ("2026-03-08", "deprovisioned", 0),
        ("2026-03-20", "active", 25),
    ]
    assert reading.stale() == {"1": (1, "{[2026-03-08,2026-03-20)}")}


def test_rest_follows_subscriptions_that_are_stated_later(sold: Feeds) -> None:
    imported(total("2026-03-01", 25))
    sold.counts("subscriptions.csv", SUBSCRIPTIONS + version("S2", seller=BETA, quantity=15))
    assert external() == [("2026-03-01", "active", 5)]
    sold.counts("subscriptions.csv", SUBSCRIPTIONS + version("S3", seller="external", quantity=5))
    assert external() == []
    assert [row[0] for row in reading.subscriptions()] == ["s1", "s2", "s3"]


def test_worse_status_counts_where_nothing_better_is_left(sold: Feeds) -> None:
    imported(total("2026-03-01", 5, warning=4))
    imported(total("2026-03-08", 5, suspended=3))
    assert external() == [("2026-03-01", "grace", 4), ("2026-03-08", "disabled", 3)]


def test_operators_total_holds_over_a_partners_of_the_same_day(sold: Feeds) -> None:
    imported(total("2026-03-01", 25))
    imported(total("2026-03-01", 35), partner="beta")
    assert external() == [("2026-03-01", "active", 20)]


def test_holders_beyond_the_sellers_room_get_external_places(sold: Feeds) -> None:
    users = [f"user{number}" for number in range(7)]
    imported(total("2026-03-01", 7) | seen("2026-03-01", *users))
    assert [row[:2] for row in reading.periods()] == [
        (KEY, "user5"),
        (KEY, "user6"),
        *(("s1", user) for user in users[:5]),
    ]


def test_external_subscription_that_goes_gives_its_people_back(sold: Feeds) -> None:
    imported(total("2026-03-01", 7) | seen("2026-03-01", *(f"user{number}" for number in range(7))))
    sold.counts("subscriptions.csv", SUBSCRIPTIONS + version("S1", quantity=9))
    assert {row[0] for row in reading.periods()} == {"s1"}
    assert [row[0] for row in reading.subscriptions()] == ["s1"]


def test_bad_lines_are_told(sold: Feeds) -> None:
    text = total("2026-12-01", 5)["sku_totals.csv"] + f"{FABRIKAM},2026-03-01,{BETA},1,0,0,0\n"
    text += f"{FABRIKAM},2026-03-01,{E3},-1,0,0,0\n"
    assert faults("sku_totals.csv", text) == [
        "sku_totals.csv, line 2, column day: “2026-12-01” lies after today; expected today (UTC) or a day before.",
        f"sku_totals.csv, line 3, column sku_id: “{BETA}” is not known; expected the sku_id of a known SKU.",
        (
            "sku_totals.csv, line 4, column enabled: “-1” is not a quantity; expected a whole number from 0 to "
            "2147483647, digits only."
        ),
    ]


@pytest.mark.parametrize("partner", ["alpha", None])
def test_id_of_the_rest_is_nobodys_to_state(sold: Feeds, partner: str | None) -> None:
    said = f"column subscription_id: “{KEY.upper()[:59]}…” is kept for licences that follow from a tenant's totals; expected another id."
    line = version(KEY.upper(), seller=ALPHA)
    period = f"subscription_id,user_id,from,state\n{KEY.upper()},ann,2026-01-01,entitled\n"
    assert sold.faults("subscriptions.csv", SUBSCRIPTIONS + line, partner=partner) == [
        f"subscriptions.csv, line 2, {said}"
    ]
    assert sold.faults("entitlements.csv", period, partner=partner) == [f"entitlements.csv, line 2, {said}"]
    imported(total("2026-03-01", 25), partner="beta")
    assert external() == [("2026-03-01", "active", 20)]
