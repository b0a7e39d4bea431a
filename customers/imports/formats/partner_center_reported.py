"""Partner Center: the vendor's own figures of deployment and usage, in both envelopes: evidence beside ours."""

from __future__ import annotations

from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.feed.values import canonical_guid
from customers.imports.formats.partner_center_values import (
    BadFieldError,
    Item,
    by_item,
    count_at,
    customer_of,
    day_at,
    read_items,
    refused,
    text_at,
    value_at,
)
from customers.imports.reading import About, Format, Sink

_MOST_PERCENT = 1e15
# Names that stand where a code is missing (domain 2.2, trap 3).
_SERVICES = {
    "microsoft office 365": "o365",
    "office 365": "o365",
    "microsoft dynamics": "crm",
    "microsoft dynamics 365": "crm",
    "dynamics 365": "crm",
}
_WORKLOADS = {
    "exchange": "EXO",
    "exchange online": "EXO",
    "sharepoint": "SPO",
    "sharepoint online": "SPO",
    "onedrive": "SPO",
    "onedrive for business": "SPO",
    "teams": "TEAMS",
    "microsoft teams": "TEAMS",
    "yammer": "YAM",
    "viva engage": "YAM",
    "skype for business": "SFB",
    "skype for business online": "SFB",
    "office 365 proplus": "PROPLUS",
    "microsoft 365 apps": "PROPLUS",
    "microsoft dynamics crm": "CRM",
    "dynamics 365": "CRM",
}


def service_of(code: str, name: str) -> str:
    """The vendor's code of a service, in lower case; where it is missing, by the name."""
    written = (code or name).casefold()
    return _SERVICES.get(written, written)


def workload_of(code: str, name: str) -> str:
    """The code of a workload; a name that isn't known stays as it is. Raises BadFieldError: neither."""
    if not (code or name):
        raise BadFieldError(_("It is missing; expected the workload."), column="workloadName")
    return code.upper() or _WORKLOADS.get(name.casefold(), name)


def _percent(item: Item, path: str) -> str:
    """A percentage, with at most six decimals; nothing where none is stated. Raises BadFieldError."""
    text = text_at(item, path)
    if not text:
        return ""
    try:
        percent = float(text)
    except ValueError:
        percent = -1.0
    if not 0 <= percent < _MOST_PERCENT:
        raise BadFieldError(_("Expected a percentage from 0 on."), column=path, value=text)
    return f"{percent:.6f}".rstrip("0").rstrip(".")


def _add(sink: Sink, number: int, item: Item, about: About, **cells: str) -> None:
    day = day_at(item, "processedDateTime")
    service = service_of(text_at(item, "serviceCode"), text_at(item, "serviceName"))
    if not day or not service:
        column = "serviceName" if day else "processedDateTime"
        raise BadFieldError(_("It is missing; expected when, and of which service, the figure is."), column=column)
    sink.add(
        "reported.csv",
        number,
        customer_id=customer_of(item, about, "customerTenantId", "customerId"),
        day=day,
        service=service,
        sku_id=canonical_guid(text_at(item, "productId")) or "",
        product_name=text_at(item, "productName"),
        channel=text_at(item, "channel"),
        **cells,
    )


def _read_deployment(stream: BinaryIO, about: About, sink: Sink) -> None:
    def take(number: int, item: Item) -> None:
        _add(
            sink,
            number,
            item,
            about,
            metric="deployment",
            workload="",
            numerator=count_at(item, "licensesDeployed"),
            denominator=count_at(item, "licensesSold"),
            percent=_percent(item, "deploymentPercent"),
        )

    read_items(stream, sink, take)


def _read_usage(stream: BinaryIO, about: About, sink: Sink) -> None:
    def take(number: int, item: Item) -> None:
        # The documented field is licensesActive, the documented answer has licenseActive (domain 2.2, trap 1).
        active = "licenseActive" if value_at(item, "licensesActive") is None else "licensesActive"
        _add(
            sink,
            number,
            item,
            about,
            metric="usage",
            workload=workload_of(text_at(item, "workloadCode"), text_at(item, "workloadName")),
            numerator=count_at(item, active),
            denominator=count_at(item, "licensesQualified"),
            percent=_percent(item, "usagePercent"),
        )

    read_items(stream, sink, take)


_DEPLOYMENT = frozenset({"licensesDeployed", "licensesSold"})
_ACTIVE = frozenset({"licensesActive", "licenseActive"})


def _is_deployment(names: set[str], *, flat: bool) -> bool:
    return names >= _DEPLOYMENT and _names_customer(names) == flat


def _is_usage(names: set[str], *, flat: bool) -> bool:
    return "licensesQualified" in names and not _ACTIVE.isdisjoint(names) and _names_customer(names) == flat


def _names_customer(names: set[str]) -> bool:
    return not names.isdisjoint({"customerTenantId", "customerId"})


def _is_grouped(names: set[str]) -> bool:
    return "processedDateTime" not in names and (_is_deployment(names, flat=False) or _is_usage(names, flat=False))


_DEPLOYMENT_TITLE = gettext_lazy("Partner Center: deployment of licences")
_USAGE_TITLE = gettext_lazy("Partner Center: usage of licences")

REPORTED_FORMATS = (
    Format(
        "partner_center_deployment",
        _DEPLOYMENT_TITLE,
        by_item(lambda names: _is_deployment(names, flat=True)),
        _read_deployment,
    ),
    Format(
        "partner_center_customer_deployment",
        _DEPLOYMENT_TITLE,
        by_item(lambda names: _is_deployment(names, flat=False) and not _is_grouped(names)),
        _read_deployment,
        needs_customer=True,
    ),
    Format("partner_center_usage", _USAGE_TITLE, by_item(lambda names: _is_usage(names, flat=True)), _read_usage),
    Format(
        "partner_center_customer_usage",
        _USAGE_TITLE,
        by_item(lambda names: _is_usage(names, flat=False) and not _is_grouped(names)),
        _read_usage,
        needs_customer=True,
    ),
    refused(
        "partner_center_grouped_licences",
        gettext_lazy("Partner Center: grouped figures of licences"),
        _is_grouped,
        gettext_lazy("The figures are grouped over customers or days; ask for them without groupby."),
    ),
    refused(
        "partner_center_prorated_licences",
        gettext_lazy("Partner Center: figures of all customers together"),
        lambda names: not names.isdisjoint({"proratedDeploymentPercent", "proratedLicensesUsagePercent"}),
        gettext_lazy(
            "The figures are of all customers together, and prorated in a way that the vendor doesn't define; import those of "
            "each customer."
        ),
    ),
)
