"""The tables of an analysis of stored figures: customers, bands, trend, and the sums by SKU, workload, country and segment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from insights.bands import NO_FIGURE, Band
from insights.exported import columns
from insights.metrics import percentage
from insights.selectors.analysis.rows import Counts, figures_from, summed
from insights.views.analysis.figure_options import EVERY_COLUMN, LOWER, Line
from insights.views.analysis.figures import Findings, by_key
from insights.views.analysis.headline import change_column
from insights.views.analysis.listing import Listing, Mapped, Order
from insights.views.questions import kept_of
from partners.export.table import Column, Kind
from partners.templatetags.seatwise import day as written_day

USED = ("usage_pct", "adjusted_usage_pct", "user_usage_pct")
"""Percentages that are lower bounds where fewer than 28 days are covered."""
OF_CUSTOMER = ("customer_id", "customer", "country", "segment")
HIDDEN_OF_CUSTOMER = frozenset({"customer_id", "country", "segment", "band"})


def customers(found: Findings, *, order: Order, shown: Sequence[str], band: str) -> Listing:
    """The customers in their order, of one band where one is asked for."""
    option, table = found.option, found.table
    bands = dict(zip(found.everybody["customer"].tolist(), found.bands.tolist(), strict=True))
    if band:
        wanted = [one.code for one in option.bands].index(band)
        table = table.only(_in_band(found, wanted))
    main = option.main
    compared = [
        Column(f"{main}_before", _on_day(found, main), change_column(main, "").kind),
        change_column(main, _("Change of %(what)s") % {"what": _heading(main)}),
    ]
    codes = {key: option.bands[place].code for key, place in bands.items()}
    return Listing(
        part="customers",
        title=_("Customers, worst first") if order.text == option.order else _("Customers"),
        columns=[*columns((*OF_CUSTOMER, *EVERY_COLUMN)), *compared, Column("band", _("Band"))],
        rows=Mapped(table.sorted_by(order.column, descending=order.descending), _customer(found, codes)),
        hidden=HIDDEN_OF_CUSTOMER | (set(EVERY_COLUMN) - set(shown)) | {f"{main}_before"},
        sorts=frozenset(sorts(found)),
        order=order.text,
        file=_file(found, "customers"),
        pick="customers",
    )


def sorts(found: Findings) -> list[str]:
    """The columns by which customers can be sorted."""
    return ["customer", *EVERY_COLUMN, f"{found.option.main}_change"]


def _in_band(found: Findings, wanted: int) -> Any:
    places = found.bands == wanted
    chosen = set(found.everybody["customer"][places].tolist())
    return [key in chosen for key in found.rows["customer"].tolist()]


def _customer(found: Findings, codes: dict[int, str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    kept = kept_of(found.request.GET, "date", "seller", "left_out")
    known = {str(one.customer_id): one for one in by_key(found.scene.customers).values()}

    def change(row: dict[str, Any]) -> dict[str, Any]:
        customer = known[row["customer_id"]]
        url = reverse("insights:customer_insights", args=[row["customer_id"]])
        return row | {
            "country": customer.country,
            "segment": customer.segment,
            "band": codes[customer.id],
            "href": f"{url}?{kept}" if kept else url,
            "pick": row["customer_id"],
            "called": customer.name,
        }

    return change


def bands(found: Findings) -> Listing:
    """How many customers are in each band, and what they hold."""
    rows = [_band_row(found, place, band) for place, band in enumerate(found.option.bands)]
    names = ("customers", "sold", "assigned", "active", "measured_entitlements", "at_stake")
    return Listing(
        part="bands",
        title=_("Customers by %(what)s") % {"what": _heading(found.option.banded)},
        columns=[Column("band", _("Code of the band")), Column("label", _("Band")), *columns(names)],
        rows=rows,
        hidden=frozenset({"band"}),
        file=_file(found, "bands"),
    )


def _band_row(found: Findings, place: int, band: Band) -> dict[str, Any]:
    rows = found.everybody[found.bands == place]
    figures = figures_of(rows)
    return figures | {
        "customers": len(rows),
        "band": band.code,
        "label": band_label(band),
        "href": again(found.request.GET, band=band.code) + "#list",
    }


def band_label(band: Band) -> str:
    """A band as it is read: `20–40 %`."""
    if band.code == NO_FIGURE:
        return _("No figure")
    if band.upto is None:
        return _("Above %(edge)d %%") % {"edge": band.above}
    return _("%(above)d–%(upto)d %%") % {"above": band.above or 0, "upto": band.upto}


def figures_of(rows: Any) -> dict[str, Any]:
    """The figures of some rows of customers."""
    return figures_from(summed(rows))


def trend(found: Findings) -> Listing:
    """The lines as a table, the latest day first."""
    lines = shown_lines(found)
    return Listing(
        part="trend",
        title=str(found.option.trend_title),
        columns=[
            Column("date", _("As-of date"), Kind.DAY),
            *{column.name: column for line in lines for column in _line_columns(line)}.values(),
            Column("customers_seen", _("Customers"), Kind.INTEGER),
            Column("customers_stored", _("Customers with stored figures"), Kind.INTEGER),
        ],
        rows=_trend_rows(found, lines)[::-1],
        file=_file(found, "trend"),
    )


def shown_lines(found: Findings) -> list[Line]:
    """The lines that can be drawn: without those of people where SKUs are left out."""
    return [line for line in found.option.lines if not (line.of_people and found.scene.question.left_out)]


def _line_columns(line: Line) -> Iterable[Column]:
    if line.whole:
        yield from columns(line.measures)
        yield Column(line.name, line.label, Kind.PERCENT)
    else:
        yield Column(line.name, line.label, Kind.INTEGER)


def _trend_rows(found: Findings, lines: Sequence[Line]) -> list[dict[str, Any]]:
    known = found.history
    rows = []
    lower = known.sums.get(LOWER)
    for place, day in enumerate(known.days):
        there = bool(known.known[place])
        row: dict[str, Any] = {
            "date": day,
            "customers_seen": int(known.customers[place]),
            "customers_stored": int(known.stored[place]),
            "href": again(found.request.GET, date=day.isoformat()),
            "lower_bounds": USED if lower is not None and lower[place] else (),
        }
        for line in lines:
            values = {name: int(known.sums[name][place]) if there else None for name in line.measures}
            row |= values | {line.name: _line_value(line, values)}
        rows.append(row)
    return rows


def _line_value(line: Line, values: dict[str, int | None]) -> float | int | None:
    part = values[line.part]
    if part is None or not line.whole:
        return part
    return percentage(part, values[line.whole] or 0)


def skus(found: Findings) -> Listing:
    """The sums by SKU, worst first."""
    words = found.scene.words.skus
    rows = [
        _group(sums)
        | {
            "sku_id": str(words[sku].sku_id),
            "part_number": words[sku].part_number,
            "sku": words[sku].name,
            "href": again(found.request.GET, sku=str(words[sku].sku_id), band=""),
            "pick": str(words[sku].sku_id),
            "called": words[sku].name,
        }
        for (_family, sku, _workload), sums in found.by_sku.items()
        if sku in words
    ]
    return _groups(found, "skus", _("By SKU"), ("sku_id", "part_number", "sku"), rows, name="sku", pick="skus")


def workloads(found: Findings) -> Listing:
    """The sums by workload, that of any first."""
    words = found.scene.words.workloads
    rows = [
        _group(sums)
        | {
            "workload": words[key].code if key else "any",
            "workload_name": words[key].name if key else _("any"),
            "href": again(found.request.GET, workload=words[key].code if key else "any", band=""),
            "first": not key,
        }
        for (_family, _sku, key), sums in found.by_workload.items()
    ]
    return _groups(found, "workloads", _("By workload"), ("workload", "workload_name"), rows, name="workload_name")


def countries(found: Findings) -> Listing:
    """The sums by country."""
    return _by_attribute(found, "country", "countries", _("By country"), _("No country"))


def segments(found: Findings) -> Listing:
    """The sums by segment."""
    return _by_attribute(found, "segment", "segments", _("By segment"), _("No segment"))


def _by_attribute(found: Findings, attribute: str, part: str, title: str, nothing: str) -> Listing:
    rows = [
        _group(sums)
        | {attribute: text or nothing, "href": again(found.request.GET, **{attribute: text}, band="") if text else ""}
        for text, sums in found.by(attribute).items()
    ]
    return _groups(found, part, title, (attribute,), rows, name=attribute)


def _groups(
    found: Findings,
    part: str,
    title: str,
    names: tuple[str, ...],
    rows: list[dict[str, Any]],
    *,
    name: str,
    pick: str = "",
) -> Listing:
    worst = found.option.order.removeprefix("-")
    rows.sort(key=lambda row: (not row.get("first"), -(row[worst] or 0), row[name].casefold()))
    return Listing(
        part=part,
        title=title,
        columns=columns((*names, *found.option.group_columns)),
        rows=rows,
        hidden=frozenset(names) - {name},
        file=_file(found, part),
        pick=pick,
    )


def _group(sums: Counts) -> dict[str, Any]:
    return figures_from(sums) | {
        "beyond": max(sums["active"] - sums["measured_entitlements"], 0),
        "lower_bounds": USED if sums["customers_lower"] else (),
    }


def again(query: QueryDict, **more: str) -> str:
    """The same page with other parameters, from its first page; an empty value leaves one out."""
    asked = [(name, value) for name, values in query.lists() if name not in (*more, "page") for value in values]
    return f"?{urlencode([*asked, *((name, value) for name, value in more.items() if value)])}"


def _file(found: Findings, part: str) -> str:
    return reverse("insights:analysis_csv", args=[found.option.code, part])


def _heading(name: str) -> str:
    return str(columns([name])[0].heading)


def _on_day(found: Findings, name: str) -> str:
    return _("%(what)s on %(day)s") % {"what": _heading(name), "day": written_day(found.scene.before)}


GROUPS = {"skus": skus, "workloads": workloads, "countries": countries, "segments": segments}
