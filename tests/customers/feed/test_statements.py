"""Several who state the same subscription, claim, period or case: whose word counts, and who can take it back."""

from __future__ import annotations

from itertools import permutations

import pytest

from customers.models import EntitlementPeriod, SupportCase
from tests.customers.feed import reading
from tests.customers.feed.conftest import (
    ALPHA,
    BETA,
    CONTOSO,
    FABRIKAM,
    SUBSCRIPTIONS,
    TAILSPIN,
    TODAY,
    WORLD,
    Feeds,
    version,
)

RETRACT = SUBSCRIPTIONS.strip() + ",retract\n"
ENTITLEMENTS = "subscription_id,user_id,from,state,to\n"
RETRACT_PERIODS = "subscription_id,user_id,from,state,retract\n"
RELATIONSHIPS = "partner_id,customer_id,from,to\n"
CASES = "case_id,customer_id,opened_on,kind\n"
CONTOSO_OF_ALPHA = f"{ALPHA},{CONTOSO},2026-01-01,\n"
NOT_KNOWN = "is not known; expected the id of a known subscription."
ONE = (1, 0, 0, 0, 0)


def retracting(key: str, day: str = "2026-01-01") -> str:
    return f"{key},{day},,,,,,,true\n"


def external(key: str = "x", *, day: str = "2026-01-01", customer: str = FABRIKAM, quantity: int = 5) -> str:
    return SUBSCRIPTIONS + version(key, day=day, customer=customer, seller="external", quantity=quantity)


def test_operators_retraction_withdraws_its_own_version_first(world: Feeds) -> None:
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=ALPHA), partner="alpha") == ONE
    assert world.counts("subscriptions.csv", external()) == ONE
    assert world.counts("subscriptions.csv", RETRACT + retracting("x")) == (0, 0, 0, 1, 0)
    assert reading.versions() == [("x", "2026-01-01", "alpha", 5, "alpha", False)]
    assert world.counts("subscriptions.csv", RETRACT + retracting("x")) == (0, 0, 0, 1, 0)
    assert reading.versions() == []


def test_line_stays_bad_where_the_operator_retracts_only_its_own(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=ALPHA), partner="alpha")
    world.counts("subscriptions.csv", external())
    lines = RETRACT + retracting("x") + version("x", day="2026-02-01", seller=BETA).strip() + ",\n"
    assert world.faults("subscriptions.csv", lines) == [
        f"subscriptions.csv, line 3, column seller: “{BETA}” is another seller than before; expected a subscription to keep its seller."
    ]


OPERATORS = (None, external())
BETAS = ("beta", external(customer=CONTOSO))


@pytest.mark.parametrize("order", list(permutations([OPERATORS, BETAS])))
def test_operators_external_counts_before_a_partners_whichever_comes_first(
    world: Feeds, order: tuple[tuple[str | None, str], ...]
) -> None:
    for partner, text in order:
        assert world.counts("subscriptions.csv", text, partner=partner) == ONE
    assert world.counts("subscriptions.csv", external(day="2026-02-01")) == ONE
    assert reading.subscriptions() == [("x", "1", "external", False), ("x", "2", "external", True)]
    assert world.counts("subscriptions.csv", external(quantity=6)) == (0, 1, 0, 0, 0)
    assert reading.versions() == [
        ("x", "2026-01-01", "external", 5, "beta", True),
        ("x", "2026-01-01", "external", 6, "operator", False),
        ("x", "2026-02-01", "external", 5, "operator", False),
    ]
    world.counts("subscriptions.csv", RETRACT + retracting("x") + retracting("x", "2026-02-01"))
    assert reading.subscriptions() == [("x", "2", "external", False)]
    assert reading.versions() == [("x", "2026-01-01", "external", 5, "beta", False)]


def test_oldest_external_counts_where_only_partners_state_it(world: Feeds) -> None:
    world.counts("subscriptions.csv", external(), partner="alpha")
    world.counts("subscriptions.csv", external(customer=CONTOSO), partner="beta")
    assert reading.subscriptions() == [("x", "1", "external", False), ("x", "2", "external", True)]
    world.counts("subscriptions.csv", external(day="2026-03-01", customer=TAILSPIN))
    assert [row[3] for row in reading.subscriptions()] == [True, True, False]
    world.counts("subscriptions.csv", RETRACT + retracting("x", "2026-03-01"))
    assert reading.subscriptions() == [("x", "1", "external", False), ("x", "2", "external", True)]


def test_operator_repeating_what_a_partner_states_aside_makes_it_count(world: Feeds) -> None:
    world.counts("subscriptions.csv", external(), partner="alpha")
    world.counts("subscriptions.csv", external(customer=CONTOSO), partner="beta")
    assert world.counts("subscriptions.csv", external(customer=CONTOSO)) == (0, 1, 0, 0, 0)
    assert reading.subscriptions() == [("x", "1", "external", True), ("x", "2", "external", False)]
    assert world.counts("subscriptions.csv", external(customer=CONTOSO)) == (0, 0, 1, 0, 0)


def test_operator_repeating_what_counts_leaves_it_to_the_partner(world: Feeds) -> None:
    world.counts("subscriptions.csv", external(), partner="alpha")
    world.counts("entitlements.csv", ENTITLEMENTS + "x,ann,2026-01-01,entitled,\n", partner="alpha")
    assert world.counts("subscriptions.csv", external()) == (0, 0, 1, 0, 0)
    assert world.counts("entitlements.csv", ENTITLEMENTS + "x,ann,2026-01-01,entitled,\n") == (0, 0, 1, 0, 0)
    assert world.counts("subscriptions.csv", external(quantity=6), partner="alpha") == (0, 1, 0, 0, 0)
    assert EntitlementPeriod.objects.get().stated_by.slug == "alpha"


def test_operators_periods_follow_its_correction_and_others_stay(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=BETA))
    world.counts("subscriptions.csv", external(), partner="alpha")
    for user, partner in (("ann", None), ("bob", "alpha")):
        assert (
            world.counts("entitlements.csv", ENTITLEMENTS + f"x,{user},2026-01-01,entitled,\n", partner=partner) == ONE
        )
    moved = SUBSCRIPTIONS + version("x", seller=BETA, customer=CONTOSO)
    assert world.counts("subscriptions.csv", moved) == (0, 1, 0, 0, 0)
    assert reading.subscriptions() == [("x", "1", "external", True), ("x", "2", "beta", False)]
    assert sorted(
        (str(row.customer.tenant_id), row.person.key) for row in EntitlementPeriod.objects.select_related("customer")
    ) == [(FABRIKAM, "bob"), (CONTOSO, "ann")]


@pytest.mark.parametrize(("corrects", "holds"), [(None, "entitled"), ("beta", "entitled")])
def test_of_periods_that_meet_those_that_counted_hold(world: Feeds, corrects: str | None, holds: str) -> None:
    """The operator's external at Fabrikam counts, Beta's at Contoso doesn't; one of them changes its mind."""
    world.counts("subscriptions.csv", external(customer=CONTOSO, day="2026-01-02"), partner="beta")
    lines = "x,ann,2026-01-05,cancelled,\nx,bob,2026-01-01,cancelled,\n"
    world.counts("entitlements.csv", ENTITLEMENTS + lines, partner="beta")
    world.counts("subscriptions.csv", external())
    world.counts("entitlements.csv", ENTITLEMENTS + "x,ANN,2026-01-01,entitled,\n")
    if corrects is None:
        assert world.counts("subscriptions.csv", external(customer=CONTOSO)) == (0, 1, 0, 0, 0)
    else:
        text = external(day="2026-01-02")
        assert world.counts("subscriptions.csv", text, partner=corrects) == (0, 1, 0, 0, 0)
    assert [row[3] for row in reading.subscriptions()] == [False]
    assert reading.periods() == [
        ("x", "ann", holds, "2026-01-01", None),
        ("x", "bob", "cancelled", "2026-01-01", None),
    ]


def test_periods_move_where_the_old_version_is_retracted(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x"))
    world.counts("entitlements.csv", ENTITLEMENTS + "x,ann,2026-01-01,entitled,\n")
    anew = version("x", day="2026-02-01", seller=BETA, customer=CONTOSO).strip() + ",\n"
    assert world.counts("subscriptions.csv", RETRACT + retracting("x") + anew) == (1, 0, 0, 1, 0)
    assert reading.periods() == [("x", "ann", "entitled", "2026-01-01", None)]
    assert EntitlementPeriod.objects.get().customer.tenant_id.hex == CONTOSO.replace("-", "")


def test_partner_cannot_move_what_it_does_not_reach_any_more(world: Feeds) -> None:
    world.counts("relationships.csv", RELATIONSHIPS + CONTOSO_OF_ALPHA)
    lines = version("x", customer=CONTOSO)
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + lines, partner="alpha") == ONE
    world.counts("relationships.csv", RELATIONSHIPS + CONTOSO_OF_ALPHA.replace("-01,", "-01,2026-11-01"))
    assert world.faults("subscriptions.csv", SUBSCRIPTIONS + version("x"), partner="alpha") == [
        f"subscriptions.csv, line 2, column subscription_id: “x” {NOT_KNOWN}"
    ]
    assert world.counts("subscriptions.csv", RETRACT + retracting("x"), partner="alpha") == (0, 0, 1, 0, 0)


def test_operator_is_told_of_claims_that_wait_in_every_load(world: Feeds) -> None:
    for slug, customer in (("alpha", TAILSPIN), ("beta", TAILSPIN), ("alpha", CONTOSO)):
        text = f"customer_id,name,domain,country\n{customer},Ours,ours.com,NL\n"
        world.load({"customers.csv": text}, partner=slug)
    waits = "3 claims of customers wait for the operator."
    assert list(world.load({"skus.csv": WORLD["skus.csv"]}).lines())[1:] == [waits]
    assert (
        list(world.load({"satisfaction.csv": "response_id,customer_id,responded_on,score\n"}, partner="beta").lines())[
            1:
        ]
        == []
    )
    later = world.load({"relationships.csv": RELATIONSHIPS + f"{BETA},{TAILSPIN},2026-12-01,\n"})
    assert list(later.lines())[1:] == [waits]
    confirmed = world.load({"relationships.csv": RELATIONSHIPS + f"{ALPHA},{TAILSPIN},2026-11-01,\n"})
    assert list(confirmed.lines())[1:] == ["2 claims of customers wait for the operator."]


def test_claim_ends_where_the_next_confirmed_relationship_begins_as_long_as_that_stands(world: Feeds) -> None:
    claim = f"customer_id,name,domain,country\n{TAILSPIN},Ours,ours.com,NL\n"

    def claimed() -> list[str | None]:
        return [row[3] for row in reading.relationships() if row[4] == "claimed"]

    confirmed = RELATIONSHIPS + f"{ALPHA},{TAILSPIN},2026-12-01,\n"
    world.counts("relationships.csv", confirmed)
    world.counts("customers.csv", claim, partner="alpha")
    assert claimed() == ["2026-12-01"]
    retract = RELATIONSHIPS.strip() + f",retract\n{ALPHA},{TAILSPIN},2026-12-01,,true\n"
    world.counts("relationships.csv", retract)
    assert claimed() == [None]
    world.counts("relationships.csv", confirmed)
    assert claimed() == ["2026-12-01"]
    assert TODAY.isoformat() in [row[2] for row in reading.relationships()]


def test_own_period_is_retracted_wherever_it_has_been_stated(world: Feeds) -> None:
    world.counts("subscriptions.csv", external(customer=CONTOSO), partner="beta")
    world.counts("entitlements.csv", ENTITLEMENTS + "x,ann,2026-01-01,entitled,\n", partner="beta")
    world.counts("subscriptions.csv", external())
    retract = RETRACT_PERIODS + "x,ann,2026-01-01,,true\n"
    assert world.counts("entitlements.csv", retract, partner="alpha") == (0, 0, 1, 0, 0)
    assert world.counts("entitlements.csv", retract, partner="beta") == (0, 0, 0, 1, 0)
    assert reading.periods() == []


def test_case_of_a_customer_that_is_not_reached_any_more_is_not_known(world: Feeds) -> None:
    world.counts("relationships.csv", RELATIONSHIPS + CONTOSO_OF_ALPHA)
    assert world.counts("support_cases.csv", CASES + f"K,{CONTOSO},2026-11-01,how_to\n", partner="alpha") == ONE
    world.counts("relationships.csv", RELATIONSHIPS + CONTOSO_OF_ALPHA.replace("-01,", "-01,2026-11-01"))
    retract = CASES.strip() + ",retract\nK,,,,true\n"
    assert world.counts("support_cases.csv", retract, partner="alpha") == (0, 0, 1, 0, 0)
    assert world.faults("support_cases.csv", CASES + f"K,{FABRIKAM},2026-11-01,how_to\n", partner="alpha") == [
        "support_cases.csv, line 2, column case_id: “K” is not known; expected a support case of one's own."
    ]
    assert SupportCase.objects.count() == 1
