"""How suggestions read: their rule, their evidence, what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from customers.lifecycle import Status
from customers.words import STATUS_NAMES
from insights.metrics import percentage
from insights.steps.rules import Rule
from insights.steps.words import FACTS, PLAYBOOKS, Shipped, weight_words
from insights.terms import TERMS
from partners.templatetags.seatwise import DASH, count, day, percent

DAYS = frozenset({"cancel_until", "term_end"})
MOST_SHORT = 2


@dataclass(frozen=True, slots=True)
class ShownFact:
    """One piece of evidence in words."""

    label: str | Promise
    value: str
    limit: str
    """From where on the rule speaks; empty: it only tells."""
    short: str
    """Label and figure, for lists."""


def shown_facts(evidence: Iterable[Mapping[str, Any]]) -> list[ShownFact]:
    """The evidence of a suggestion (`insights.steps.rules.Fact`) in words."""
    return [_shown(fact) for fact in evidence]


def shown_short(evidence: Iterable[Mapping[str, Any]]) -> str:
    """The percentages that raised it, or else what speaks, and what it is about, on one line."""
    facts = list(evidence)
    named = [str(fact["value"]) for fact in facts if fact["name"] == "sku"]
    telling = [fact for fact in facts if fact["part"] is not None] or [fact for fact in facts if fact["limit"]]
    telling = telling or [fact for fact in facts if fact["name"] == "active_in_subscription"]
    return " · ".join(named + [_shown(fact).short for fact in telling[:MOST_SHORT]])


def _shown(fact: Mapping[str, Any]) -> ShownFact:
    name, limit = fact["name"], fact["limit"]
    label = fact_name(name)
    if fact["part"] is not None:
        of = {"part": count(fact["part"]), "whole": count(fact["whole"])}
        share = percentage(fact["part"], fact["whole"])
        is_rate = name == "cases_per_100"
        shown = _rate(share) if is_rate else percent(share)
        bound = "" if limit is None else count(limit) if is_rate else percent(float(limit))
        return ShownFact(
            label, _("%(figure)s (%(part)s of %(whole)s)") % (of | {"figure": shown}), bound, f"{label} {shown}"
        )
    value = _value(name, fact["value"])
    return ShownFact(label, value, "" if limit is None else count(limit), f"{label} {value}")


def _rate(value: float | None) -> str:
    return DASH if value is None else formats.number_format(value, decimal_pos=1, use_l10n=True, force_grouping=True)


def _value(name: str, value: Any) -> str:
    if name in DAYS:
        return day(date.fromisoformat(value))
    if name == "status":
        return str(STATUS_NAMES[Status(value)])
    return count(value) if isinstance(value, int) else str(value)


def fact_name(name: str) -> str | Promise:
    """What evidence is called: a word of the metrics, or one of our own."""
    return TERMS[name].title if name in TERMS else FACTS.get(name, name)


def playbook(rule: str) -> Shipped:
    """The shipped advice for a rule."""
    return PLAYBOOKS[Rule(rule)]


def shown_weight(rule: str, weight: int) -> str:
    """What a suggestion of this rule is about, counted; a dash for none."""
    return weight_words(Rule(rule), weight, count(weight)) if weight else DASH


def followed_name(name: str) -> str | Promise:
    """What a figure is called whose change is followed."""
    return _("Licences at stake") if name == "at_stake" else fact_name(name)
