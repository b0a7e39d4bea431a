"""Charts of a customer's pages: the waterfall of usage, sparklines, and changes with their sign."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

from insights.charts import Point
from insights.spark import Spark, spark
from insights.waterfall import Waterfall, waterfall
from partners.templatetags.seatwise import DASH, day

register = template.Library()

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@register.simple_tag(name="waterfall")
def waterfall_of(row: Mapping[str, Any]) -> Waterfall:
    """The bars from adjusted to headline usage of a row: `{% waterfall row as fall %}`."""
    return waterfall(row)


@register.inclusion_tag("components/spark.html")
def sparkline(points: Sequence[Point], figure: str) -> dict[str, Spark | str | None]:
    """A small trend with its change in words; `figure` is what it is of. Nothing where two days aren't known."""
    return {"spark": spark(points), "figure": figure}


@register.filter
def signed(value: int | None) -> str:
    """A change of a count, with its sign; a dash for None."""
    return (
        DASH
        if value is None
        else _with_sign(value, formats.number_format(abs(value), use_l10n=True, force_grouping=True))
    )


@register.filter
def points(value: float | None) -> str:
    """A change of a percentage, in points with its sign; a dash for None."""
    if value is None:
        return DASH
    number = formats.number_format(abs(value), decimal_pos=1, use_l10n=True, force_grouping=True)
    return _("%(number)s points") % {"number": _with_sign(value, number)}


@register.filter
def said(value: str | None) -> str:
    """A value of a change in words: a day as the person's locale writes it; a dash for nothing."""
    return day(value) if value and _DAY.fullmatch(value) else value or DASH


def _with_sign(value: float, number: str) -> str:
    return f"{'±' if value == 0 else '+' if value > 0 else '−'}{number}"
