"""lists.csv and holders.csv: lists of who holds what today become dated holdings, in whatever order they arrive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import permutations

import pytest

from customers.models import EntitlementPeriod, Holding, SeenList
from tests.customers.feed import reading
from tests.customers.feed.conftest import CONTOSO, E3, FABRIKAM, SUBSCRIPTIONS, Feeds, version
from tests.customers.feed.importing import faults, imported
from tests.customers.feed.test_holdings import holdings

LISTS = "customer_id,day,source,user_id\n"
HOLDERS = "customer_id,day,source,user_id,sku_id,state\n"


def seen(day: str, *users: str, source: str = "directory", user: str = "", customer: str = FABRIKAM) -> dict[str, str]:
    """The two files of one list: that of `user`, or of everybody."""
    holders = "".join(f"{customer},{day},{source},{one},{E3},\n" for one in users)
    files = {"holders.csv": HOLDERS + holders} if users else {}
    return {**files, "lists.csv": f"{LISTS}{customer},{day},{source},{user}\n"}


def held() -> list[tuple[str, str, str | None]]:
    """User, from, to."""
    return [(user, begin, end) for user, _state, begin, end, _source, _stater in holdings()]


@pytest.fixture
def sold(world: Feeds) -> Feeds:
    """Alpha sold S1 to Fabrikam."""
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("S1", day="2025-01-01"))
    reading.forget_stale()
    return world


def test_first_list_begins_and_the_next_ends_what_is_missing(sold: Feeds) -> None:
    assert imported(seen("2026-03-01", "ann", "bob"))["lists.csv"] == (2, 0, 0, 0, 0)
    assert imported(seen("2026-03-08", "bob", "cat"))["lists.csv"] == (1, 0, 1, 1, 0)
    assert held() == [("ann", "2026-03-01", "2026-03-08"), ("bob", "2026-03-01", None), ("cat", "2026-03-08", None)]
    assert reading.periods() == [
        ("s1", "ann", "entitled", "2026-03-01", "2026-03-08"),
        ("s1", "bob", "entitled", "2026-03-01", None),
        ("s1", "cat", "entitled", "2026-03-08", None),
    ]
    assert reading.stale() == {"1": (2, "{[2026-03-01,)}")}


def test_same_list_again_changes_nothing(sold: Feeds) -> None:
    imported(seen("2026-03-01", "ann"))
    reading.forget_stale()
    assert imported(seen("2026-03-01", "ANN"))["lists.csv"] == (0, 0, 1, 0, 0)
    assert reading.stale() == {}
    assert SeenList.objects.count() == 1


def test_list_of_the_same_day_again_replaces_the_first(sold: Feeds) -> None:
    imported(seen("2026-03-01", "ann"))
    imported(seen("2026-03-08", "ann"))
    imported(seen("2026-03-01", "bob"))
    assert held() == [("ann", "2026-03-08", None), ("bob", "2026-03-01", "2026-03-08")]


def test_list_of_nobody_ends_all(sold: Feeds) -> None:
    imported(seen("2026-03-01", "ann"))
    assert imported(seen("2026-03-08"))["lists.csv"] == (0, 0, 0, 1, 0)
    assert held() == [("ann", "2026-03-01", "2026-03-08")]


def test_late_list_changes_only_what_lies_between_its_neighbours(sold: Feeds) -> None:
    imported(seen("2026-03-01", "ann", "bob"))
    imported(seen("2026-03-15", "ann", "cat"))
    reading.forget_stale()
    imported(seen("2026-03-08", "bob", "cat"))
    assert held() == [
        ("ann", "2026-03-01", "2026-03-08"),
        ("ann", "2026-03-15", None),
        ("bob", "2026-03-01", "2026-03-15"),
        ("cat", "2026-03-08", None),
    ]
    assert reading.stale() == {"1": (1, "{[2026-03-08,2026-04-12)}")}


def test_list_of_one_user_is_complete_for_that_user_alone(sold: Feeds) -> None:
    imported(seen("2026-03-01", "ann", "bob"))
    imported(seen("2026-03-05", user="ann"))
    assert held() == [("ann", "2026-03-01", "2026-03-05"), ("bob", "2026-03-01", None)]
    imported(seen("2026-03-08", "ann", "bob"))
    assert held() == [
        ("ann", "2026-03-01", "2026-03-05"),
        ("ann", "2026-03-08", None),
        ("bob", "2026-03-01", None),
    ]


def test_states_of_holders_are_kept_apart(sold: Feeds) -> None:
    imported(seen("2026-03-01", "ann"))
    files = seen("2026-03-08", "ann")
    imported(files | {"holders.csv": files["holders.csv"].replace(f"{E3},", f"{E3},suspended_nonpayment")})
    assert reading.periods() == [
        ("s1", "ann", "entitled", "2026-03-01", "2026-03-08"),
        ("s1", "ann", "suspended_nonpayment", "2026-03-08", None),
    ]


def test_customers_dont_meet(sold: Feeds) -> None:
    imported(seen("2026-03-01", "ann"))
    imported(seen("2026-03-08", "bob", customer=CONTOSO))
    assert held() == [("ann", "2026-03-01", None), ("bob", "2026-03-08", None)]


def test_latest_list_holds_whoever_delivered_it_and_the_same_list_counts_once(sold: Feeds) -> None:
    imported(seen("2026-03-01", "ann", "bob"), partner="alpha")
    imported(seen("2026-03-01", "ann", "bob"), partner="beta")
    assert Holding.objects.count() == 4
    assert reading.periods() == [
        ("s1", "ann", "entitled", "2026-03-01", None),
        ("s1", "bob", "entitled", "2026-03-01", None),
    ]
    imported(seen("2026-03-08", "bob"), partner="beta")
    assert reading.periods()[0] == ("s1", "ann", "entitled", "2026-03-01", "2026-03-08")
    imported(seen("2026-03-15", "ann"), partner="alpha")
    assert reading.periods() == [
        ("s1", "ann", "entitled", "2026-03-01", "2026-03-08"),
        ("s1", "ann", "entitled", "2026-03-15", None),
        ("s1", "bob", "entitled", "2026-03-01", "2026-03-15"),
    ]


def test_report_counts_until_there_is_a_directory(sold: Feeds) -> None:
    imported(seen("2026-03-01", "ann", source="report"))
    imported(seen("2026-03-08", "bob"))
    imported(seen("2026-03-15", "cat", source="report"))
    assert [row[1:] for row in reading.periods()] == [
        ("ann", "entitled", "2026-03-01", "2026-03-08"),
        ("bob", "entitled", "2026-03-08", None),
    ]


def test_concealed_report_holds_while_the_customers_reports_conceal_names(sold: Feeds) -> None:
    imported(seen("2026-03-01", "ann"))
    imported(seen("2026-03-08", "0A1B", source="report_concealed"))
    imported(seen("2026-03-10", "bob"))
    imported(seen("2026-03-15", "bob", source="report"))
    assert [row[1:] for row in reading.periods()] == [
        ("0a1b", "entitled", "2026-03-08", "2026-03-15"),
        ("ann", "entitled", "2026-03-01", "2026-03-08"),
        ("bob", "entitled", "2026-03-15", None),
    ]


def test_bad_lines_are_told(sold: Feeds) -> None:
    lists = f"{FABRIKAM},2026-12-01,directory,\n{FABRIKAM},2026-03-01,gossip,\n{CONTOSO},2026-03-01,directory,\n"
    assert faults("lists.csv", LISTS + lists, partner="alpha") == [
        "lists.csv, line 2, column day: “2026-12-01” lies after today; expected today (UTC) or a day before.",
        (
            "lists.csv, line 3, column source: “gossip” is not a source of lists; expected directory, report or "
            "report_concealed."
        ),
        f"lists.csv, line 4, column customer_id: “{CONTOSO}” is not known; expected the customer_id of a known customer.",
    ]
    holders = f"{FABRIKAM},2026-03-01,directory,ann,{FABRIKAM},\n{FABRIKAM},2026-12-01,report,ann,{E3},\n"
    assert faults("holders.csv", HOLDERS + holders) == [
        f"holders.csv, line 2, column sku_id: “{FABRIKAM}” is not known; expected the sku_id of a known SKU.",
        "holders.csv, line 3, column day: “2026-12-01” lies after today; expected today (UTC) or a day before.",
    ]


WEEK = {
    "2026-03-01": ("ann", "bob"),
    "2026-03-02": ("ann",),
    "2026-03-03": ("ann", "bob", "cat"),
    "2026-03-04": ("bob", "cat"),
}


def all_at_once(days: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Several lists in one import."""
    lists = "".join(f"{FABRIKAM},{day},directory,\n" for day in days)
    holders = "".join(f"{FABRIKAM},{day},directory,{user},{E3},\n" for day, users in days.items() for user in users)
    return {"lists.csv": LISTS + lists, "holders.csv": HOLDERS + holders}


def forget() -> None:
    for model in (Holding, SeenList, EntitlementPeriod):
        model.objects.all().delete()


def test_order_of_arrival_doesnt_matter(sold: Feeds) -> None:
    imported(all_at_once(WEEK))
    expected = held(), reading.periods()
    assert expected[0] == [
        ("ann", "2026-03-01", "2026-03-04"),
        ("bob", "2026-03-01", "2026-03-02"),
        ("bob", "2026-03-03", None),
        ("cat", "2026-03-03", None),
    ]
    for order in list(permutations(WEEK))[::3]:
        forget()
        for day in order:
            imported(seen(day, *WEEK[day]))
        assert (held(), reading.periods()) == expected, order


def test_order_of_arrival_doesnt_matter_with_lists_of_single_users(sold: Feeds) -> None:
    arrivals = [
        seen("2026-03-01", "ann", "bob"),
        seen("2026-03-02", user="ann"),
        seen("2026-03-02", "bob", "ann"),
        seen("2026-03-03", "bob", user="bob"),
        seen("2026-03-04", "ann"),
    ]
    results = set()
    for order in list(permutations(range(len(arrivals))))[::11]:
        forget()
        for index in order:
            imported(arrivals[index])
        results.add(tuple(held()))
    assert results == {
        (("ann", "2026-03-01", "2026-03-02"), ("ann", "2026-03-04", None), ("bob", "2026-03-01", "2026-03-04"))
    }
