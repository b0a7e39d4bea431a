"""`visible_to` of the tables of facts: closed for nobody's people, and otherwise one's own."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from customers.models import Customer, Load, Relationship, SatisfactionResponse, Subscription, SupportCase
from partners.models import Partner
from partners.permissions import Role
from tests.insights.world import World
from tests.people import make_operator, make_staff
from tests.served import another_customer, serve

MODELS = (Customer, Load, Relationship, SatisfactionResponse, Subscription, SupportCase)


@pytest.fixture
def world(db: None) -> World:
    world = serve(World())
    foreign, claimed, left = another_customer(world, "Foreign", world.them), world.a_customer(), world.a_customer()
    world.relationship(world.us, claimed, status="claimed")
    world.relationship(world.us, left, end=date(2026, 11, 1))
    future = world.a_customer()
    world.relationship(world.us, future, begin=date(9000, 1, 1))
    for partner in (world.us, world.them):
        for customer in (world.customer, foreign, claimed, left, future):
            everything(world, partner, customer)
        Load.objects.create(kind="feed", stated_by=partner, source="feed")
    Load.objects.create(kind="feed", source="feed")
    world.subscription()
    return world


def everything(world: World, partner: Partner, customer: Customer) -> None:
    """A subscription, a case and a response of the partner on the customer."""
    world.subscription(seller=partner, customer=customer)
    key = f"{partner.pk}-{customer.pk}"
    of = {"partner": partner, "customer": customer, "key": key}
    SupportCase.objects.create(**of, case_id=key, opened_on=date(2026, 3, 1), kind="other")
    SatisfactionResponse.objects.create(**of, response_id=key, responded_on=date(2026, 3, 1), score=3)


@pytest.mark.parametrize("model", MODELS)
def test_nothing_for_whoever_belongs_to_nobody(world: World, model: type) -> None:
    gone = make_staff(world.us, *Role, is_active=False)
    for user in (AnonymousUser(), make_operator(), make_staff(None), gone):
        assert model.objects.visible_to(user).count() == 0


def test_customers_are_those_served_today(world: World) -> None:
    user = make_staff(world.us, Role.SALES_AGENT)
    assert list(Customer.objects.visible_to(user)) == [world.customer]
    assert Customer.objects.visible_to(make_staff(world.them)).count() == 2


@pytest.mark.parametrize(
    ("model", "owner"), [(Subscription, "seller"), (SupportCase, "partner"), (SatisfactionResponse, "partner")]
)
def test_own_facts_of_customers_served_today(world: World, model: type, owner: str) -> None:
    user = make_staff(world.us, Role.SALES_AGENT)
    seen = model.objects.visible_to(user).values_list(f"{owner}__slug", "customer")
    assert list(seen) == [("us", world.customer.pk)]


def test_own_relationships_whatever_their_state(world: World) -> None:
    user = make_staff(world.us, Role.SALES_AGENT)
    assert set(Relationship.objects.visible_to(user).values_list("partner", flat=True)) == {world.us.pk}
    assert Relationship.objects.visible_to(user).count() == 4


def test_own_loads(world: World) -> None:
    user = make_staff(world.us, Role.SALES_AGENT)
    assert [load.stated_by for load in Load.objects.visible_to(user)] == [world.us]
