"""The naive figures' own corner rules: metrics.md rule by rule, at its boundaries."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.naive.feed import Facts
from tests.naive.metrics import Row, aged_status, insights, percentage, portfolio
from tests.naive.small import (
    ACTIVITY,
    COVERAGE,
    CRM,
    E3,
    OFF,
    ONE,
    OTHER,
    PERIOD,
    RELATIONSHIP,
    TWO,
    US,
    VERSION,
    state,
    version,
    world,
)  # fmt: skip

DAY = date(2026, 3, 31)


def day(offset: int) -> str:
    return (DAY + timedelta(days=offset)).isoformat()


def periods(facts: Facts, *lines: str) -> None:
    state(facts, "entitlements.csv", PERIOD, *lines)


def active(facts: Facts, *facts_of: tuple[str, str, int]) -> None:
    state(facts, "activity.csv", ACTIVITY, *(f"{ONE},{user},{work},{day(at)}" for user, work, at in facts_of))


def row(facts: Facts, work: str, by: str = "family", seller: str = "all", family: str | None = "o365") -> Row:
    found = [
        each for each in insights(facts, US, DAY, by, seller) if (each["workload"], each["family"]) == (work, family)
    ]
    return found[0] if len(found) == 1 else {}


def values(source: Row, names: str) -> list[Any]:
    return [source[name] for name in names.split()]


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(1, 8, 12.5), (49, 400, 12.3), (1, 3, 33.3), (2, 3, 66.7), (0, 5, 0.0), (3, 0, None)]
)
def test_percentage_half_up(part: int, whole: int, shown: float | None) -> None:
    assert percentage(part, whole) == shown


@pytest.mark.parametrize(
    ("after", "status"),
    [(0, "active"), (1, "grace"), (30, "grace"), (31, "disabled"), (120, "disabled"), (121, "deprovisioned")],
)
def test_ageing(after: int, status: str) -> None:
    term_end = DAY - timedelta(days=after)
    assert aged_status({"status": "active", "auto_renew": False, "term_end": term_end}, DAY) == status
    for renew in (True, None):
        assert aged_status({"status": "active", "auto_renew": renew, "term_end": term_end}, DAY) == "active"
    assert aged_status({"status": "grace", "auto_renew": False, "term_end": term_end}, DAY) == "grace"
    assert aged_status({"status": "active", "auto_renew": False, "term_end": None}, DAY) == "active"


@pytest.mark.parametrize(("offset", "count"), [(0, 1), (-27, 1), (-28, 0), (1, 0)])
def test_window(offset: int, count: int) -> None:
    facts = world()
    periods(facts, f"S,ann,{day(-90)},,entitled")
    active(facts, ("ann", "EXO", offset))
    assert values(row(facts, "EXO"), "active_current covered_days") == [count, count]


@pytest.mark.parametrize(("offset", "count"), [(-11, 0), (-10, 1), (-6, 1), (-5, 0)])
def test_activity_counts_in_entitled_periods_only(offset: int, count: int) -> None:
    facts = world()
    periods(facts, f"S,ann,{day(-10)},{day(-5)},entitled", f"S,ann,{day(-5)},,upgraded")
    active(facts, ("ann", "EXO", offset))
    assert values(row(facts, "EXO"), "active_former blocked assigned") == [count, 1, 0]


@pytest.mark.parametrize(("ends", "counts"), [(1, [1, 0]), (0, [0, 1])])
def test_the_day_of_to(ends: int, counts: list[int]) -> None:
    facts = world()
    periods(facts, f"S,ann,{day(-10)},{day(ends)},entitled")
    active(facts, ("ann", "EXO", -10))
    assert values(row(facts, "EXO"), "active_current active_former") == counts


def test_version_on_the_day_and_the_day_after() -> None:
    facts = world()
    state(facts, "subscriptions.csv", VERSION, version("S", day(0), quantity=7), version("S", day(1), quantity=9))
    assert row(facts, "any")["sold"] == 7
    state(facts, "subscriptions.csv", VERSION, version("T", day(1)))
    assert row(facts, "any")["sold"] == 7


def test_classes_first_rule_decides() -> None:
    facts = world()
    state(
        facts, "subscriptions.csv", VERSION, version("T", trial="true", status="grace"), version("L", status="disabled")
    )
    periods(facts, *(f"{sub},ann,{day(-20)},{day(-1)},entitled" for sub in "STL"), f"S,bob,{day(1)},,entitled")
    active(facts, ("ann", "EXO", -20), ("bob", "EXO", 0))
    names = "active active_current active_former active_lapsed active_trial active_users users sold assigned"
    assert values(row(facts, "EXO"), names) == [3, 0, 1, 1, 1, 1, 0, 5, 0]


def test_blocked_is_at_most_what_is_free() -> None:
    facts = world()
    state(facts, "subscriptions.csv", VERSION, version("S", quantity=2))
    blocked = [f"S,{user},{day(-1)},,{why}" for user, why in (("a", "cancelled"), ("b", "suspended_fraud"))]
    periods(facts, *blocked, f"S,c,{day(-1)},,entitled")
    assert values(row(facts, "any"), "blocked entitlements unassigned overassigned") == [1, 1, 0, 0]
    periods(facts, f"S,d,{day(-1)},,entitled", f"S,e,{day(-1)},,entitled")
    assert values(row(facts, "any"), "blocked entitlements unassigned overassigned") == [0, 2, 0, 1]


def test_unassigned_and_overassigned_per_base_row() -> None:
    facts = world()
    lines = (version("S", quantity=0), version("T", quantity=3), version("X", seller=OTHER, quantity=4))
    state(facts, "subscriptions.csv", VERSION, *lines)
    periods(facts, *(f"S,{user},{day(-1)},,entitled" for user in "abcd"))
    assert values(row(facts, "any"), "unassigned overassigned entitlements assigned") == [4, 1, 7, 4]
    assert values(row(facts, "any", seller="us"), "unassigned overassigned sold users") == [0, 1, 3, 4]


def test_unlicensed_looks_at_every_subscription_that_exists() -> None:
    facts = world()
    active(facts, ("ann", "YAM", -3))
    assert values(row(facts, "YAM"), "active_unlicensed active active_users") == [1, 1, 1]
    assert row(facts, "YAM", by="sku")["active_unlicensed"] == 0
    assert row(facts, "YAM", seller="us")["active_unlicensed"] == 0
    for licence in (
        version("L", sku=OFF, seller="external", status="deprovisioned"),
        version("L", sku=CRM, seller=OTHER, trial="true"),
    ):
        state(facts, "subscriptions.csv", VERSION, licence)
        periods(facts, f"L,ann,{day(-9)},,entitled")
        assert row(facts, "YAM")["active_unlicensed"] == 0
        periods(facts, f"L,ann,{day(-9)},,cancelled")
        assert row(facts, "YAM")["active_unlicensed"] == 1
        state(facts, "subscriptions.csv", f"{VERSION},retract", "L,2026-01-01,,,,,,,true")
    state(facts, "subscriptions.csv", VERSION, version("L", day(1), sku=OFF))
    periods(facts, f"L,ann,{day(-9)},,entitled")
    assert row(facts, "YAM")["active_unlicensed"] == 1


def test_unlicensed_alone_makes_two_rows_while_its_family_is_on() -> None:
    facts = world()
    state(facts, "relationships.csv", RELATIONSHIP, f"{US},{TWO},2025-01-01,")
    state(facts, "activity.csv", ACTIVITY, f"{TWO},zoe,YAM,{day(0)}", f"{TWO},zoe,EXO,{day(-1)}")
    rows = [each for each in insights(facts, US, DAY, "all", "all") if each["customer_id"] == TWO]
    names = "workload active_unlicensed covered_days measured_entitlements usage_pct"
    assert [values(each, names) for each in rows] == [["any", 1, 1, 0, None], ["YAM", 1, 1, 0, None]]
    assert insights(facts, US, DAY, "sku", "all", TWO) == []
    facts.families["o365"].on = False
    assert insights(facts, US, DAY, "all", "all", TWO) == []


def test_unlicensed_in_two_families_adds_up_over_all() -> None:
    facts = world()
    facts.workloads["crm"].flagged_family = "crm"
    active(facts, ("zoe", "YAM", 0), ("zoe", "CRM", 0))
    assert values(row(facts, "any", by="all", family=None), "active_unlicensed active_users covered_days") == [2, 1, 1]
    assert row(facts, "any", family="crm")["active_unlicensed"] == 1


def test_coverage_by_workload_and_every() -> None:
    facts = world()
    lines = (f"{ONE},EXO,{day(0)}", f"{ONE},*,{day(-1)}", f"{ONE},*,{day(-28)}", f"{ONE},TEAMS,{day(-2)}")
    state(facts, "coverage.csv", COVERAGE, *lines)
    active(facts, ("zoe", "EXO", -1), ("zoe", "EXO", -5))
    assert [row(facts, work)["covered_days"] for work in ("EXO", "YAM", "any")] == [3, 1, 3]
    state(facts, "coverage.csv", f"{COVERAGE},retract", f"{ONE},EXO,{day(-1)},true")
    assert row(facts, "YAM")["covered_days"] == 1


def test_sku_without_workloads_is_never_measured() -> None:
    facts = world()
    state(facts, "skus.csv", "sku_id,part_number,name,family,workloads", f"{E3},E3,E3,o365,")
    state(facts, "coverage.csv", COVERAGE, f"{ONE},*,{day(0)}")
    periods(facts, f"S,ann,{day(-1)},,entitled")
    names = "workload sold assigned measured_entitlements idle covered_days usage_pct"
    assert [values(each, names) for each in insights(facts, US, DAY, "sku", "all")] == [["any", 5, 1, 0, 0, 0, None]]


def test_family_off_takes_its_rows_away() -> None:
    facts = world()
    state(facts, "subscriptions.csv", VERSION, version("L", sku=OFF))
    assert {each["family"] for each in insights(facts, US, DAY, "family", "all")} == {"o365"}
    facts.families["vis"].on = True
    assert {each["family"] for each in insights(facts, US, DAY, "family", "all")} == {"o365", "vis"}


def test_same_user_in_two_customers_is_two_people() -> None:
    facts = world()
    state(facts, "relationships.csv", RELATIONSHIP, f"{US},{TWO},2025-01-01,")
    state(facts, "subscriptions.csv", VERSION, version("T", customer=TWO, seller="external"))
    periods(facts, f"S,ann,{day(-1)},,entitled", f"T,ann,{day(-1)},,entitled")
    active(facts, ("ann", "EXO", 0))
    total = portfolio(facts, US, DAY, "all", "all")[1]
    names = "workload users active_users measured_users customers customers_measured covered_days idle sold"
    assert values(total, names) == ["EXO", 2, 1, 1, 2, 1, None, 0, 10]


@pytest.mark.parametrize(("since", "until", "seen"), [(0, 1, True), (1, 2, False), (-5, 0, False)])
def test_relationship_covers_the_day(since: int, until: int, seen: bool) -> None:
    facts = world()
    state(facts, "relationships.csv", f"{RELATIONSHIP},retract", f"{US},{ONE},2025-01-01,,true")
    state(facts, "relationships.csv", RELATIONSHIP, f"{US},{ONE},{day(since)},{day(until)}")
    assert bool(insights(facts, US, DAY, "all", "all")) == seen
    assert bool(portfolio(facts, US, DAY, "all", "all")) == seen
