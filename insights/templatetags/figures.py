"""How figures are shown: marked as lower bounds, as bars and trends, with what explains them beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import template

from insights import charts
from insights.causes import CAUSES, Cause, causes_of
from insights.terms import Term, term_of
from insights.window import WINDOW_DAYS, first_day
from partners.templatetags.seatwise import named

register = template.Library()

DENOMINATORS = ("sold", "entitlements", "assigned", "active", "active_current")


@register.inclusion_tag("components/usage_figure.html")
def usage_figure(row: Any, figure: str = "usage_pct") -> dict[str, Any]:
    """A percentage of an insight row, marked as a lower bound below 28 covered days, and where it passes 100."""
    covered_days, value = named(row, "covered_days"), named(row, figure)
    return {
        "value": value,
        "over": value is not None and value > 100,
        "lower_bound": covered_days is not None and covered_days < WINDOW_DAYS,
        "covered_days": covered_days,
        "days": WINDOW_DAYS,
    }


@register.inclusion_tag("components/bar.html")
def bar(value: float | None, kind: str = "usage") -> dict[str, Any]:
    """A percentage as a bar; `kind` is `usage` or `deployment`. Stands beside its number, so it is silent."""
    return {"bar": charts.bar(value), "value": value, "kind": kind}


@register.inclusion_tag("components/trend.html")
def trend(points: Iterable[charts.Point], label: str = "") -> dict[str, Any]:
    """A percentage over days: chart, what it says in words, and its table. Plain tuples (day, value) will do."""
    points = [charts.Point(*point) for point in points]
    known = [point for point in points if point.value is not None]
    return {
        "points": points,
        "chart": charts.trend(points),
        "label": label,
        "first": known[0] if known else None,
        "last": known[-1] if known else None,
        "lowest": min(known, key=lambda point: point.value) if known else None,
        "highest": max(known, key=lambda point: point.value) if known else None,
    }


@register.inclusion_tag("components/denominators.html")
def denominators(row: Any) -> dict[str, Any]:
    """Sold, entitled, assigned and active licences of a row side by side, on one scale."""
    counts = {name: named(row, name) for name in DENOMINATORS}
    widest = max(*counts.values(), 1)
    return {
        "lines": [
            {"term": term_of(name), "count": value, "width": f"{100 * value / widest:.1f}", "name": name}
            for name, value in counts.items()
        ]
    }


@register.filter
def window_begin(day: date) -> date:
    """The first day of the window of an as-of date."""
    return first_day(day)


@register.simple_tag
def causes(row: Any) -> list[tuple[Cause, int]]:
    """The causes of a row with their counts, those that are 0 left out; none where active is active_current."""
    more = {"lapsed_alone": row["lapsed_alone"]} if isinstance(row, Mapping) and "lapsed_alone" in row else {}
    return causes_of({name: named(row, name) for name in ("sold", *(cause.count for cause in CAUSES))} | more)


@register.simple_tag
def term(name: str) -> Term:
    """What a word of the metrics means: `{% term "usage_pct" as it %}`."""
    return term_of(name)
