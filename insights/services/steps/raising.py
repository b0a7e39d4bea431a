"""Raises, renews and closes suggestions: what the rules say of a partner's customers as of a day, kept."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from customers.clock import today
from customers.selectors.customers import customers_of
from insights.models import Silence, StepSettings, Suggestion, SuggestionEvent
from insights.selectors.latest import latest_complete_day
from insights.selectors.steps.gathering import gathered
from insights.selectors.stored import fresh_customers
from insights.steps.rules import Finding, Rule, Verdict, cant_tell, judged
from insights.steps.thresholds import thresholds_from
from partners.models import Partner
from partners.tenancy import counting

QUIET_DAYS = {Suggestion.State.DISMISSED: 90, Suggestion.State.DONE: 56}
"""So many days nothing is suggested again for the same reason (docs/decisions/0017-next-steps.md)."""
ENOUGH = 90
"""Percent of the customers whose figures must be stored before the rules look at them by night."""

State = Suggestion.State
Key = tuple[int, str, str]
"""Customer (key), rule, subject."""
_log = logging.getLogger(__name__)


class EarlierDayError(ValueError):
    """The rules have looked at a later day already; the message says which."""


@dataclass(slots=True)
class Run:
    """What a run of the rules has done, in numbers of suggestions; `silent`: rules that lacked data of a customer."""

    day: date
    customers: int = 0
    raised: int = 0
    renewed: int = 0
    closed: int = 0
    silent: int = 0


@dataclass(slots=True)
class _Changes:
    """What is to be written."""

    new: list[Suggestion] = field(default_factory=list)
    changed: list[Suggestion] = field(default_factory=list)
    turned: list[Suggestion] = field(default_factory=list)
    """Those whose state is another one now, or that are new."""


def raise_suggestions(*, partner: Partner, day: date) -> Run:
    """Let the rules look at the partner's customers as of `day`, and keep what they say. Any number of times: the same.

    New findings are raised, live suggestions get the new evidence, open ones whose reason is gone are closed; nothing is
    closed where a rule lacks its data. What was dismissed or done isn't raised again for the same reason for a while,
    nor what is put off before its day. Raises EarlierDayError.
    """
    limits = thresholds_from(_settings(partner).thresholds)
    figures = gathered(partner=partner, day=day, limits=limits)
    verdicts = {customer: judged(found, limits) for customer, found in figures.items()}
    with transaction.atomic():
        settings = StepSettings.objects.select_for_update().get(partner=partner)
        if settings.last_run is not None and day < settings.last_run:
            message = _("The rules have looked at %(last)s already; expected that day or a later one.")
            raise EarlierDayError(message % {"last": settings.last_run})
        changes = _Changes()
        live = _renew(partner, verdicts, day, changes)
        _raise(partner, verdicts, day, live | _quiet(partner, day), changes)
        _write(partner, changes, day)
        silent = _tell_silence(partner, verdicts, day)
        settings.last_run = day
        settings.save(update_fields=["last_run"])
    gone = sum(one.state == State.GONE for one in changes.turned)
    return Run(day, len(figures), len(changes.new), len(live) - gone, gone, silent)


def raise_due() -> int:
    """The same for each partner whose latest complete day is stored and wasn't looked at yet; of how many partners.

    One partner's failure is logged, and keeps nobody else from its suggestions.
    """
    number = 0
    for partner in Partner.objects.order_by("pk"):
        try:
            number += _raise_if_due(partner)
        except Exception:  # noqa: BLE001  one partner's failure is nobody else's
            _log.exception("The rules of partner %s failed", partner.pk)
    return number


def _raise_if_due(partner: Partner) -> bool:
    day = min(latest_complete_day(partner), today() - timedelta(days=1))
    last = _settings(partner).last_run
    if (last is not None and last >= day) or not _is_stored(partner, day):
        return False
    raise_suggestions(partner=partner, day=day)
    return True


def _is_stored(partner: Partner, day: date) -> bool:
    customers = [customer.id for customer in customers_of(partner=partner, day=day)]
    with counting():
        return 100 * len(fresh_customers(customers=customers, day=day)) >= ENOUGH * len(customers) > 0


def _settings(partner: Partner) -> StepSettings:
    return StepSettings.objects.get_or_create(partner=partner)[0]


Verdicts = Mapping[int, Mapping[Rule, Verdict]]


def _renew(partner: Partner, verdicts: Verdicts, day: date, changes: _Changes) -> set[Key]:
    """What is live already: new evidence, or closed where the reason is gone."""
    found = dict(_findings(verdicts))
    live = Suggestion.objects.select_for_update().filter(
        partner=partner, customer__in=list(verdicts), state__in=Suggestion.LIVE
    )
    keys = set()
    for one in live:
        key = (one.customer_id, one.rule, one.subject)
        keys.add(key)
        if key in found:
            _prove(one, found[key], day)
            if one.state == State.PUT_OFF and one.put_off_until is not None and one.put_off_until <= today():
                _turn(one, State.OPEN, changes)
        elif not _cant_tell(one, verdicts):
            _lose(one, day, changes)
        else:
            continue
        changes.changed.append(one)
    return keys


def _cant_tell(one: Suggestion, verdicts: Verdicts) -> bool:
    rule = Rule(one.rule)
    return cant_tell(rule, verdicts[one.customer_id][rule], {fact["name"] for fact in one.evidence})


def _findings(verdicts: Verdicts) -> Iterator[tuple[Key, Finding]]:
    for customer, by_rule in verdicts.items():
        for rule, verdict in by_rule.items():
            for finding in verdict.findings:
                yield (customer, rule.value, finding.subject), finding


def _prove(one: Suggestion, finding: Finding, day: date) -> None:
    one.evidence = [asdict(fact) for fact in finding.facts]
    one.weight, one.due_on, one.evidence_on, one.gone_on = finding.weight, finding.due_on, day, None


def _lose(one: Suggestion, day: date, changes: _Changes) -> None:
    """Its reason is gone: what nobody has planned closes by itself, what somebody works on is marked."""
    one.gone_on = one.gone_on or day
    waits = one.state == State.PUT_OFF and one.put_off_until is not None and one.put_off_until > today()
    if one.state != State.PLANNED and not waits:
        one.closed_on = day
        _turn(one, State.GONE, changes)


def _turn(one: Suggestion, state: State, changes: _Changes) -> None:
    one.state = state
    changes.turned.append(one)


def _quiet(partner: Partner, day: date) -> set[Key]:
    """What was done or dismissed so lately that nobody is told again."""
    quiet = set()
    for state, days in QUIET_DAYS.items():
        closed = Suggestion.objects.filter(partner=partner, state=state, closed_on__gt=day - timedelta(days=days))
        quiet |= set(closed.values_list("customer", "rule", "subject"))
    return quiet


def _raise(partner: Partner, verdicts: Verdicts, day: date, silent: set[Key], changes: _Changes) -> None:
    for (customer, rule, subject), finding in _findings(verdicts):
        if (customer, rule, subject) in silent:
            continue
        one = Suggestion(partner=partner, customer_id=customer, rule=rule, subject=subject, raised_on=day)
        _prove(one, finding, day)
        changes.new.append(one)
        changes.turned.append(one)


_PROVED = ("state", "evidence", "weight", "due_on", "evidence_on", "gone_on", "closed_on")


def _write(partner: Partner, changes: _Changes, day: date) -> None:
    Suggestion.objects.bulk_create(changes.new, batch_size=1_000)
    # A quarter of the time of bulk_update.
    Suggestion.objects.bulk_create(
        changes.changed, update_conflicts=True, unique_fields=["id"], update_fields=_PROVED, batch_size=1_000
    )
    SuggestionEvent.objects.bulk_create(
        (SuggestionEvent(partner=partner, suggestion=one, state=one.state, day=day) for one in changes.turned),
        batch_size=1_000,
    )


def _tell_silence(partner: Partner, verdicts: Verdicts, day: date) -> int:
    """Which rules lacked their data, anew; returns how many."""
    Silence.objects.filter(partner=partner).delete()
    told = [
        Silence(partner=partner, customer_id=customer, rule=rule, lack=lack, as_of=day)
        for customer, rule, lack in _lacks(verdicts)
    ]
    Silence.objects.bulk_create(told, batch_size=1_000)
    return len({(one.customer_id, one.rule) for one in told})


def _lacks(verdicts: Verdicts) -> Iterable[tuple[int, str, str]]:
    for customer, by_rule in verdicts.items():
        for rule, verdict in by_rule.items():
            for lack in sorted(verdict.lacks):
                yield customer, rule.value, lack.value
