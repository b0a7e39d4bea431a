"""The lists behind the counts: as long as the count, and of others' subscriptions nothing."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from customers import models
from customers.selectors.people import pseudonym
from insights.engine.behind import RowKey, behind, chosen
from insights.engine.rows import KEY
from insights.metrics import with_measured
from insights.selectors.explain import LISTED, Row, UnknownRowError, explain
from insights.selectors.insight_rows import By, Question, Seller, insight_rows
from tests.insights.world import DAY, World, ago

UNKNOWN = UUID("7d1f0f8e-0000-4000-8000-000000000001")
KEYS = ["user", "class", "sku_id", "subscription_id", "status", "last_active"]


def ask(world: World, count: str, seller: Seller = Seller.ALL, day: date = DAY, **row: object) -> list[dict]:
    question = Question(world.us, day, seller=seller)
    return explain(question, customer_id=world.customer.tenant_id, row=Row(**row), count=count, named=True)


@pytest.fixture
def world(world: World) -> World:
    """One in which we serve the customer."""
    world.relationship(world.us)
    return world


@pytest.fixture
def mixed(world: World) -> World:
    """Every class, our own and others' subscriptions."""
    ours, theirs = world.subscription(seller=world.us), world.subscription(seller=world.them)
    lapsed = world.subscription(seller=world.us, auto_renew=False, term_end=ago(31))
    trial = world.subscription(is_trial=True)
    world.period(ours, "ann", stated_by=world.us)
    world.period(theirs, "ann", stated_by=world.them)
    world.period(ours, "bob", end=ago(3), stated_by=world.us)
    world.period(theirs, "cat", stated_by=world.them)
    world.period(lapsed, "eve", stated_by=world.us)
    world.period(trial, "fay", stated_by=world.them)
    for user, day in (("ann", 1), ("ann", 9), ("bob", 3), ("bob", 4), ("eve", 2), ("fay", 0), ("zoe", 5)):
        world.activity(user, "YAM", ago(day))
    return world


def test_entry_of_each_class(mixed: World) -> None:
    entries = ask(mixed, "active", family="o365")
    assert [list(entry) for entry in entries] == [KEYS] * 7
    mine = [entry for entry in entries if not entry["user"].startswith("person-")]
    ours, lapsed = (
        models.Subscription.objects.filter(seller=mixed.us).order_by("pk").values_list("subscription_id", flat=True)
    )
    e3 = str(mixed.e3.sku_id)
    assert [list(entry.values()) for entry in mine] == [
        ["ann", "current", e3, None, None, "2026-03-30"],
        ["ann", "current", e3, ours, "active", "2026-03-30"],
        ["bob", "former", e3, ours, "active", "2026-03-27"],
        ["bob", "unlicensed", None, None, None, "2026-03-28"],
        ["eve", "lapsed", e3, lapsed, "disabled", "2026-03-29"],
    ]
    others = [list(entry.values())[1:] for entry in entries if entry not in mine]
    assert sorted(others, key=str) == [
        ["trial", e3, None, None, "2026-03-31"],
        ["unlicensed", None, None, None, "2026-03-26"],
    ]


@pytest.mark.parametrize("count", LISTED)
@pytest.mark.parametrize("workload", ["any", "YAM", "EXO"])
def test_list_is_as_long_as_the_count(mixed: World, count: str, workload: str) -> None:
    for by, row in ((By.SKU, {"sku": mixed.e3.sku_id}), (By.FAMILY, {"family": "o365"}), (By.ALL, {})):
        for seller in Seller:
            (shown,) = [r for r in insight_rows(Question(mixed.us, DAY, by, seller)) if r["workload"] == workload]
            assert len(ask(mixed, count, seller, workload=workload, **row)) == shown[count]


@pytest.mark.parametrize("seed", range(6))
def test_list_is_as_long_as_the_count_in_worlds_at_random(world: World, seed: int) -> None:
    dice = random.Random(seed)
    skus = [world.e3, world.sku("EXO", part_number="P1"), world.sku("CRM", "YAM", family="crm", part_number="C1")]
    for _ in range(6):
        subscription = world.subscription(
            dice.choice(skus),
            seller=dice.choice((world.us, world.them, None)),
            status=dice.choice(("active", "active", "grace")),
            is_trial=dice.random() < 0.2,
            quantity=dice.randrange(4),
        )
        for user in dice.sample(("ann", "bob", "cat", "dan"), 3):
            begin = dice.randrange(40)
            end = dice.randrange(-1, begin) if begin and dice.random() < 0.5 else None
            state = dice.choice(("entitled", "entitled", "entitled", "upgraded"))
            world.period(subscription, user, ago(begin), None if end is None else ago(end), state)
    for _ in range(12):
        user, workload = dice.choice(("ann", "bob", "cat", "zoe")), dice.choice(("EXO", "YAM", "CRM"))
        world.activity(user, workload, ago(dice.randrange(30)))
    table = world.table(customers=[world.customer])
    for row in table:
        key = RowKey(**{name: int(row[name]) for name in KEY[1:]})
        rows, measured = behind(customer=world.customer.pk, day=DAY, key=key)
        named = {name: int(row[name]) for name in table.dtype.names}
        counts = with_measured(named, covered_days=named["covered_days"])
        assert {name: len(chosen(rows, name, measured=measured)) for name in LISTED} == {
            name: counts[name] for name in LISTED
        }


def test_last_active_is_a_day_that_counts(world: World) -> None:
    world.period(world.subscription(seller=world.us), "ann", ago(9), ago(5), stated_by=world.us)
    world.activity("ann", "YAM", ago(12), ago(7), ago(6))
    world.activity("ann", "EXO", ago(8), ago(2))
    former, unlicensed = ask(world, "active", family="o365")
    assert [former["class"], former["last_active"]] == ["former", ago(6).isoformat()]
    assert [unlicensed["class"], unlicensed["last_active"]] == ["unlicensed", ago(12).isoformat()]
    (in_exchange,) = ask(world, "active", family="o365", workload="EXO")
    assert in_exchange["last_active"] == ago(8).isoformat()


def test_row_that_does_not_exist_has_nothing_behind_it(mixed: World) -> None:
    world = mixed
    elsewhere = world.sku("CRM", family="crm", part_number="C1")
    mail = world.sku("EXO", part_number="P1")
    world.activity("ann", "CRM", ago(1))
    assert ask(world, "active", workload="CRM") == []
    world.workload("AAA")
    assert ask(world, "active", workload="AAA") == []
    assert ask(world, "active", sku=elsewhere.sku_id) == []
    assert ask(world, "active", sku=mail.sku_id, workload="YAM") == []
    assert ask(world, "active", family="crm") == []


def test_family_switched_off_has_nothing_behind_it(world: World) -> None:
    other = world.sku("YAM", family="visio", part_number="V1")
    world.period(world.subscription(other), "ann")
    world.activity("ann", "YAM", ago(1))
    assert [ask(world, "active", **row) for row in ({"sku": other.sku_id}, {"family": "visio"}, {})] == [[], [], []]


def test_codes_whatever_their_case(mixed: World) -> None:
    assert ask(mixed, "active", family="O365", workload="yam") == ask(mixed, "active", family="o365", workload="YAM")
    assert ask(mixed, "active", workload="ANY") == ask(mixed, "active")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"family": "nope"}, "No family has the code 'nope'."),
        ({"workload": "nope"}, "No workload has the code 'nope'."),
        ({"sku": UNKNOWN}, f"No SKU has the id {UNKNOWN}."),
    ],
)
def test_unknown_row_is_told(world: World, row: dict, message: str) -> None:
    with pytest.raises(UnknownRowError) as error:
        ask(world, "active", **row)
    assert str(error.value) == message


def test_order_tells_nothing_of_foreign_subscriptions(world: World) -> None:
    for _ in range(3):
        subscription = world.subscription(seller=world.them)
        for user in world.people(4):
            world.period(subscription, user, stated_by=world.them)
    entries = [list(entry.values()) for entry in ask(world, "assigned")]
    assert len(entries) == 12
    assert entries == sorted(entries, key=lambda entry: entry[0])


def test_person_that_the_partner_did_not_deliver_has_a_pseudonym(world: World) -> None:
    subscription = world.subscription(seller=world.us)
    for user, source in (("ann", world.us), ("bob", world.them), ("cat", None), ("dan", world.them)):
        world.period(subscription, user, stated_by=source)
    world.activity("dan", "EXO", ago(300), source=world.us.pk)
    world.relationship(world.them)
    numbers = {user: world.person(user).number for user in ("ann", "bob", "cat", "dan")}

    def secret(partner: object, user: str) -> str:
        return pseudonym(partner=partner, customer=world.customer.pk, person=numbers[user])

    theirs = explain(
        Question(world.them, DAY), customer_id=world.customer.tenant_id, row=Row(), count="assigned", named=True
    )
    assert {entry["user"] for entry in ask(world, "assigned")} == {
        "ann",
        "dan",
        *(secret(world.us, u) for u in ("bob", "cat")),
    }
    assert {entry["user"] for entry in theirs} == {"bob", "dan", *(secret(world.them, u) for u in ("ann", "cat"))}
    assert {secret(world.us, user) for user in numbers} & {secret(world.them, user) for user in numbers} == set()
    assert {len(secret(world.us, user)) for user in numbers} == {len("person-") + 12}


TODAY = datetime.now(UTC).date()


@pytest.mark.parametrize(
    ("begin", "end", "status", "number"),
    [
        (DAY, None, "confirmed", 1),
        (DAY, TODAY + timedelta(days=1), "confirmed", 1),
        (DAY, TODAY, "confirmed", 0),
        (DAY + timedelta(days=1), None, "confirmed", 0),
        (DAY, None, "claimed", 0),
    ],
)
def test_lists_need_a_confirmed_relationship_that_day_and_today(
    world: World, begin: date, end: date | None, status: str, number: int
) -> None:
    world.period(world.subscription(seller=world.us), "ann")
    question = Question(world.them, DAY)
    world.relationship(world.them, begin=begin, end=end, status=status)
    entries = explain(question, customer_id=world.customer.tenant_id, row=Row(), count="assigned", named=True)
    assert len(entries) == number


def test_customer_unknown_or_not_ours_has_nothing(mixed: World) -> None:
    other = mixed.a_customer()
    mixed.period(mixed.subscription(customer=other), "ann")
    for customer_id in (other.tenant_id, uuid4()):
        assert explain(Question(mixed.us, DAY), customer_id=customer_id, row=Row(), count="assigned", named=True) == []
