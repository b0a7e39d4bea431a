"""Partner Center's files from end to end: what a reseller downloads there becomes facts."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from customers.models import CustomerProfile, Subscription, SubscriptionVersion
from customers.models.reported import Reported
from tests.customers.feed.conftest import ALPHA, CONTOSO, E3, FABRIKAM
from tests.customers.imports.lookalikes import collection, subscription
from tests.customers.imports.workbooks import packed, text_row, workbook
from tests.customers.services.imports.conftest import Imports

USER = "11111111-0000-4000-8000-000000000001"
FABRIKAM_ID = UUID(FABRIKAM)
DAY = date(2026, 11, 19)
NEW = "dddddddd-0000-4000-8000-000000000001"


def sold(**changes: Any) -> dict[str, Any]:
    link = {"self": {"uri": f"/customers/{FABRIKAM}/subscriptions/S1"}}
    days = {"effectiveStartDate": "2026-02-01T00:00:00Z", "commitmentEndDate": "2027-01-31T00:00:00Z"}
    return subscription(id="S1", offerName="test e3", quantity=10, links=link, **days | changes)


def listed_customer(tenant: str, name: str) -> dict[str, Any]:
    profile = {"tenantId": tenant, "domain": f"{name}.example", "companyName": name}
    return {"id": tenant, "companyProfile": profile, "relationshipToPartner": "reseller"}


def test_partner_center_files_in_one_zip_become_facts(imports: Imports) -> None:
    users = [
        {
            "id": USER,
            "userPrincipalName": "ann@fabrikam.com",
            "displayName": "Ann",
            "userDomainType": "none",
            "state": "active",
        }
    ]
    licences = [{"userId": USER, "productSku": {"id": E3, "skuPartNumber": "TESTPACK"}, "servicePlans": []}]
    totals = [
        {
            "productSku": {"id": E3, "skuPartNumber": "TESTPACK"},
            "consumedUnits": 1,
            "activeUnits": 12,
            "warningUnits": 0,
            "suspendedUnits": 0,
        }
    ]
    figures = [
        {
            "processedDateTime": "2026-11-14T00:00:00",
            "serviceName": "o365",
            "productName": "TEST E3",
            "licensesDeployed": 1,
            "licensesSold": 12,
        }
    ]
    archive = packed(
        {
            "subscriptions.json": collection(sold()).encode(),
            "users.json": collection(*users).encode(),
            "licences.json": collection(*licences).encode(),
            "skus.json": collection(*totals).encode(),
            "deployment.json": collection(*figures).encode(),
        }
    )
    done = imports.apply({"download.zip": archive}, partner="alpha", customer=FABRIKAM_ID, day=DAY)
    assert (done.applied, done.refused, list(done.refusals())) == (True, 0, [])
    (version,) = SubscriptionVersion.objects.filter(subscription__key="s1")
    assert (version.effective_on, version.quantity, version.status) == (date(2026, 2, 1), 10, "active")
    external = Subscription.objects.exclude(key="s1").get()
    assert external.versions.get().quantity == 2
    (figure,) = Reported.objects.all()
    assert (figure.day, figure.numerator, figure.denominator) == (date(2026, 11, 14), 1, 12)


def test_grace_begins_the_day_after_the_term(imports: Imports) -> None:
    expired = sold(status="expired", autoRenewEnabled=False, commitmentEndDate="2026-11-09T00:00:00Z")
    assert imports.apply({"s.json": collection(expired)}, partner="alpha", day=DAY).applied
    (version,) = SubscriptionVersion.objects.all()
    assert (version.effective_on, version.status) == (date(2026, 11, 10), "grace")


def test_known_customer_keeps_its_country_and_a_new_one_gets_the_one_said(imports: Imports) -> None:
    content = collection(listed_customer(FABRIKAM, "Fabrikam"), listed_customer(NEW, "Newcomer"))
    assert imports.apply({"c.json": content}, country="NL").applied
    assert dict(CustomerProfile.objects.filter(name__in=["Fabrikam", "Newcomer"]).values_list("name", "country")) == {
        "Fabrikam": "IT",
        "Newcomer": "NL",
    }


def test_partner_takes_the_country_that_its_customer_is_known_by(imports: Imports) -> None:
    content = collection(listed_customer(FABRIKAM, "Our Fabrikam"), listed_customer(CONTOSO, "Contoso"))
    assert imports.apply({"c.json": content}, partner="alpha", country="NL").applied
    assert dict(CustomerProfile.objects.filter(stated_by__slug="alpha").values_list("name", "country")) == {
        "Our Fabrikam": "IT",
        "Contoso": "NL",
    }


def test_refused_customers_stop_the_import(imports: Imports) -> None:
    done = imports.apply({"c.json": collection(listed_customer(NEW, "Newcomer"))}, partner="alpha")
    assert (done.applied, done.refused) == (False, 1)
    assert done.first[0].reason == (
        "The list doesn't say the customer's country, and it isn't known yet; say the country of such customers."
    )


def test_workbook_is_imported_like_the_text_it_was(imports: Imports) -> None:
    rows = text_row(1, "Subscription ID", "Subscription", "Quantity", "Status") + text_row(
        2, "S9", "Test E3", "4", "Active"
    )
    assert imports.apply({"export.xlsx": workbook(rows)}, partner="alpha", customer=FABRIKAM_ID, day=DAY).applied
    (version,) = SubscriptionVersion.objects.all()
    assert (version.subscription.key, version.quantity, version.effective_on) == ("s9", 4, DAY)
    assert str(version.seller.partner_id) == ALPHA
