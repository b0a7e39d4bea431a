"""Partner Center's files with what no sample has: every state, trials, ambiguous products, exports and datasets with rows."""

import json
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from customers.imports.reading import Sample
from customers.imports.recognise import FORMATS
from tests.customers.imports.gathered import (
    BASIC,
    CUSTOMER,
    E5,
    PARTNER,
    SAMPLES,
    SMB_BASIC,
    Gathered,
    Stock,
    about,
    read,
)
from tests.customers.imports.lookalikes import (
    CATALOGUE,
    INSIGHTS_HEADERS,
    SUBSCRIPTION,
    TENANT,
    analytics_subscription,
    collection,
    customer,
    insights,
    licence,
    subscription,
)

ANYBODY = about(customer=None)
UNLICENSED = "The subscription isn't one of licences that people hold; expected an online service billed by licence."


def seen(content: str, **changes: Any) -> Gathered:
    return read(content, replace(ANYBODY, **changes))


def cells(line: str) -> dict[str, str]:
    """The cells of a gathered line whose values have no blanks."""
    return dict(part.split("=", 1) for part in line.split() if "=" in part)


def test_subscription_of_newer_commerce_is_seen_as_it_is_today() -> None:
    found = seen(collection(subscription()))
    assert found.lines == [
        (
            f"subscriptions_seen.csv 1 day=2024-05-15 subscription_id={SUBSCRIPTION} seller={PARTNER} sku_id={E5} status=active "
            "quantity=15 is_trial=false started_on=2023-10-02 term_end=2024-10-01 auto_renew=true cancel_until=2023-10-09"
        )
    ]
    assert (found.customers, found.refused, found.remarks) == ({TENANT}, [], [])


@pytest.mark.parametrize(
    ("written", "status", "started_on"),
    [
        ("active", "active", "2023-10-02"),
        ("expired", "grace", "2024-05-01"),
        ("suspended", "disabled", ""),
        ("disabled", "disabled", ""),
        ("Deleted", "deprovisioned", ""),
    ],
)
def test_state_is_the_one_that_the_word_means(written: str, status: str, started_on: str) -> None:
    found = cells(seen(collection(subscription(status=written, commitmentEndDate="2024-04-30T00:00:00Z"))).lines[0])
    assert (found["status"], found["started_on"], found["term_end"]) == (status, started_on, "2024-04-30")


@pytest.mark.parametrize("written", ["pending", "none", "paused"])
def test_state_without_licences_is_refused(written: str) -> None:
    assert seen(collection(subscription(status=written))).refused == [
        (
            1,
            "status",
            written,
            "Expected active, expired, suspended, disabled or deleted: others have no licences yet, or aren't known.",
        )
    ]


@pytest.mark.parametrize("never", ["9999-12-10T00:00:00Z", "0001-01-01T00:00:00", None, ""])
def test_day_that_stands_for_none_is_empty(never: str | None) -> None:
    found = cells(
        seen(
            collection(
                subscription(commitmentEndDate=never, cancellationAllowedUntilDate=never, effectiveStartDate=never)
            )
        ).lines[0]
    )
    assert (found["term_end"], found["cancel_until"], found["started_on"]) == ("", "", "2023-10-02")


def test_start_after_the_day_is_left_out() -> None:
    assert cells(seen(collection(subscription()), day=date(2023, 9, 1)).lines[0])["started_on"] == ""


@pytest.mark.parametrize(
    ("changes", "is_trial"),
    [({"isTrial": True}, "true"), ({"isTrial": None, "billingCycle": "none"}, "true"), ({"isTrial": None}, "false")],
)
def test_trial_is_flagged_or_has_no_billing_cycle(changes: dict[str, Any], is_trial: str) -> None:
    assert cells(seen(collection(subscription(**changes))).lines[0])["is_trial"] == is_trial


@pytest.mark.parametrize(
    ("column", "value", "changes"),
    [
        ("billingType", "usage", {"billingType": "usage"}),
        ("unitType", "Usage-based", {"unitType": "Usage-based", "billingType": None}),
        ("productType.id", "Software", {"productType": {"id": "Software"}}),
    ],
)
def test_subscription_without_licences_is_refused(column: str, value: str, changes: dict[str, Any]) -> None:
    assert seen(collection(subscription(**changes))).refused == [(1, column, value, UNLICENSED)]


def test_product_of_one_name_is_taken_by_what_is_known() -> None:
    basic = subscription(offerName="Microsoft 365 Business Basic")
    several = "2 products have this name, and nothing else says which of them it is."
    here = {**basic, "links": {}}
    assert seen(collection(basic)).refused == [(1, "offerName", "Microsoft 365 Business Basic", several)]
    provisioned = {**basic, "provisioningStatus": {"skuId": str(BASIC).upper()}}
    assert cells(seen(collection(provisioned)).lines[0])["sku_id"] == str(BASIC)
    by_subscription = about(stock=Stock(subscriptions={SUBSCRIPTION: SMB_BASIC}))
    assert cells(read(collection(here), by_subscription).lines[0])["sku_id"] == str(SMB_BASIC)
    by_customer = about(stock=Stock(owned=[BASIC, E5]))
    assert cells(read(collection(here), by_customer).lines[0])["sku_id"] == str(BASIC)


def test_product_of_no_known_name_is_refused() -> None:
    reason = "The catalogue has no product of this name, and nothing else says which SKU it is."
    assert seen(collection(subscription(offerName="Addon"))).refused == [(1, "offerName", "Addon", reason)]
    assert seen(collection(subscription(offerName=None))).refused == [(1, "offerName", "", reason)]


def test_subscription_of_another_customer_than_named_is_refused() -> None:
    assert read(collection(subscription())).refused == [
        (1, "", "", f"It is about the customer {TENANT}; expected the one that was named, {CUSTOMER}.")
    ]


def test_subscriptions_without_a_partner_are_not_taken() -> None:
    found = seen(collection(subscription()), partner=None)
    assert (
        found.not_taken
        == "A list of subscriptions has what one partner sold, and doesn't say which; import it for a partner."
    )


@pytest.mark.parametrize(
    ("column", "value", "shown", "expected"),
    [
        ("quantity", -1, "-1", "Expected a whole number from 0 to 2147483647."),
        ("quantity", 1.5, "1.5", "Expected a whole number from 0 to 2147483647."),
        ("quantity", 10**30, "1" + "0" * 30, "Expected a whole number from 0 to 2147483647."),
        ("quantity", True, "True", "Expected a whole number from 0 to 2147483647."),
        ("autoRenewEnabled", "perhaps", "perhaps", "Expected true or false."),
        ("commitmentEndDate", "31.12.2024", "31.12.2024", "Expected a day, or a moment such as 2026-01-31T00:00:00Z."),
        (
            "commitmentEndDate",
            "2024-02-30T00:00:00Z",
            "2024-02-30T00:00:00Z",
            "Expected a day, or a moment such as 2026-01-31T00:00:00Z.",
        ),
        ("id", "", "", "It is missing; expected a text."),
        ("id", {"a": 1}, "{'a': 1}", "Expected a text of at most 256 characters."),
        ("id", "x" * 257, "x" * 99 + "…", "Expected a text of at most 256 characters."),
        ("status", None, "", "It is missing; expected a text."),
    ],
)
def test_bad_value_is_refused_with_what_was_expected(column: str, value: Any, shown: str, expected: str) -> None:
    good, bad = subscription(), subscription(**{column: value})
    found = seen(collection(good, bad))
    assert found.refused == [(2, column, shown, expected)]
    assert len(found.lines) == 1


def test_item_that_is_no_object_is_refused() -> None:
    content = json.dumps({"items": [subscription(), 5]})
    assert seen(content).refused == [(2, "", "5", "This is no record; expected an object in braces.")]


def test_analysed_subscription_is_a_trial_until_it_is_converted() -> None:
    found = cells(seen(collection(analytics_subscription())).lines[0])
    assert (found["status"], found["is_trial"], found["quantity"], found["term_end"]) == ("disabled", "true", "25", "")
    converted = cells(
        seen(json.dumps(analytics_subscription(trialToPaidConversionDate="2023-03-01T00:00:00"))).lines[0]
    )
    assert converted["is_trial"] == "false"


def test_customer_takes_the_country_it_has_is_known_by_or_is_said() -> None:
    reason = "The list doesn't say the customer's country, and it isn't known yet; say the country of such customers."
    assert seen(collection(customer())).refused == [(1, "", TENANT, reason)]
    detailed = customer(billingProfile={"defaultAddress": {"country": "CH"}})
    stock = Stock(countries={UUID(TENANT): "AT"})
    found = [
        seen(collection(detailed), country="DE").lines[0],
        seen(collection(customer()), catalogue=stock, country="DE").lines[0],
        seen(collection(customer()), country="DE").lines[0],
    ]
    assert [line.rpartition("country=")[2] for line in found] == ["CH", "AT", "DE"]


@pytest.mark.parametrize("relationship", ["none", "advisor", "syndication", "microsoft_support"])
def test_customer_who_buys_from_somebody_else_is_refused(relationship: str) -> None:
    found = seen(collection(customer(relationshipToPartner=relationship)), country="DE")
    assert found.refused == [
        (
            1,
            "relationshipToPartner",
            relationship,
            "The customer buys from somebody else; expected the relationship “reseller”.",
        )
    ]


def test_user_who_is_soft_deleted_is_deleted() -> None:
    user = {
        "id": TENANT,
        "userPrincipalName": "dana@x.example",
        "displayName": "Dana",
        "userDomainType": "none",
        "state": "inactive",
    }
    assert read(collection(user)).lines == [
        f"people.csv 1 user_id={TENANT} principal_name=dana@x.example display_name=Dana is_deleted=true"
    ]


def test_licences_with_their_user_beside_them_are_a_list_of_one_user() -> None:
    other = licence(productSku={"id": str(UUID(int=1)), "skuPartNumber": "NEW"})
    found = seen(collection(licence(), other))
    who = "day=2024-05-15 source=directory user_id=dana@northwind.example"
    assert found.lines == [f"lists.csv 1 {who}", f"holders.csv 1 {who} sku_id={E5} state=entitled"]
    assert found.remarks == [f"1 product isn't in the catalogue and is left out: NEW ({UUID(int=1)})."]


def test_figures_grouped_over_customers_are_not_taken() -> None:
    grouped = json.dumps({"Value": [{"productName": "E3", "licensesDeployed": "4", "licensesSold": "9"}]})
    assert read(grouped).not_taken == "The figures are grouped over customers or days; ask for them without groupby."


def test_figure_of_no_workload_is_refused() -> None:
    row = {
        "processedDateTime": "2024-01-01T00:00:00",
        "serviceName": "o365",
        "licensesActive": 1,
        "licensesQualified": 2,
    }
    assert read(collection(row)).refused == [(1, "workloadName", "", "It is missing; expected the workload.")]
    assert read(collection({**row, "workloadName": "Exchange", "processedDateTime": None})).refused == [
        (1, "processedDateTime", "", "It is missing; expected when, and of which service, the figure is.")
    ]


@pytest.mark.parametrize(
    ("written", "percent"), [(0.8125, "0.8125"), ("110.00", "110"), (None, ""), (1 / 3, "0.333333")]
)
def test_percentage_is_kept_as_stated(written: Any, percent: str) -> None:
    row = {"processedDateTime": "2024-01-01T00:00:00", "serviceName": "o365", "licensesDeployed": 1, "licensesSold": 2}
    assert cells(read(collection({**row, "deploymentPercent": written})).lines[0])["percent"] == percent


@pytest.mark.parametrize("written", ["nan", "inf", -1, "much"])
def test_percentage_that_is_none_is_refused(written: Any) -> None:
    row = {"processedDateTime": "2024-01-01T00:00:00", "serviceName": "o365", "licensesDeployed": 1, "licensesSold": 2}
    assert read(collection({**row, "deploymentPercent": written})).refused == [
        (1, "deploymentPercent", str(written), "Expected a percentage from 0 on.")
    ]


def test_exported_customers_are_customers() -> None:
    content = (
        "\ufeffMicrosoft ID,Company name,Primary domain name,Relationship\r\n"
        f'{TENANT},"Northwind, Inc.",northwind.example,Cloud Reseller\r\n{TENANT},A,a.example,Advisor\r\n'
    )
    found = seen(content, country="NL")
    assert found.lines == ["customers.csv 2 name=Northwind, Inc. domain=northwind.example country=NL"]
    assert found.refused == [
        (
            3,
            "Relationship",
            "Advisor",
            "The customer buys from somebody else; expected the relationship “Cloud Reseller”.",
        )
    ]


def test_exported_subscriptions_are_seen_as_they_are() -> None:
    content = (
        "Subscription ID;Subscription;Quantity;Status;Reseller\n"
        f"{SUBSCRIPTION};Office 365 E5;7;Active;Contoso\nb;Office 365 E5 Trial;25;Suspended;\n"
    )
    stock = Stock(names={"office 365 e5": [E5], "office 365 e5 trial": [E5]})
    found = [cells(line) for line in read(content, about(stock=stock)).lines]
    assert [(line["quantity"], line["status"], line["is_trial"]) for line in found] == [
        ("7", "active", "false"),
        ("25", "disabled", "true"),
    ]


def test_office_usage_sums_locations_and_leaves_repeated_rows_out() -> None:
    row = {
        "CustomerTenantId": TENANT,
        "WorkloadName": "Exchange Online",
        "Month": "2024-04-01",
        "IsDuplicateRowForPGA": "0",
    }
    content = insights(
        "office_usage",
        {**row, "PaidAvailableUnits": "100", "MonthlyActiveUsers": "60"},
        {**row, "PaidAvailableUnits": "10", "MonthlyActiveUsers": "12"},
        {**row, "PaidAvailableUnits": "100", "MonthlyActiveUsers": "60", "IsDuplicateRowForPGA": "1"},
        {**row, "PaidAvailableUnits": "5", "MonthlyActiveUsers": "4", "Month": "2024-05-01", "WorkloadName": "Planner"},
        {**row, "PaidAvailableUnits": "5", "MonthlyActiveUsers": "4", "Month": "April"},
    )
    found = seen(content)
    assert found.lines == [
        "reported.csv 2 day=2024-04-30 metric=usage service=o365 workload=EXO sku_id= product_name= channel= percent= numerator=72 denominator=110",
        "reported.csv 5 day=2024-05-15 metric=usage service=o365 workload=Planner sku_id= product_name= channel= percent= numerator=4 denominator=5",
    ]
    assert found.refused == [(6, "Month", "April", "Expected a month as its first day, such as 2026-01-01.")]


def test_dynamics_usage_is_deployment_and_usage_of_each_sku() -> None:
    row = {"CustomerTenantId": TENANT, "Month": "2024-03-01T00:00:00", "SKU": "Sales", "SKUId": str(E5).upper()}
    content = insights(
        "dynamics_usage",
        {**row, "AvailableSeats": "10", "AssignedSeats": "8", "ActiveSeats": "6"},
        {**row, "AvailableSeats": "5", "AssignedSeats": "5", "ActiveSeats": "1"},
    )
    assert seen(content).lines == [
        (
            f"reported.csv 2 day=2024-03-31 metric=deployment service=crm workload= sku_id={E5} product_name=Sales channel= percent= "
            "numerator=13 denominator=15"
        ),
        (
            f"reported.csv 2 day=2024-03-31 metric=usage service=crm workload=CRM sku_id={E5} product_name=Sales channel= percent= "
            "numerator=7 denominator=15"
        ),
    ]


OUT_OF_SCOPE = "The figures are of products outside of Office 365 and Dynamics 365, which insights don't compare."
EMPTY = "The file has a header and no lines below it, so that it says nothing."
DATASETS = {
    "office_usage": ("insights_office_usage", EMPTY),
    "cpor_m365_usage": ("insights_office_usage", EMPTY),
    "dynamics_usage": ("insights_dynamics_usage", EMPTY),
    "powerbi_usage": (
        "insights_power_bi_usage",
        "The figures are of Power BI, which insights don't compare; those of Dynamics 365 have the column RevSumCategoryName.",
    ),
    "ems_usage": ("insights_ems_usage", OUT_OF_SCOPE),
    "reseller_performance": (
        "insights_reseller_performance",
        "The report names customers without their tenant ids, so that nobody can tell which they are.",
    ),
    "subscription_details": (
        "insights_subscription_details",
        "The report states months, in which a subscription is active or churned and nothing between; import the subscriptions.",
    ),
    "customers_and_tenants": (
        "insights_customers",
        "The report is of revenue and sums of seats; import the customers and their subscriptions.",
    ),
    "teams_monthly": (
        "insights_teams_monthly",
        "The report counts devices and participants, guests among them, and has no seats to compare them with.",
    ),
    "bizapps_usage": (
        "insights_business_applications",
        "The report has active users without seats, in fiscal months; there is nothing to compare them with.",
    ),
}


@pytest.mark.parametrize("name", INSIGHTS_HEADERS)
def test_dataset_that_is_only_its_columns_is_not_taken(name: str) -> None:
    found = seen(insights(name))
    assert (found.code, found.not_taken) == DATASETS[name]


ANSWERS = {
    "partner_center_insights_datasets": {"datasetName": "OfficeUsage", "selectableColumns": ["Month"]},
    "partner_center_insights_scheduling": {"executionId": "1", "reportId": "2", "executionStatus": "Completed"},
    "partner_center_error": {"code": 60012, "description": "No licences left.", "source": "PartnerFD"},
}


@pytest.mark.parametrize("code", ANSWERS)
def test_answer_without_facts_is_not_taken(code: str) -> None:
    found = read(json.dumps({"value": [ANSWERS[code]]}))
    assert found.code == code
    assert found.not_taken in {
        "This is a list of columns that can be asked for; import the report itself.",
        "This says which report is scheduled, and where it will be; import the report itself.",
        "The file is an error of the service (60012), and carries no data. It says: No licences left.",
    }


QUERIES = """-- Office Usage  QueryId=d8349f7b-a7d1-467e-b26d-434d4a50f26a
SELECT CustomerTenantId,WorkloadName,Month,
PaidAvailableUnits,MonthlyActiveUsers
FROM OfficeUsage TIMESPAN LAST_6_MONTHS

-- another
SELECT SKU FROM DynamicsUsage TIMESPAN LAST_6_MONTHS
"""


@pytest.mark.parametrize("text", [QUERIES, QUERIES.replace("\n", "\r\n"), QUERIES.partition("\n")[2].lower()])
def test_queries_of_the_insights_are_no_report(text: str) -> None:
    found = read(text)
    assert (found.code, found.lines, found.not_taken) == (
        "partner_center_insights_queries",
        [],
        "These are queries, which say what a report would hold; import the report itself.",
    )


def test_table_with_a_column_called_select_is_no_query() -> None:
    assert read("Select,From,User\nx,y,z\n").code == ""


def test_service_plans_by_workload_are_no_facts() -> None:
    plans = {code: [{"plan": f"{code}_PLAN", "id": TENANT}] for code in ("EXO", "SPO", "TEAMS", "YAM", "APPS")}
    found = read(json.dumps(plans, indent=1))
    assert (found.code, found.lines, found.not_taken) == (
        "workload_plans",
        [],
        (
            "The file says which service plans belong to which workload, and nothing of customers; Seatwise knows that. "
            "New products come with the vendor's catalogue."
        ),
    )


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Date-Time,Affected customer,Action,Partner user", "partner_center_activity_log"),
        ("Partner tenant ID,Customer Tenant ID,Legacy Subscription ID,Migration Eligible", "partner_center_migration"),
    ],
)
def test_export_without_facts_is_not_taken(header: str, code: str) -> None:
    found = read(header + "\n")
    assert (found.code, found.lines, bool(found.not_taken)) == (code, [], True)


def test_catalogue_is_handed_on() -> None:
    found = read(CATALOGUE)
    assert (found.code, found.lines) == ("sku_catalogue", [])
    assert found.not_taken == (
        "This is the vendor's catalogue of products, which holds for everybody: the operator loads it, by itself (load_catalogue)."
    )


def test_every_file_has_at_most_one_format() -> None:
    texts = [
        path.read_text(encoding="utf-8-sig")
        for path in SAMPLES.rglob("*")
        if path.suffix in (".csv", ".json", ".http", ".tsv")
    ]
    texts += [insights(name) for name in INSIGHTS_HEADERS] + [
        CATALOGUE,
        collection(subscription()),
        collection(licence()),
    ]
    twice = [
        [format_.code for format_ in found]
        for text in texts
        if len(found := [format_ for format_ in FORMATS if format_.recognise(Sample("", text, is_whole=True))]) > 1
    ]
    assert (len(texts) > 70, twice) == (True, [])
