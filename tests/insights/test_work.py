"""Working off what is to be computed: which days, in which order, and by whom."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers.models import Customer
from insights.models import FigureDays, WorkRange
from insights.services.rollup import rollup
from insights.services.work import CLAIM, CUSTOMERS_PER_RANGE, DAYS_AT_ONCE, MISSED_DAYS, work_off
from partners.tenancy import operating
from tests.insights.storing import computed, fresh, new_epoch, stored
from tests.insights.world import DAY, World, ago

FAR = 100 * CUSTOMERS_PER_RANGE


@pytest.fixture
def sold(world: World) -> World:
    """A world with three customers that bought something: two of one range of work, and one of another."""
    for key in (FAR, FAR + 1, 2 * FAR):
        world.subscription(customer=world.a_customer(pk=key))
    world.customer.profiles.all().delete()
    world.customer.delete()
    return world


def customers() -> list[Customer]:
    return list(Customer.objects.order_by("pk"))


def last_work(last: date = DAY) -> int:
    return work_off(worker="A", last=last)


def worked_days(*, last: date = DAY) -> list[tuple[int, date]]:
    """In which order a worker stored days: (range, day)."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        last_work(last)
    wanted = re.compile(r"INSERT INTO insights_figuredays.*?'\{(\d+)[,}].*?daterange\('(\S+?)'", re.DOTALL)
    found = [wanted.search(query["sql"]) for query in queries.captured_queries]
    return [(int(m[1]) // CUSTOMERS_PER_RANGE, date.fromisoformat(m[2])) for m in found if m]


def test_nothing_to_do_without_customers(db: None) -> None:
    assert last_work() == 0


def test_last_day_of_every_customer_once(sold: World) -> None:
    assert last_work() == 3
    assert fresh(customers(), DAY) == [True] * 3
    assert fresh(customers(), ago(1)) == [False] * 3
    assert stored(customers(), DAY) == computed(customers(), DAY)
    assert last_work() == 0


def test_days_missed_since_the_last_stored_one(sold: World) -> None:
    rollup(first=ago(9), last=ago(3))
    assert last_work() == 3 * 3
    assert [fresh(customers(), ago(number)) for number in range(10)] == [[True] * 3] * 10


def test_missed_days_do_not_depend_on_what_was_stored_first(sold: World) -> None:
    rollup(first=ago(9), last=ago(9))
    rollup(first=ago(1), last=DAY, customers=[customers()[0].pk])
    rollup(first=DAY, last=DAY, customers=[customers()[1].pk])
    assert last_work() == 7 + 8 + 9
    assert [fresh(customers(), ago(number)) for number in range(11)] == [[True] * 3] * 10 + [[False] * 3]


def test_days_missed_long_ago_stay_out(sold: World) -> None:
    rollup(first=ago(MISSED_DAYS), last=ago(MISSED_DAYS))
    rollup(first=ago(MISSED_DAYS - 3), last=DAY)
    assert last_work() == 3 * 2
    assert last_work(ago(-1)) == 3
    rollup(first=ago(400), last=ago(400))
    assert last_work(ago(-1)) == 0


def test_later_days_than_the_last_are_left_alone_and_hide_nothing(sold: World) -> None:
    rollup(first=ago(2), last=ago(2))
    rollup(first=ago(-5), last=ago(-5))
    assert last_work() == 3 * 2
    sold.changed(ago(-5), customer=customers()[0])
    assert last_work() == 0
    assert fresh(customers(), ago(-5)) == [False, True, True]


def test_stored_days_that_are_stale(sold: World) -> None:
    rollup(first=ago(9), last=DAY)
    first, *_ = customers()
    sold.coverage("EXO", ago(4), customer=first)
    sold.changed(ago(4), customer=first)
    assert last_work() == 5
    assert [stored([first], day) for day in (ago(4), DAY)] == [computed([first], day) for day in (ago(4), DAY)]
    assert last_work() == 0


def test_stale_days_that_were_never_stored_are_not_computed(sold: World) -> None:
    rollup(first=DAY, last=DAY)
    sold.changed(ago(20), ago(3), customer=customers()[0])
    assert last_work() == 0


def test_everything_stored_under_an_older_epoch(sold: World) -> None:
    rollup(first=ago(2), last=DAY)
    new_epoch()
    assert last_work() == 3 * 3
    assert fresh(customers(), ago(2)) == [True] * 3
    assert last_work() == 0


def test_newest_day_first_and_no_range_waits_for_the_history_of_another(sold: World) -> None:
    rollup(first=ago(9), last=ago(1))
    new_epoch()
    low, high = FAR // CUSTOMERS_PER_RANGE, 2 * FAR // CUSTOMERS_PER_RANGE
    recent, older = [ago(number) for number in range(DAYS_AT_ONCE)], [ago(number) for number in range(DAYS_AT_ONCE, 10)]
    assert worked_days() == [(key, day) for days in (recent, older) for key in (low, high) for day in days]


def test_range_is_free_again_afterwards(sold: World) -> None:
    last_work()
    assert list(WorkRange.objects.order_by("id").values_list("id", "claimed_until")) == [(100, None), (200, None)]


@pytest.mark.parametrize(("left", "stored_days"), [(timedelta(minutes=1), 1), (-timedelta(seconds=1), 3)])
def test_claim_of_another_worker_holds_until_it_runs_out(sold: World, left: timedelta, stored_days: int) -> None:
    WorkRange.objects.create(id=100, claimed_by="B", claimed_until=timezone.now() + left)
    assert last_work() == stored_days


class TestAtOnce:
    """Workers at the same time, each in a connection of its own."""

    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture
    def pool(self) -> Iterator[ThreadPoolExecutor]:
        with ThreadPoolExecutor(1) as pool:
            yield pool

    def work(self, worker: str, last: date = DAY) -> int:
        try:
            with operating():
                return work_off(worker=worker, last=last)
        finally:
            connection.close()

    @contextmanager
    def held_up(self, pool: ThreadPoolExecutor, customer: Customer) -> Iterator[Future[int]]:
        """Worker A is about to store figures of the customer, and can't until the end of the block."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT seq FROM customers_staledays WHERE customer_id = %s FOR UPDATE", [customer.pk])
            running = pool.submit(self.work, "A")
            wait_for_a_lock()
            yield running

    def test_two_workers_never_have_the_same_range(self, sold: World, pool: ThreadPoolExecutor) -> None:
        rollup(first=ago(1), last=ago(1))
        with self.held_up(pool, customers()[0]) as running:
            claimed = WorkRange.objects.get(id=100)
            assert (claimed.claimed_by, claimed.claimed_until - timezone.now() < CLAIM) == ("A", True)
            with ThreadPoolExecutor(1) as other:
                assert other.submit(self.work, "B").result(timeout=30) == 1
        assert running.result(timeout=30) == 2
        assert fresh(customers(), DAY) == [True] * 3

    def test_lost_claim_stops_the_worker(self, sold: World, pool: ThreadPoolExecutor) -> None:
        rollup(first=ago(3), last=ago(3))
        with self.held_up(pool, customers()[0]) as running:
            WorkRange.objects.filter(id=100).update(claimed_by="B", claimed_until=timezone.now() + CLAIM)
        assert running.result(timeout=30) == 2 + 3
        assert [fresh(customers(), ago(number)) for number in (0, 1, 2)] == [[True] * 3] + [[False, False, True]] * 2
        assert WorkRange.objects.get(id=100).claimed_by == "B"

    def test_facts_that_change_meanwhile_are_left_to_the_next_call(self, sold: World, pool: ThreadPoolExecutor) -> None:
        rollup(first=ago(1), last=ago(1))
        first, *_ = customers()
        with self.held_up(pool, first) as running:
            sold.changed(DAY, customer=first)
        assert running.result(timeout=30) == 3
        assert fresh(customers(), DAY) == [True] * 3
        assert FigureDays.objects.count() == 3

    def test_range_in_which_nothing_can_be_stored_does_not_hold_a_worker(
        self, sold: World, pool: ThreadPoolExecutor
    ) -> None:
        rollup(first=ago(1), last=ago(1))
        *_, lonely = customers()
        with self.held_up(pool, lonely) as running:
            sold.changed(DAY, customer=lonely)
        assert running.result(timeout=30) == 2
        assert fresh(customers(), DAY) == [True, True, False]
        assert last_work() == 1


def wait_for_a_lock() -> None:
    """Until some other connection waits for a lock of this one."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    deadline = time.monotonic() + 30
    with connection.cursor() as cursor:
        while cursor.execute(waiting) is None or not cursor.fetchone()[0]:
            assert time.monotonic() < deadline
            time.sleep(0.02)
