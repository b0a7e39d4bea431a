"""Facts that change between a computation's reading and its storing: its figures are thrown away."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection, transaction

from insights.engine.compute import figures
from insights.selectors.stored import snapshot
from insights.services.rollup import rollup_day
from insights.services.storage import read_basis, store
from partners.tenancy import operating
from tests.insights.storing import computed, everything, fresh, new_epoch, shown, stored
from tests.insights.world import DAY, World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    world = World()
    world.period(world.subscription(), "ann")
    return world


def meanwhile(act: Callable[[], None]) -> None:
    """Do it in another connection, committed, while this one goes on."""

    def work() -> None:
        try:
            with operating():
                act()
        finally:
            connection.close()

    thread = Thread(target=work)
    thread.start()
    thread.join(timeout=60)
    assert not thread.is_alive()


def rolled_up_while(world: World, act: Callable[[], None]) -> int:
    """Of how many customers a computation was stored during which something else happened."""
    customers = [world.customer.pk]
    with snapshot():
        basis = read_basis(customers=customers)
        meanwhile(act)
        rows = figures(customers=customers, day=DAY)
    return store(customers=customers, day=DAY, figures=rows, basis=basis)


def more(world: World) -> Callable[[], None]:
    """A load that changes the figures of the day."""

    def change() -> None:
        with transaction.atomic():
            world.activity("ann", "EXO", DAY)
            world.changed(DAY)

    return change


def test_reading_is_of_one_moment(world: World) -> None:
    before = computed([world.customer], DAY)
    with snapshot():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM customers_customer")
        meanwhile(more(world))
        assert computed([world.customer], DAY) == before
    assert computed([world.customer], DAY) != before


@pytest.mark.parametrize("known", [True, False])
def test_facts_changed_meanwhile_leave_the_day_stale(world: World, known: bool) -> None:
    if known:
        rollup_day(customers=[world.customer.pk], day=DAY)
    before = everything()
    assert rolled_up_while(world, more(world)) == 0
    assert everything() == before
    assert fresh([world.customer], DAY) == [False]
    assert shown([world.customer], DAY) == computed([world.customer], DAY)
    assert rollup_day(customers=[world.customer.pk], day=DAY) == 1
    assert stored([world.customer], DAY) == computed([world.customer], DAY)


def test_facts_of_another_customer_changed_meanwhile_cost_nothing(world: World) -> None:
    other = world.a_customer()
    assert rolled_up_while(world, lambda: world.changed(DAY, customer=other)) == 1
    assert fresh([world.customer], DAY) == [True]


def test_newer_computation_is_not_overwritten_by_an_older_one(world: World) -> None:
    def newer() -> None:
        more(world)()
        assert rollup_day(customers=[world.customer.pk], day=DAY) == 1

    assert rolled_up_while(world, newer) == 0
    assert fresh([world.customer], DAY) == [True]
    assert stored([world.customer], DAY) == computed([world.customer], DAY)


def test_catalogue_changed_meanwhile_leaves_the_day_stale(world: World) -> None:
    def change() -> None:
        with transaction.atomic():
            world.e3.workloads.remove(world.workload("SPO"))
            new_epoch()

    rolled_up_while(world, change)
    assert fresh([world.customer], DAY) == [False]
    assert shown([world.customer], DAY) == computed([world.customer], DAY)


def test_older_epoch_does_not_overwrite_a_newer_one(world: World) -> None:
    def newer() -> None:
        with transaction.atomic():
            world.e3.workloads.remove(world.workload("SPO"))
            new_epoch()
        assert rollup_day(customers=[world.customer.pk], day=DAY) == 1

    assert rolled_up_while(world, newer) == 0
    assert fresh([world.customer], DAY) == [True]
    assert stored([world.customer], DAY) == computed([world.customer], DAY)


def test_two_computations_at_once_store_the_same(world: World) -> None:
    def same() -> None:
        assert rollup_day(customers=[world.customer.pk], day=DAY) == 1

    assert rolled_up_while(world, same) == 1
    assert stored([world.customer], DAY) == computed([world.customer], DAY)
    assert len(everything()) == len(computed([world.customer], DAY))
