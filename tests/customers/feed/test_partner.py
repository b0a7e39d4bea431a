"""A partner's feed: its limits one by one, and whose statement of a subscription holds."""

from __future__ import annotations

from itertools import permutations

import pytest

from customers.models import CustomerProfile, SatisfactionResponse, SupportCase
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

CUSTOMERS = "customer_id,name,domain,country\n"
ENTITLEMENTS = "subscription_id,user_id,from,state,to\n"
RETRACT = SUBSCRIPTIONS.strip() + ",retract\n"
NEWCOMER = "cccccccc-0000-0000-0000-000000000009"
NOT_KNOWN = "is not known; expected the id of a known subscription."
CASES = "case_id,customer_id,opened_on,kind\n"


def claim(customer: str) -> str:
    return CUSTOMERS + f"{customer},Ours,ours.com,NL\n"


def retracting(key: str, day: str = "2026-01-01") -> str:
    return f"{key},{day},,,,,,,true\n"


@pytest.mark.parametrize("name", ["partners.csv", "skus.csv", "relationships.csv"])
def test_operators_files_are_refused(world: Feeds, name: str) -> None:
    assert world.refusal(name, WORLD[name], partner="alpha") == "This file needs the operator's rights."


def test_customer_is_claimed_and_the_operator_told(world: Feeds) -> None:
    for customer in (NEWCOMER, TAILSPIN):
        report = world.load({"customers.csv": claim(customer)}, partner="alpha")
        assert list(report.lines()) == [
            "customers.csv: loaded. 1 new, 0 changed, 0 unchanged, 0 retracted, 0 refused.",
            "1 claim of a customer waits for the operator.",
        ]
    waiting = [row for row in reading.relationships() if row[-1] == "claimed"]
    assert waiting == [("alpha", digit, TODAY.isoformat(), None, "claimed") for digit in "39"]
    assert world.counts("customers.csv", claim(NEWCOMER), partner="alpha") == (0, 0, 1, 0, 0)
    assert [row for row in reading.relationships() if row[-1] == "claimed"] == waiting


def test_confirmed_customer_is_not_claimed_again(world: Feeds) -> None:
    before = reading.relationships()
    assert world.counts("customers.csv", claim(FABRIKAM), partner="alpha") == (1, 0, 0, 0, 0)
    assert reading.relationships() == before
    assert sorted(
        CustomerProfile.objects.filter(customer__tenant_id=FABRIKAM).values_list("name", "stated_by__slug")
    ) == [
        ("Fabrikam", None),
        ("Ours", "alpha"),
    ]


def test_customer_is_claimed_anew_when_the_relationship_is_over(world: Feeds) -> None:
    world.counts("customers.csv", claim(FABRIKAM), partner="alpha")
    world.counts("relationships.csv", f"partner_id,customer_id,from,to\n{ALPHA},{FABRIKAM},2026-01-01,2026-11-20\n")
    assert world.counts("customers.csv", claim(FABRIKAM), partner="alpha") == (0, 1, 0, 0, 0)
    assert ("alpha", "1", TODAY.isoformat(), None, "claimed") in reading.relationships()


def test_claim_ends_where_a_confirmed_relationship_begins(world: Feeds) -> None:
    world.counts("customers.csv", claim(TAILSPIN), partner="alpha", today=reading.day("2026-11-01"))
    world.counts("relationships.csv", f"partner_id,customer_id,from,to\n{ALPHA},{TAILSPIN},2026-11-05,2026-11-10\n")
    assert world.counts("customers.csv", claim(TAILSPIN), partner="alpha") == (0, 1, 0, 0, 0)
    assert [row[2:] for row in reading.relationships() if row[:2] == ("alpha", "3")] == [
        ("2026-11-01", "2026-11-05", "claimed"),
        ("2026-11-05", "2026-11-10", "confirmed"),
        ("2026-11-20", None, "claimed"),
    ]


def test_operators_relationship_replaces_a_claim_of_that_day(world: Feeds) -> None:
    world.counts("customers.csv", claim(TAILSPIN), partner="alpha")
    assert world.counts("relationships.csv", f"partner_id,customer_id,from\n{ALPHA},{TAILSPIN},2026-11-20\n") == (
        0,
        1,
        0,
        0,
        0,
    )
    assert ("alpha", "3", "2026-11-20", None, "confirmed") in reading.relationships()


def test_single_partner_confirms_itself_until_the_next_relationship(feeds: Feeds) -> None:
    feeds.counts("partners.csv", f"partner_id,name,slug\n{ALPHA},Alpha,alpha\n")
    feeds.counts("customers.csv", WORLD["customers.csv"])
    feeds.counts("relationships.csv", f"partner_id,customer_id,from\n{ALPHA},{CONTOSO},2026-12-01\n")
    report = feeds.load({"customers.csv": claim(FABRIKAM) + f"{CONTOSO},C,c.com,IT\n"}, partner="alpha")
    assert len(list(report.lines())) == 1
    assert reading.relationships() == [
        ("alpha", "1", "2026-11-20", None, "confirmed"),
        ("alpha", "2", "2026-11-20", "2026-12-01", "confirmed"),
        ("alpha", "2", "2026-12-01", None, "confirmed"),
    ]


def test_claimed_customer_is_not_reached(world: Feeds) -> None:
    world.counts("customers.csv", claim(TAILSPIN), partner="alpha")
    known, unknown = (
        world.faults("subscriptions.csv", SUBSCRIPTIONS + version("s", customer=customer), partner="alpha")
        for customer in (TAILSPIN, NEWCOMER)
    )
    assert [line.replace(TAILSPIN, NEWCOMER) for line in known] == unknown


def test_seller_is_the_partner_itself_or_external(world: Feeds) -> None:
    nobody = BETA[:-1] + "9"
    known, unknown = (
        world.faults("subscriptions.csv", SUBSCRIPTIONS + version("s", seller=seller), partner="alpha")
        for seller in (BETA, nobody)
    )
    assert [line.replace(BETA, nobody) for line in known] == unknown
    lines = version("a", seller=ALPHA) + version("b", seller="external")
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + lines, partner="alpha") == (2, 0, 0, 0, 0)


OWN = ("beta", SUBSCRIPTIONS + version("x", seller=BETA, quantity=7))
OTHERS = ("alpha", SUBSCRIPTIONS + version("x", seller="external", quantity=9))
OPERATORS = (None, SUBSCRIPTIONS + version("x", day="2026-02-01", seller="external", quantity=8))


@pytest.mark.parametrize("order", list(permutations([OWN, OTHERS, OPERATORS])))
def test_sellers_own_statement_holds_whenever_it_arrives(
    world: Feeds, order: tuple[tuple[str | None, str], ...]
) -> None:
    for partner, text in order:
        assert world.counts("subscriptions.csv", text, partner=partner) == (1, 0, 0, 0, 0)
    assert reading.subscriptions() == [("x", "1", "beta", False)]
    assert reading.versions() == [
        ("x", "2026-01-01", "beta", 7, "beta", False),
        ("x", "2026-01-01", "external", 9, "alpha", True),
        ("x", "2026-02-01", "external", 8, "operator", True),
    ]
    reading.forget_stale()
    assert world.counts("subscriptions.csv", RETRACT + retracting("x"), partner="beta") == (0, 0, 0, 1, 0)
    assert reading.subscriptions() == [("x", "1", "external", False)]
    assert [row[1:] for row in reading.versions()] == [
        ("2026-01-01", "external", 9, "alpha", False),
        ("2026-02-01", "external", 8, "operator", False),
    ]
    assert reading.stale() == {"1": (1, "{[2026-01-01,)}")}


def test_operator_stating_the_seller_counts_like_the_seller(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller="external"), partner="alpha")
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=BETA))
    assert [row[2:] for row in reading.versions()] == [("beta", 5, "operator", False), ("external", 5, "alpha", True)]
    assert world.faults("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=BETA), partner="beta") == [
        f"subscriptions.csv, line 2, column subscription_id: “x” {NOT_KNOWN}"
    ]
    assert world.faults(
        "subscriptions.csv", SUBSCRIPTIONS + version("x", day="2026-03-01", seller="external"), partner="beta"
    ) == [f"subscriptions.csv, line 2, column subscription_id: “x” {NOT_KNOWN}"]
    assert (
        world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", day="2026-03-01", seller=BETA), partner="beta")[
            0
        ]
        == 1
    )


def test_two_partners_as_sellers_are_told_as_not_known(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=BETA), partner="beta")
    assert world.faults("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=ALPHA), partner="alpha") == [
        f"subscriptions.csv, line 2, column subscription_id: “x” {NOT_KNOWN}"
    ]


def test_partner_contradicting_itself_is_told(world: Feeds) -> None:
    lines = version("x", seller=ALPHA) + version("x", day="2026-02-01", seller="external")
    assert world.faults("subscriptions.csv", SUBSCRIPTIONS + lines, partner="alpha") == [
        "subscriptions.csv, line 3, column seller: “external” is another seller than before; expected a subscription to keep its seller."
    ]


def test_id_of_another_customer_is_kept_aside(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=BETA, customer=CONTOSO), partner="beta")
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller="external"), partner="alpha")
    assert reading.subscriptions() == [("x", "1", "external", True), ("x", "2", "beta", False)]
    assert world.counts("entitlements.csv", ENTITLEMENTS + "x,ann,2026-01-01,entitled,\n", partner="alpha") == (
        1,
        0,
        0,
        0,
        0,
    )
    assert world.counts("entitlements.csv", ENTITLEMENTS + "x,ann,2026-01-01,entitled,\n", partner="beta") == (
        1,
        0,
        0,
        0,
        0,
    )
    world.counts("subscriptions.csv", RETRACT + retracting("x"), partner="beta")
    assert reading.subscriptions() == [("x", "1", "external", False)]
    assert len(reading.periods()) == 1


def test_sellers_later_statement_moves_the_id_to_its_customer(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller="external"), partner="alpha")
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=BETA, customer=CONTOSO), partner="beta")
    assert reading.subscriptions() == [("x", "1", "external", True), ("x", "2", "beta", False)]


def test_only_own_versions_are_replaced_and_retracted(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller="external"))
    not_known = [f"subscriptions.csv, line 2, column subscription_id: “x” {NOT_KNOWN}"]
    assert (
        world.faults("subscriptions.csv", SUBSCRIPTIONS + version("x", seller="external"), partner="alpha") == not_known
    )
    assert world.counts("subscriptions.csv", RETRACT + retracting("x"), partner="alpha") == (0, 0, 1, 0, 0)
    assert (
        world.counts(
            "subscriptions.csv", SUBSCRIPTIONS + version("x", day="2026-02-01", seller="external"), partner="alpha"
        )[0]
        == 1
    )
    assert world.counts("subscriptions.csv", RETRACT + retracting("x") + retracting("x", "2026-02-01")) == (
        0,
        0,
        0,
        2,
        0,
    )


def test_others_subscription_is_like_none_when_retracted(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=BETA), partner="beta")
    assert world.counts("subscriptions.csv", RETRACT + retracting("x") + retracting("y"), partner="alpha") == (
        0,
        0,
        2,
        0,
        0,
    )
    assert len(reading.versions()) == 1


def test_periods_of_unreached_subscriptions_are_not_known(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=BETA), partner="beta")
    lines = "x,ann,2026-01-01,entitled,\nnone,ann,2026-01-01,entitled,\n"
    assert world.faults("entitlements.csv", ENTITLEMENTS + lines, partner="alpha") == [
        f"entitlements.csv, line {line}, column subscription_id: “{key}” {NOT_KNOWN}"
        for line, key in ((2, "x"), (3, "none"))
    ]


def test_periods_belong_to_the_id_whoever_delivered_them(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller="external"), partner="alpha")
    world.counts("entitlements.csv", ENTITLEMENTS + "x,ann,2026-01-01,entitled,\n", partner="alpha")
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=BETA), partner="beta")
    assert reading.subscriptions() == [("x", "1", "beta", False)]
    assert world.counts("entitlements.csv", ENTITLEMENTS + "x,bob,2026-01-01,entitled,\n", partner="alpha") == (
        1,
        0,
        0,
        0,
        0,
    )
    assert len(reading.periods()) == 2
    assert world.faults("entitlements.csv", ENTITLEMENTS + "x,ann,2026-01-01,cancelled,\n", partner="beta") == [
        f"entitlements.csv, line 2, column subscription_id: “x” {NOT_KNOWN}"
    ]
    retract = "subscription_id,user_id,from,state,retract\nx,ann,2026-01-01,,true\n"
    assert world.counts("entitlements.csv", retract, partner="beta") == (0, 0, 1, 0, 0)
    assert world.counts("entitlements.csv", retract, partner="alpha") == (0, 0, 0, 1, 0)


def test_overlap_with_what_others_stated_is_told_as_not_known(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=BETA), partner="beta")
    world.counts("entitlements.csv", ENTITLEMENTS + "x,ann,2026-01-01,entitled,\n", partner="beta")
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller="external"), partner="alpha")
    assert world.faults("entitlements.csv", ENTITLEMENTS + "x,ann,2026-02-01,entitled,\n", partner="alpha") == [
        f"entitlements.csv, line 2, column subscription_id: “x” {NOT_KNOWN}"
    ]


def test_operator_replaces_what_a_partner_stated(world: Feeds) -> None:
    world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=ALPHA), partner="alpha")
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=ALPHA)) == (0, 0, 1, 0, 0)
    assert world.counts("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=ALPHA, quantity=6)) == (0, 1, 0, 0, 0)
    assert reading.versions() == [("x", "2026-01-01", "alpha", 6, "operator", False)]
    assert len(world.faults("subscriptions.csv", SUBSCRIPTIONS + version("x", seller=ALPHA), partner="alpha")) == 1


def test_cases_and_responses_belong_to_the_partner(world: Feeds) -> None:
    assert world.counts("support_cases.csv", CASES + f"K1,{FABRIKAM},2026-11-01,how_to\n", partner="alpha") == (
        1,
        0,
        0,
        0,
        0,
    )
    assert world.counts("support_cases.csv", CASES + f"k1,{FABRIKAM},2026-11-01,how_to\n", partner="beta") == (
        1,
        0,
        0,
        0,
        0,
    )
    assert sorted(SupportCase.objects.values_list("partner__slug", "case_id")) == [("alpha", "K1"), ("beta", "k1")]
    text = "response_id,customer_id,responded_on,score\n"
    assert world.counts("satisfaction.csv", text + f"R,{FABRIKAM},2026-11-01,05\n", partner="alpha") == (1, 0, 0, 0, 0)
    assert SatisfactionResponse.objects.values_list("partner__slug", "score", "comment").get() == ("alpha", 5, "")
    assert world.refusal("support_cases.csv", CASES + f"K1,{FABRIKAM},2026-11-01,how_to\n") == (
        "The header line lacks a column: partner_id."
    )


def test_cases_of_others_are_not_known(world: Feeds) -> None:
    header = "partner_id,case_id,customer_id,opened_on,kind,retract\n"
    world.counts("support_cases.csv", header + f"{ALPHA},K1,{FABRIKAM},2026-11-01,how_to,\n")
    line = f"{{}},K1,{FABRIKAM},2026-11-02,how_to,\n"
    assert world.faults("support_cases.csv", header + line.format(ALPHA), partner="alpha") == [
        "support_cases.csv, line 2, column case_id: “K1” is not known; expected a support case of one's own."
    ]
    assert world.faults("support_cases.csv", header + line.format(ALPHA), partner="beta") == [
        f"support_cases.csv, line 2, column partner_id: “{ALPHA}” is not known; expected the partner_id of a known partner."
    ]
    assert world.counts("support_cases.csv", header + f"{ALPHA},K1,,,,true\n", partner="beta") == (0, 0, 1, 0, 0)
    assert world.counts("support_cases.csv", header + f"{ALPHA},K1,,,,true\n") == (0, 0, 0, 1, 0)
