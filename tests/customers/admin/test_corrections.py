"""Corrections by the forms of the admin site."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from customers.models import (
    CatalogueEpoch,
    Customer,
    CustomerProfile,
    EntitlementPeriod,
    Family,
    Relationship,
    Sku,
    SubscriptionVersion,
    SupportCase,
)
from customers.services.corrections.catalogue import CatalogueFact
from customers.services.corrections.days import ACTIVITY_FACT, DaysFact
from customers.services.corrections.profiles import PROFILE
from partners.audit_words import ACTIONS
from partners.models import AuditEntry
from partners.services.corrections import FACTS
from tests.customers.admin.test_closed import address
from tests.customers.feed.conftest import ALPHA, BETA, CONTOSO, E3, FABRIKAM, SUBSCRIPTIONS
from tests.customers.feed.conftest import version as feed_version
from tests.customers.installation import Installation

VERSION = {
    "effective_on": "2026-01-01",
    "status": "active",
    "quantity": "5",
    "term_end": "",
    "auto_renew": "unknown",
    "cancel_until": "",
    "unit_price": "",
    "currency": "",
    "reason": "The contract says so",
}


def errors(response: object) -> dict[str, list[str]]:
    return {name: list(said) for name, said in response.context["adminform"].form.errors.items()}


def version(installation: Installation) -> SubscriptionVersion:
    return SubscriptionVersion.objects.get(subscription__key="s1", effective_on="2026-01-01")


def form(**more: object) -> dict[str, object]:
    return {**VERSION, "sku": Sku.objects.get(sku_id=E3).pk, **more}


def test_version_changed_and_undone_by_the_button(installation: Installation) -> None:
    agent = installation.as_agent()
    response = agent.post(address(SubscriptionVersion, "change", version(installation).pk), form(quantity="6"))
    assert response.status_code == 302
    assert version(installation).quantity == 6
    entry = AuditEntry.objects.get(action="subscription_version.change")
    assert (entry.actor, entry.reason) == (installation.agent, "The contract says so")
    page = agent.get(address(AuditEntry, "change", entry.pk)).content.decode()
    assert "The contract says so" in page
    undo = address(AuditEntry, "undo", entry.pk)
    assert undo in page
    assert agent.get(undo).status_code == 200
    assert agent.post(undo, {"reason": "A mistake"}).status_code == 302
    assert version(installation).quantity == 5
    again = agent.post(undo, {"reason": "A mistake"})
    assert b"has been undone already" in again.content
    assert undo not in agent.get(address(AuditEntry, "change", entry.pk)).content.decode()


def test_saving_and_going_on_leads_to_the_row_that_is_there_now(installation: Installation) -> None:
    asked = form(quantity="6", _continue="1")
    response = installation.as_agent().post(address(SubscriptionVersion, "change", version(installation).pk), asked)
    assert response.headers["Location"] == address(SubscriptionVersion, "change", version(installation).pk)


def test_version_without_a_reason_or_change_is_refused_in_the_form(installation: Installation) -> None:
    agent = installation.as_agent()
    page = address(SubscriptionVersion, "change", version(installation).pk)
    assert errors(agent.post(page, form(quantity="6", reason=""))) == {"reason": ["This field is required."]}
    assert errors(agent.post(page, form())) == {"__all__": ["This changes nothing: it stands there like that already."]}


def test_what_the_loader_refuses_stands_beside_the_field(installation: Installation) -> None:
    page = address(SubscriptionVersion, "change", version(installation).pk)
    response = installation.as_agent().post(page, form(currency="EUX"))
    assert errors(response) == {
        "currency": ["“EUX” is not a currency; expected a three-letter code of ISO 4217."],
    }
    assert version(installation).currency == ""


def test_version_added_is_of_the_own_partner(installation: Installation) -> None:
    customer = Customer.objects.get(tenant_id=FABRIKAM).pk
    asked = form(subscription_id="S9", customer=customer, seller=installation.beta.pk)
    assert installation.as_agent().post(address(SubscriptionVersion, "add"), asked).status_code == 302
    added = SubscriptionVersion.objects.get(subscription__key="s9")
    assert (added.seller, added.stated_by) == (installation.alpha, installation.alpha)


def test_version_with_the_id_of_another_partners_subscription_is_refused_without_saying_whose(
    installation: Installation,
) -> None:
    customer = Customer.objects.get(tenant_id=FABRIKAM).pk
    response = installation.as_agent().post(
        address(SubscriptionVersion, "add"), form(subscription_id="CANARY-S2", customer=customer)
    )
    assert errors(response) == {
        "subscription_id": ["“CANARY-S2” is not known; expected the id of a known subscription."]
    }


def test_operator_adds_a_version_that_another_sold(installation: Installation) -> None:
    customer = Customer.objects.get(tenant_id=FABRIKAM).pk
    asked = form(subscription_id="S9", customer=customer, seller=installation.beta.pk)
    assert installation.as_operator().post(address(SubscriptionVersion, "add"), asked).status_code == 302
    added = SubscriptionVersion.objects.get(subscription__key="s9")
    assert (added.seller, added.stated_by) == (installation.beta, None)


def test_period_added_changed_removed(installation: Installation) -> None:
    agent = installation.as_agent()
    said = {"valid_from": "2026-03-01", "valid_to": "", "state": "entitled", "reason": "Why"}
    asked = {**said, "subscription_id": "S1", "user_id": "cat"}
    assert agent.post(address(EntitlementPeriod, "add"), asked).status_code == 302
    period = EntitlementPeriod.objects.get(person__key="cat")
    agent.post(address(EntitlementPeriod, "change", period.pk), {**said, "valid_to": "2026-04-01"})
    period = EntitlementPeriod.objects.get(person__key="cat")
    assert period.valid_to == date(2026, 4, 1)
    assert agent.post(address(EntitlementPeriod, "delete", period.pk), {"reason": "Why"}).status_code == 302
    assert not EntitlementPeriod.objects.filter(person__key="cat").exists()
    actions = AuditEntry.objects.filter(reason="Why").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["entitlement_period.add", "entitlement_period.change", "entitlement_period.remove"]


def test_form_that_was_opened_before_somebody_elses_correction_is_refused(installation: Installation) -> None:
    agent, profile = installation.as_agent(), CustomerProfile.objects.get(stated_by=installation.alpha)
    page = address(CustomerProfile, "change", profile.pk)
    asked = {"domain": "fabrikam.com", "country": "IT", "segment": "small", "reason": "Why"}
    shown = agent.get(page)
    seen = shown.context["adminform"].form["seen"].value()
    assert shown.content.decode().count(f'name="seen" value="{seen}"') == 1
    assert agent.post(page, {**asked, "name": "First", "seen": seen}).status_code == 302
    late = agent.post(page, {**asked, "name": "Second", "seen": seen})
    assert errors(late) == {"__all__": ["Something else stands there by now: look at it again before correcting it."]}
    profile.refresh_from_db()
    assert profile.name == "First"
    again = agent.get(page).context["adminform"].form["seen"].value()
    assert agent.post(page, {**asked, "name": "Second", "seen": again}).status_code == 302


def test_removal_of_something_else_than_was_shown_is_asked_again(installation: Installation) -> None:
    agent, case = installation.as_agent(), SupportCase.objects.get(key="c1")
    page = address(SupportCase, "delete", case.pk)
    seen = dict(agent.get(page).context["question"].hidden)["seen"]
    SupportCase.objects.filter(pk=case.pk).update(kind="billing")
    late = agent.post(page, {"reason": "Why", "seen": seen})
    assert b"Something else stands there by now" in late.content
    seen = dict(late.context["question"].hidden)["seen"]
    assert agent.post(page, {"reason": "Why", "seen": seen}).status_code == 302


@pytest.mark.parametrize("view", ["changelist", "change"])
def test_since_when_a_customer_is_known_is_the_operators_to_know(installation: Installation, view: str) -> None:
    keys = [Customer.objects.get(tenant_id=FABRIKAM).pk] if view == "change" else []
    pages = [
        client.get(address(Customer, view, *keys)) for client in (installation.as_agent(), installation.as_operator())
    ]
    assert ["created at" in page.content.decode().casefold() for page in pages] == [False, True]


def test_period_of_an_external_subscription_is_stated_and_not_shown(installation: Installation) -> None:
    installation.feeds.load({"subscriptions.csv": SUBSCRIPTIONS + feed_version("X1", seller="external")})
    agent = installation.as_agent()
    said = {"subscription_id": "X1", "user_id": "cat", "valid_from": "2026-03-01", "valid_to": "", "state": "entitled"}
    assert agent.post(address(EntitlementPeriod, "add"), {**said, "reason": "Why"}).status_code == 302
    period = EntitlementPeriod.objects.get(person__key="cat")
    assert period.stated_by == installation.alpha
    assert agent.get(address(EntitlementPeriod, "change", period.pk)).status_code == 404


def test_every_correction_that_a_partner_reads_of_has_words() -> None:
    facts = [fact for fact in FACTS.values() if not isinstance(fact, CatalogueFact)]
    possible = {
        f"{fact.name}.{verb}"
        for fact in facts
        for verb in ("add", "change", "remove")
        if (verb != "remove" or fact.removable)
        and not (verb == "change" and isinstance(fact, DaysFact))
        and not (verb == "add" and fact is PROFILE)
    }
    assert possible <= set(ACTIONS)


def test_period_that_ends_before_it_begins_is_told_beside_the_field(installation: Installation) -> None:
    period = EntitlementPeriod.objects.get(person__key="ann")
    said = {"valid_from": "2026-01-01", "valid_to": "2025-01-01", "state": "entitled", "reason": "Why"}
    response = installation.as_agent().post(address(EntitlementPeriod, "change", period.pk), said)
    assert errors(response) == {
        "valid_to": ["“2025-01-01” is not after the first day; expected a later day, or nothing."]
    }


def test_removal_without_a_reason_is_asked_again(installation: Installation) -> None:
    case = SupportCase.objects.get(key="c1")
    response = installation.as_agent().post(address(SupportCase, "delete", case.pk), {"reason": " "})
    assert response.status_code == 200
    assert SupportCase.objects.filter(key="c1").exists()


def test_history_of_an_object(installation: Installation) -> None:
    agent = installation.as_agent()
    agent.post(address(SubscriptionVersion, "change", version(installation).pk), form(quantity="6"))
    page = agent.get(address(SubscriptionVersion, "history", version(installation).pk)).content.decode()
    assert "The contract says so" in page
    assert address(AuditEntry, "change", AuditEntry.objects.get(reason="The contract says so").pk) in page


def test_claims_confirmed_from_the_list(installation: Installation) -> None:
    claim = Relationship.objects.create(
        partner=installation.alpha,
        customer=Customer.objects.get(tenant_id=CONTOSO),
        valid_from=date(2026, 11, 1),
        status="claimed",
        stated_by=installation.alpha,
    )
    operator = installation.as_operator()
    asked = {"action": "confirm_claims", "_selected_action": claim.pk}
    page = operator.post(address(Relationship, "changelist"), asked)
    assert (page.status_code, Relationship.objects.get(pk=claim.pk).status) == (200, "claimed")
    assert operator.post(address(Relationship, "changelist"), {**asked, "reason": "Asked them"}).status_code == 302
    assert Relationship.objects.get(pk=claim.pk).status == "confirmed"
    assert operator.post(address(Relationship, "refuse", claim.pk), {"reason": "No"}).status_code == 403


def test_relationship_added_changed_removed_by_the_operator(installation: Installation) -> None:
    operator = installation.as_operator()
    key = {"partner": installation.alpha.pk, "customer": Customer.objects.get(tenant_id=CONTOSO).pk}
    said = {"valid_from": "2026-05-01", "valid_to": "", "reason": "Why"}
    assert operator.post(address(Relationship, "add"), {**key, **said}).status_code == 302
    added = Relationship.objects.get(**key)
    assert (added.status, added.stated_by) == ("confirmed", None)
    operator.post(address(Relationship, "change", added.pk), {**said, "valid_to": "2026-06-01"})
    assert Relationship.objects.get(**key).valid_to == date(2026, 6, 1)
    assert operator.post(address(Relationship, "delete", added.pk), {"reason": "Why"}).status_code == 302
    assert not Relationship.objects.filter(**key).exists()


def test_profile_changed_by_its_partner(installation: Installation) -> None:
    profile = CustomerProfile.objects.get(stated_by=installation.alpha)
    told = {"name": "New", "domain": "new.com", "country": "se", "segment": "", "reason": "Renamed"}
    assert installation.as_agent().post(address(CustomerProfile, "change", profile.pk), told).status_code == 302
    profile.refresh_from_db()
    assert (profile.name, profile.country, profile.segment) == ("New", "SE", "")


def test_family_switched_by_the_operator(installation: Installation) -> None:
    family = Family.objects.filter(in_insights=False).first()
    epoch = CatalogueEpoch.objects.get().number
    told = {"name": family.name, "in_insights": "on", "reason": "Asked for"}
    assert installation.as_operator().post(address(Family, "change", family.pk), told).status_code == 302
    family.refresh_from_db()
    assert (family.in_insights, CatalogueEpoch.objects.get().number) == (True, epoch + 1)


def test_sku_changed_by_the_operator(installation: Installation) -> None:
    sku = Sku.objects.get(sku_id=E3)
    told = {
        "name": sku.name,
        "part_number": sku.part_number,
        "family": sku.family_id,
        "workloads": [sku.workloads.get(code="EXO").pk],
        "is_free": "on",
        "reason": "Why",
    }
    assert installation.as_operator().post(address(Sku, "change", sku.pk), told).status_code == 302
    sku.refresh_from_db()
    assert (sku.is_free, list(sku.workloads.values_list("code", flat=True))) == (True, ["EXO"])


def test_staff_of_a_partner_looks_at_the_catalogue_only(installation: Installation) -> None:
    agent = installation.as_agent()
    family = Family.objects.first()
    assert agent.get(address(Family, "change", family.pk)).status_code == 200
    assert agent.post(address(Family, "change", family.pk), {"name": "X", "reason": "Y"}).status_code == 403


def test_days_corrected_on_their_page(installation: Installation) -> None:
    customer = Customer.objects.get(tenant_id=FABRIKAM)
    page = address(Customer, "days", customer.pk)
    asked = {"what": "activity add", "service": "EXO", "user_id": "ann", "first": "2026-11-01", "last": "2026-11-02"}
    response = installation.as_agent().post(page, {**asked, "reason": "Lost in the export"})
    assert response.status_code == 302
    told = {"customer_id": FABRIKAM, "user_id": "ann", "service": "EXO", "days": ["2026-11-01", "2026-11-02"]}
    assert ACTIVITY_FACT.read({**told, "stated_by": ALPHA}) == {**told, "stated_by": ALPHA}
    assert AuditEntry.objects.get(action="activity.add").reason == "Lost in the export"


def test_days_corrected_by_the_operator_in_the_name_of_a_source(installation: Installation) -> None:
    customer = Customer.objects.get(tenant_id=FABRIKAM)
    asked = {"what": "activity remove", "service": "EXO", "user_id": "CANARY-zoe", "source": "beta", "reason": "Why"}
    response = installation.as_operator().post(
        address(Customer, "days", customer.pk), {**asked, "first": "2026-11-10", "last": "2026-11-10"}
    )
    assert response.status_code == 302
    told = {
        "customer_id": FABRIKAM,
        "user_id": "CANARY-zoe",
        "service": "EXO",
        "days": ["2026-11-10"],
        "stated_by": BETA,
    }
    assert ACTIVITY_FACT.read(told) is None


def test_days_that_make_no_sense_are_told_beside_the_field(installation: Installation) -> None:
    page = address(Customer, "days", Customer.objects.get(tenant_id=FABRIKAM).pk)
    asked = {
        "what": "activity add",
        "service": "*",
        "user_id": "",
        "first": "2026-11-02",
        "last": "2026-11-01",
        "reason": "x",
    }
    response = installation.as_agent().post(page, asked)
    assert set(response.context["form"].errors) == {"user_id", "service"}
    response = installation.as_agent().post(page, {**asked, "service": "EXO", "user_id": "ann"})
    assert dict(response.context["form"].errors) == {
        "last": ["The last day lies before the first; expected the same day or a later one."]
    }


def test_looking_at_names_is_written_down(installation: Installation) -> None:
    agent = installation.as_agent()
    agent.get(address(EntitlementPeriod, "changelist"))
    agent.get(address(EntitlementPeriod, "change", EntitlementPeriod.objects.get(person__key="ann").pk))
    agent.get(address(EntitlementPeriod, "delete", EntitlementPeriod.objects.get(person__key="ann").pk))
    agent.get(address(Customer, "days", Customer.objects.get(tenant_id=FABRIKAM).pk) + "?day=2026-11-10")
    entries = AuditEntry.objects.filter(action="people.view", actor=installation.agent, partner=installation.alpha)
    assert [(entry.object_id, entry.after) for entry in entries.order_by("pk")] == [
        (FABRIKAM, {"people": 2, "where": "admin, entitlement periods"}),
        (FABRIKAM, {"people": 1, "where": "admin, entitlement periods"}),
        (FABRIKAM, {"people": 1, "where": "admin, entitlement periods"}),
        (FABRIKAM, {"people": 1, "where": "admin"}),
    ]


def test_reverse_of_days_is_named(installation: Installation) -> None:
    assert reverse("admin:customers_customer_days", args=[1]) == "/admin/customers/customer/1/days/"


def test_form_of_what_somebody_else_has_replaced_says_so(installation: Installation) -> None:
    agent = installation.as_agent()
    page = address(SubscriptionVersion, "change", version(installation).pk)
    shown = agent.get(page).context["adminform"].form.shown
    assert f'name="shown" value="{shown}"' in agent.get(page).content.decode()
    moved = form(effective_on="2026-01-02")
    assert installation.as_operator().post(page, moved | {"seller": ""}).status_code == 302
    assert not SubscriptionVersion.objects.filter(subscription__key="s1", effective_on="2026-01-01").exists()
    response = agent.post(page, form(quantity="6", shown=shown))
    assert response.status_code == 409
    assert "Somebody else has corrected or removed this meanwhile" in response.content.decode()
    assert agent.post(page, form(quantity="6")).status_code == 404
    assert agent.post(page, form(quantity="6", shown="forged")).status_code == 404
    assert agent.get(page).status_code == 404


def test_removal_of_what_somebody_else_has_removed_says_so(installation: Installation) -> None:
    agent = installation.as_agent()
    page = address(SupportCase, "delete", SupportCase.objects.get(key="c1").pk)
    asked = dict(agent.get(page).context["question"].hidden) | {"reason": "Twice"}
    assert installation.as_operator().post(page, asked).status_code == 302
    assert agent.post(page, asked).status_code == 409


def test_states_are_called_in_words(installation: Installation) -> None:
    operator = installation.as_operator()
    EntitlementPeriod.objects.filter(person__key="ann").update(state="suspended_nonpayment")
    assert "suspended: not paid" in operator.get(address(EntitlementPeriod, "changelist")).content.decode()
    page = operator.get(address(EntitlementPeriod, "change", EntitlementPeriod.objects.get(person__key="ann").pk))
    options = dict(page.context["adminform"].form.fields["state"].choices)
    assert str(options["suspended_nonpayment"]) == "suspended: not paid"
