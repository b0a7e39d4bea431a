"""subscriptions_seen.csv: how subscriptions are on a day becomes versions, by the rules of subscriptions.csv."""

from __future__ import annotations

from customers.models import SubscriptionVersion
from tests.customers.feed import reading
from tests.customers.feed.conftest import ALPHA, BETA, CONTOSO, E3, FABRIKAM, SUBSCRIPTIONS, Feeds, version
from tests.customers.feed.importing import faults, imported

SEEN = "customer_id,day,subscription_id,seller,sku_id,status,quantity,is_trial,started_on\n"


def sight(
    day: str, quantity: int = 5, *, key: str = "S1", began: str = "", status: str = "active", customer: str = FABRIKAM
) -> str:
    return f"{customer},{day},{key},{ALPHA},{E3},{status},{quantity},false,{began}\n"


def seen(*lines: str) -> dict[str, str]:
    return {"subscriptions_seen.csv": SEEN + "".join(lines)}


def counted(*lines: str, **options: object) -> tuple[int, ...]:
    return imported(seen(*lines), **options)["subscriptions_seen.csv"]


def versions() -> list[tuple[str, str, int]]:
    """Key, effective on, quantity."""
    return [(*row[:2], row[3]) for row in reading.versions()]


def test_first_sight_is_a_version_since_it_began(world: Feeds) -> None:
    assert counted(sight("2026-03-05", began="2025-07-01"), sight("2026-03-05", key="S2")) == (2, 0, 0, 0, 0)
    assert versions() == [("s1", "2025-07-01", 5), ("s2", "2026-03-05", 5)]


def test_same_again_is_unchanged_and_different_is_a_version_of_the_day(world: Feeds) -> None:
    counted(sight("2026-03-05", began="2025-07-01"))
    assert counted(sight("2026-03-06", began="2025-07-01")) == (0, 0, 1, 0, 0)
    assert counted(sight("2026-03-07", 9, began="2025-07-01")) == (1, 0, 0, 0, 0)
    assert versions() == [("s1", "2025-07-01", 5), ("s1", "2026-03-07", 9)]


def test_several_days_in_one_file_follow_each_other(world: Feeds) -> None:
    assert counted(sight("2026-03-07", 7), sight("2026-03-05"), sight("2026-03-06")) == (2, 0, 1, 0, 0)
    assert versions() == [("s1", "2026-03-05", 5), ("s1", "2026-03-07", 7)]


def test_late_sight_holds_until_the_next_one(world: Feeds) -> None:
    counted(sight("2026-03-01"))
    counted(sight("2026-03-09"))
    assert counted(sight("2026-03-05", 7)) == (2, 0, 0, 0, 0)
    assert versions() == [("s1", "2026-03-01", 5), ("s1", "2026-03-05", 7), ("s1", "2026-03-09", 5)]


def test_version_that_a_feed_stated_is_compared_too(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("S1"))
    assert counted(sight("2026-03-05")) == (0, 0, 1, 0, 0)
    assert counted(sight("2026-03-06", 8)) == (1, 0, 0, 0, 0)
    assert versions() == [("s1", "2026-01-01", 5), ("s1", "2026-03-06", 8)]


def test_what_the_file_has_no_column_for_stays_as_it_is(world: Feeds) -> None:
    priced = SUBSCRIPTIONS.replace("\n", ",unit_price,currency,term_end\n") + version("S1").replace(
        "\n", ",4.5,EUR,2026-12-31\n"
    )
    world.counts("subscriptions.csv", priced)
    counted(sight("2026-03-06", 8))
    row = SubscriptionVersion.objects.get(quantity=8)
    assert (str(row.unit_price), row.currency, row.term_end.isoformat()) == ("4.5000", "EUR", "2026-12-31")


def test_rules_of_subscriptions_hold(world: Feeds) -> None:
    counted(sight("2026-03-05"))
    lines = [
        sight("2026-03-06", 9, customer=CONTOSO),
        sight("2026-12-01", 9),
        sight("2026-03-07", 9).replace(ALPHA, BETA),
        sight("2026-03-08", 9).replace(E3, BETA),
        sight("2026-03-08", 9, status="asleep"),
    ]
    assert faults("subscriptions_seen.csv", SEEN + "".join(lines)) == [
        (
            f"subscriptions_seen.csv, line 2, column customer_id: “{CONTOSO}” is another customer than before; expected a "
            "subscription to keep its customer."
        ),
        "subscriptions_seen.csv, line 3, column day: “2026-12-01” lies after today; expected today (UTC) or a day before.",
        (
            f"subscriptions_seen.csv, line 4, column seller: “{BETA}” is another seller than before; expected a "
            "subscription to keep its seller."
        ),
        f"subscriptions_seen.csv, line 5, column sku_id: “{BETA}” is not known; expected the sku_id of a known SKU.",
        (
            "subscriptions_seen.csv, line 6, column status: “asleep” is not a status; expected active, grace, disabled or "
            "deprovisioned."
        ),
    ]


def test_partner_sees_its_own_and_external_ones_of_customers_that_it_serves(world: Feeds) -> None:
    assert counted(sight("2026-03-05"), partner="alpha") == (1, 0, 0, 0, 0)
    other = sight("2026-03-05", key="S2").replace(ALPHA, BETA)
    assert faults("subscriptions_seen.csv", SEEN + other, partner="alpha") == [
        f"subscriptions_seen.csv, line 2, column seller: “{BETA}” is not known; expected the partner_id of a known partner."
    ]


def test_what_others_ask_for_their_licences_is_not_taken_over(world: Feeds) -> None:
    line = version("S1", seller=BETA).rstrip("\n") + ",4.5,EUR\n"
    world.counts("subscriptions.csv", SUBSCRIPTIONS.rstrip("\n") + ",unit_price,currency\n" + line, partner="beta")
    assert counted(sight("2026-03-06", 8).replace(ALPHA, "external"), partner="alpha") == (1, 0, 0, 0, 0)
    row = SubscriptionVersion.objects.get(stated_by__slug="alpha")
    assert (row.aside, row.unit_price, row.currency) == (True, None, "")


def test_price_that_the_operator_stated_of_a_partners_own_sale_stays(world: Feeds) -> None:
    line = version("S1").rstrip("\n") + ",4.5,EUR\n"
    world.counts("subscriptions.csv", SUBSCRIPTIONS.rstrip("\n") + ",unit_price,currency\n" + line)
    counted(sight("2026-03-06", 8), partner="alpha")
    row = SubscriptionVersion.objects.get(stated_by__slug="alpha")
    assert (str(row.unit_price), row.currency) == ("4.5000", "EUR")
