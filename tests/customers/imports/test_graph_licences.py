"""Totals per SKU and subscriptions of a tenant, as Microsoft Graph lists them."""

import json
from typing import Any

import pytest

from tests.customers.imports.gathered import (
    CRM,
    CUSTOMER,
    E5,
    OTHER_PARTNER,
    PARTNER,
    Gathered,
    Stock,
    about,
    read,
)

TENANT = "48a80680-7326-48cd-9935-b556b81d3a4e"
SKU = {
    "id": f"{TENANT}_{E5}",
    "skuId": str(E5),
    "skuPartNumber": "ENTERPRISEPREMIUM",
    "capabilityStatus": "Enabled",
    "appliesTo": "User",
    "consumedUnits": 3,
    "prepaidUnits": {"enabled": 5, "suspended": 0, "warning": 1, "lockedOut": 2},
}
SUBSCRIPTION = {
    "id": "44444444-0000-4000-8000-000000000001",
    "commerceSubscriptionId": "55555555-0000-4000-8000-000000000001",
    "createdDateTime": "2023-01-10T08:30:00Z",
    "isTrial": False,
    "nextLifecycleDateTime": "2025-01-10T00:00:00Z",
    "ownerId": None,
    "ownerTenantId": str(PARTNER),
    "ownerType": "Partner",
    "skuId": str(E5),
    "skuPartNumber": "ENTERPRISEPREMIUM",
    "status": "Enabled",
    "totalLicenses": 25,
}
SEEN = (
    "subscriptions_seen.csv 1 day=2024-05-15 subscription_id={id} seller={seller} sku_id={sku} status={status} quantity={quantity} "
    "is_trial={trial} started_on={started} term_end={end}"
)


def seen(**differing: str) -> str:
    cells = {
        "id": str(SUBSCRIPTION["commerceSubscriptionId"]),
        "seller": str(PARTNER),
        "sku": str(E5),
        "status": "active",
        "quantity": "25",
        "trial": "false",
        "started": "2023-01-10",
        "end": "2025-01-10",
    }
    return SEEN.format(**cells | differing)


def skus(*items: Any, **given: Any) -> Gathered:
    content = {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#subscribedSkus", "value": items}
    return read(json.dumps(content), about(**{"customer": None} | given))


def subscriptions(*items: Any, **given: Any) -> Gathered:
    return read(json.dumps({"value": items}), about(**given))


def test_totals_say_which_customer_they_are_about():
    found = skus(SKU)
    assert found.lines == [
        f"sku_totals.csv 1 day=2024-05-15 sku_id={E5} part_number=ENTERPRISEPREMIUM enabled=5 warning=1 suspended=0 locked_out=2 consumed=3"
    ]
    assert (found.customers, found.remarks, found.refused) == ({TENANT}, [], [])


def test_totals_without_a_tenant_are_of_the_customer_that_was_named():
    without = {name: value for name, value in SKU.items() if name != "id"}
    assert skus(without, customer=CUSTOMER).customers == {str(CUSTOMER)}
    assert skus(without).not_taken == "The file doesn't say which customer it is about; name the customer."


def test_totals_of_another_customer_than_the_named_one_are_not_taken():
    assert skus(SKU, customer=CUSTOMER).not_taken == (
        f"The file is about the customer {TENANT}; expected one about {CUSTOMER}, which was named."
    )


def test_products_that_the_catalogue_lacks_are_left_out_and_told():
    found = skus(SKU, SKU | {"skuId": str(CRM), "skuPartNumber": "CRMSTANDARD"}, stock=Stock(known=[E5]))
    assert len(found.lines) == 1
    assert found.remarks == [f"1 product isn't in the catalogue and is left out: CRMSTANDARD ({CRM})."]


def test_tenant_without_products_has_no_totals():
    found = skus()
    assert (found.code, found.lines, found.not_taken) == ("graph_subscribed_skus", [], "")


@pytest.mark.parametrize("value", [-1, "5", 2.5, True, 2147483648, [1]])
def test_number_of_licences_that_is_none_is_refused(value: Any):
    found = skus(SKU | {"consumedUnits": value}, SKU)
    assert found.refused == [(1, "consumedUnits", str(value), "Expected a number of licences, from 0 to 2147483647.")]
    assert len(found.lines) == 1


@pytest.mark.parametrize("value", [None, "ENTERPRISEPACK", 5, "00000000-0000-0000-0000-000000000000"])
def test_product_without_a_guid_is_refused(value: Any):
    found = skus(SKU | {"skuId": value})
    assert found.refused == [(1, "skuId", "" if value is None else str(value), "Expected the GUID of a product.")]


def test_missing_numbers_are_none():
    found = skus(SKU | {"prepaidUnits": None, "consumedUnits": None})
    assert found.of("sku_totals.csv")[0].endswith("enabled=0 warning=0 suspended=0 locked_out=0 consumed=0")


def test_subscription_made_by_the_importing_partner_is_its_own():
    found = subscriptions(SUBSCRIPTION)
    assert (found.code, found.lines, found.refused, found.remarks) == ("graph_subscriptions", [seen()], [], [])
    assert found.customers == {str(CUSTOMER)}


@pytest.mark.parametrize("owner", [None, "", str(OTHER_PARTNER), TENANT, "not a guid"])
def test_subscription_of_anybody_else_is_external(owner: str | None):
    assert subscriptions(SUBSCRIPTION | {"ownerTenantId": owner}).lines == [seen(seller="external")]


def test_operators_import_names_any_partner():
    theirs = SUBSCRIPTION | {"ownerTenantId": str(OTHER_PARTNER)}
    assert subscriptions(theirs, partner=None).lines == [seen(seller=str(OTHER_PARTNER))]
    assert subscriptions(theirs, partner=None, stock=Stock(partners=[])).lines == [seen(seller="external")]


@pytest.mark.parametrize(
    ("stated", "status", "end"),
    [
        ("Enabled", "active", "2025-01-10"),
        ("warning", "grace", ""),
        ("Suspended", "disabled", ""),
        ("LockedOut", "disabled", ""),
        ("Deleted", "deprovisioned", ""),
    ],
)
def test_states_in_the_feeds_words(stated: str, status: str, end: str):
    assert subscriptions(SUBSCRIPTION | {"status": stated}).lines == [seen(status=status, end=end)]


@pytest.mark.parametrize("stated", ["Expired", "", None])
def test_unknown_state_is_refused(stated: str | None):
    found = subscriptions(SUBSCRIPTION | {"status": stated})
    assert found.refused == [(1, "status", stated or "", "Expected Enabled, Warning, Suspended, LockedOut or Deleted.")]


def test_subscription_without_the_sellers_id_has_the_directorys():
    without = SUBSCRIPTION | {"commerceSubscriptionId": None}
    assert subscriptions(without).lines == [seen(id=str(SUBSCRIPTION["id"]))]
    assert subscriptions(without | {"id": ""}).refused == [
        (1, "commerceSubscriptionId", "", "Expected the id of a subscription.")
    ]


def test_trials_and_moments_that_are_none():
    found = subscriptions(
        SUBSCRIPTION | {"isTrial": True, "createdDateTime": None, "nextLifecycleDateTime": "0001-01-01T00:00:00Z"}
    )
    assert found.lines == [seen(trial="true", started="", end="")]


def test_moment_in_another_form_is_refused():
    found = subscriptions(SUBSCRIPTION | {"createdDateTime": "10.01.2023"})
    assert found.refused == [(1, "createdDateTime", "10.01.2023", "Expected a moment as YYYY-MM-DDThh:mm:ssZ.")]


def test_item_that_is_no_object_or_an_error_is_refused():
    found = subscriptions(SUBSCRIPTION, "x", {"error": {"code": "Request_Timeout", "message": "Later."}})
    assert found.refused == [
        (2, "", "x", "Expected an object."),
        (3, "error", "Request_Timeout: Later.", "The service couldn't say it. Expected an object without an error."),
    ]
