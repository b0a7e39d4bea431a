"""How a vendor's percentages are told beside ours."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from insights.evidence import Cause
from insights.evidence_words import CAUSE_WORDS

register = template.Library()


@register.filter
def cause_words(cause: Cause) -> Promise:
    """A likely cause as a sentence."""
    return CAUSE_WORDS[cause]


@register.filter
def points(difference: float) -> str:
    """A difference in points with its sign: +1.5, −0.3, 0.0."""
    sign = "+" if difference > 0 else "−" if difference < 0 else ""
    return f"{sign}{abs(difference):.1f}"
