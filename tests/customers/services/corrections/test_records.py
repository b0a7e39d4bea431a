"""Corrections of single records: the rules of loading, what becomes stale, the audit log, and undoing."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from customers.models import EntitlementPeriod, Load, StaleDays, Subscription, SubscriptionVersion, SupportCase
from customers.selectors.people import delivered_names
from customers.services.corrections.records import PERIOD, SATISFACTION_RESPONSE, SUPPORT_CASE, VERSION
from partners.models import AuditEntry
from partners.permissions import Role
from partners.services.corrections import CorrectionError, correct, undo
from tests.customers.feed.conftest import ALPHA, BETA, E3, FABRIKAM
from tests.customers.installation import Installation
from tests.people import make_staff

S1 = {"subscription_id": "S1", "effective_on": "2026-01-01", "customer_id": FABRIKAM, "stated_by": ALPHA}
ANN = {"subscription_id": "S1", "user_id": "ann", "from": "2026-01-01", "stated_by": ALPHA}
WHY = "The contract says so"


def stale(customer: str = FABRIKAM) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT days::text FROM customers_staledays JOIN customers_customer c ON c.id = customer_id WHERE tenant_id = %s",
            [customer],
        )
        return cursor.fetchone()[0]


@pytest.fixture
def fresh(installation: Installation) -> Installation:
    """Every figure is up to date."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_staledays SET days = '{}'")
    return installation


def test_version_corrected_by_its_stater(fresh: Installation) -> None:
    before = VERSION.read(S1)
    entry = correct(
        actor=fresh.agent, fact=VERSION, before=before, after={**before, "quantity": "6"}, reason=f" {WHY} "
    )
    assert VERSION.read(S1) == {
        "subscription_id": "S1",
        "customer_id": FABRIKAM,
        "seller": ALPHA,
        "sku_id": E3,
        "stated_by": ALPHA,
        "effective_on": "2026-01-01",
        "status": "active",
        "quantity": "6",
        "is_trial": "false",
        "term_end": "",
        "auto_renew": "",
        "cancel_until": "",
        "unit_price": "",
        "currency": "",
    }
    assert stale() == "{[2026-01-01,)}"
    assert (entry.actor, entry.partner, entry.kind, entry.action) == (
        fresh.agent,
        fresh.alpha,
        "customer",
        "subscription_version.change",
    )
    assert (entry.object_type, entry.object_id, entry.reason) == (
        "subscription_version",
        f"S1 / 2026-01-01 / {FABRIKAM}",
        WHY,
    )
    assert (entry.before, entry.after) == (before, {**before, "quantity": "6"})
    load = Load.objects.get(kind=Load.Kind.CORRECTION)
    assert (load.stated_by, load.source) == (fresh.alpha, f"correction by staff {fresh.agent.pk}")


def test_version_corrected_by_the_operator_stays_the_partners(fresh: Installation) -> None:
    before = VERSION.read(S1)
    entry = correct(actor=fresh.operator, fact=VERSION, before=before, after={**before, "quantity": "6"}, reason=WHY)
    assert VERSION.read(S1)["quantity"] == "6"
    assert entry.partner == fresh.alpha


def test_correction_undone_and_the_undoing_undone(fresh: Installation) -> None:
    before = VERSION.read(S1)
    first = correct(actor=fresh.agent, fact=VERSION, before=before, after={**before, "quantity": "6"}, reason=WHY)
    second = undo(actor=fresh.agent, entry=first, reason="A mistake")
    assert VERSION.read(S1) == before
    assert (second.undoes, second.before, second.after) == (first, first.after, first.before)
    third = undo(actor=fresh.agent, entry=second, reason="No, it was right")
    assert VERSION.read(S1)["quantity"] == "6"
    assert third.undoes == second


def test_correction_is_undone_once(fresh: Installation) -> None:
    before = VERSION.read(S1)
    entry = correct(actor=fresh.agent, fact=VERSION, before=before, after={**before, "quantity": "6"}, reason=WHY)
    undo(actor=fresh.agent, entry=entry, reason=WHY)
    with pytest.raises(CorrectionError, match="has been undone already"):
        undo(actor=fresh.agent, entry=entry, reason=WHY)


def test_correction_after_which_something_else_was_loaded_cannot_be_undone(fresh: Installation) -> None:
    before = VERSION.read(S1)
    entry = correct(actor=fresh.agent, fact=VERSION, before=before, after={**before, "quantity": "6"}, reason=WHY)
    correct(
        actor=fresh.agent,
        fact=VERSION,
        before={**before, "quantity": "6"},
        after={**before, "quantity": "8"},
        reason=WHY,
    )
    with pytest.raises(CorrectionError, match="Something else stands there by now"):
        undo(actor=fresh.agent, entry=entry, reason=WHY)
    assert VERSION.read(S1)["quantity"] == "8"


def test_entry_that_is_no_correction_cannot_be_undone(fresh: Installation) -> None:
    entry = AuditEntry.objects.create(kind="customer", action="customer.claim", object_type="customer", object_id="x")
    with pytest.raises(CorrectionError, match="no correction of a fact"):
        undo(actor=fresh.operator, entry=entry, reason=WHY)


def test_correction_without_a_reason_is_refused(fresh: Installation) -> None:
    before = VERSION.read(S1)
    with pytest.raises(CorrectionError, match="needs a reason"):
        correct(actor=fresh.agent, fact=VERSION, before=before, after={**before, "quantity": "6"}, reason="  ")


def test_correction_that_changes_nothing_is_refused(fresh: Installation) -> None:
    before = VERSION.read(S1)
    with pytest.raises(CorrectionError, match="changes nothing"):
        correct(actor=fresh.agent, fact=VERSION, before=before, after=before, reason=WHY)
    assert not Load.objects.filter(kind=Load.Kind.CORRECTION).exists()


def test_version_moved_to_another_day(fresh: Installation) -> None:
    before = VERSION.read(S1)
    entry = correct(
        actor=fresh.agent, fact=VERSION, before=before, after={**before, "effective_on": "2026-02-01"}, reason=WHY
    )
    assert sorted(
        SubscriptionVersion.objects.filter(subscription__key="s1").values_list("effective_on", flat=True)
    ) == [
        date(2026, 2, 1),
        date(2026, 6, 1),
    ]
    undo(actor=fresh.agent, entry=entry, reason=WHY)
    assert VERSION.read(S1) == before


def test_version_moved_onto_another_is_refused(fresh: Installation) -> None:
    before = VERSION.read(S1)
    with pytest.raises(CorrectionError, match="There is one already"):
        correct(
            actor=fresh.agent, fact=VERSION, before=before, after={**before, "effective_on": "2026-06-01"}, reason=WHY
        )


def test_version_with_a_bad_value_is_refused_by_the_loaders_rules(fresh: Installation) -> None:
    before = VERSION.read(S1)
    with pytest.raises(CorrectionError) as caught:
        correct(actor=fresh.agent, fact=VERSION, before=before, after={**before, "currency": "EURO"}, reason=WHY)
    assert str(caught.value) == "“EURO” is not a currency; expected a three-letter code of ISO 4217."
    assert caught.value.cell == "currency"
    assert VERSION.read(S1) == before


def test_version_added_makes_a_subscription_and_undone_takes_it_away(fresh: Installation) -> None:
    after = {**VERSION.read(S1), "subscription_id": "S9", "quantity": "1"}
    entry = correct(actor=fresh.agent, fact=VERSION, before=None, after=after, reason=WHY)
    assert (entry.action, entry.before, entry.after) == ("subscription_version.add", None, after)
    assert Subscription.objects.get(key="s9").seller == fresh.alpha
    undo(actor=fresh.agent, entry=entry, reason=WHY)
    assert not Subscription.objects.filter(key="s9").exists()


def test_last_version_with_licences_is_not_removed(fresh: Installation) -> None:
    later = {**S1, "effective_on": "2026-06-01"}
    correct(actor=fresh.agent, fact=VERSION, before=VERSION.read(later), after=None, reason=WHY)
    with pytest.raises(CorrectionError, match="remove its entitlement periods first"):
        correct(actor=fresh.agent, fact=VERSION, before=VERSION.read(S1), after=None, reason=WHY)
    assert EntitlementPeriod.objects.filter(subscription__key="s1").count() == 2


def test_version_removed_and_put_back(fresh: Installation) -> None:
    later = {**S1, "effective_on": "2026-06-01"}
    before = VERSION.read(later)
    entry = correct(actor=fresh.operator, fact=VERSION, before=before, after=None, reason=WHY)
    assert VERSION.read(later) is None
    assert stale() == "{[2026-06-01,)}"
    undo(actor=fresh.agent, entry=entry, reason=WHY)
    assert VERSION.read(later) == before


def test_what_another_partner_stated_is_not_corrected(fresh: Installation) -> None:
    foreign = {**S1, "subscription_id": "CANARY-S2", "stated_by": BETA}
    before = VERSION.read(foreign)
    with pytest.raises(PermissionDenied):
        correct(actor=fresh.agent, fact=VERSION, before=before, after={**before, "quantity": "1"}, reason=WHY)
    with pytest.raises(PermissionDenied):
        correct(actor=fresh.agent, fact=VERSION, before=None, after={**before, "stated_by": None}, reason=WHY)


def test_what_the_role_does_not_include_is_not_corrected(fresh: Installation) -> None:
    seller = make_staff(fresh.alpha, Role.SALES_AGENT, Role.USER_ADMIN)
    before = VERSION.read(S1)
    with pytest.raises(PermissionDenied):
        correct(actor=seller, fact=VERSION, before=before, after={**before, "quantity": "6"}, reason=WHY)


def test_period_changed_makes_its_days_and_the_window_after_stale(fresh: Installation) -> None:
    bob = {**ANN, "user_id": "bob"}
    before = PERIOD.read(bob)
    entry = correct(actor=fresh.agent, fact=PERIOD, before=before, after={**before, "to": "2026-08-01"}, reason=WHY)
    assert stale() == "{[2026-01-01,2026-09-29)}"
    assert entry.object_id == "S1 / bob / 2026-01-01"
    undo(actor=fresh.agent, entry=entry, reason=WHY)
    assert PERIOD.read(bob) == before


def test_period_that_overlaps_is_refused(fresh: Installation) -> None:
    after = {**PERIOD.read(ANN), "from": "2026-03-01"}
    with pytest.raises(CorrectionError, match="overlaps another of the same key") as caught:
        correct(actor=fresh.agent, fact=PERIOD, before=None, after=after, reason=WHY)
    assert caught.value.cell == "from"


def test_period_of_a_new_person_is_added(fresh: Installation) -> None:
    after = {**PERIOD.read(ANN), "user_id": "Cat"}
    entry = correct(actor=fresh.agent, fact=PERIOD, before=None, after=after, reason=WHY)
    assert PERIOD.read({**ANN, "user_id": "cat"})["user_id"] == "Cat"
    undo(actor=fresh.agent, entry=entry, reason=WHY)
    assert PERIOD.read({**ANN, "user_id": "cat"}) is None


def test_period_of_another_partners_subscription_is_as_unknown_as_none(fresh: Installation) -> None:
    for subscription in ("CANARY-S2", "S-nowhere"):
        after = {**PERIOD.read(ANN), "subscription_id": subscription}
        with pytest.raises(CorrectionError) as caught:
            correct(actor=fresh.agent, fact=PERIOD, before=None, after=after, reason=WHY)
        assert str(caught.value) == f"“{subscription}” is not known; expected the id of a known subscription."


def test_support_case_changed_removed_and_put_back(fresh: Installation) -> None:
    case = {"partner_id": ALPHA, "case_id": "C1", "stated_by": ALPHA}
    before = SUPPORT_CASE.read(case)
    closed = correct(
        actor=fresh.agent, fact=SUPPORT_CASE, before=before, after={**before, "closed_on": "2026-10-05"}, reason=WHY
    )
    removed = correct(actor=fresh.agent, fact=SUPPORT_CASE, before=closed.after, after=None, reason=WHY)
    assert SupportCase.objects.filter(partner=fresh.alpha).count() == 0
    undo(actor=fresh.operator, entry=removed, reason=WHY)
    undo(actor=fresh.operator, entry=closed, reason=WHY)
    assert SUPPORT_CASE.read(case) == before
    assert stale() == "{}"


def test_satisfaction_changed(fresh: Installation) -> None:
    answer = {"partner_id": ALPHA, "response_id": "R1", "stated_by": ALPHA}
    before = SATISFACTION_RESPONSE.read(answer)
    correct(actor=fresh.agent, fact=SATISFACTION_RESPONSE, before=before, after={**before, "score": "2"}, reason=WHY)
    assert SATISFACTION_RESPONSE.read(answer) == {**before, "score": "2"}


def test_operators_own_statement_is_added_as_its_own(fresh: Installation) -> None:
    after = {**VERSION.read(S1), "subscription_id": "S9", "stated_by": None, "seller": "external"}
    entry = correct(actor=fresh.operator, fact=VERSION, before=None, after=after, reason=WHY)
    assert (entry.partner, VERSION.find(after).stated_by) == (None, None)


def test_partner_of_a_relationship_that_ended_corrects_nothing_any_more(fresh: Installation) -> None:
    fresh.feeds.load(
        {"relationships.csv": f"partner_id,customer_id,from,to\n{ALPHA},{FABRIKAM},2026-01-01,2026-11-01\n"}
    )
    before = VERSION.read(S1)
    with pytest.raises(CorrectionError, match="is not known; expected the customer_id of a known customer"):
        correct(actor=fresh.agent, fact=VERSION, before=before, after={**before, "quantity": "6"}, reason=WHY)
    correct(actor=fresh.operator, fact=VERSION, before=before, after={**before, "quantity": "6"}, reason=WHY)
    assert VERSION.read(S1)["quantity"] == "6"


def test_nothing_is_stale_before(fresh: Installation) -> None:
    assert StaleDays.objects.count() == 3
    assert stale() == "{}"


@pytest.mark.parametrize("said", [{"to": "2026-11-01"}, {"from": "2026-02-01"}, {"state": "cancelled"}])
def test_period_corrected_by_the_operator_stays_the_partners(fresh: Installation, said: dict[str, str]) -> None:
    before = PERIOD.read(ANN)
    entry = correct(actor=fresh.operator, fact=PERIOD, before=before, after=before | said, reason=WHY)
    stored = PERIOD.find(entry.after)
    assert (stored.stated_by, PERIOD.cells_of(stored)) == (fresh.alpha, before | said)
    names = delivered_names(partner=fresh.alpha, customer=stored.customer_id, people=[stored.person_number])
    assert list(names.values()) == ["ann"]
