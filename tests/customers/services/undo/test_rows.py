"""What an undo does to customers, subscriptions, licences and their people."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone

from customers.models import (
    Account,
    Customer,
    CustomerProfile,
    EntitlementPeriod,
    LeftOutPerson,
    Load,
    Person,
    Relationship,
    StaleDays,
    SubscriptionVersion,
)
from customers.services.corrections.profiles import PROFILE
from customers.services.corrections.relationships import confirm
from customers.services.undo import UndoRefusedError, UndoReport, undo
from insights.models import Course, FigureDays, Suggestion, SuggestionEvent, TrainingSession
from insights.services.rollup import rollup
from partners.models import AuditEntry
from partners.services.corrections import correct
from tests.customers.feed.conftest import ALPHA, BETA, CONTOSO, FABRIKAM, SUBSCRIPTIONS, TAILSPIN, TODAY, Feeds, version
from tests.customers.feed.reading import periods, relationships, versions
from tests.customers.services.undo.conftest import Undoer
from tests.generated.facts import facts

PERIODS = "subscription_id,user_id,from,state,to\n"
CUSTOMERS = "customer_id,name,domain,country\n"
DAY = date(2026, 3, 1)
NEW = "cccccccc-0000-0000-0000-000000000009"


def test_undo_leaves_everything_as_it_was(undoer: Undoer) -> None:
    before = facts()
    load = undoer.load(
        {
            "customers.csv": CUSTOMERS + f"{FABRIKAM},Other,other.example,SE\n{NEW},New,new.example,SE\n",
            "relationships.csv": f"partner_id,customer_id,from\n{ALPHA},{NEW},2026-01-01\n",
            "subscriptions.csv": SUBSCRIPTIONS + version("S1", quantity=9) + version("S9", customer=NEW),
            "entitlements.csv": PERIODS + "S1,ann,2026-01-01,cancelled,\nS9,zed,2026-02-01,entitled,\n",
            "activity.csv": f"customer_id,user_id,service,day\n{FABRIKAM},ann,EXO,2026-11-10\n{NEW},zed,EXO,2026-11-10\n",
            "coverage.csv": f"customer_id,service,day\n{FABRIKAM},EXO,2026-11-10\n",
        }
    )
    assert undoer.undo(load) == UndoReport(customers=2, vanished=1, replayed=0)
    assert facts() == before
    assert Load.objects.get(pk=load.pk).undone_at is not None


def test_later_load_that_said_the_same_holds(undoer: Undoer) -> None:
    line = {"entitlements.csv": PERIODS + "S1,cyd,2026-03-01,entitled,\n"}
    first, second = undoer.load(line), undoer.load(line)
    number = Person.objects.get(key="cyd").number
    assert undoer.undo(first).replayed == 1
    period = EntitlementPeriod.objects.get(person__key="cyd")
    assert (period.load_id, period.person_number) == (second.pk, number)


def test_retraction_of_what_was_not_there_counts_once_it_is_there_again(undoer: Undoer) -> None:
    retraction = {"entitlements.csv": "subscription_id,user_id,from,state,retract\nS1,ann,2026-01-01,,true\n"}
    first = undoer.load(retraction)
    undoer.load(retraction)
    before = periods()
    undoer.undo(first)
    assert periods() == before


def test_version_retracted_with_its_subscription_comes_back_with_the_periods(undoer: Undoer) -> None:
    before = facts()
    retracted = "subscription_id,effective_on,customer_id,seller,sku_id,status,quantity,is_trial,retract\n"
    load = undoer.load({"subscriptions.csv": retracted + "S1,2026-01-01,,,,,,,true\nS1,2026-06-01,,,,,,,true\n"})
    assert [period[0] for period in periods()] == ["canary-s2"]
    undoer.undo(load)
    assert facts() == before


def test_loads_in_between_keep_their_order(undoer: Undoer) -> None:
    first = undoer.load({"subscriptions.csv": SUBSCRIPTIONS + version("S1", quantity=11)}, partner="alpha")
    undoer.load({"subscriptions.csv": SUBSCRIPTIONS + version("S1", quantity=12)}, partner="alpha")
    third = undoer.load({"subscriptions.csv": SUBSCRIPTIONS + version("S1", quantity=13)}, partner="alpha")
    undoer.undo(first)
    assert versions()[1][3] == 13
    undoer.undo(third)
    assert versions()[1][3] == 12


def test_case_that_moved_to_another_customer_moves_back(undoer: Undoer) -> None:
    case = "partner_id,case_id,customer_id,opened_on,kind\n" + f"{ALPHA},C1,{CONTOSO},2026-10-01,how_to\n"
    before = facts()
    first, second = undoer.load({"support_cases.csv": case}), undoer.load({"support_cases.csv": case})
    undoer.undo(first)
    assert facts()["cases"] != before["cases"]
    undoer.undo(second)
    assert facts() == before


def test_later_load_that_rests_on_it_is_named(undoer: Undoer) -> None:
    load = undoer.load({"subscriptions.csv": SUBSCRIPTIONS + version("S9")})
    later = undoer.load({"entitlements.csv": PERIODS + "S9,ann,2026-02-01,entitled,\n"})
    before = facts()
    with pytest.raises(UndoRefusedError) as caught, transaction.atomic():
        undoer.undo(load)
    assert str(caught.value) == (
        f"It can't be undone, because the load “{later.source}” of {later.started_at:%Y-%m-%d %H:%M} rests on it: "
        "entitlements.csv, subscription_id: “S9” is not known; expected the id of a known subscription."
    )
    assert facts() == before


def test_load_of_another_partner_that_rests_on_it_is_not_named(undoer: Undoer) -> None:
    external = version("S9", seller="external")
    load = undoer.load({"subscriptions.csv": SUBSCRIPTIONS + external}, partner="alpha")
    undoer.load({"entitlements.csv": PERIODS + "S9,ann,2026-02-01,entitled,\n"}, partner="beta")
    with pytest.raises(UndoRefusedError) as caught, transaction.atomic():
        undoer.undo(load, actor=undoer.installation.agent)
    assert str(caught.value) == "It can't be undone, because what somebody else has stated since rests on it."


def test_activity_of_a_partner_rests_on_its_relationship(undoer: Undoer) -> None:
    load = undoer.load({"relationships.csv": f"partner_id,customer_id,from\n{ALPHA},{TAILSPIN},2026-01-01\n"})
    undoer.load({"activity.csv": f"customer_id,user_id,service,day\n{TAILSPIN},ann,EXO,2026-11-10\n"}, partner="alpha")
    with pytest.raises(UndoRefusedError, match="rests on it"), transaction.atomic():
        undoer.undo(load)


def test_person_named_by_later_activity_keeps_the_number(undoer: Undoer) -> None:
    load = undoer.load({"entitlements.csv": PERIODS + "S1,cyd,2026-03-01,entitled,\n"})
    number = Person.objects.get(key="cyd").number
    undoer.load({"activity.csv": f"customer_id,user_id,service,day\n{FABRIKAM},cyd,EXO,2026-11-10\n"})
    undoer.undo(load)
    assert Person.objects.get(key="cyd").number == number


def test_number_of_a_person_who_is_unknown_again_is_nobody_elses(undoer: Undoer) -> None:
    load = undoer.load({"entitlements.csv": PERIODS + "S1,cyd,2026-03-01,entitled,\n"})
    number = Person.objects.get(key="cyd").number
    undoer.undo(load)
    undoer.load({"entitlements.csv": PERIODS + "S1,dan,2026-03-01,entitled,\n"})
    assert Person.objects.get(key="dan").number == number + 1


def test_customer_vanishes_with_its_figures(undoer: Undoer) -> None:
    load = undoer.load(
        {
            "customers.csv": CUSTOMERS + f"{NEW},New,new.example,SE\n",
            "subscriptions.csv": SUBSCRIPTIONS + version("S9", customer=NEW),
        }
    )
    customer = Customer.objects.get(tenant_id=NEW)
    rollup(first=date(2026, 11, 10), last=date(2026, 11, 10))
    assert FigureDays.objects.filter(customer=customer).count() == 1
    undoer.undo(load)
    assert not Customer.objects.filter(tenant_id=NEW).exists()
    assert not FigureDays.objects.filter(customer=customer.pk).exists()


def test_customer_that_a_later_load_names_too_stays_the_same(undoer: Undoer) -> None:
    line = {"customers.csv": CUSTOMERS + f"{NEW},New,new.example,SE\n"}
    first = undoer.load(line)
    customer = Customer.objects.get(tenant_id=NEW).pk
    second = undoer.load(line)
    undoer.undo(first)
    profile = CustomerProfile.objects.get(customer__tenant_id=NEW)
    assert (profile.customer_id, profile.load_id) == (customer, second.pk)
    undoer.undo(second)
    assert not Customer.objects.filter(tenant_id=NEW).exists()


def test_customer_of_whom_an_account_is_kept_is_refused(undoer: Undoer) -> None:
    load = undoer.load({"customers.csv": CUSTOMERS + f"{NEW},New,new.example,SE\n"})
    Account.objects.create(partner=undoer.installation.alpha, customer=Customer.objects.get(tenant_id=NEW))
    with pytest.raises(UndoRefusedError, match="something is kept on a customer that it brought: accounts"):
        undoer.undo(load)


def _suggestion(undoer: Undoer) -> Suggestion:
    """A suggestion of the rules on the new customer."""
    return Suggestion.objects.create(
        partner=undoer.installation.alpha,
        customer=Customer.objects.get(tenant_id=NEW),
        rule="low_adoption",
        raised_on=DAY,
        evidence_on=DAY,
        weight=1,
    )


def test_customer_vanishes_with_a_suggestion_that_nobody_touched(undoer: Undoer) -> None:
    load = undoer.load({"customers.csv": CUSTOMERS + f"{NEW},New,new.example,SE\n"})
    suggestion = _suggestion(undoer)
    SuggestionEvent.objects.create(partner=suggestion.partner, suggestion=suggestion, state="open", day=DAY)
    undoer.undo(load)
    assert not Suggestion.objects.filter(pk=suggestion.pk).exists()


def test_customer_with_a_suggestion_that_somebody_decided_is_refused(undoer: Undoer) -> None:
    load = undoer.load({"customers.csv": CUSTOMERS + f"{NEW},New,new.example,SE\n"})
    suggestion = _suggestion(undoer)
    SuggestionEvent.objects.create(
        partner=suggestion.partner,
        suggestion=suggestion,
        state="open",
        day=DAY,
        actor=undoer.installation.operator,
    )
    with pytest.raises(UndoRefusedError, match="something is kept on a customer that it brought: suggestions"):
        undoer.undo(load)


def test_customer_with_a_training_session_is_refused(undoer: Undoer) -> None:
    load = undoer.load({"customers.csv": CUSTOMERS + f"{NEW},New,new.example,SE\n"})
    partner = undoer.installation.alpha
    course = Course.objects.create(partner=partner, title="Teams", kind="online", language="en")
    customer = Customer.objects.get(tenant_id=NEW)
    TrainingSession.objects.create(partner=partner, course=course, customer=customer, held_on=DAY, invited=1)
    with pytest.raises(UndoRefusedError, match="something is kept on a customer that it brought: training sessions"):
        undoer.undo(load)


def test_customer_of_whom_a_mailbox_is_left_out_is_refused(undoer: Undoer) -> None:
    load = undoer.load({"customers.csv": CUSTOMERS + f"{NEW},New,new.example,SE\n"})
    LeftOutPerson.objects.create(
        customer=Customer.objects.get(tenant_id=NEW),
        user_id="room1",
        key="room1",
        mailbox="room",
        reason="A room",
        left_out_by=undoer.installation.operator,
        left_out_at=timezone.now(),
    )
    with pytest.raises(UndoRefusedError, match="something is kept on a customer that it brought: mailboxes left out"):
        undoer.undo(load)


def test_stale_are_the_days_that_change(undoer: Undoer) -> None:
    load = undoer.load({"entitlements.csv": PERIODS + "S1,cyd,2026-03-01,entitled,2026-03-03\n"})
    StaleDays.objects.filter(customer__tenant_id=FABRIKAM).update(days="{}")
    undoer.undo(load)
    stale = StaleDays.objects.get(customer__tenant_id=FABRIKAM)
    assert str(stale.days) == "{[2026-03-01, 2026-03-31)}"


def test_correction_by_hand_is_done_again(undoer: Undoer) -> None:
    line = f"{FABRIKAM},Loaded,fabrikam.com,IT\n"
    load = undoer.load({"customers.csv": CUSTOMERS + line})
    before = PROFILE.cells_of(CustomerProfile.objects.get(customer__tenant_id=FABRIKAM, stated_by=None))
    correct(
        actor=undoer.installation.operator, fact=PROFILE, before=before, after=before | {"name": "Right"}, reason="Typo"
    )
    undoer.undo(load)
    assert CustomerProfile.objects.get(customer__tenant_id=FABRIKAM, stated_by=None).name == "Right"


def test_correction_of_what_it_brought_rests_on_it(undoer: Undoer) -> None:
    load = undoer.load({"customers.csv": CUSTOMERS + f"{CONTOSO},Ours,contoso.com,IT\n"}, partner="beta")
    profile = CustomerProfile.objects.get(customer__tenant_id=CONTOSO, stated_by__slug="beta")
    before = PROFILE.cells_of(profile)
    correct(
        actor=undoer.installation.operator, fact=PROFILE, before=before, after=before | {"name": "Right"}, reason="Typo"
    )
    with pytest.raises(UndoRefusedError) as caught, transaction.atomic():
        undoer.undo(load)
    assert str(caught.value) == (
        "It can't be undone, because a change that was made by hand rests on it: what it changed would not be there."
    )


def test_confirmation_of_an_earlier_claim_stays(undoer: Undoer) -> None:
    undoer.load({"customers.csv": CUSTOMERS + f"{CONTOSO},Ours,contoso.com,IT\n"}, partner="alpha")
    load = undoer.load({"customers.csv": CUSTOMERS + f"{CONTOSO},Contoso,contoso.com,ES\n{NEW},New,new.example,SE\n"})
    claim = Relationship.objects.get(status="claimed", partner__slug="alpha")
    confirm(actor=undoer.installation.operator, claim=claim, reason="Known")
    before = relationships()
    undoer.undo(load)
    assert relationships() == before


def test_claim_of_a_partner_that_was_alone_stays_confirmed(feeds: Feeds) -> None:
    line = {"customers.csv": CUSTOMERS + f"{NEW},New,new.example,SE\n"}
    feeds.load({"partners.csv": f"partner_id,name,slug\n{ALPHA},Alpha,alpha\n"})
    feeds.load(line)
    load = Load.objects.latest("pk")
    feeds.load(line, partner="alpha")
    feeds.load({"partners.csv": f"partner_id,name,slug\n{BETA},Beta,beta\n"})
    undo(actor=None, load=load)
    assert relationships() == [("alpha", "9", TODAY.isoformat(), None, "confirmed")]


def test_undo_is_written_down(undoer: Undoer) -> None:
    load = undoer.load({"entitlements.csv": PERIODS + "S1,cyd,2026-03-01,entitled,\n"}, partner="alpha")
    undoer.undo(load, actor=undoer.installation.agent)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor, entry.partner, entry.kind, entry.action, entry.object_type, entry.object_id, entry.reason) == (
        undoer.installation.agent, undoer.installation.alpha, "customer", "load.undo", "load", str(load.pk), "Wrong file",
    )  # fmt: skip
    assert (entry.before["source"], entry.after) == (load.source, None)


def test_undo_of_the_operators_load_is_written_down_with_how_many_customers(undoer: Undoer) -> None:
    undoer.undo(undoer.load({"customers.csv": CUSTOMERS + f"{NEW},New,new.example,SE\n"}))
    assert AuditEntry.objects.latest("pk").after == {"customers": 1, "vanished": 1}


def test_load_that_changed_nothing_can_be_undone(undoer: Undoer) -> None:
    before = facts()
    load = undoer.load({"subscriptions.csv": SUBSCRIPTIONS + version("S1")}, partner="alpha")
    assert undoer.undo(load) == UndoReport(customers=0, vanished=0, replayed=0)
    assert facts() == before
    assert SubscriptionVersion.objects.filter(load=load).count() == 0
