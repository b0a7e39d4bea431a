"""subscriptions.csv with the operator's rights: versions, contradictions, retractions."""

from __future__ import annotations

from uuid import UUID

from customers.models import Customer, Person
from tests.customers.feed import reading
from tests.customers.feed.conftest import ALPHA, BETA, CONTOSO, E3, FABRIKAM, SUBSCRIPTIONS, Feeds, version

RETRACT = SUBSCRIPTIONS.strip() + ",retract\n"


def retracting(key: str, day: str = "2026-01-01") -> str:
    return f"{key},{day},,,,,,,true\n"


def test_version_is_new_changed_unchanged_and_retracted(world: Feeds) -> None:
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + version("S1") + version("S1", day="2026-02-01")) == (
        2,
        0,
        0,
        0,
        0,
    )
    assert reading.stale() == {"1": (1, "{[2026-01-01,)}")}
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + version("s1") + version("s1", day="2026-02-01")) == (
        0,
        0,
        2,
        0,
        0,
    )
    reading.forget_stale()
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + version("s1", day="2026-02-01", quantity=6)) == (
        0,
        1,
        0,
        0,
        0,
    )
    assert reading.stale() == {"1": (1, "{[2026-02-01,)}")}
    assert reading.versions() == [
        ("s1", "2026-01-01", "alpha", 5, "operator", False),
        ("s1", "2026-02-01", "alpha", 6, "operator", False),
    ]
    assert world.counts("subscriptions.csv", RETRACT + retracting("S1", "2026-02-01") + retracting("no")) == (
        0,
        0,
        1,
        1,
        0,
    )
    assert len(reading.versions()) == 1


def test_optional_columns_are_left_or_blanked(world: Feeds) -> None:
    from customers.models import SubscriptionVersion

    header = SUBSCRIPTIONS.strip() + ",term_end,auto_renew,cancel_until,unit_price,currency\n"
    line = version("S1").strip()
    assert world.counts("subscriptions.csv", header + line + ",2027-01-01,FALSE,2026-02-01,012.50,eur\n") == (
        1,
        0,
        0,
        0,
        0,
    )
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + line + "\n") == (0, 0, 1, 0, 0)
    stored = SubscriptionVersion.objects.get()
    assert (str(stored.term_end), stored.auto_renew, str(stored.cancel_until)) == ("2027-01-01", False, "2026-02-01")
    assert (str(stored.unit_price), stored.currency) == ("12.5000", "EUR")
    assert world.counts("subscriptions.csv", header + line + ",,,,.5,\n") == (0, 1, 0, 0, 0)
    stored = SubscriptionVersion.objects.get()
    assert (stored.term_end, stored.auto_renew, str(stored.unit_price), stored.currency) == (None, None, "0.5000", "")


def test_change_of_seller_or_customer_is_told(world: Feeds) -> None:
    lines = (
        version("S1") + version("S1", day="2026-02-01", seller=BETA) + version("S1", day="2026-03-01", customer=CONTOSO)
    )
    assert world.faults(
        "subscriptions.csv", SUBSCRIPTIONS + lines + version("S1", day="2026-04-01", seller="external")
    ) == [
        f"subscriptions.csv, line 3, column seller: “{BETA}” is another seller than before; expected a subscription to keep its seller.",
        f"subscriptions.csv, line 4, column customer_id: “{CONTOSO}” is another customer than before; expected a subscription to keep its customer.",
        "subscriptions.csv, line 5, column seller: “external” is another seller than before; expected a subscription to keep its seller.",
    ]
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + lines, skip_bad=True) == (1, 0, 0, 0, 2)
    assert world.faults("subscriptions.csv", SUBSCRIPTIONS + version("S1", day="2026-02-01", seller=BETA)) == [
        f"subscriptions.csv, line 2, column seller: “{BETA}” is another seller than before; expected a subscription to keep its seller."
    ]


def test_all_versions_may_move_in_one_file_and_periods_with_them(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("S1") + version("S1", day="2026-02-01"))
    lines = "S1,Ann,2026-01-01,entitled\nS1,bob,2026-01-03,cancelled\n"
    world.counts("entitlements.csv", "subscription_id,user_id,from,state\n" + lines)
    world.counts("activity.csv", f"customer_id,user_id,service,day\n{CONTOSO},bob,EXO,2026-11-01\n")
    reading.forget_stale()
    moved = [
        version("S1", seller=BETA, customer=CONTOSO),
        version("S1", day="2026-02-01", seller=BETA, customer=CONTOSO),
    ]
    assert len(world.faults("subscriptions.csv", SUBSCRIPTIONS + moved[0])) == 1
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + "".join(moved)) == (0, 2, 0, 0, 0)
    assert reading.subscriptions() == [("s1", "2", "beta", False)]
    assert reading.periods() == [
        ("s1", "ann", "entitled", "2026-01-01", None),
        ("s1", "bob", "cancelled", "2026-01-03", None),
    ]
    assert sorted(Person.objects.values_list("customer__tenant_id", "number", "user_id")) == [
        (UUID(FABRIKAM), 0, "Ann"),
        (UUID(FABRIKAM), 1, "bob"),
        (UUID(CONTOSO), 0, "bob"),
        (UUID(CONTOSO), 1, "Ann"),
    ]
    assert list(Customer.objects.order_by("tenant_id").values_list("next_person_number", flat=True)) == [2, 2, 0]
    assert reading.stale() == {"1": (1, "{[2026-01-01,)}"), "2": (1, "{[2026-01-01,)}")}


def test_last_version_takes_the_subscription_with_it(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("S1"))
    world.counts("entitlements.csv", "subscription_id,user_id,from,state\nS1,ann,2026-01-01,entitled\n")
    assert world.counts("subscriptions.csv", RETRACT + retracting("S1")) == (0, 0, 0, 1, 0)
    assert (reading.subscriptions(), reading.periods()) == ([], [])
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + version("S1", seller="external", customer=CONTOSO)) == (
        1,
        0,
        0,
        0,
        0,
    )
    assert reading.subscriptions() == [("s1", "2", "external", False)]


def test_retracting_and_stating_anew_in_one_file(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("S1"))
    anew = version("S1", day="2026-02-01", seller=BETA).strip() + ",\n"
    assert world.counts("subscriptions.csv", RETRACT + anew + retracting("S1")) == (1, 0, 0, 1, 0)
    assert reading.subscriptions() == [("s1", "1", "beta", False)]


def test_sku_may_change_from_version_to_version(world: Feeds) -> None:
    other = E3[:-1] + "5"
    world.counts("skus.csv", f"sku_id,part_number,name,family,workloads\n{other},E5,E5,o365,EXO\n")
    lines = version("S1") + version("S1", day="2026-02-01").replace(E3, other)
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + lines) == (2, 0, 0, 0, 0)


def test_seller_and_customer_in_any_form(world: Feeds) -> None:
    line = version("S1", customer="{" + FABRIKAM.upper() + "}", seller=ALPHA.replace("-", ""))
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + line) == (1, 0, 0, 0, 0)
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + version("S2", seller=" EXTERNAL ")) == (1, 0, 0, 0, 0)
    assert reading.subscriptions() == [("s1", "1", "alpha", False), ("s2", "1", "external", False)]
