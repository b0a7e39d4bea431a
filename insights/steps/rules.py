"""The rules that raise suggestions (guidance.md). Pure, no ORM.

A rule speaks of one customer as of a day. It finds something, or nothing; where it lacks its data it says what it lacks,
and never takes what is missing for zero. Percentages are compared as their two integers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from customers.lifecycle import Status
from insights.steps.figures import Counts, CustomerFigures, OwnSubscription, SubscriptionUse
from insights.steps.thresholds import Thresholds


class Rule(StrEnum):
    """Which advice."""

    LOW_ADOPTION = "low_adoption"
    MANY_QUESTIONS = "many_questions"
    RENEW = "renew"
    CONVERT_TRIAL = "convert_trial"
    SELL_MORE = "sell_more"
    RIGHT_SIZE = "right_size"
    EXPLAIN_INFLATION = "explain_inflation"


class Lack(StrEnum):
    """What a rule is silent for."""

    COVERAGE = "coverage"
    """Fewer than 28 days of the window are covered."""
    COVERAGE_BEFORE = "coverage_before"
    """Fewer than 28 days of the window before are covered."""
    CASES = "cases"
    """No support case was ever delivered."""
    ACTIVE_USERS = "active_users"
    """Nobody was active: there is no rate."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One piece of evidence: a number, a day or a word, and from where on the rule speaks.

    A percentage is its two integers `part` and `whole`; `value` is None then.
    """

    name: str
    value: int | str | None = None
    limit: int | None = None
    part: int | None = None
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has found."""

    subject: str
    """The key of the subscription that it is about; empty: the customer as a whole."""
    weight: int
    """How many licences, people or cases it is about; 0: none can be named."""
    facts: tuple[Fact, ...]
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of a customer."""

    findings: tuple[Finding, ...] = ()
    lacks: frozenset[Lack] = frozenset()


NOTHING = Verdict()


def low_adoption(figures: CustomerFigures, limits: Thresholds) -> Verdict:
    """Deployment or usage is low, of many licences."""
    counts = figures.counts
    if counts is None or counts.sold < limits.licences:
        return NOTHING
    facts = []
    if 100 * counts.assigned < limits.low_deployment * counts.sold:
        facts.append(Fact("deployment_pct", None, limits.low_deployment, counts.assigned, counts.sold))
    if counts.is_whole and 100 * counts.active < limits.low_usage * counts.entitlements:
        facts.append(Fact("usage_pct", None, limits.low_usage, counts.active, counts.entitlements))
    found = (_of_customer(_unused(counts), *facts, *_waste(counts)),) if facts else ()
    return Verdict(found, _coverage(counts))


def _unused(counts: Counts) -> int:
    """Licences at stake; without measured use those that weren't handed out."""
    return counts.at_stake if counts.is_whole else counts.unassigned


def _waste(counts: Counts) -> tuple[Fact, ...]:
    unassigned = Fact("unassigned", counts.unassigned)
    return (Fact("idle", counts.assigned - counts.active_current), unassigned) if counts.is_whole else (unassigned,)


def many_questions(figures: CustomerFigures, limits: Thresholds) -> Verdict:
    """Many how-to cases for the people who are active."""
    counts, cases = figures.counts, figures.how_to
    if counts is None:
        return NOTHING
    if cases is None:
        return Verdict(lacks=frozenset({Lack.CASES}))
    if not counts.is_whole:
        return Verdict(lacks=_coverage(counts))
    if counts.active_users == 0:
        return Verdict(lacks=frozenset({Lack.ACTIVE_USERS}))
    if cases < limits.cases or 100 * cases < limits.case_rate * counts.active_users:
        return NOTHING
    rate = Fact("cases_per_100", None, limits.case_rate, cases, counts.active_users)
    return Verdict((_of_customer(cases, rate, Fact("how_to_cases", cases, limits.cases)),))


def sell_more(figures: CustomerFigures, limits: Thresholds) -> Verdict:
    """Nearly everything is handed out and used, or many use it without a licence."""
    counts = figures.counts
    if counts is None:
        return NOTHING
    if not counts.is_whole:
        return Verdict(lacks=_coverage(counts))
    facts = _full(counts, limits) + _beyond(counts, limits)
    short = counts.active_unlicensed + counts.overassigned
    return Verdict((_of_customer(short, *facts),)) if facts else NOTHING


def _full(counts: Counts, limits: Thresholds) -> tuple[Fact, ...]:
    handed_out = counts.sold > 0 and 100 * counts.assigned >= limits.full_deployment * counts.sold
    used = counts.entitlements > 0 and 100 * counts.active_current >= limits.full_usage * counts.entitlements
    if not (handed_out and used):
        return ()
    return (
        Fact("deployment_pct", None, limits.full_deployment, counts.assigned, counts.sold),
        Fact("adjusted_usage_pct", None, limits.full_usage, counts.active_current, counts.entitlements),
        *((Fact("overassigned", counts.overassigned),) if counts.overassigned else ()),
    )


def _beyond(counts: Counts, limits: Thresholds) -> tuple[Fact, ...]:
    beyond = counts.active_unlicensed
    if counts.entitlements == 0 or beyond == 0 or 100 * beyond < limits.beyond * counts.entitlements:
        return ()
    return (Fact("beyond_pct", None, limits.beyond, beyond, counts.entitlements),)


def explain_inflation(figures: CustomerFigures, limits: Thresholds) -> Verdict:
    """Usage is higher than the truth."""
    counts = figures.counts
    if counts is None or not counts.is_whole:
        return Verdict(lacks=_coverage(counts))
    if counts.entitlements == 0 or 100 * counts.active <= limits.inflated_usage * counts.entitlements:
        return NOTHING
    usage = Fact("usage_pct", None, limits.inflated_usage, counts.active, counts.entitlements)
    names = ("active_former", "active_lapsed", "active_trial", "active_unlicensed", "overassigned")
    causes = tuple(Fact(name, getattr(counts, name)) for name in names if getattr(counts, name))
    return Verdict((_of_customer(counts.beside + counts.overassigned, usage, *causes),))


def renew(figures: CustomerFigures, limits: Thresholds) -> Verdict:
    """A subscription of one's own has lapsed and is used, or ends without renewal and is used."""
    return _of_subscriptions(figures, limits, _about_to_stop, _renew)


def _about_to_stop(one: OwnSubscription, day: date, limits: Thresholds) -> bool:
    if one.is_trial:
        return False
    if one.status in (Status.GRACE, Status.DISABLED):
        return True
    ends = one.status is Status.ACTIVE and one.auto_renew is False and not one.is_renewed
    return ends and _within(one.term_end, day, limits.renew_days)


def _renew(one: OwnSubscription, use: SubscriptionUse, day: date, limits: Thresholds) -> Finding | None:
    facts = (*_named(one), Fact("status", one.status.value), *_dated(one, day))
    if one.status is not Status.ACTIVE:
        used = Fact("active_in_subscription", use.active)
        return Finding(one.key, use.active, (*facts, used), _due(one.term_end, day)) if use.active else None
    if use.entitlements <= 0 or 100 * use.active <= limits.renew_usage * use.entitlements:
        return None
    usage = Fact("subscription_usage_pct", None, limits.renew_usage, use.active, use.entitlements)
    return Finding(one.key, use.active, (*facts, usage), one.term_end)


def convert_trial(figures: CustomerFigures, limits: Thresholds) -> Verdict:
    """A trial of one's own is in real use."""
    return _of_subscriptions(figures, limits, _is_trial, _convert)


def _is_trial(one: OwnSubscription, _day: date, _limits: Thresholds) -> bool:
    return one.is_trial and one.status is not Status.DEPROVISIONED


def _convert(one: OwnSubscription, use: SubscriptionUse, day: date, limits: Thresholds) -> Finding | None:
    share = use.users > 0 and use.active_users > 0 and 100 * use.active_users >= limits.trial_share * use.users
    ends = _within(one.term_end, day, limits.trial_days) and use.active > 0
    if not (share or ends):
        return None
    used = Fact("trial_share_pct", None, limits.trial_share, use.active_users, use.users)
    facts = (*_named(one), Fact("status", one.status.value), *_dated(one, day), used)
    return Finding(one.key, max(use.active_users, 1), facts, _due(one.term_end, day))


def right_size(figures: CustomerFigures, limits: Thresholds) -> Verdict:
    """Licences of a subscription of one's own lay unused for two windows, and can be given up soon."""
    return _of_subscriptions(figures, limits, can_shrink, _shrink)


def can_shrink(one: OwnSubscription, day: date, limits: Thresholds) -> bool:
    """Whether its licences can be given up soon."""
    return not one.is_trial and one.status is Status.ACTIVE and _next_date(one, day, limits) is not None


def lies_unused(use: SubscriptionUse, unused: int, limits: Thresholds) -> bool:
    """Whether so many unused licences are many."""
    return unused >= limits.idle_licences and use.quantity > 0 and 100 * unused >= limits.idle_share * use.quantity


def _shrink(one: OwnSubscription, use: SubscriptionUse, day: date, limits: Thresholds) -> Finding | Lack | None:
    if not lies_unused(use, use.at_stake, limits) or one.before is None:
        return None
    if not one.before.is_whole:
        return Lack.COVERAGE_BEFORE
    unused = min(use.at_stake, one.before.at_stake)
    if not lies_unused(use, unused, limits):
        return None
    share = Fact("unused_pct", None, limits.idle_share, unused, use.quantity)
    licences = Fact("unused_56_days", unused, limits.idle_licences)
    return Finding(one.key, unused, (*_named(one), *_dated(one, day), share, licences), _next_date(one, day, limits))


def _next_date(one: OwnSubscription, day: date, limits: Thresholds) -> date | None:
    """The first day of the two on which seats can be given up."""
    days = (one.cancel_until, one.term_end)
    return min((each for each in days if each is not None and _within(each, day, limits.right_size_days)), default=None)


def _within(end: date | None, day: date, days: int) -> bool:
    return end is not None and day <= end <= day + timedelta(days=days)


def _due(end: date | None, day: date) -> date | None:
    return end if end is not None and end >= day else None


def _named(one: OwnSubscription) -> tuple[Fact, ...]:
    return (Fact("sku", one.sku), Fact("subscription_id", one.subscription_id))


def _dated(one: OwnSubscription, day: date) -> tuple[Fact, ...]:
    """Its dates; a day up to which it could have been cancelled is of no use any more."""
    days = (("cancel_until", _due(one.cancel_until, day)), ("term_end", one.term_end))
    return tuple(Fact(name, each.isoformat()) for name, each in days if each is not None)


def _of_customer(weight: int, *facts: Fact) -> Finding:
    return Finding("", weight, facts)


def _coverage(counts: Counts | None) -> frozenset[Lack]:
    return frozenset() if counts is None or counts.is_whole else frozenset({Lack.COVERAGE})


_Chosen = Callable[[OwnSubscription, date, Thresholds], bool]
_Judged = Callable[[OwnSubscription, SubscriptionUse, date, Thresholds], "Finding | Lack | None"]


def _of_subscriptions(figures: CustomerFigures, limits: Thresholds, chosen: _Chosen, judge: _Judged) -> Verdict:
    """Each of one's own subscriptions that is meant, judged by itself; silent where its use isn't known as a whole."""
    found: list[Finding] = []
    lacks: set[Lack] = set()
    for one in figures.own:
        if not chosen(one, figures.day, limits):
            continue
        judged = Lack.COVERAGE if one.use is None or not one.use.is_whole else judge(one, one.use, figures.day, limits)
        if isinstance(judged, Lack):
            lacks.add(judged)
        elif judged is not None:
            found.append(judged)
    return Verdict(tuple(found), frozenset(lacks))


RULES: Mapping[Rule, Callable[[CustomerFigures, Thresholds], Verdict]] = MappingProxyType(
    {
        Rule.LOW_ADOPTION: low_adoption,
        Rule.MANY_QUESTIONS: many_questions,
        Rule.RENEW: renew,
        Rule.CONVERT_TRIAL: convert_trial,
        Rule.SELL_MORE: sell_more,
        Rule.RIGHT_SIZE: right_size,
        Rule.EXPLAIN_INFLATION: explain_inflation,
    }
)


def judged(figures: CustomerFigures, limits: Thresholds) -> dict[Rule, Verdict]:
    """What every rule says of the customer."""
    return {rule: judge(figures, limits) for rule, judge in RULES.items()}


def cant_tell(rule: Rule, verdict: Verdict, once: Collection[str]) -> bool:
    """Whether a rule that lacks data can't say that what it once found is gone; `once`: the names of those facts.

    Low deployment needs no coverage: a suggestion that rests on it alone is known to be gone.
    """
    return bool(verdict.lacks) and not (rule is Rule.LOW_ADOPTION and "usage_pct" not in once)


def needs_use(one: OwnSubscription, day: date, limits: Thresholds) -> bool:
    """Whether a rule asks for the use of this subscription."""
    return any(asks(one, day, limits) for asks in (_about_to_stop, _is_trial, can_shrink))
