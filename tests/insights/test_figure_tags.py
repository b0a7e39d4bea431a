"""How figures are shown: dash, lower bound, above 100 %, causes, definitions."""

from __future__ import annotations

from datetime import date

from django.template import Context, Template

from insights.metrics import ACTIVE


def drawn(template: str, **context: object) -> str:
    return Template("{% load seatwise figures %}" + template).render(Context(context)).strip()


def row(**more: object) -> dict[str, object]:
    counts = dict.fromkeys((*ACTIVE, "active", "overassigned", "entitlements", "assigned"), 0)
    return counts | {"usage_pct": 50.0, "covered_days": 28, "sold": 10} | more


def test_a_figure_that_is_whole() -> None:
    assert drawn("{% usage_figure row %}", row=row()) == '<span class="sw-figure">50.0%</span>'


def test_a_figure_above_100_is_marked() -> None:
    assert drawn("{% usage_figure row %}", row=row(usage_pct=140.0)) == '<span class="sw-figure sw-over">140.0%</span>'


def test_below_28_covered_days_a_figure_is_a_lower_bound() -> None:
    assert drawn("{% usage_figure row %}", row=row(covered_days=27)) == (
        '<span class="sw-figure"><span class="sw-lower" title="A lower bound: 27 of 28 days are covered.">'
        '<span aria-hidden="true">≥</span><span class="visually-hidden">at least</span></span> 50.0%</span>'
    )


def test_where_there_is_no_figure_there_is_a_dash() -> None:
    html = drawn("{% usage_figure row %}", row=row(usage_pct=None, covered_days=0))
    assert html == '<span class="sw-none" title="There is no figure.">–</span>'


def test_a_portfolio_row_has_no_covered_days_and_no_mark() -> None:
    assert drawn("{% usage_figure row %}", row=row(covered_days=None)) == '<span class="sw-figure">50.0%</span>'


def test_causes_are_badges_with_their_counts() -> None:
    html = drawn('{% include "components/causes.html" %}', row=row(active_former=3, active_trial=1200, overassigned=2))
    assert html.count("<li>") == 3
    assert '<span class="sw-cause sw-cause-turnover">Turnover <b>3</b></span>' in html
    assert '<span class="sw-cause sw-cause-trial">Trial <b>1,200</b></span>' in html
    assert '<span class="sw-cause sw-cause-overassigned">More handed out than bought <b>2</b></span>' in html


def test_without_a_cause_nothing_is_explained() -> None:
    assert drawn('{% include "components/causes.html" %}', row=row()) == ""


def test_a_lapsed_subscription_without_an_active_one_has_its_own_name() -> None:
    beside = drawn('{% include "components/causes.html" %}', row=row(active_lapsed=1))
    alone = drawn('{% include "components/causes.html" %}', row=row(active_lapsed=1, sold=0))
    assert "Second subscription <b>1</b>" in beside
    assert "Lapsed subscription in use <b>1</b>" in alone


def test_a_definition_shows_numerator_and_denominator() -> None:
    html = drawn(
        '{% include "components/definition.html" with name="usage_pct" %}',
        row=row(active=1400, measured_entitlements=1000),
    )
    assert "<code>100 * active / measured_entitlements</code>" in html
    assert "<dt>Active</dt><dd>1,400</dd><dt>Measured entitlements</dt><dd>1,000</dd>" in html
    assert 'href="/terms/#usage_pct"' in html


def test_the_coordinates_of_a_bar_are_the_same_in_every_language() -> None:
    html = drawn("{% load i18n %}{% language 'it' %}{% bar 62.5 %}{% endlanguage %}")
    assert '<rect class="sw-bar-within" x="0" y="0" width="62.5" height="8" rx="1.5"/>' in html


def test_a_trend_says_in_words_what_it_draws() -> None:
    html = drawn('{% trend points "Usage" %}', points=[(date(2026, 3, 1), 50.0), (date(2026, 3, 2), 75.5, True)])
    assert 'aria-label="Usage: from 50.0% on 1 Mar 2026 to 75.5% on 2 Mar 2026; lowest 50.0%, highest 75.5%."' in html
    assert html.count("<tr>") == 3
    assert '<td class="num">≥ 75.5%</td>' in html


def test_a_trend_without_figures_says_so() -> None:
    html = drawn('{% trend points "Usage" %}', points=[(date(2026, 3, 1), None)])
    assert "There is no figure on any of these days." in html
    assert "<svg" not in html


def test_denominators_share_one_scale() -> None:
    html = drawn("{% denominators row %}", row=row(sold=8, entitlements=6, assigned=4, active=2, active_current=1))
    assert [f'width="{width}"' in html for width in ("100.0", "75.0", "50.0", "25.0", "12.5")] == [True] * 5


def test_the_window_begins_27_days_before() -> None:
    assert drawn("{{ day|window_begin|day }}", day=date(2026, 3, 31)) == "4 Mar 2026"
