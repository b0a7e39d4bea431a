"""What another partner stated isn't there, by whatever door of the admin site it is asked for."""

from __future__ import annotations

import json

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from customers.models import (
    Customer,
    CustomerProfile,
    EntitlementPeriod,
    Load,
    Relationship,
    SatisfactionResponse,
    Subscription,
    SubscriptionVersion,
    SupportCase,
)
from customers.words import STATE_NAMES
from partners.models import AuditEntry, Partner, Staff
from tests.customers.feed.conftest import CONTOSO, FABRIKAM
from tests.customers.installation import Installation

FACTS = (
    CustomerProfile,
    EntitlementPeriod,
    Load,
    Relationship,
    SatisfactionResponse,
    Subscription,
    SubscriptionVersion,
    SupportCase,
)
CORRECTED = (SubscriptionVersion, EntitlementPeriod, SupportCase, SatisfactionResponse)
OPERATORS = {"person", "partner", "staff", "apitoken"}


def address(model: type, view: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


def of_beta(installation: Installation, model: type) -> object:
    owner = {Subscription: "seller", Relationship: "partner"}.get(model, "stated_by")
    return model.objects.filter(**{owner: installation.beta}).first()


def of_alpha(installation: Installation, model: type) -> object:
    owner = {Subscription: "seller", Relationship: "partner"}.get(model, "stated_by")
    return model.objects.filter(**{owner: installation.alpha}).first()


def test_every_list_is_the_own_or_the_operators(installation: Installation) -> None:
    agent = installation.as_agent()
    for model in admin.site._registry:
        response = agent.get(address(model, "changelist"))
        assert response.status_code == (403 if model._meta.model_name in OPERATORS else 200), model
        assert b"CANARY" not in response.content, model


@pytest.mark.parametrize("model", FACTS)
def test_foreign_object_is_as_absent_as_none(installation: Installation, model: type) -> None:
    agent = installation.as_agent()
    foreign, nowhere = of_beta(installation, model), 10_000_000
    for view in ("change", "history"):
        answers = [agent.get(address(model, view, key)) for key in (foreign.pk, nowhere, "x", "9" * 30)]
        assert [answer.status_code for answer in answers] == [404] * 4
        assert not any(b"CANARY" in answer.content for answer in answers)
    assert agent.get(address(model, "change", of_alpha(installation, model).pk)).status_code == 200


@pytest.mark.parametrize("model", CORRECTED)
def test_foreign_object_is_neither_changed_nor_removed(installation: Installation, model: type) -> None:
    agent = installation.as_agent()
    foreign = of_beta(installation, model)
    for view in ("change", "delete"):
        for key in (foreign.pk, 10_000_000):
            response = agent.post(address(model, view, key), {"reason": "Why"})
            assert response.status_code == 404
    assert model.objects.filter(pk=foreign.pk).exists()
    assert not AuditEntry.objects.filter(reason="Why").exists()


def test_removal_is_asked_for_without_naming_what_hangs_on_it(installation: Installation) -> None:
    version = of_alpha(installation, SubscriptionVersion)
    page = installation.as_agent().get(address(SubscriptionVersion, "delete", version.pk))
    assert page.status_code == 200
    assert b"CANARY" not in page.content


@pytest.mark.parametrize(
    "lookup",
    [
        "stated_by__slug__startswith=b",
        "stated_by__id__exact=1",
        "customer__id__exact=1",
        "customer__profiles__name__startswith=C",
        "partner__pseudonym_key__startswith=0",
        "load__source=feed1",
        "id__in=1,2,3",
        "kind__contains=x",
        "customer__relationships__partner__id=1",
    ],
)
def test_lookups_that_feel_their_way_are_refused(installation: Installation, lookup: str) -> None:
    response = installation.as_agent().get(address(SupportCase, "changelist") + f"?{lookup}")
    assert response.status_code == 400


def test_filters_of_the_page_itself_work(installation: Installation) -> None:
    agent = installation.as_agent()
    assert b"C1" in agent.get(address(SupportCase, "changelist") + "?kind__exact=how_to").content
    assert b">C1<" not in agent.get(address(SupportCase, "changelist") + "?kind__exact=billing").content


@pytest.mark.parametrize("field", ["tenant_id", "next_person_number", "customer__id", "nothing"])
def test_objects_are_referred_to_by_their_key_only(installation: Installation, field: str) -> None:
    response = installation.as_agent().get(address(Customer, "changelist") + f"?_popup=1&_to_field={field}")
    assert response.status_code == 400


@pytest.mark.parametrize("term", ["CANARY-S2", "canary-c2", CONTOSO, "CANARY-name", "%", "'"])
def test_search_finds_nothing_foreign(installation: Installation, term: str) -> None:
    agent = installation.as_agent()
    for model in (Customer, CustomerProfile, Subscription, SubscriptionVersion, EntitlementPeriod, SupportCase):
        response = agent.get(address(model, "changelist"), {"q": term})
        assert response.status_code == 200
        assert response.context["cl"].result_count == 0


def test_search_for_what_no_text_can_be_is_no_error(installation: Installation) -> None:
    agent = installation.as_agent()
    assert agent.get(address(Customer, "changelist"), {"q": "\0"}).status_code == 200
    asked = {"app_label": "customers", "model_name": "supportcase", "field_name": "customer", "term": "\0"}
    assert agent.get(reverse("admin:autocomplete"), asked).json()["results"] == []


def test_search_finds_the_own(installation: Installation) -> None:
    agent = installation.as_agent()
    found = {
        model: agent.get(address(model, "changelist"), {"q": term}).context["cl"].result_count
        for model, term in (
            (Customer, "fabrikam of"),
            (CustomerProfile, "Fabrikam"),
            (Subscription, " s1 "),
            (SubscriptionVersion, FABRIKAM.upper()),
            (EntitlementPeriod, "S1"),
            (SupportCase, "c1"),
        )
    }
    assert list(found.values()) == [1, 1, 1, 2, 2, 1]


@pytest.mark.parametrize(
    ("app", "model", "field", "status"),
    [
        ("customers", "supportcase", "customer", 200),
        ("customers", "subscriptionversion", "sku", 200),
        ("customers", "entitlementperiod", "subscription", 200),
        ("customers", "supportcase", "partner", 403),
        ("partners", "auditentry", "actor", 403),
        ("customers", "account", "owner", 403),
        ("customers", "stated", "load", 403),
        ("partners", "staff", "password", 403),
    ],
)
def test_choices_while_typing_are_the_own(
    installation: Installation, app: str, model: str, field: str, status: int
) -> None:
    asked = {"app_label": app, "model_name": model, "field_name": field, "term": ""}
    response = installation.as_agent().get(reverse("admin:autocomplete"), asked)
    assert response.status_code == status
    assert b"CANARY" not in response.content
    if (model, field) == ("supportcase", "customer"):
        assert [row["text"] for row in json.loads(response.content)["results"]] == [f"Fabrikam of Alpha ({FABRIKAM})"]


def test_foreign_customer_in_a_form_is_as_unknown_as_none(installation: Installation) -> None:
    agent = installation.as_agent()
    case = {"case_id": "C9", "opened_on": "2026-11-01", "kind": "other", "closed_on": "", "reason": "Why"}
    said = []
    for key in (Customer.objects.get(tenant_id=CONTOSO).pk, 10_000_000):
        response = agent.post(address(SupportCase, "add"), {**case, "customer": key})
        said.append(response.context["adminform"].form.errors["customer"])
    assert said[0] == said[1]
    assert not SupportCase.objects.filter(key="c9").exists()


def test_partner_in_a_form_of_its_staff_is_not_heard(installation: Installation) -> None:
    case = {"case_id": "C9", "opened_on": "2026-11-01", "kind": "other", "closed_on": "", "reason": "Why"}
    case |= {"customer": Customer.objects.get(tenant_id=FABRIKAM).pk, "partner": installation.beta.pk}
    installation.as_agent().post(address(SupportCase, "add"), case)
    assert SupportCase.objects.get(key="c9").partner == installation.alpha


def test_days_of_a_customer_are_those_of_the_own_source(installation: Installation) -> None:
    agent = installation.as_agent()
    own = Customer.objects.get(tenant_id=FABRIKAM).pk
    page = agent.get(address(Customer, "days", own) + "?day=2026-11-10").content.decode()
    assert "ann" in page
    assert "CANARY" not in page
    assert "Beta" not in page
    for key in (Customer.objects.get(tenant_id=CONTOSO).pk, 10_000_000):
        assert agent.get(address(Customer, "days", key)).status_code == 404
        assert agent.post(address(Customer, "days", key), {}).status_code == 404


def test_claims_and_catalogue_are_settled_by_the_operator_only(installation: Installation) -> None:
    agent = installation.as_agent()
    own = of_alpha(installation, Relationship)
    for view in ("confirm", "refuse", "delete"):
        assert agent.post(address(Relationship, view, own.pk), {"reason": "Why"}).status_code == 403
    assert agent.get(address(Relationship, "add")).status_code == 403
    chosen = {"action": "confirm_claims", "_selected_action": own.pk, "reason": "Why"}
    agent.post(address(Relationship, "changelist"), chosen)
    assert not AuditEntry.objects.filter(reason="Why").exists()


def test_audit_log_is_the_own_part(installation: Installation) -> None:
    for partner, word in ((installation.beta, "CANARY"), (installation.alpha, "Ours"), (None, "CANARY")):
        AuditEntry.objects.create(
            kind="customer",
            action="customer.claim",
            object_type="customer",
            object_id="x",
            partner=partner,
            reason=word,
        )
    agent = installation.as_agent()
    page = agent.get(address(AuditEntry, "changelist")).content
    assert b"Ours" in page
    assert b"CANARY" not in page
    for entry in AuditEntry.objects.filter(reason="CANARY"):
        assert agent.get(address(AuditEntry, "change", entry.pk)).status_code == 404
        assert agent.post(address(AuditEntry, "undo", entry.pk), {"reason": "Why"}).status_code == 404


def test_nothing_is_written_to_the_admin_sites_own_log(installation: Installation) -> None:
    profile = CustomerProfile.objects.get(stated_by=installation.alpha)
    told = {"name": "Other", "domain": "fabrikam.com", "country": "IT", "segment": "", "reason": "Why"}
    assert installation.as_agent().post(address(CustomerProfile, "change", profile.pk), told).status_code == 302
    assert LogEntry.objects.count() == 0


@pytest.mark.parametrize("model", [Partner, Staff])
def test_tenants_and_staff_are_the_operators(installation: Installation, model: type) -> None:
    agent = installation.as_agent()
    for view, args in (
        ("changelist", ()),
        ("change", (model.objects.first().pk,)),
        ("history", (1,)),
        ("delete", (1,)),
    ):
        assert agent.get(address(model, view, *args)).status_code == 403


def test_filters_offer_words_and_no_codes(installation: Installation) -> None:
    page = installation.as_agent().get(address(EntitlementPeriod, "changelist"))
    offered = next(spec for spec in page.context["cl"].filter_specs if spec.field_path == "state")
    assert [str(choice["display"]) for choice in offered.choices(page.context["cl"])] == [
        "All",
        *map(str, STATE_NAMES.values()),
    ]
    found = installation.as_agent().get(address(EntitlementPeriod, "changelist"), {"state__exact": "cancelled"})
    assert (found.status_code, found.context["cl"].result_count) == (200, 0)
