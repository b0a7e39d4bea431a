"""The charts of analyses, each with what it says in words and its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from insights.line_chart import LineChart, Series, Slot, line_chart
from insights.views.analysis.listing import Listing
from partners.export.table import Kind
from partners.templatetags.seatwise import DASH, count, percent
from partners.templatetags.seatwise import day as written_day


@dataclass(frozen=True, slots=True)
class ChartSlot:
    """A day of a chart: where it is, where a click leads, and what its values are in words."""

    place: Slot
    url: str
    said: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over days, ready to be drawn by `insights/analysis/trend.html` or `lines.html`."""

    code: str
    """What its parts are called in the page: once a page."""
    title: str
    text: str
    drawn: LineChart
    slots: list[ChartSlot]
    listing: Listing
    percent: bool
    known: bool
    """Whether there is any figure."""
    first: date
    last: date
    number: int
    """How many points there would be."""
    gaps: int = 0
    """How many of them can't be shown, because nothing is stored."""
    waiting: int = 0
    """How many days somebody has asked to have worked out, and aren't yet."""
    fill_url: str = ""
    """Where whoever may asks for them."""
    lower: bool = False
    """Whether a point is a lower bound; its table says which."""


def chart_of(
    query: QueryDict,
    *,
    code: str,
    title: str,
    days: Sequence[date],
    series: Sequence[Series],
    percentages: bool,
    listing: Listing,
    gaps: int = 0,
    waiting: int = 0,
    fill_url: str = "",
) -> Chart:
    """The chart of some series; a click on a day asks for the same page as of that day. Shown where it is used."""
    drawn = line_chart(days, series, at_least=100 if percentages else 1)
    slots = [
        ChartSlot(slot, _as_of(query, slot.day), _said(place, slot.day, series, percentages=percentages))
        for place, slot in enumerate(drawn.slots)
    ]
    return Chart(
        code=code,
        title=title,
        text=" ".join(filter(None, (_told(one, days, percentages=percentages) for one in series))),
        drawn=drawn,
        slots=slots,
        listing=listing,
        percent=percentages,
        known=any(value is not None for one in series for value in one.values),
        first=days[0],
        last=days[-1],
        number=len(days),
        gaps=gaps,
        waiting=waiting,
        fill_url=fill_url,
        lower=any(row.get("lower_bounds") for row in listing.rows),
    )


def _as_of(query: QueryDict, day: date) -> str:
    """The same page as of another day; the trend stays as it is."""
    kept = [(name, value) for name, values in query.lists() if name not in ("date", "page") for value in values]
    return f"?{urlencode([*kept, ('date', day.isoformat())])}"


def _said(place: int, day: date, series: Sequence[Series], *, percentages: bool) -> str:
    values = (
        _("%(label)s %(value)s") % {"label": one.label, "value": _written(one.values[place], percentages=percentages)}
        for one in series
    )
    return "\n".join([written_day(day), *values])


def _told(series: Series, days: Sequence[date], *, percentages: bool) -> str:
    known = [(value, day) for value, day in zip(series.values, days, strict=True) if value is not None]
    if not known:
        return ""
    (first, begin), (last, end) = known[0], known[-1]
    (low, _low_day), (high, _high_day) = min(known), max(known)
    words = {"first": first, "last": last, "low": low, "high": high}
    said = {name: _written(value, percentages=percentages) for name, value in words.items()}
    said |= {"label": series.label, "begin": written_day(begin), "end": written_day(end)}
    if len(known) == 1:
        return _("%(label)s: %(first)s on %(begin)s.") % said
    return _("%(label)s: from %(first)s on %(begin)s to %(last)s on %(end)s; lowest %(low)s, highest %(high)s.") % said


def _written(value: float | None, *, percentages: bool) -> str:
    if value is None:
        return DASH
    return percent(value) if percentages else count(int(value))


@dataclass(frozen=True, slots=True)
class Bar:
    """A band: how many customers are in it, and where they are."""

    label: str
    url: str
    customers: int
    width: str
    """Per cent of the longest."""
    chosen: bool
    over: bool
    none: bool


@dataclass(frozen=True, slots=True)
class Bands:
    """How customers are distributed, ready to be drawn by `insights/analysis/bands.html`."""

    title: str
    text: str
    bars: list[Bar]
    listing: Listing


def bands_text(bars: Sequence[Bar]) -> str:
    """What the bars say in a sentence: which band holds most customers."""
    whole = sum(bar.customers for bar in bars)
    largest = max(bars, key=lambda bar: bar.customers)
    if not whole:
        return _("There are no customers to distribute.")
    said = {"label": largest.label, "largest": count(largest.customers), "all": count(whole)}
    return (
        ngettext(
            "%(largest)s of %(all)s customer is in the largest band: %(label)s.",
            "%(largest)s of %(all)s customers are in the largest band: %(label)s.",
            whole,
        )
        % said
    )


KIND = {True: Kind.PERCENT, False: Kind.INTEGER}
"""Of the values of a chart, by whether they are percentages."""
