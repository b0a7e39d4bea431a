"""What is pulled becomes facts: by the imports that people's files go through."""

from __future__ import annotations

from datetime import timedelta

from customers.clock import today
from customers.connections.hand_over import hand_to_imports
from customers.models import Activity, Connection, Customer, Load, Person, Pull, Relationship
from tests.customers.connections.conftest import Pulling
from tests.customers.connections.vendor import OTHER_TENANT, REPORT, TENANT, Answer, customers, sample

E5 = "c7df2760-2c81-4ef7-b578-5b5392b571df"

SUBSCRIPTION = {
    "id": "11111111-0000-4000-8000-000000000001",
    "offerName": "A name that no catalogue has",
    "quantity": 25,
    "unitType": "Licenses",
    "status": "active",
    "isTrial": False,
    "effectiveStartDate": "2026-01-01T00:00:00Z",
    "commitmentEndDate": "2027-01-01T00:00:00Z",
    "autoRenewEnabled": True,
    "billingType": "license",
}


def fresh(report: str) -> bytes:
    """The sample as if it were of yesterday, the activity in Teams too."""
    text = sample(f"graph_reports/{report}.csv").decode()
    assert text.count("2024-05-14") == 2
    return text.replace("2024-05-14", (today() - timedelta(days=1)).isoformat()).encode()


def test_consented_customer_is_there_with_its_facts_after_one_pull(pulling: Pulling) -> None:
    pulling.vendor.store.routes[f"/{REPORT}"] = Answer(fresh(REPORT), type="text/csv")
    connection = pulling.connection()
    pulling.work_off(hand_to_imports)
    assert pulling.state(connection) == ("", "", 0)
    assert pulling.confirmed() == [(TENANT, "confirmed")]
    customer = Customer.objects.get(tenant_id=TENANT)
    names = set(Person.objects.filter(customer=customer).values_list("user_id", flat=True))
    assert len([name for name in names if name.startswith("b0000000-")]) == 2
    assert Pull.objects.get().left_out == []
    days = Activity.objects.filter(customer=customer).values_list("workload__code", "day")
    assert list(days) == [("TEAMS", today() - timedelta(days=1))]
    load = Load.objects.get(kind="import")
    assert (load.stated_by, load.source) == (pulling.us, f"Microsoft Graph {TENANT} {today()}")


def test_second_pull_of_the_same_changes_nothing(pulling: Pulling) -> None:
    connection = pulling.connection()
    pulling.work_off(hand_to_imports)
    Connection.objects.update(asked_at=connection.created_at, not_before=None)
    pulling.work_off(hand_to_imports)
    assert pulling.state(connection) == ("", "", 0)
    files = Load.objects.filter(kind="import").order_by("-pk")[0].files.all()
    assert [(file.name, file.new, file.changed) for file in files if file.new or file.changed] == []


def test_partner_centers_customers_are_claimed_not_confirmed(pulling: Pulling) -> None:
    known = Customer.objects.create(tenant_id=TENANT)
    Relationship.objects.create(partner=pulling.us, customer=known, valid_from=today(), status="confirmed")
    center = pulling.vendor.center
    for tenant, country in ((TENANT, "SE"), (OTHER_TENANT, "NO")):
        (item,) = customers([tenant])["items"]
        center.routes[f"/v1/customers/{tenant}"] = Answer(
            item | {"billingProfile": {"defaultAddress": {"country": country}}}
        )
    center.routes[f"/v1/customers/{TENANT}/subscriptions"] = Answer({"totalCount": 1, "items": [SUBSCRIPTION]})
    path = f"/v1/customers/{TENANT}/subscriptions/{SUBSCRIPTION['id']}/provisioningstatus"
    center.routes[path] = Answer({"skuId": E5.upper(), "status": "success", "quantity": 25})
    connection = pulling.connection(kind="partner_center")
    pulling.work_off(hand_to_imports)
    assert (pulling.state(connection), Pull.objects.get().left_out) == (("", "", 0), [])
    assert pulling.confirmed() == [(TENANT, "confirmed"), (OTHER_TENANT, "claimed")]
    version = known.subscriptions.get().versions.get()
    assert (version.seller, version.quantity, str(version.sku.sku_id)) == (pulling.us, 25, E5)


def test_pull_that_brings_nothing_says_why(pulling: Pulling) -> None:
    pulling.vendor.center.routes["/v1/customers"] = Answer(customers([OTHER_TENANT]))
    connection = pulling.connection(kind="partner_center")
    pulling.work_off(hand_to_imports)
    problem, detail, failures = pulling.state(connection)
    assert (problem, failures) == ("not_imported", 1)
    assert "country" in detail
