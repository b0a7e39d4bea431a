"""The naive loader's own corner rules: feed.md, A partner's feed."""

from datetime import date

from tests.naive.feed import Facts
from tests.naive.metrics import insights
from tests.naive.small import (
    ACTIVITY,
    E3,
    ONE,
    OTHER,
    PERIOD,
    RELATIONSHIP,
    TODAY,
    TWO,
    US,
    VERSION,
    bad_line,
    csv,
    load,
    state,
    tally,
    version,
    world,
)  # fmt: skip

CUSTOMER = "customer_id,name,domain,country"
THREE = "20000000-0000-0000-0000-00000000000c"


def sellers(facts: Facts, sub: str) -> set[tuple[date, str]]:
    return {(day, content["seller"]) for day, content in facts.held_versions(sub).items()}


def test_operators_files_are_refused() -> None:
    for file in ("partners.csv", "skus.csv", "relationships.csv"):
        files: dict[str, str | bytes] = {file: csv("x"), "activity.csv": csv(ACTIVITY)}
        report = world().load(files, TODAY, partner="us", skip_bad=True)
        assert {each.name: each.outcome for each in report.files} == {file: "refused", "activity.csv": "not reached"}


def test_customers_line_claims_and_shows_nothing() -> None:
    facts = world()
    state(facts, "customers.csv", CUSTOMER, f"{TWO},Deux,two,FR", f"{THREE},Three,three,FR", partner=US)
    claimed = {key: stated for key, stated in facts.statements["relationships.csv"].items() if US in stated}
    assert claimed == {(US, who, TODAY): {US: {"to": None, "confirmed": False}} for who in (TWO, THREE)}
    assert bad_line(facts, "activity.csv", ACTIVITY, f"{THREE},a,EXO,2026-06-01", partner=US) == "customer_id"
    assert (facts.customer_name(TWO, US), facts.customer_name(TWO, OTHER)) == ("Deux", "Two")
    state(facts, "customers.csv", CUSTOMER, f"{TWO},Deux,two,FR", partner=US)
    assert len(facts.statements["relationships.csv"]) == 5
    state(facts, "relationships.csv", RELATIONSHIP, f"{US},{THREE},{TODAY},")
    state(facts, "activity.csv", ACTIVITY, f"{THREE},a,EXO,2026-06-01", partner="US")


def test_claim_of_a_single_partner_is_confirmed_at_once() -> None:
    facts = Facts()
    state(facts, "partners.csv", "partner_id,name,slug", f"{US},Us,us")
    state(facts, "customers.csv", CUSTOMER, f"{ONE},One,one,IT", partner=US)
    assert facts.confirmed_covers(US, ONE, TODAY)


def test_only_reachable_customers_and_own_or_external_sales() -> None:
    facts = world()
    assert bad_line(facts, "subscriptions.csv", VERSION, version("T", customer=TWO), partner=US) == "customer_id"
    assert bad_line(facts, "subscriptions.csv", VERSION, version("T", seller=OTHER), partner=US) == "seller"
    state(facts, "subscriptions.csv", VERSION, version("T", seller="External"), partner=US)
    state(facts, "entitlements.csv", PERIOD, "T,ann,2026-01-01,,entitled", partner=OTHER)


def test_records_of_others_are_refused_or_unknown() -> None:
    facts = world()
    state(facts, "entitlements.csv", PERIOD, "S,ann,2026-01-01,2026-02-01,entitled")
    assert bad_line(facts, "entitlements.csv", PERIOD, "S,ann,2026-01-01,,entitled", partner=US) == "subscription_id"
    assert bad_line(facts, "entitlements.csv", PERIOD, "S,ann,2026-01-15,,entitled", partner=US) == "from"
    assert bad_line(facts, "subscriptions.csv", VERSION, version("S", quantity=6), partner=US) == "subscription_id"
    report = state(facts, "entitlements.csv", f"{PERIOD},retract", "S,ann,2026-01-01,,,true", partner=US)
    assert tally(report) == (0, 0, 1, 0, 0, 0)


def test_sellers_statement_beats_external_whenever_it_arrives() -> None:
    for first, second in ((US, "external"), ("external", US)):
        facts = world()
        for seller in (first, second):
            by = None if seller == "external" else US
            state(facts, "subscriptions.csv", VERSION, version("T", seller=seller), partner=by)
        assert sellers(facts, "t") == {(date(2026, 1, 1), US)}
        state(facts, "subscriptions.csv", f"{VERSION},retract", "T,2026-01-01,,,,,,,true", partner=US)
        assert sellers(facts, "t") == {(date(2026, 1, 1), "external")}


def test_operators_word_on_a_seller_beats_a_partners_external() -> None:
    facts = world()
    report = state(facts, "subscriptions.csv", VERSION, version("S", "2025-01-01", seller="external"), partner=OTHER)
    assert tally(report) == (1, 0, 0, 0, 0, 0)
    assert sellers(facts, "s") == {(date(2026, 1, 1), US)}
    assert bad_line(facts, "subscriptions.csv", VERSION, version("S", "2025-01-01", seller="external")) == "seller"


def test_own_external_and_own_sale_contradict() -> None:
    facts = world()
    state(facts, "subscriptions.csv", VERSION, version("T", seller="external"), partner=US)
    assert bad_line(facts, "subscriptions.csv", VERSION, version("T", "2026-02-01"), partner=US) == "seller"


def test_activity_stays_until_all_have_retracted_it() -> None:
    facts = world()
    line, header = f"{ONE},ann,EXO,2026-06-01", f"{ACTIVITY},retract"
    for by in (US, OTHER):
        assert tally(state(facts, "activity.csv", ACTIVITY, line, partner=by)) == (1, 0, 0, 0, 0, 0)
    state(facts, "activity.csv", header, f"{line},true", partner=US)
    assert len(facts.activity(ONE)) == 1
    state(facts, "activity.csv", header, f"{line},true", partner=OTHER)
    assert facts.activity(ONE) == set()


def test_partner_column_may_be_missing() -> None:
    facts = world()
    header = "case_id,customer_id,opened_on,kind"
    report = facts.load({"support_cases.csv": csv(header, f"1,{ONE},2026-06-01,billing")}, TODAY, partner=US)
    assert report.clean
    assert (US, "1") in facts.statements["support_cases.csv"]
    assert facts.load({"support_cases.csv": csv(header)}, TODAY)["support_cases.csv"].outcome == "refused"
    whole = load(facts, "support_cases.csv", f"partner_id,{header}", f"{OTHER},2,{ONE},2026-06-01,billing", partner=US)
    assert whole.bad == [(2, "partner_id", OTHER)]


def test_figures_of_a_claim_are_not_shown() -> None:
    facts = world()
    state(facts, "subscriptions.csv", VERSION, version("T", customer=TWO, seller=OTHER, sku=E3))
    state(facts, "customers.csv", CUSTOMER, f"{TWO},Deux,two,FR", partner=US)
    assert {row["customer_id"] for row in insights(facts, US, TODAY, "sku", "all")} == {ONE}


def test_operators_external_counts_before_a_partners() -> None:
    for first, second in ((None, OTHER), (OTHER, None)):
        facts = world()
        for by in (first, second):
            line = version("T", customer=TWO if by else ONE, seller="external")
            state(facts, "subscriptions.csv", VERSION, line, partner=by)
        assert facts.customer_of("t") == ONE
        state(facts, "subscriptions.csv", VERSION, version("T", "2026-02-01", customer=ONE, seller="external"))
        assert len(facts.version_statements("t")) == 3
        gone = [f"T,2026-0{month}-01,,,,,,,true" for month in (1, 2)]
        state(facts, "subscriptions.csv", f"{VERSION},retract", *gone)
        assert facts.customer_of("t") == TWO


def test_records_of_a_customer_not_reached_any_more_are_not_known() -> None:
    facts = world()
    header = "case_id,customer_id,opened_on,kind"
    state(facts, "relationships.csv", RELATIONSHIP, f"{US},{TWO},2026-01-01,")
    state(facts, "support_cases.csv", header, f"1,{TWO},2026-06-01,billing", partner=US)
    state(facts, "subscriptions.csv", VERSION, version("T", customer=TWO), partner=US)
    state(facts, "relationships.csv", RELATIONSHIP, f"{US},{TWO},2026-01-01,2026-02-01")
    report = state(facts, "support_cases.csv", f"{header},retract", "1,,,,true", partner=US)
    assert tally(report) == (0, 0, 1, 0, 0, 0)
    line = f"1,{ONE},2026-06-01,billing"
    assert load(facts, "support_cases.csv", header, line, partner=US).bad == [(2, "case_id", "1")]
    assert bad_line(facts, "subscriptions.csv", VERSION, version("T"), partner=US) == "subscription_id"
