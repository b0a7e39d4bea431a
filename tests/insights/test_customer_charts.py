"""Changes with their sign, and small trends, as templates draw them."""

from __future__ import annotations

from datetime import date

import pytest
from django.template import Context, Template

from insights.charts import Point


def drawn(template: str, **context: object) -> str:
    return Template("{% load customer_charts %}" + template).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "–"), (0, "±0"), (3, "+3"), (-4, "−4"), (12_345, "+12,345"), (-12_345, "−12,345")]
)
def test_a_change_has_its_sign(value: int | None, shown: str) -> None:
    assert drawn("{{ value|signed }}", value=value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "–"), (0.0, "±0.0 points"), (1.5, "+1.5 points"), (-92.5, "−92.5 points")]
)
def test_a_change_of_a_percentage_is_told_in_points(value: float | None, shown: str) -> None:
    assert drawn("{{ value|points }}", value=value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "–"), ("", "–"), ("2026-03-05", "5 Mar 2026"), ("2026-03", "2026-03"), ("12", "12")]
)
def test_values_of_corrections_are_told_in_words(value: str | None, shown: str) -> None:
    assert drawn("{{ value|said }}", value=value) == shown


def test_a_small_trend_says_what_it_shows() -> None:
    points = [(date(2026, 3, 1), 40.0, False), (date(2026, 3, 2), 30.0, False), (date(2026, 3, 3), 52.5, False)]
    html = drawn('{% sparkline points "Usage" %}', points=[Point(*point) for point in points])
    assert 'title="Usage: from 40.0% on 1 Mar 2026 to 52.5% on 3 Mar 2026"' in html
    assert "+12.5 points" in html
    assert "since 1 Mar 2026; lowest 30.0%, highest 52.5%" in html


def test_one_known_day_is_no_trend() -> None:
    assert drawn('{% sparkline points "Usage" %}', points=[Point(date(2026, 3, 1), 40.0)]) == ""
