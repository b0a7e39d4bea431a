"""Every documented sample of Partner Center: the exact lines it becomes, or the exact reason why it isn't taken."""

from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest

from tests.customers.imports.gathered import BASIC, CUSTOMER, EMS_E3, PARTNER, SAMPLES, Stock, about, read_sample

POWER_BI = UUID("f8a1db68-be16-40ed-86d5-cb42ce701560")
PREMIUM = UUID("f245ecc8-75af-4f8e-b61f-27d8114de5f3")
INTUNE = UUID("061f9ace-7d42-4136-88ac-31dc755f143f")
STOCK = Stock(
    names={
        "office 365 business premium": [PREMIUM],
        "intune device": [INTUNE],
        "microsoft 365 business basic": [BASIC],
    },
    known=(EMS_E3, POWER_BI, PREMIUM, INTUNE, BASIC),
)
NO_TENANT = ("companyProfile.tenantId", "<guid>", "Expected a GUID: 32 hexadecimal digits, or 8-4-4-4-12.")
SUMS = "The figures are of all customers together, and prorated in a way that the vendor doesn't define; import those of each customer."
RESELLERS = "The list names resellers by their MPN ids, and states no fact about licences."
CONVERSIONS = "Offers and conversions of trials state no subscription as it is; import the subscriptions."
NOBODYS = "The licences don't say whose they are; expected a list of users with their licences."


@dataclass(frozen=True)
class Expected:
    code: str
    lines: list[str] = field(default_factory=list)
    refused: list[tuple[int, str, str, str]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    customers: set[str] = field(default_factory=set)
    not_taken: str = ""


def deployed(item: int, product: str, sold: int) -> str:
    return (
        f"reported.csv {item} day=2017-03-14 service=o365 sku_id= product_name={product} channel=reseller metric=deployment workload= "
        f"numerator=0 denominator={sold} percent=0"
    )


def used(item: int, product: str, workload: str, qualified: int) -> str:
    return (
        f"reported.csv {item} day=2017-03-09 service=o365 sku_id= product_name={product} channel=reseller metric=usage workload={workload} "
        f"numerator=0 denominator={qualified} percent=0"
    )


def flat(item: int, service: str, sku: str, product: str, rest: str) -> str:
    return f"reported.csv {item} day=2018-10-14 service={service} sku_id={sku} product_name={product} channel=reseller {rest} percent="


ESSENTIALS, PLAN_1 = "OFFICE 365 BUSINESS ESSENTIALS", "EXCHANGE ONLINE (PLAN 1)"
ARCHIVING = "EXCHANGE ONLINE ARCHIVING FOR EXCHANGE ONLINE"
TEST_COMPANY = "0112a436-b14e-4888-967b-ca4bb2cf1234"
DEPLOYMENT = Expected(
    "partner_center_customer_deployment",
    [deployed(1, ESSENTIALS, 1), deployed(2, PLAN_1, 5), deployed(3, ARCHIVING, 2)],
    customers={str(CUSTOMER)},
)
USAGE = Expected(
    "partner_center_customer_usage",
    [
        used(1, ESSENTIALS, "EXO", 1),
        used(2, ESSENTIALS, "SPO", 1),
        used(3, ESSENTIALS, "SFB", 1),
        used(4, PLAN_1, "EXO", 5),
        used(5, ARCHIVING, "EXO", 2),
    ],
    customers={str(CUSTOMER)},
)
FLAT_DEPLOYMENT = Expected(
    "partner_center_deployment",
    [
        flat(
            1,
            "crm",
            "54b84594-9c77-4499-8d65-5e0d5f410e78",
            "DYNAMICS AX TASK",
            "metric=deployment workload= numerator=0 denominator=9",
        ),
        flat(
            2,
            "o365",
            "d3b4fe1f-9992-4930-8acb-ca6ec609365e",
            "DOMESTIC AND INTERNATIONAL CALLING PLAN",
            "metric=deployment workload= numerator=0 denominator=5",
        ),
    ],
    customers={TEST_COMPANY},
)
FLAT_USAGE_LINES = [
    flat(
        1,
        "o365",
        "6fd2c87f-b296-42f0-b197-1e91e994b900",
        "OFFICE 365 ENTERPRISE E3",
        "metric=usage workload=SPO numerator=0 denominator=1",
    ),
    flat(
        2,
        "o365",
        "45a2423b-e884-448d-a831-d9e139c52d2f",
        "EXCHANGE ONLINE PROTECTION",
        "metric=usage workload=EXO numerator=0 denominator=1",
    ),
]
CUT_USAGE = Expected(
    "partner_center_usage",
    FLAT_USAGE_LINES,
    customers={TEST_COMPANY},
    not_taken="The file isn't valid JSON: line 31, column 1: expected ,.",
)
FOURTH_COFFEE, WINGTIP = "53eb21cb-6b2d-4ee5-9e92-27dfc927e93c", "3dfe847b-cad9-4fc1-86d3-cf16c2790087"
CUSTOMERS = Expected(
    "partner_center_customers",
    [
        "customers.csv 1 name=FourthCoffee137 domain=FourthCoffee137.onmicrosoft.com country=US",
        "customers.csv 2 name=Wingtip Toys1254789149 domain=WingtipToys1254789149.onmicrosoft.com country=US",
    ],
    customers={FOURTH_COFFEE, WINGTIP},
)
CUT_CUSTOMERS = replace(CUSTOMERS, not_taken="The file isn't valid JSON: line 60, column 5: Expecting value.")
NAMELESS = Expected("partner_center_customers", refused=[(1, *NO_TENANT), (2, *NO_TENANT)])
USERS = Expected(
    "partner_center_users",
    [
        (
            "people.csv 1 user_id=a9ef48bb-8758-4590-a312-d4a47bfaded4 principal_name=Daniel@dtdemocspcustomer005.onmicrosoft.com "
            "display_name=Daniel Tsai is_deleted=false"
        ),
        (
            "people.csv 2 user_id=6e668259-1f09-479d-bcb8-d9b03e826b8d principal_name=admin@dtdemocspcustomer005.onmicrosoft.com "
            "display_name=DT Demo CSP Customer 005 is_deleted=false"
        ),
    ],
    customers={"4d3cf487-70f4-4e1e-9ff1-b2bfce8d9f04"},
)
TOTALS = Expected(
    "partner_center_subscribed_skus",
    [
        f"sku_totals.csv 1 day=2024-05-15 sku_id={EMS_E3} part_number=EMS enabled=5 warning=0 suspended=0 consumed=1",
        f"sku_totals.csv 2 day=2024-05-15 sku_id={POWER_BI} part_number=POWER_BI_PRO enabled=1 warning=0 suspended=0 consumed=1",
    ],
    customers={str(CUSTOMER)},
)
INTUNE_LINE = (
    f"subscriptions_seen.csv 1 day=2024-05-15 subscription_id=42226ED6-070A-4E0F-B80C-4CDFB3E97AA7 seller={PARTNER} sku_id={INTUNE} "
    "status=active quantity=5 is_trial=false started_on=2017-04-10 term_end=2018-05-07 auto_renew=true cancel_until="
)
BY_PARTNER = Expected("partner_center_subscriptions", [INTUNE_LINE], customers={"c501c3c4-d776-40ef-9ecf-9cefb59442c1"})
ANALYSED_LINE = (
    f"subscriptions_seen.csv 1 day=2024-05-15 subscription_id=4BF546B2-8998-4838-BEE2-5F1BBE65A04F seller={PARTNER} sku_id={PREMIUM} "
    "status=active quantity=2 is_trial=false started_on=2016-02-04 term_end=2019-02-10 auto_renew=true"
)
LICENCES = Expected("partner_center_user_licences", refused=[(1, "", "", NOBODYS)])

EXPECTED = {
    "analytics_indirect_reseller_item.json": Expected(
        "partner_center_indirect_resellers",
        not_taken="The figures are sums for each indirect reseller, without customers or subscriptions.",
    ),
    "analytics_subscription_filtered_item.json": Expected(
        "partner_center_analytics_subscriptions",
        refused=[
            (
                1,
                "subscriptionType",
                "Azure",
                "Azure is billed by use and has no licences; expected a subscription of licences.",
            )
        ],
    ),
    "analytics_subscription_item.json": Expected(
        "partner_center_analytics_subscriptions", [ANALYSED_LINE], customers={"76906668-27fc-4f5b-a35c-75a9823e13af"}
    ),
    "analytics_subscriptions_grouped.json": Expected(
        "partner_center_grouped_subscriptions",
        not_taken="The figures are grouped, so that no subscription is left in them; ask for them without groupBy.",
    ),
    "assign_license_request.http": Expected(
        "", not_taken="The file is a request to a service; expected an answer of one, or a report."
    ),
    "assign_license_response_201.json": Expected(
        "partner_center_licence_update",
        not_taken="The update doesn't say whom it is about; import the users with their licences.",
    ),
    "auditrecords.json": Expected(
        "partner_center_audit_records",
        not_taken="Audit records tell what somebody did, not how things are; import subscriptions and users instead.",
    ),
    "commercial_deployment_license.http": FLAT_DEPLOYMENT,
    "commercial_deployment_license.json": FLAT_DEPLOYMENT,
    "commercial_usage_license.http": CUT_USAGE,
    "commercial_usage_license.json": CUT_USAGE,
    "repaired_commercial_usage_license.json": replace(CUT_USAGE, not_taken=""),
    "customer_licenses_deployment.http": DEPLOYMENT,
    "customer_licenses_deployment.json": DEPLOYMENT,
    "customer_licenses_usage.http": USAGE,
    "customer_licenses_usage.json": USAGE,
    "customer_user_directory_roles.json": Expected(
        "partner_center_directory_roles", not_taken="Roles of administrators are no licences."
    ),
    "customer_users.http": USERS,
    "customer_users.json": USERS,
    "customers_list.http": NAMELESS,
    "customers_list.json": NAMELESS,
    "customers_of_indirect_reseller.http": CUT_CUSTOMERS,
    "customers_of_indirect_reseller.json": CUT_CUSTOMERS,
    "repaired_customers_of_indirect_reseller.json": CUSTOMERS,
    "indirect_resellers_of_customer.http": Expected("partner_center_relationships", not_taken=RESELLERS),
    "indirect_resellers_of_customer.json": Expected("partner_center_relationships", not_taken=RESELLERS),
    "partner_licenses_deployment.http": Expected("partner_center_prorated_licences", not_taken=SUMS),
    "partner_licenses_deployment.json": Expected("partner_center_prorated_licences", not_taken=SUMS),
    "subscribedskus.http": TOTALS,
    "subscribedskus.json": TOTALS,
    "subscription_azure_legacy.json": Expected(
        "partner_center_subscriptions",
        refused=[
            (
                1,
                "billingType",
                "usage",
                "The subscription isn't one of licences that people hold; expected an online service billed by licence.",
            )
        ],
    ),
    "subscription_provisioningstatus.json": Expected(
        "partner_center_provisioning_status",
        not_taken="The status names a SKU and doesn't say of which subscription; put it into the subscription as provisioningStatus.",
    ),
    "subscriptions_by_partner_mpn.http": BY_PARTNER,
    "subscriptions_by_partner_mpn.json": BY_PARTNER,
    "subscriptions_list_legacy.json": Expected(
        "partner_center_subscriptions",
        refused=[(1, "", "", "It doesn't say which customer it is about; name the customer.")],
        remarks=["The file has 1 of 37 records: the other pages are in other files."],
    ),
    "throttle_429.http": Expected(
        "",
        not_taken="The file is the service's answer 429 Too Many Requests, which carries no data. It says: Rate limit is exceeded. Try again in "
        "57 seconds.",
    ),
    "trial_conversion_result.json": Expected("partner_center_trial_conversions", not_taken=CONVERSIONS),
    "trial_conversions.json": Expected("partner_center_trial_conversions", not_taken=CONVERSIONS),
    "user_licenses.http": LICENCES,
    "user_licenses.json": LICENCES,
    "webhook_subscription_updated.json": Expected(
        "partner_center_webhook",
        not_taken="The event says that something has changed, and not into what; import the subscriptions.",
    ),
}
NEEDS_CUSTOMER = {DEPLOYMENT.code, USAGE.code, TOTALS.code}


def test_samples_are_all_expected() -> None:
    samples = {path.name for path in (SAMPLES / "partner_center").iterdir()} - {"README.md"}
    assert samples == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_sample_becomes_these_lines_or_is_refused(name: str) -> None:
    expected = EXPECTED[name]
    customer = CUSTOMER if expected.code in NEEDS_CUSTOMER else None
    given = replace(about(stock=STOCK, customer=customer), country="US")
    found = read_sample(f"partner_center/{name}", given)
    assert found.code == expected.code
    assert (found.lines, found.refused) == (expected.lines, expected.refused)
    assert (found.remarks, found.customers) == (expected.remarks, expected.customers)
    assert found.not_taken == expected.not_taken
