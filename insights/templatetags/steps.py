"""Suggestions in templates: `{{ one.rule|step_title }}`, `{{ one.evidence|step_short }}`, `{{ one.evidence|step_facts }}`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from insights.metrics import percentage
from insights.models import Suggestion
from insights.steps.outcome import Change
from insights.steps.rules import Lack
from insights.steps.shown import ShownFact, followed_name, playbook, shown_facts, shown_short, shown_weight
from insights.steps.words import LACKS
from partners.templatetags.seatwise import DASH, count, percent

register = template.Library()


@register.filter
def step_title(rule: str) -> Promise:
    """What the advice of a rule is called."""
    return playbook(rule).title


@register.filter
def step_weight(one: Suggestion) -> str:
    """What a suggestion is about, counted: licences, people, cases."""
    return shown_weight(one.rule, one.weight)


@register.filter
def step_short(evidence: Iterable[Mapping[str, Any]]) -> str:
    """The evidence on one line."""
    return shown_short(evidence)


@register.filter
def step_facts(evidence: Iterable[Mapping[str, Any]]) -> list[ShownFact]:
    """The evidence in words."""
    return shown_facts(evidence)


@register.filter
def lack_words(lack: str) -> Promise:
    """What a rule lacked."""
    return LACKS[Lack(lack)]


register.filter("followed_name", followed_name)


@register.filter
def followed(value: float | None, change: Change) -> str:
    """A figure before or after."""
    return percent(value) if change.is_percentage else count(None if value is None else int(value))


@register.filter
def followed_change(value: float | None, change: Change) -> str:
    """A change: percentage points or licences, with its sign."""
    if value is None:
        return DASH
    number = formats.number_format(abs(value), decimal_pos=1, use_l10n=True, force_grouping=True)
    sign = "±" if value == 0 else "+" if value > 0 else "−"
    return _("%(number)s points") % {"number": f"{sign}{number}"} if change.is_percentage else f"{sign}{number}"


@register.filter
def per_hundred(part: int, whole: int) -> str:
    """So many for a hundred, with one decimal; a dash for none."""
    rate = percentage(part, whole)
    return DASH if rate is None else formats.number_format(rate, decimal_pos=1, use_l10n=True, force_grouping=True)
