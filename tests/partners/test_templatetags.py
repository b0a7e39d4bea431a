"""How numbers, days, links and forms stand on pages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.utils import translation

from partners.templatetags import seatwise


def drawn(template: str, **context: object) -> str:
    return Template("{% load seatwise %}" + template).render(Context(context))


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0, "0.0%"), (12.3, "12.3%"), (100.0, "100.0%"), (1234.5, "1,234.5%")],
)
def test_percent_has_one_decimal(value: float | None, text: str) -> None:
    assert seatwise.percent(value) == text


@pytest.mark.parametrize(("value", "text"), [(None, "–"), (0, "0"), (1234567, "1,234,567"), (-3, "-3")])
def test_count_has_its_thousands_apart(value: int | None, text: str) -> None:
    assert seatwise.count(value) == text


def test_numbers_follow_the_language() -> None:
    with translation.override("it"):
        assert seatwise.percent(1234.5) == "1.234,5%"
        assert seatwise.count(1234) == "1.234"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        ("", "–"),
        (date(2026, 3, 1), "1 Mar 2026"),
        ("2026-03-01", "1 Mar 2026"),
        (datetime(2026, 3, 1, 23, 59, tzinfo=UTC), "1 Mar 2026"),
    ],
)
def test_day_reads_dates_and_their_iso_form(value: object, text: str) -> None:
    assert seatwise.day(value) == text


def test_filled_leaves_no_empty_element() -> None:
    assert drawn('{% filled "div" "sw-lead" %}  {% endfilled %}') == ""
    assert drawn('{% filled "div" "a" %}{{ x }}{% endfilled %}', x="<b>") == '<div class="a">&lt;b&gt;</div>'
    assert drawn('{% filled "h1" %}x{% endfilled %}') == "<h1>x</h1>"


def test_crumbs_around_nothing_are_nothing() -> None:
    assert drawn("{% crumbs %}\n{% endcrumbs %}") == ""
    assert drawn("{% crumbs %}<li>x</li>{% endcrumbs %}") == (
        '<nav aria-label="You are here"><ol class="breadcrumb"><li>x</li></ol></nav>'
    )


def test_an_unknown_tag_argument_is_an_error() -> None:
    with pytest.raises(TemplateSyntaxError):
        drawn("{% filled %}{% endfilled %}")


class Seats(forms.Form):
    seats = forms.IntegerField(label="Seats", help_text="How many.")
    plan = forms.ChoiceField(label="Plan", choices=[("a", "A")], required=False)
    sure = forms.BooleanField(label="Sure", required=False)
    roles = forms.MultipleChoiceField(
        label="Roles", choices=[("x", "X")], widget=forms.CheckboxSelectMultiple, required=True
    )


def test_form_announces_what_is_wrong_with_a_field() -> None:
    html = drawn('{% include "components/form.html" %}', form=Seats({"seats": "many", "plan": "a"}))
    assert html.count('id="id_seats_error"') == 1
    assert (
        '<input type="number" name="seats" value="many" class="form-control is-invalid" required '
        'aria-invalid="true" aria-describedby="id_seats_helptext id_seats_error" id="id_seats">'
    ) in html
    assert '<div class="form-text" id="id_seats_helptext">How many.</div>' in html


def test_form_draws_each_sort_of_field_in_its_own_way() -> None:
    html = drawn('{% include "components/form.html" %}', form=Seats())
    assert html.count('class="form-select"') == 1
    assert html.count('class="form-check-input"') == 2
    assert html.count("<legend") == 1
    assert html.count('class="sw-optional"') == 1
