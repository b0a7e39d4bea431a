"""Partner Center's insights datasets as downloaded: monthly figures, kept as evidence where they are of single customers."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.feed.values import canonical_guid
from customers.imports.formats.partner_center_exports import by_header, read_rows, refused_table
from customers.imports.formats.partner_center_reported import workload_of
from customers.imports.formats.partner_center_values import (
    BadFieldError,
    count_at,
    day_of,
    guid_at,
    text_at,
)
from customers.imports.reading import About, FileNotTakenError, Format, Sink

# A dataset has at most a line for each customer, month and workload or SKU; more than this isn't summed up in memory.
_MOST_FIGURES = 200_000


@dataclass(frozen=True)
class _Key:
    customer_id: str
    day: str
    metric: str
    service: str
    workload: str = ""
    sku_id: str = ""
    product_name: str = ""


class _Sums:
    """Figures that several lines (locations of a partner, subscriptions of a SKU) bring together."""

    def __init__(self) -> None:
        self._found: dict[_Key, list[int]] = {}

    def add(self, line: int, key: _Key, numerator: str, denominator: str) -> None:
        sums = self._found.setdefault(key, [line, 0, 0])
        sums[1] += int(numerator)
        sums[2] += int(denominator)
        if len(self._found) > _MOST_FIGURES:
            raise FileNotTakenError(
                _("The file has more than %(most)d figures; expected fewer: cut it by month.") % {"most": _MOST_FIGURES}
            )

    def write(self, sink: Sink) -> None:
        for key, (line, numerator, denominator) in self._found.items():
            cells = {**vars(key), "channel": "", "percent": ""}
            sink.add("reported.csv", line, **cells, numerator=str(numerator), denominator=str(denominator))


def _end_of_month(row: Mapping[str, str], column: str, about: About) -> str:
    """As of when a month's figures are: its last day, or the day of the file if that comes first (domain 6.3)."""
    text = text_at(row, column)
    month = day_of(text) or day_of(f"{text}-01")
    if month is None:
        raise BadFieldError(_("Expected a month as its first day, such as 2026-01-01."), column=column, value=text)
    last = date(month.year, month.month, calendar.monthrange(month.year, month.month)[1])
    return min(last, about.day).isoformat()


def _tenant(row: Mapping[str, str], about: About) -> str:
    tenant = guid_at(row, "customertenantid")
    if about.customer is not None and tenant != str(about.customer):
        raise BadFieldError(
            _("It is about another customer than the one that was named."), column="customertenantid", value=tenant
        )
    return tenant


def _read_office(stream: BinaryIO, about: About, sink: Sink) -> None:
    sums = _Sums()

    def take(line: int, row: Mapping[str, str]) -> None:
        # domain 6.2: rows that repeat others for another location are marked, and not summed up.
        if text_at(row, "isduplicaterowforpga") in ("1", "True", "true"):
            return
        key = _Key(
            customer_id=_tenant(row, about),
            day=_end_of_month(row, "month" if "month" in row else "date", about),
            metric="usage",
            service="o365",
            workload=workload_of("", text_at(row, "workloadname")),
        )
        sums.add(line, key, count_at(row, "monthlyactiveusers"), count_at(row, "paidavailableunits"))

    read_rows(stream, sink, take)
    sums.write(sink)


def _read_dynamics(stream: BinaryIO, about: About, sink: Sink) -> None:
    sums = _Sums()

    def take(line: int, row: Mapping[str, str]) -> None:
        about_whom = {
            "customer_id": _tenant(row, about),
            "day": _end_of_month(row, "month", about),
            "service": "crm",
            "sku_id": canonical_guid(text_at(row, "skuid")) or "",
            "product_name": text_at(row, "sku"),
        }
        available, assigned = count_at(row, "availableseats"), count_at(row, "assignedseats")
        active = count_at(row, "activeseats")
        sums.add(line, _Key(**about_whom, metric="deployment"), assigned, available)
        # domain 6.2: active usage is active of available seats.
        sums.add(line, _Key(**about_whom, metric="usage", workload="CRM"), active, available)

    read_rows(stream, sink, take)
    sums.write(sink)


def _is_office(names: set[str]) -> bool:
    return {"customertenantid", "workloadname", "paidavailableunits", "monthlyactiveusers"} <= names


def _is_seats(names: set[str]) -> bool:
    return {"customertenantid", "availableseats", "assignedseats", "activeseats"} <= names


def _is_power_bi(names: set[str]) -> bool:
    # The two datasets differ by these columns alone (domain 6.2).
    return _is_seats(names) and "revsumcategoryname" not in names


_OUT_OF_SCOPE = gettext_lazy(
    "The figures are of products outside of Office 365 and Dynamics 365, which insights don't compare."
)
_POWER_BI = gettext_lazy(
    "The figures are of Power BI, which insights don't compare; those of Dynamics 365 have the column RevSumCategoryName."
)

INSIGHTS_FORMATS = (
    Format(
        "insights_office_usage",
        gettext_lazy("Partner Center insights: Office 365 usage"),
        by_header(_is_office),
        _read_office,
    ),
    Format(
        "insights_dynamics_usage",
        gettext_lazy("Partner Center insights: Dynamics 365 usage"),
        by_header(lambda names: _is_seats(names) and not _is_power_bi(names)),
        _read_dynamics,
    ),
    refused_table(
        "insights_power_bi_usage", gettext_lazy("Partner Center insights: Power BI usage"), _is_power_bi, _POWER_BI
    ),
    refused_table(
        "insights_ems_usage",
        gettext_lazy("Partner Center insights: Enterprise Mobility usage"),
        lambda names: {"aadppaidavailableunits", "intunepaidavailableunits"} <= names,
        _OUT_OF_SCOPE,
    ),
    refused_table(
        "insights_reseller_performance",
        gettext_lazy("Partner Center insights: reseller performance"),
        lambda names: {"resellermpnid", "availableseats", "assignedseats"} <= names,
        gettext_lazy("The report names customers without their tenant ids, so that nobody can tell which they are."),
    ),
    refused_table(
        "insights_subscription_details",
        gettext_lazy("Partner Center insights: subscription details"),
        lambda names: {"subscriptionid", "subscriptionstate"} <= names and "availableseatseop" in names,
        gettext_lazy(
            "The report states months, in which a subscription is active or churned and nothing between; import the subscriptions."
        ),
    ),
    refused_table(
        "insights_customers",
        gettext_lazy("Partner Center insights: customers and revenue"),
        lambda names: {"customertenantid", "customerstatus", "tenantdomainname"} <= names,
        gettext_lazy("The report is of revenue and sums of seats; import the customers and their subscriptions."),
    ),
    refused_table(
        "insights_teams_monthly",
        gettext_lazy("Partner Center insights: Teams by month"),
        lambda names: {"subworkload", "allupparticipants"} <= names,
        gettext_lazy(
            "The report counts devices and participants, guests among them, and has no seats to compare them with."
        ),
    ),
    refused_table(
        "insights_business_applications",
        gettext_lazy("Partner Center insights: business applications usage"),
        lambda names: {"fiscalmonthname", "metrictype", "pamau"} <= names,
        gettext_lazy(
            "The report has active users without seats, in fiscal months; there is nothing to compare them with."
        ),
    ),
)
