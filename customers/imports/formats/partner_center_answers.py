"""Partner Center's answers that carry no facts: each is recognised, and refused for what it is."""

from __future__ import annotations

import re
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.imports.captured import sentence_of
from customers.imports.formats.partner_center_values import by_item, refused
from customers.imports.json_items import JsonItems
from customers.imports.reading import About, FileNotTakenError, Format, Sample, Sink

# Comments, then a query of the insights' own grammar.
_QUERY = re.compile(r"(?:\s|--[^\n]*+\n)*+SELECT\s++[\w,\s]+?\sFROM\s+\w", re.ASCII | re.IGNORECASE)


def _is_error(names: set[str]) -> bool:
    return {"code", "description"} <= names or names == {"statusCode", "message"}


def _refuse_error(stream: BinaryIO, _about: About, _sink: Sink) -> None:
    error: Any = next((item for _number, item in JsonItems(stream)), None)
    said = sentence_of(error) or "-"
    code = error.get("code", error.get("statusCode", "")) if isinstance(error, dict) else ""
    raise FileNotTakenError(
        _("The file is an error of the service (%(code)s), and carries no data. It says: %(said)s")
        % {"code": code, "said": said}
    )


def _are(*wanted: str) -> Any:
    return lambda names: set(wanted) <= names


def _is_query(sample: Sample) -> bool:
    return _QUERY.match(sample.text) is not None


def _refuse_query(_stream: BinaryIO, _about: About, _sink: Sink) -> None:
    raise FileNotTakenError(_("These are queries, which say what a report would hold; import the report itself."))


ANSWER_FORMATS = (
    Format("partner_center_error", gettext_lazy("Partner Center: an error"), by_item(_is_error), _refuse_error),
    refused(
        "partner_center_provisioning_status",
        gettext_lazy("Partner Center: provisioning status"),
        lambda names: {"skuId", "status", "quantity", "endDate"} <= names and "id" not in names,
        gettext_lazy(
            "The status names a SKU and doesn't say of which subscription; put it into the subscription as provisioningStatus."
        ),
    ),
    refused(
        "partner_center_grouped_subscriptions",
        gettext_lazy("Partner Center: grouped figures of subscriptions"),
        lambda names: "subscriptionCount" in names and "partnerTenantId" not in names,
        gettext_lazy("The figures are grouped, so that no subscription is left in them; ask for them without groupBy."),
    ),
    refused(
        "partner_center_indirect_resellers",
        gettext_lazy("Partner Center: analytics of indirect resellers"),
        _are("partnerTenantId", "subscriptionCount"),
        gettext_lazy("The figures are sums for each indirect reseller, without customers or subscriptions."),
    ),
    refused(
        "partner_center_relationships",
        gettext_lazy("Partner Center: indirect resellers of a customer"),
        _are("relationshipType", "mpnId"),
        gettext_lazy("The list names resellers by their MPN ids, and states no fact about licences."),
    ),
    refused(
        "partner_center_audit_records",
        gettext_lazy("Partner Center: audit records"),
        _are("operationType", "operationDate"),
        gettext_lazy(
            "Audit records tell what somebody did, not how things are; import subscriptions and users instead."
        ),
    ),
    refused(
        "partner_center_webhook",
        gettext_lazy("Partner Center: a webhook's event"),
        _are("EventName", "ResourceUri"),
        gettext_lazy("The event says that something has changed, and not into what; import the subscriptions."),
    ),
    refused(
        "partner_center_licence_update",
        gettext_lazy("Partner Center: licences assigned to a user"),
        lambda names: not names.isdisjoint({"licensesToAssign", "LicensesToAssign"}),
        gettext_lazy("The update doesn't say whom it is about; import the users with their licences."),
    ),
    refused(
        "partner_center_trial_conversions",
        gettext_lazy("Partner Center: conversions of trials"),
        _are("offerId", "targetOfferId"),
        gettext_lazy("Offers and conversions of trials state no subscription as it is; import the subscriptions."),
    ),
    refused(
        "partner_center_directory_roles",
        gettext_lazy("Partner Center: directory roles"),
        lambda names: names == {"id", "name", "attributes"},
        gettext_lazy("Roles of administrators are no licences."),
    ),
    refused(
        "partner_center_insights_datasets",
        gettext_lazy("Partner Center insights: datasets and their columns"),
        _are("datasetName", "selectableColumns"),
        gettext_lazy("This is a list of columns that can be asked for; import the report itself."),
    ),
    refused(
        "partner_center_insights_scheduling",
        gettext_lazy("Partner Center insights: queries and scheduled reports"),
        lambda names: not names.isdisjoint({"executionId", "reportId", "ReportName", "queryId", "QueryId"}),
        gettext_lazy("This says which report is scheduled, and where it will be; import the report itself."),
    ),
    Format(
        "partner_center_insights_queries",
        gettext_lazy("Partner Center insights: queries"),
        _is_query,
        _refuse_query,
    ),
    refused(
        "workload_plans",
        gettext_lazy("Service plans by workload"),
        _are("EXO", "SPO", "TEAMS"),
        gettext_lazy(
            "The file says which service plans belong to which workload, and nothing of customers; Seatwise knows that. "
            "New products come with the vendor's catalogue."
        ),
    ),
)
