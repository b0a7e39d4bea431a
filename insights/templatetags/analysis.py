"""How the tables, changes and charts of analyses stand on their pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from insights.metrics import PERCENTAGES
from insights.views.analysis.listing import Listing, Record, is_number
from insights.window import WINDOW_DAYS
from partners.export.table import Column, Kind
from partners.templatetags.seatwise import DASH, count, day, percent

register = template.Library()

CHANGE = "_change"
_NUMBER = SafeString(' class="num"')
_USED = frozenset(PERCENTAGES) - {"deployment_pct"}
"""Percentages that are lower bounds below 28 covered days."""


@register.filter
def numeric(column: Column) -> bool:
    """Whether a column's values stand to the right."""
    return is_number(column)


@register.simple_tag
def cells(row: Record, columns: Sequence[Column], pick: str = "") -> SafeString:
    """The cells of a row: the first is its heading, and a link where the row has one. One tag, for there are hundreds.

    `pick`: the parameter under which the row can be ticked.
    """
    first, *others = columns
    heading = cell(row, first)
    if row.get("href"):
        heading = format_html('<a href="{}">{}</a>', row["href"], heading)
    whole = format_html('<th scope="row">{}{}</th>', _box(row, pick) if pick else "", heading)
    return whole + format_html_join(
        "", "<td{}>{}</td>", ((_NUMBER if is_number(column) else "", cell(row, column)) for column in others)
    )


def _box(row: Record, pick: str) -> SafeString:
    return format_html(
        '<input class="form-check-input sw-pick" type="checkbox" name="{}" value="{}" aria-label="{}"> ',
        pick,
        row["pick"],
        _("Compare %(name)s") % {"name": row["called"]},
    )


@register.simple_tag
def cell(row: Record, column: Column) -> str | SafeString:
    """A value as the person's locale writes it; a lower bound is marked as one, a change has its sign.

    What a row has under `links` by the name of a column, leads somewhere.
    """
    said = _cell(row, column)
    url = row.get("links", {}).get(column.name)
    return format_html('<a href="{}">{}</a>', url, said) if url and said != DASH else said


def _cell(row: Record, column: Column) -> str | SafeString:
    value = row[column.name]
    if value is None or value == "":
        return DASH
    if column.name.endswith(CHANGE):
        return changed(value, column.kind)
    said = written(value, column.kind)
    bounded = column.name in _USED and (row.get("covered_days") or WINDOW_DAYS) < WINDOW_DAYS
    if not (bounded or column.name in row.get("lower_bounds", ())):
        return said
    return format_html(
        '<span class="sw-lower"><span aria-hidden="true">≥</span><span class="visually-hidden">{}</span></span> {}',
        _("at least"),
        said,
    )


@register.simple_tag
def written(value: Any, kind: Kind) -> str:
    """A value of a kind of column as pages write it."""
    if value is None:
        return DASH
    if kind is Kind.FLAG:
        return str(_("yes") if value else _("no"))
    return {Kind.PERCENT: percent, Kind.INTEGER: count, Kind.DAY: day}.get(kind, str)(value)


@register.simple_tag
def changed(value: float | None, kind: Kind) -> str:
    """A change with its sign; of a percentage in points. A dash for none known."""
    if value is None:
        return DASH
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    if kind is Kind.PERCENT:
        return pgettext("change of a percentage", "%(sign)s%(number)s points") % {
            "sign": sign,
            "number": percent_number(abs(value)),
        }
    return f"{sign}{count(abs(value))}"


def percent_number(value: float) -> str:
    """One decimal, in the locale, without a sign of per cent."""
    from django.utils import formats

    return formats.number_format(value, decimal_pos=1, use_l10n=True, force_grouping=True)


@register.simple_tag(takes_context=True)
def sorting(context: template.Context, listing: Listing, column: Column) -> dict[str, str]:
    """Where a click on a column's heading leads, and how it is sorted now (for aria-sort; empty: it isn't)."""
    present = listing.order.removeprefix("-") == column.name
    falling = listing.order.startswith("-")
    falls = not falling if present else is_number(column)
    asked = context["request"].GET.copy()
    asked.pop("page", None)
    asked["sort"] = f"-{column.name}" if falls else column.name
    now = ("descending" if falling else "ascending") if present else ""
    return {"url": f"?{asked.urlencode()}", "sorted": now}


@register.simple_tag(takes_context=True)
def asked_again(context: template.Context, *pairs: Any) -> str:
    """The address with other parameters: `{% asked_again "date" day "page" "" %}`; an empty value leaves one out."""
    asked = context["request"].GET.copy()
    for name, value in zip(pairs[::2], pairs[1::2], strict=True):
        asked.pop(name, None)
        if value:
            asked[name] = str(value)
    return f"?{urlencode(list(_pairs(asked)))}"


def _pairs(asked: Any) -> Any:
    for name, values in asked.lists():
        for value in values:
            yield name, value
