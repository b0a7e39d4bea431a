"""Generated histories told by several identifiers of the same people: the figures are those of people."""

from __future__ import annotations

from datetime import date
from zlib import crc32

import pytest
from django.db import connection
from django.utils import timezone

from customers.models import Customer, LeftOutPerson
from customers.services.stale import mark_stale
from insights.services.rollup import rollup
from partners.models import Staff
from tests.customers.feed.importing import import_files
from tests.generated.identifiers import (
    MOST_IDENTIFIERS,
    by_line,
    by_record,
    people_file,
    told_otherwise,
    users,
    without,
)
from tests.generated.product import check_constraints, load, rolled_back, set_switches
from tests.generated.profile import LONG, PARTS, check_generated
from tests.generated.test_figures import assert_equal_figures, assert_equal_on_the_spot, assert_stored_equals_computed
from tests.naive.feed import Facts
from tests.naive.strategies import History, histories

TODAY = date(2026, 6, 30)
SHARE = 0.1 if LONG else 0.04

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("part", PARTS)
def test_figures_where_people_are_known_before(part: int) -> None:
    check_generated(part, histories(TODAY, variants=1, asked=2), assert_known_before, share=SHARE)


@pytest.mark.parametrize("part", PARTS)
def test_figures_where_people_turn_out_to_be_one_later(part: int) -> None:
    check_generated(part, histories(TODAY, variants=1, asked=2), assert_known_later, share=SHARE)


@pytest.mark.parametrize("part", PARTS)
def test_figures_without_mailboxes_that_are_left_out(part: int) -> None:
    check_generated(part, histories(TODAY, variants=1, asked=2), assert_left_out, share=SHARE)


def assert_known_before(history: History) -> None:
    first, *later = history.variants[0]
    with rolled_back():
        load({name: text for name, text in first.items() if name in ("partners.csv", "customers.csv")}, today=TODAY)
        state_people(history)
        choose = by_line(seed(history))
        for feed in [first, *later]:
            report = load(told_otherwise(feed, choose), today=TODAY)
            assert not report.refused, str(report)
        assert_figures(history, naive(history, set()))


def assert_known_later(history: History) -> None:
    with rolled_back():
        choose = by_record(seed(history))
        for feed in history.variants[0]:
            report = load(told_otherwise(feed, choose), today=TODAY)
            assert not report.refused, str(report)
        rollup(first=history.days[0], last=history.days[0])
        state_people(history)
        assert_figures(history, naive(history, set()))


def assert_left_out(history: History) -> None:
    left_out = set(users(history)[::3])
    with rolled_back():
        for feed in history.variants[0]:
            load(told_otherwise(feed, by_record(seed(history))), today=TODAY)
        state_people(history)
        leave_out(left_out)
        assert_figures(history, naive(history, left_out))


def seed(history: History) -> int:
    return crc32(repr(history.feeds).encode())


def naive(history: History, left_out: set[str]) -> Facts:
    facts = Facts()
    for feed in history.feeds:
        facts.load(without(feed, left_out) if left_out else feed, TODAY)
    history.switches.apply(facts)
    return facts


def state_people(history: History) -> None:
    customers = [str(tenant) for tenant in Customer.objects.values_list("tenant_id", flat=True)]
    for number in range(1, MOST_IDENTIFIERS):
        text = people_file(history, customers, number)
        report = import_files({"people.csv": text}, today=TODAY)["people.csv"]
        assert report.loaded, report.bad


def leave_out(left_out: set[str]) -> None:
    actor = Staff.objects.create_superuser(email="operator@seatwise.example", password=None)
    now = timezone.now()
    for customer in Customer.objects.all():
        for user in sorted(left_out):
            LeftOutPerson.objects.create(
                customer=customer,
                user_id=user,
                key=user,
                mailbox="room",
                reason="Room",
                left_out_by=actor,
                left_out_at=now,
            )
        with connection.cursor() as cursor:
            mark_stale(cursor, [(customer.pk, date(2000, 1, 1), None)])


def assert_figures(history: History, facts: Facts) -> None:
    check_constraints()
    set_switches(history.switches)
    for turn, day in enumerate(history.days):
        assert_equal_on_the_spot(history, facts, day, turn)
        rollup(first=day, last=day)
        assert_stored_equals_computed(day)
        assert_equal_figures(history, facts, day)
