"""Each rule at its boundaries (guidance.md), and that none takes what is missing for zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.lifecycle import Status
from insights.steps.figures import Counts, CustomerFigures, OwnSubscription, SubscriptionUse
from insights.steps.rules import (
    RULES,
    Fact,
    Lack,
    Rule,
    Verdict,
    convert_trial,
    explain_inflation,
    judged,
    low_adoption,
    many_questions,
    renew,
    right_size,
    sell_more,
)
from insights.steps.thresholds import DEFAULTS
from tests.insights.steps.figures import COUNTS, DAY, OWN, ahead, customer, holding, used

COVERAGE = frozenset({Lack.COVERAGE})
IN_GRACE = replace(OWN, status=Status.GRACE)
TRIAL = replace(OWN, is_trial=True, term_end=ahead(20), use=used(quantity=25, users=10, active_users=5, active=5))
ENDING = replace(OWN, term_end=ahead(30), auto_renew=False, use=used(users=60, active_users=51, active=51))
LOOSE = replace(OWN, term_end=ahead(60), use=used(users=90, active_users=80), before=used(users=90, active_users=80))


def fires(verdict: Verdict) -> bool:
    assert verdict.lacks == frozenset()
    return bool(verdict.findings)


def names(verdict: Verdict) -> list[str]:
    return [fact.name for finding in verdict.findings for fact in finding.facts]


def test_ordinary_customer_gets_no_advice() -> None:
    figures = holding()
    assert judged(figures, DEFAULTS) == dict.fromkeys(Rule, Verdict())


def test_every_rule_of_the_guidance_is_there() -> None:
    assert list(RULES) == list(Rule)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"assigned": 69, "unassigned": 31, "active_current": 60}, True),
        ({"assigned": 70, "unassigned": 30, "active_current": 60}, False),
        ({"active_current": 49}, True),
        ({"active_current": 50}, False),
        ({"active_current": 49, "active_former": 1}, False),
        ({"sold": 10, "entitlements": 10, "assigned": 6, "active_current": 6}, True),
        ({"sold": 9, "entitlements": 9, "assigned": 5, "active_current": 5}, False),
        ({"sold": 0, "entitlements": 0, "assigned": 0, "active_current": 0}, False),
    ],
)
def test_low_adoption_at_its_boundaries(counts: dict[str, int], expected: bool) -> None:
    assert fires(low_adoption(customer(**counts), DEFAULTS)) is expected


def test_low_adoption_shows_its_evidence() -> None:
    (finding,) = low_adoption(customer(assigned=46, active_current=30, unassigned=54), DEFAULTS).findings
    assert finding.weight == 70
    assert finding.facts == (
        Fact("deployment_pct", None, 70, 46, 100),
        Fact("usage_pct", None, 50, 30, 100),
        Fact("idle", 16),
        Fact("unassigned", 54),
    )


def test_low_adoption_without_coverage_speaks_of_deployment_alone() -> None:
    low = low_adoption(customer(assigned=46, active_current=0, unassigned=54, covered_days=27), DEFAULTS)
    assert (names(low), low.lacks) == (["deployment_pct", "unassigned"], COVERAGE)
    assert low.findings[0].weight == 54
    quiet = low_adoption(customer(active_current=0, covered_days=27), DEFAULTS)
    assert quiet == Verdict(lacks=COVERAGE)


@pytest.mark.parametrize(
    ("cases", "active_users", "expected"),
    [(5, 100, True), (4, 10, False), (5, 101, False), (6, 120, True), (6, 121, False)],
)
def test_many_questions_at_its_boundaries(cases: int, active_users: int, expected: bool) -> None:
    figures = replace(customer(active_users=active_users), how_to=cases)
    assert fires(many_questions(figures, DEFAULTS)) is expected


@pytest.mark.parametrize(
    ("how_to", "counts", "lack"),
    [
        (None, {}, Lack.CASES),
        (9, {"covered_days": 27}, Lack.COVERAGE),
        (9, {"active_users": 0}, Lack.ACTIVE_USERS),
    ],
)
def test_many_questions_is_silent_without_its_data(how_to: int | None, counts: dict[str, int], lack: Lack) -> None:
    figures = replace(customer(**counts), how_to=how_to)
    assert many_questions(figures, DEFAULTS) == Verdict(lacks=frozenset({lack}))


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"assigned": 95, "active_current": 80}, True),
        ({"assigned": 94, "active_current": 90}, False),
        ({"assigned": 95, "active_current": 79}, False),
        ({"active_unlicensed": 10}, True),
        ({"active_unlicensed": 9}, False),
        ({"sold": 0, "entitlements": 0, "assigned": 0, "active_current": 0, "active_unlicensed": 3}, False),
    ],
)
def test_sell_more_at_its_boundaries(counts: dict[str, int], expected: bool) -> None:
    assert fires(sell_more(customer(**counts), DEFAULTS)) is expected


@pytest.mark.parametrize(("active_former", "expected"), [(25, False), (26, True)])
def test_explain_inflation_at_its_boundaries(active_former: int, expected: bool) -> None:
    assert fires(explain_inflation(customer(active_former=active_former), DEFAULTS)) is expected


def test_explain_inflation_names_the_causes_that_add_up() -> None:
    verdict = explain_inflation(customer(active_former=20, active_trial=9, overassigned=2), DEFAULTS)
    assert names(verdict) == ["usage_pct", "active_former", "active_trial", "overassigned"]
    assert verdict.findings[0].weight == 31


@pytest.mark.parametrize("status", [Status.GRACE, Status.DISABLED])
def test_renew_when_a_lapsed_subscription_is_used(status: Status) -> None:
    verdict = renew(holding(status=status, term_end=ahead(-5), use=used(active=1)), DEFAULTS)
    assert [(one.subject, one.weight, one.due_on) for one in verdict.findings] == [("s1", 1, None)]
    assert not fires(renew(holding(status=status, use=used(active=0)), DEFAULTS))


def test_renew_passes_over_what_is_gone_for_good() -> None:
    assert not fires(renew(holding(status=Status.DEPROVISIONED), DEFAULTS))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"use": used(active=50)}, False),
        ({"term_end": ahead(31)}, False),
        ({"term_end": DAY}, True),
        ({"term_end": ahead(-1)}, False),
        ({"auto_renew": True}, False),
        ({"auto_renew": None}, False),
        ({"is_renewed": True}, False),
        ({"is_trial": True, "use": used(active=60, active_users=0)}, False),
    ],
)
def test_renew_before_the_end_at_its_boundaries(fields: dict[str, object], expected: bool) -> None:
    assert fires(renew(holding(ENDING, **fields), DEFAULTS)) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"use": used(users=10, active_users=4, active=4)}, False),
        ({"term_end": ahead(10), "use": used(users=10, active_users=1, active=1)}, True),
        ({"term_end": ahead(11), "use": used(users=10, active_users=1, active=1)}, False),
        ({"term_end": ahead(10), "use": used(users=10, active_users=0, active=0)}, False),
        ({"use": used(users=0, active_users=0, active=0)}, False),
        ({"status": Status.GRACE, "term_end": ahead(-5)}, True),
        ({"status": Status.DEPROVISIONED}, False),
        ({"is_trial": False}, False),
    ],
)
def test_convert_trial_at_its_boundaries(fields: dict[str, object], expected: bool) -> None:
    assert fires(convert_trial(holding(TRIAL, **fields), DEFAULTS)) is expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"use": used(users=90, active_users=81)}, False),
        ({"before": used(users=90, active_users=81)}, False),
        ({"before": None}, False),
        ({"term_end": ahead(61)}, False),
        ({"term_end": ahead(200), "cancel_until": ahead(60)}, True),
        ({"term_end": None}, False),
        ({"use": used(quantity=20, users=20, active_users=15), "before": used(quantity=20, users=20, active_users=15)}, True),
        ({"use": used(quantity=20, users=20, active_users=16), "before": used(quantity=20, users=20, active_users=15)}, False),
        ({"is_trial": True, "use": used(users=0, active_users=0, active=0)}, False),
    ],
)  # fmt: skip
def test_right_size_at_its_boundaries(fields: dict[str, object], expected: bool) -> None:
    assert fires(right_size(holding(LOOSE, **fields), DEFAULTS)) is expected


def test_right_size_speaks_of_the_first_day_and_of_what_lay_unused_all_the_time() -> None:
    one = holding(LOOSE, cancel_until=ahead(7), before=used(users=90, active_users=60))
    (finding,) = right_size(one, DEFAULTS).findings
    assert (finding.due_on, finding.weight) == (ahead(7), 20)


@pytest.mark.parametrize(
    ("rule", "one"), [(renew, IN_GRACE), (renew, ENDING), (convert_trial, TRIAL), (right_size, LOOSE)]
)
def test_rules_on_subscriptions_are_silent_without_coverage(rule: object, one: OwnSubscription) -> None:
    assert one.use is not None
    short = replace(one, use=replace(one.use, covered_days=27))
    assert rule(holding(short), DEFAULTS) == Verdict(lacks=COVERAGE)
    assert rule(holding(one, use=None), DEFAULTS) == Verdict(lacks=COVERAGE)


def test_right_size_is_silent_without_coverage_before() -> None:
    assert LOOSE.before is not None
    short = holding(LOOSE, before=replace(LOOSE.before, covered_days=27))
    assert right_size(short, DEFAULTS) == Verdict(lacks=frozenset({Lack.COVERAGE_BEFORE}))


@pytest.mark.parametrize("rule", [sell_more, explain_inflation])
def test_rules_on_usage_are_silent_without_coverage(rule: object) -> None:
    assert rule(customer(assigned=99, active_current=99, active_former=50, covered_days=27), DEFAULTS) == Verdict(
        lacks=COVERAGE
    )


def test_thresholds_of_the_partner_hold() -> None:
    assert fires(low_adoption(customer(), replace(DEFAULTS, low_usage=80)))
    assert not fires(low_adoption(customer(active_current=49), replace(DEFAULTS, low_usage=40)))


NUMBER = st.integers(0, 60)
SHORT = st.integers(0, 27)
COUNTED = st.builds(Counts, **dict.fromkeys(set(Counts.__dataclass_fields__) - {"covered_days"}, NUMBER), covered_days=SHORT)  # fmt: skip
USES = st.builds(SubscriptionUse, NUMBER, st.just(0), NUMBER, NUMBER, NUMBER, SHORT)
DAYS = st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
OWNS = st.builds(
    OwnSubscription, st.text("ab", min_size=1, max_size=3), st.just("S"), st.just("SKU"), st.sampled_from(Status),
    st.booleans(), DAYS, DAYS, st.sampled_from([True, False, None]), st.booleans(), st.one_of(st.none(), USES),
    st.one_of(st.none(), USES),
)  # fmt: skip


@given(st.one_of(st.none(), COUNTED), st.one_of(st.none(), NUMBER), st.lists(OWNS, max_size=4))
def test_no_rule_takes_what_is_missing_for_zero(
    counts: Counts | None, how_to: int | None, own: list[OwnSubscription]
) -> None:
    """With fewer than 28 covered days nothing but low deployment is ever said."""
    verdicts = judged(CustomerFigures(DAY, counts, how_to, tuple(own)), DEFAULTS)
    assert {rule for rule, verdict in verdicts.items() if verdict.findings} <= {Rule.LOW_ADOPTION}
    assert not {"usage_pct", "idle"} & set(names(verdicts[Rule.LOW_ADOPTION]))


@given(COUNTED, st.lists(OWNS, max_size=4))
def test_more_data_only_adds_words(counts: Counts, own: list[OwnSubscription]) -> None:
    """What a rule lacks it says: as soon as everything is covered, nothing of a customer's own figures is lacking."""
    whole = replace(counts, covered_days=28, active_users=max(counts.active_users, 1))
    full = [replace(one, use=replace(one.use, covered_days=28) if one.use else used(), before=used()) for one in own]
    verdicts = judged(CustomerFigures(DAY, whole, 3, tuple(full)), DEFAULTS)
    assert {lack for verdict in verdicts.values() for lack in verdict.lacks} == set()
    assert COUNTS.is_whole
