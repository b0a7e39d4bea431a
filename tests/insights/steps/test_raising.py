"""What a run of the rules keeps: raised, renewed, closed, quiet; any number of times the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from customers import models
from customers.clock import today
from insights.models import Silence, Suggestion, SuggestionEvent
from insights.services.steps.acting import dismiss, finish, plan, put_off
from insights.services.steps.raising import EarlierDayError, Run, raise_suggestions
from partners.models import Staff
from partners.permissions import Role
from tests.insights.world import World
from tests.people import make_staff

DAY = today() - timedelta(days=1)


@pytest.fixture
def world(db: None) -> World:
    made = World()
    made.relationship(made.us, begin=DAY - timedelta(days=400))
    return made


@pytest.fixture
def staff(world: World) -> Staff:
    return make_staff(world.us, Role.SALES_AGENT)


def sell(world: World, sold: int = 20, assigned: int = 10, **version: Any) -> models.Subscription:
    """A subscription of ours since long ago, with people who hold it."""
    fields = {"effective_on": DAY - timedelta(days=300)} | version
    subscription = world.subscription(seller=fields.pop("seller", world.us), quantity=sold, **fields)
    for name in world.people(assigned):
        world.period(subscription, name, DAY - timedelta(days=300))
    return subscription


def run(world: World, day: date = DAY) -> Run:
    return raise_suggestions(partner=world.us, day=day)


def kept(world: World) -> list[tuple[str, str, int]]:
    return list(Suggestion.objects.filter(partner=world.us).order_by("pk").values_list("rule", "state", "weight"))


def turns() -> list[tuple[str, str]]:
    return list(SuggestionEvent.objects.order_by("pk").values_list("suggestion__rule", "state"))


def cover(world: World, day: date = DAY, days: int = 28) -> None:
    world.coverage(None, *(day - timedelta(days=number) for number in range(days)))


def test_finding_is_raised_with_its_evidence(world: World) -> None:
    sell(world)
    assert run(world) == Run(DAY, customers=1, raised=1, silent=4)
    one = Suggestion.objects.get()
    assert (one.customer_id, one.raised_on, one.evidence_on, one.state) == (world.customer.pk, DAY, DAY, "open")
    assert one.evidence == [
        {"name": "deployment_pct", "value": None, "limit": 70, "part": 10, "whole": 20},
        {"name": "unassigned", "value": 10, "limit": None, "part": None, "whole": None},
    ]
    assert turns() == [("low_adoption", "open")]


def test_run_again_changes_nothing(world: World) -> None:
    sell(world)
    run(world)
    before = list(Suggestion.objects.values()), list(Silence.objects.values("customer", "rule", "lack"))
    assert run(world) == Run(DAY, customers=1, renewed=1, silent=4)
    assert (list(Suggestion.objects.values()), list(Silence.objects.values("customer", "rule", "lack"))) == before
    assert len(turns()) == 1


def test_new_evidence_stands_in_the_same_suggestion(world: World) -> None:
    subscription = sell(world)
    run(world, DAY - timedelta(days=1))
    world.version(subscription, quantity=40, effective_on=DAY)
    assert run(world).renewed == 1
    one = Suggestion.objects.get()
    assert (one.raised_on, one.evidence_on, one.weight) == (DAY - timedelta(days=1), DAY, 30)


def test_open_suggestion_closes_when_its_reason_is_gone(world: World) -> None:
    subscription = sell(world)
    run(world, DAY - timedelta(days=1))
    world.version(subscription, quantity=10, effective_on=DAY)
    assert run(world).closed == 1
    one = Suggestion.objects.get()
    assert (one.state, one.closed_on, one.gone_on) == ("gone", DAY, DAY)
    assert turns() == [("low_adoption", "open"), ("low_adoption", "gone")]


def test_planned_suggestion_stays_and_says_that_its_reason_is_gone(world: World, staff: Staff) -> None:
    subscription = sell(world)
    run(world, DAY - timedelta(days=1))
    plan(actor=staff, suggestion=Suggestion.objects.get().pk, owner=staff.pk, planned_for=today())
    world.version(subscription, quantity=10, effective_on=DAY)
    run(world)
    one = Suggestion.objects.get()
    assert (one.state, one.gone_on) == ("planned", DAY)


def test_missing_data_closes_nothing(world: World) -> None:
    """Raised for usage; then nothing is delivered any more."""
    sell(world, sold=20, assigned=20)
    earlier = DAY - timedelta(days=40)
    cover(world, earlier)
    run(world, earlier)
    assert kept(world) == [("low_adoption", "open", 20)]
    assert run(world).closed == 0
    assert Suggestion.objects.get().evidence_on == earlier
    assert set(Silence.objects.values_list("rule", "lack")) == {
        ("low_adoption", "coverage"),
        ("many_questions", "cases"),
        ("sell_more", "coverage"),
        ("explain_inflation", "coverage"),
    }


@pytest.mark.parametrize(("days", "expected"), [(89, 1), (90, 2)])
def test_dismissed_advice_isnt_given_again_for_90_days(world: World, staff: Staff, days: int, expected: int) -> None:
    sell(world)
    run(world, DAY)
    dismiss(actor=staff, suggestion=Suggestion.objects.get().pk, reason="They know")
    Suggestion.objects.update(closed_on=DAY - timedelta(days=days))
    run(world)
    assert len(kept(world)) == expected


@pytest.mark.parametrize(("days", "expected"), [(55, 1), (56, 2)])
def test_done_advice_isnt_given_again_for_56_days(world: World, staff: Staff, days: int, expected: int) -> None:
    sell(world)
    run(world, DAY)
    finish(actor=staff, suggestion=Suggestion.objects.get().pk)
    Suggestion.objects.update(closed_on=DAY - timedelta(days=days))
    run(world)
    assert len(kept(world)) == expected


@pytest.mark.parametrize(("until", "state"), [(1, "put_off"), (0, "open")])
def test_what_was_put_off_comes_back_on_its_day(world: World, staff: Staff, until: int, state: str) -> None:
    sell(world)
    run(world)
    put_off(actor=staff, suggestion=Suggestion.objects.get().pk, until=today() + timedelta(days=9), reason="Later")
    Suggestion.objects.update(put_off_until=today() + timedelta(days=until))
    run(world)
    assert [each[1] for each in kept(world)] == [state]


def test_earlier_day_is_refused(world: World) -> None:
    run(world)
    with pytest.raises(EarlierDayError, match=DAY.isoformat()):
        run(world, DAY - timedelta(days=1))


def test_only_own_subscriptions_bring_dates(world: World) -> None:
    """What another partner sold is in grace and used: the figures count it, no suggestion names it."""
    for seller in (world.them, None):
        lapsed = sell(world, seller=seller, sold=5, assigned=0, term_end=DAY - timedelta(days=3), auto_renew=False)
        (name,) = world.people(1)
        world.period(lapsed, name, DAY - timedelta(days=300))
        world.activity(name, "EXO", DAY - timedelta(days=4))
    cover(world)
    run(world)
    assert kept(world) == []


def test_own_lapsed_subscription_in_use_is_to_be_renewed(world: World) -> None:
    lapsed = sell(world, sold=5, assigned=1, term_end=DAY - timedelta(days=3), auto_renew=False)
    for period in models.EntitlementPeriod.objects.filter(subscription=lapsed).select_related("person"):
        world.activity(period.person.user_id, "EXO", DAY - timedelta(days=4))
    cover(world)
    run(world)
    assert kept(world) == [("renew", "open", 1)]
    assert Suggestion.objects.get().subject == lapsed.key


def test_trial_in_use_is_to_be_converted(world: World) -> None:
    trial = sell(world, sold=25, assigned=2, is_trial=True, term_end=DAY + timedelta(days=20), auto_renew=False)
    person = models.EntitlementPeriod.objects.filter(subscription=trial).select_related("person")[0].person
    world.activity(person.user_id, "EXO", DAY - timedelta(days=4))
    cover(world)
    run(world)
    one = Suggestion.objects.get()
    assert (one.rule, one.weight, one.due_on) == ("convert_trial", 1, DAY + timedelta(days=20))


def test_licences_that_lie_unused_before_a_date_are_to_be_right_sized(world: World) -> None:
    sell(world, sold=9, assigned=9, term_end=DAY + timedelta(days=40))
    cover(world, days=56)
    run(world)
    assert kept(world) == [("right_size", "open", 9)]


def test_sku_that_is_left_out_gets_no_advice(world: World, staff: Staff) -> None:
    sell(world)
    models.LeftOutSku.objects.create(
        partner=world.us, sku=world.e3, reason="free", left_out_by=staff, left_out_at="2026-01-01T00:00Z"
    )
    assert run(world) == Run(DAY, customers=1)


def test_customers_of_others_are_nobodys_business(world: World) -> None:
    sell(world)
    world.relationship(world.them, world.a_customer("Theirs"))
    run(world)
    assert raise_suggestions(partner=world.them, day=DAY) == Run(DAY, customers=1)
