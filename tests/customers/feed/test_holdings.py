"""holdings.csv: dated holdings of SKUs, and what they become."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from customers.models import EntitlementPeriod, Holding, Person
from tests.customers.feed import reading
from tests.customers.feed.conftest import ALPHA, BETA, CONTOSO, E3, FABRIKAM, SUBSCRIPTIONS, TAILSPIN, Feeds, version

HEADER = "customer_id,user_id,sku_id,from,state,to\n"
RETRACT = "customer_id,user_id,sku_id,from,state,to,retract\n"
NOT_KNOWN = "is not known; expected the customer_id of a known customer."


def line(user: str, begin: str = "2026-01-01", end: str = "", state: str = "entitled", customer: str = FABRIKAM) -> str:
    return f"{customer},{user},{E3},{begin},{state},{end}\n"


def holdings() -> list[tuple[str, str, str, str | None, str, str]]:
    """User, state, from, to, source, who stated it; in order."""
    rows = Holding.objects.select_related("person", "stated_by")
    return sorted(
        (
            row.person.key,
            row.state,
            row.valid_from.isoformat(),
            row.valid_to.isoformat() if row.valid_to else None,
            row.source,
            row.stated_by.slug if row.stated_by else "operator",
        )
        for row in rows
    )


@pytest.fixture
def sold(world: Feeds) -> Feeds:
    """Alpha sold S1 to Fabrikam."""
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("S1"))
    reading.forget_stale()
    return world


def test_holding_is_new_changed_unchanged_and_retracted(sold: Feeds) -> None:
    assert sold.counts("holdings.csv", HEADER + line("ann")) == (1, 0, 0, 0, 0)
    assert holdings() == [("ann", "entitled", "2026-01-01", None, "stated", "operator")]
    assert reading.stale() == {"1": (1, "{[2026-01-01,)}")}
    assert sold.counts("holdings.csv", HEADER + line("ANN").upper()) == (0, 0, 1, 0, 0)
    assert sold.counts("holdings.csv", HEADER + line("ann", end="2026-02-01")) == (0, 1, 0, 0, 0)
    reading.forget_stale()
    retracted = f"{FABRIKAM},ann,{E3},2026-01-01,,,true\n{FABRIKAM},bob,{E3},2026-01-01,,,true\n"
    assert sold.counts("holdings.csv", RETRACT + retracted) == (0, 0, 1, 1, 0)
    assert holdings() == []
    assert reading.stale() == {"1": (1, "{[2026-01-01,2026-03-01)}")}


def test_holding_becomes_an_allotted_period_that_nobody_stated(sold: Feeds) -> None:
    sold.counts("holdings.csv", HEADER + line("ann"), partner="alpha")
    period = EntitlementPeriod.objects.get()
    assert reading.periods() == [("s1", "ann", "entitled", "2026-01-01", None)]
    assert (period.allotted, period.stated_by, period.load) == (True, None, None)


def test_allotted_period_keeps_its_row_when_it_ends_and_only_later_days_get_stale(sold: Feeds) -> None:
    sold.counts("holdings.csv", HEADER + line("ann"))
    row = EntitlementPeriod.objects.get().pk
    reading.forget_stale()
    sold.counts("holdings.csv", HEADER + line("ann", end="2026-06-01"))
    assert EntitlementPeriod.objects.get().pk == row
    assert reading.periods() == [("s1", "ann", "entitled", "2026-01-01", "2026-06-01")]
    assert reading.stale() == {"1": (1, "{[2026-06-01,)}")}


def test_nothing_is_written_or_stale_when_nothing_changes(sold: Feeds) -> None:
    sold.counts("holdings.csv", HEADER + line("ann"))
    reading.forget_stale()
    sold.counts("holdings.csv", HEADER + line("ann"), partner="alpha")
    assert reading.stale() == {}
    assert EntitlementPeriod.objects.count() == 1


def test_holding_waits_for_a_subscription(world: Feeds) -> None:
    world.counts("holdings.csv", HEADER + line("ann"))
    assert reading.periods() == []
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("S1", day="2026-03-01"))
    assert reading.periods() == [("s1", "ann", "entitled", "2026-03-01", None)]


def test_subscription_that_goes_takes_its_places_with_it(sold: Feeds) -> None:
    sold.counts("holdings.csv", HEADER + line("ann"))
    retract = SUBSCRIPTIONS.replace("\n", ",retract\n") + version("S1").replace("\n", ",true\n")
    sold.counts("subscriptions.csv", retract)
    assert reading.periods() == []
    assert len(holdings()) == 1


def test_same_holding_stated_by_two_partners_has_one_place(sold: Feeds) -> None:
    sold.counts("holdings.csv", HEADER + line("ann"), partner="alpha")
    sold.counts("holdings.csv", HEADER + line("ann", begin="2026-02-01"), partner="beta")
    assert [row[2:] for row in holdings()] == [
        ("2026-01-01", None, "stated", "alpha"),
        ("2026-02-01", None, "stated", "beta"),
    ]
    assert reading.periods() == [("s1", "ann", "entitled", "2026-01-01", None)]


def test_operators_statement_goes_before_a_partners(sold: Feeds) -> None:
    sold.counts("holdings.csv", HEADER + line("ann"), partner="alpha")
    sold.counts("holdings.csv", HEADER + line("ann", "2026-03-01", "2026-04-01", "cancelled"))
    assert reading.periods() == [
        ("s1", "ann", "cancelled", "2026-03-01", "2026-04-01"),
        ("s1", "ann", "entitled", "2026-01-01", "2026-03-01"),
        ("s1", "ann", "entitled", "2026-04-01", None),
    ]


def test_period_stated_directly_takes_the_place(sold: Feeds) -> None:
    sold.counts("holdings.csv", HEADER + line("ann"))
    sold.counts("entitlements.csv", "subscription_id,user_id,from,state,to\nS1,ann,2026-02-01,entitled,2026-03-01\n")
    assert reading.periods() == [
        ("s1", "ann", "entitled", "2026-01-01", "2026-02-01"),
        ("s1", "ann", "entitled", "2026-02-01", "2026-03-01"),
        ("s1", "ann", "entitled", "2026-03-01", None),
    ]
    assert list(EntitlementPeriod.objects.order_by("valid_from").values_list("allotted", flat=True)) == [
        True,
        False,
        True,
    ]


def test_later_of_two_overlapping_lines_is_bad(sold: Feeds) -> None:
    lines = line("ann", "2026-03-01") + line("ann", end="2026-03-02") + line("bob")
    assert sold.faults("holdings.csv", HEADER + lines) == [
        (
            "holdings.csv, line 3, column from: the time from “2026-01-01” overlaps another of the same key; "
            "expected times that don't overlap."
        )
    ]
    assert sold.counts("holdings.csv", HEADER + lines, skip_bad=True) == (2, 0, 0, 0, 1)


def test_bad_lines_are_told(sold: Feeds) -> None:
    lines = [
        line("ann", customer=TAILSPIN[:-1] + "9"),
        line("ann").replace(E3, ALPHA),
        line("ann", "2026-02-01", "2026-02-01"),
        line("ann", state="dozing"),
    ]
    assert sold.faults("holdings.csv", HEADER + "".join(lines)) == [
        f"holdings.csv, line 2, column customer_id: “{TAILSPIN[:-1]}9” {NOT_KNOWN}",
        f"holdings.csv, line 3, column sku_id: “{ALPHA}” is not known; expected the sku_id of a known SKU.",
        "holdings.csv, line 4, column to: “2026-02-01” is not after the first day; expected a later day, or nothing.",
        (
            "holdings.csv, line 5, column state: “dozing” is not a state; expected entitled, suspended_fraud, "
            "suspended_nonpayment, upgraded or cancelled."
        ),
    ]


def test_partner_states_only_for_customers_that_it_serves(sold: Feeds) -> None:
    assert sold.faults("holdings.csv", HEADER + line("ann", customer=CONTOSO), partner="alpha") == [
        f"holdings.csv, line 2, column customer_id: “{CONTOSO}” {NOT_KNOWN}"
    ]


def test_partner_retracts_only_what_it_stated(sold: Feeds) -> None:
    sold.counts("holdings.csv", HEADER + line("ann"), partner="alpha")
    retract = RETRACT + f"{FABRIKAM},ann,{E3},2026-01-01,,,true\n"
    assert sold.counts("holdings.csv", retract, partner="beta") == (0, 0, 1, 0, 0)
    assert sold.counts("holdings.csv", retract) == (0, 0, 0, 1, 0)
    assert holdings() == []


def test_missing_column_to_leaves_the_end(sold: Feeds) -> None:
    sold.counts("holdings.csv", HEADER + line("ann", end="2026-02-01"))
    assert sold.counts(
        "holdings.csv", f"customer_id,user_id,sku_id,from,state\n{FABRIKAM},ann,{E3},2026-01-01,upgraded\n"
    ) == (0, 1, 0, 0, 0)
    assert [row[:4] for row in holdings()] == [("ann", "upgraded", "2026-01-01", "2026-02-01")]


def test_places_are_given_by_first_day_then_id_and_what_fits_nowhere_goes_to_the_first(world: Feeds) -> None:
    lines = [
        version("S2", day="2025-02-01", quantity=1),
        version("S1", day="2025-02-01", quantity=1, seller=BETA),
        version("S0", day="2025-03-01", quantity=1, seller="external"),
    ]
    world.counts("subscriptions.csv", SUBSCRIPTIONS + "".join(lines))
    world.counts("holdings.csv", HEADER + "".join(line(user) for user in ("dan", "cat", "bob", "ann")))
    assert [row[:2] for row in reading.periods()] == [("s0", "cat"), ("s1", "ann"), ("s1", "dan"), ("s2", "bob")]


def test_two_identifiers_of_a_person_have_one_place(sold: Feeds) -> None:
    sold.counts("holdings.csv", HEADER + line("ann") + line("a1"))
    ann, other = Person.objects.order_by("number")
    Person.objects.filter(pk=other.pk).update(same_as=ann.number)
    sold.counts("holdings.csv", HEADER + line("bob"))
    assert [row[:2] for row in reading.periods()] == [("s1", "ann"), ("s1", "bob")]


def test_database_refuses_overlapping_holdings_of_one_source(sold: Feeds) -> None:
    sold.counts("holdings.csv", HEADER + line("ann"))
    held = Holding.objects.get()
    held.pk, held.valid_from = None, held.valid_from.replace(month=2)
    held.save()
    with pytest.raises(IntegrityError, match="holding_no_overlap"), transaction.atomic():
        connection.check_constraints()
    held.delete()
