"""Partner Center's own CSV exports: customers, and the subscriptions of one customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.imports.csv_rows import CsvRows, header_in
from customers.imports.formats.partner_center_customers import country_of
from customers.imports.formats.partner_center_subscriptions import seller_of, state_of
from customers.imports.formats.partner_center_values import (
    BadFieldError,
    Take,
    count_at,
    customer_of,
    guid_at,
    needed_text,
    sku_of,
    text_at,
)
from customers.imports.reading import About, FileNotTakenError, Format, Sample, Sink


def by_header(judge: Callable[[set[str]], bool]) -> Callable[[Sample], bool]:
    """Recognises a CSV file by its header; names in the form of csv_rows.plain."""
    return lambda sample: not sample.text.lstrip().startswith(("{", "[")) and judge(set(header_in(sample.text)))


def refused_table(code: str, title: Any, judge: Callable[[set[str]], bool], reason: Any) -> Format:
    """A CSV file that carries nothing to import: recognised, and refused with the reason."""

    def read(_stream: BinaryIO, _about: About, _sink: Sink) -> None:
        raise FileNotTakenError(str(reason))

    return Format(code, title, by_header(judge), read)


def read_rows(stream: BinaryIO, sink: Sink, take: Take) -> None:
    """Hand on each row as an item, by the plain names of its columns; those that raise BadFieldError are refused, with the column as
    the file calls it. Raises FileNotTakenError.
    """
    rows = CsvRows(stream)
    titles = dict(zip(rows.names, rows.header, strict=True))
    count = 0
    for line, row in rows.whole(sink):
        count += 1
        _take_row(line, dict(zip(reversed(rows.names), reversed(row), strict=True)), titles, sink, take)
    if not count and not rows.broken:
        raise FileNotTakenError(_("The file has a header and no lines below it, so that it says nothing."))


def _take_row(line: int, row: Mapping[str, str], titles: Mapping[str, str], sink: Sink, take: Take) -> None:
    try:
        take(line, row)
    except BadFieldError as error:
        sink.refuse(line, column=titles.get(error.column, error.column), value=error.value, reason=str(error))


_RESELLERS = frozenset({"", "reseller", "cloud reseller", "cloudreseller"})


def _read_customers(stream: BinaryIO, about: About, sink: Sink) -> None:
    def take(line: int, row: Mapping[str, str]) -> None:
        tenant = guid_at(row, "microsoftid")
        relationship = text_at(row, "relationship")
        if relationship.casefold() not in _RESELLERS:
            raise BadFieldError(
                _("The customer buys from somebody else; expected the relationship “Cloud Reseller”."),
                column="relationship",
                value=relationship,
            )
        sink.add(
            "customers.csv",
            line,
            customer_id=tenant,
            name=needed_text(row, "companyname"),
            domain=needed_text(row, "primarydomainname"),
            country=country_of(tenant, "", about),
        )

    read_rows(stream, sink, take)


def _read_subscriptions(stream: BinaryIO, about: About, sink: Sink) -> None:
    seller = seller_of(about)

    def take(line: int, row: Mapping[str, str]) -> None:
        customer = customer_of(row, about)
        subscription = needed_text(row, "subscriptionid")
        name = needed_text(row, "subscription")
        sink.add(
            "subscriptions_seen.csv",
            line,
            customer_id=customer,
            day=about.day.isoformat(),
            subscription_id=subscription,
            seller=seller,
            sku_id=sku_of(name, about, column="subscription", customer=customer, subscription=subscription),
            status=state_of(needed_text(row, "status"), column="status"),
            quantity=count_at(row, "quantity"),
            # The export has no flag for trials; their products are named so.
            is_trial="true" if "trial" in name.casefold().split() else "false",
        )

    read_rows(stream, sink, take)


EXPORT_FORMATS = (
    Format(
        "partner_center_customers_csv",
        gettext_lazy("Partner Center: exported customers"),
        by_header(lambda names: {"microsoftid", "companyname", "primarydomainname"} <= names),
        _read_customers,
    ),
    Format(
        "partner_center_subscriptions_csv",
        gettext_lazy("Partner Center: exported subscriptions of a customer"),
        by_header(lambda names: {"subscriptionid", "subscription", "quantity", "status"} <= names),
        _read_subscriptions,
        needs_customer=True,
    ),
    refused_table(
        "partner_center_activity_log",
        gettext_lazy("Partner Center: activity log"),
        lambda names: {"datetime", "affectedcustomer", "action", "partneruser"} <= names,
        gettext_lazy("The log tells what the partner's own people did; nobody's use of a licence is in it."),
    ),
    refused_table(
        "partner_center_migration",
        gettext_lazy("Partner Center: subscriptions to migrate"),
        lambda names: {"customertenantid", "legacysubscriptionid", "migrationeligible"} <= names,
        gettext_lazy("The list is of what could be migrated, and has no states; import the subscriptions."),
    ),
)
