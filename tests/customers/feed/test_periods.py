"""relationships.csv and entitlements.csv: spans that must not overlap in the state after the whole file."""

from __future__ import annotations

import pytest

from customers.models import EntitlementPeriod, Person
from tests.customers.feed import reading
from tests.customers.feed.conftest import ALPHA, CONTOSO, FABRIKAM, SUBSCRIPTIONS, Feeds, version

HEADER = "subscription_id,user_id,from,state,to\n"
RETRACT = "subscription_id,user_id,from,state,to,retract\n"
OVERLAPS = "overlaps another of the same key; expected times that don't overlap."


@pytest.fixture
def sold(world: Feeds) -> Feeds:
    """Alpha sold S1 to Fabrikam."""
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("S1"))
    reading.forget_stale()
    return world


def test_period_is_new_changed_unchanged_and_retracted(sold: Feeds) -> None:
    line = "S1,ann,2026-01-01,entitled,\n"
    assert sold.counts("entitlements.csv", HEADER + line) == (1, 0, 0, 0, 0)
    assert reading.stale() == {"1": (1, "{[2026-01-01,)}")}
    assert sold.counts("entitlements.csv", HEADER + line.upper().replace("ENTITLED", "Entitled")) == (0, 0, 1, 0, 0)
    assert sold.counts("entitlements.csv", HEADER + "s1,ANN,2026-01-01,cancelled,2026-02-01\n") == (0, 1, 0, 0, 0)
    assert reading.periods() == [("s1", "ann", "cancelled", "2026-01-01", "2026-02-01")]
    reading.forget_stale()
    assert sold.counts("entitlements.csv", RETRACT + "S1,ann,2026-01-01,,,true\n") == (0, 0, 0, 1, 0)
    assert reading.periods() == []
    assert reading.stale() == {"1": (1, "{[2026-01-01,2026-03-01)}")}
    assert sold.counts("entitlements.csv", RETRACT + "S1,ann,2026-01-01,,,true\nno,x,2026-01-01,,,true\n") == (
        0,
        0,
        2,
        0,
        0,
    )


def test_missing_column_to_leaves_the_end(sold: Feeds) -> None:
    sold.counts("entitlements.csv", HEADER + "S1,ann,2026-01-01,entitled,2026-02-01\n")
    without = "subscription_id,user_id,from,state\nS1,ann,2026-01-01,cancelled\n"
    assert sold.counts("entitlements.csv", without) == (0, 1, 0, 0, 0)
    assert reading.periods() == [("s1", "ann", "cancelled", "2026-01-01", "2026-02-01")]
    without += "S1,ann,2026-02-01,entitled\n"
    assert sold.counts("entitlements.csv", without) == (1, 0, 1, 0, 0)


def test_closing_and_reopening_in_one_file_loads_in_any_order(sold: Feeds) -> None:
    sold.counts("entitlements.csv", HEADER + "S1,ann,2026-01-01,entitled,\n")
    lines = [
        "S1,ann,2026-03-01,entitled,\n",
        "S1,ann,2026-01-01,entitled,2026-02-01\n",
        "S1,ann,2026-02-01,cancelled,2026-03-01\n",
    ]
    assert sold.counts("entitlements.csv", HEADER + "".join(lines)) == (2, 1, 0, 0, 0)
    moved = ["S1,ann,2026-01-15,entitled,\n,", "S1,ann,2026-01-01,,,true\n"]
    assert len(moved) == 2


def test_wrong_from_is_moved_by_retracting_it(sold: Feeds) -> None:
    sold.counts("entitlements.csv", HEADER + "S1,ann,2026-01-01,entitled,\n")
    lines = "S1,ann,2026-01-15,entitled,,\nS1,ann,2026-01-01,,,true\n"
    assert sold.counts("entitlements.csv", RETRACT + lines) == (1, 0, 0, 1, 0)
    assert reading.periods() == [("s1", "ann", "entitled", "2026-01-15", None)]


def test_later_of_two_overlapping_lines_is_bad(sold: Feeds) -> None:
    lines = "S1,ann,2026-03-01,entitled,\nS1,ann,2026-01-01,entitled,2026-03-02\nS1,bob,2026-01-01,entitled,\n"
    assert sold.faults("entitlements.csv", HEADER + lines) == [
        f"entitlements.csv, line 3, column from: the time from “2026-01-01” {OVERLAPS}"
    ]
    assert reading.periods() == []
    assert sold.counts("entitlements.csv", HEADER + lines, skip_bad=True) == (2, 0, 0, 0, 1)
    assert reading.periods() == [
        ("s1", "ann", "entitled", "2026-03-01", None),
        ("s1", "bob", "entitled", "2026-01-01", None),
    ]


def test_line_that_overlaps_a_stored_period_is_bad(sold: Feeds) -> None:
    sold.counts("entitlements.csv", HEADER + "S1,ann,2026-02-01,entitled,\n")
    assert sold.faults("entitlements.csv", HEADER + "S1,ann,2026-01-01,entitled,\n") == [
        f"entitlements.csv, line 2, column from: the time from “2026-01-01” {OVERLAPS}"
    ]


def test_bad_line_gives_way_to_the_earlier_good_one(sold: Feeds) -> None:
    lines = (
        "S1,ann,2026-03-01,entitled,\n"
        "S1,ann,2026-01-01,entitled,2026-02-01\n"
        "S1,ann,2026-01-01,entitled,2026-04-01\n"
        "S1,ann,2026-01-01,dozing,2026-02-01\n"
    )
    assert sold.counts("entitlements.csv", HEADER + lines, skip_bad=True) == (2, 0, 0, 0, 2)
    assert reading.periods() == [
        ("s1", "ann", "entitled", "2026-01-01", "2026-02-01"),
        ("s1", "ann", "entitled", "2026-03-01", None),
    ]


def test_stored_period_holds_again_when_the_line_replacing_it_is_bad(sold: Feeds) -> None:
    sold.counts("entitlements.csv", HEADER + "S1,ann,2026-01-01,entitled,\nS1,bob,2026-01-01,entitled,2026-02-01\n")
    lines = "S1,bob,2026-02-01,entitled,\nS1,bob,2026-01-01,entitled,2026-03-01\nS1,ann,2026-01-01,entitled,2025-01-01\nS1,ann,2026-02-01,entitled,\n"
    report = sold.load({"entitlements.csv": HEADER + lines}, skip_bad=True)
    assert [(bad.line, bad.fault.value) for bad in report.bad()] == [(3, "overlap"), (4, "order"), (5, "overlap")]
    assert reading.periods() == [
        ("s1", "ann", "entitled", "2026-01-01", None),
        ("s1", "bob", "entitled", "2026-01-01", "2026-02-01"),
        ("s1", "bob", "entitled", "2026-02-01", None),
    ]


def test_people_come_with_periods_and_are_shared_with_activity(sold: Feeds) -> None:
    sold.counts("activity.csv", f"customer_id,user_id,service,day\n{FABRIKAM},bob,EXO,2026-11-01\n")
    sold.counts("entitlements.csv", HEADER + "S1,ann,2026-01-01,entitled,\nS1,Bob,2026-01-01,entitled,\n")
    assert list(Person.objects.order_by("number").values_list("number", "key")) == [(0, "bob"), (1, "ann")]


def test_line_knows_who_stated_it_and_which_load_brought_it(sold: Feeds) -> None:
    sold.counts("entitlements.csv", HEADER + "S1,ann,2026-01-01,entitled,\n", partner="alpha")
    first = EntitlementPeriod.objects.get()
    assert first.stated_by.slug == "alpha"
    sold.counts("entitlements.csv", HEADER + "S1,ann,2026-01-01,entitled,\n")
    assert EntitlementPeriod.objects.get().load_id == first.load_id
    sold.counts("entitlements.csv", HEADER + "S1,ann,2026-01-01,upgraded,\n")
    assert (EntitlementPeriod.objects.get().stated_by, EntitlementPeriod.objects.get().load_id > first.load_id) == (
        None,
        True,
    )


def test_relationship_is_closed_reopened_and_retracted(world: Feeds) -> None:
    header = "partner_id,customer_id,from,to\n"
    lines = f"{ALPHA},{FABRIKAM},2026-06-01,\n{ALPHA},{FABRIKAM},2026-01-01,2026-02-01\n"
    assert world.counts("relationships.csv", header + lines) == (1, 1, 0, 0, 0)
    retract = (
        f"partner_id,customer_id,from,retract\n{ALPHA},{FABRIKAM},2026-01-01,true\n{ALPHA},{CONTOSO},2026-01-01,true\n"
    )
    assert world.counts("relationships.csv", retract) == (0, 0, 1, 1, 0)
    assert [row[:4] for row in reading.relationships() if row[0] == "alpha"] == [("alpha", "1", "2026-06-01", None)]
