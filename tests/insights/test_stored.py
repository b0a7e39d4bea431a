"""Stored figures: equal to the computed ones, kept as changes, and never shown once they are stale."""

from datetime import date, timedelta

import pytest

from insights.models import Figure, FigureDays
from insights.services.rollup import rollup, rollup_day
from tests.insights.storing import computed, everything, fresh, new_epoch, overlaps, shown, stored
from tests.insights.world import DAY, World, ago

ROWS_OF_ONE_SKU = 15  # any and four workloads, of the SKU, its family and all


@pytest.fixture
def lived(world: World) -> World:
    """A world with two sellers, and figures that differ from day to day."""
    ours, theirs = world.subscription(seller=world.us), world.subscription(seller=world.them, is_trial=True)
    for user, begin, end in (("ann", 90, None), ("bob", 20, 3), ("cat", 8, None)):
        world.period(ours, user, ago(begin), ago(end) if end else None)
    world.period(theirs, "eve", ago(60), ago(-5))
    for user, workload, day in (
        ("ann", "EXO", 29),
        ("bob", "EXO", 6),
        ("cat", "TEAMS", 4),
        ("zoe", "YAM", 2),
        ("eve", "SPO", 1),
    ):
        world.activity(user, workload, ago(day))
    return world


def days(first: int, last: int) -> list[date]:
    """So many days ago, oldest first."""
    return [ago(number) for number in range(first, last - 1, -1)]


def test_rollup_stores_exactly_what_is_computed(lived: World) -> None:
    customers = [lived.customer]
    assert rollup(first=ago(9), last=DAY) == 10
    for day in days(9, 0):
        assert stored(customers, day) == shown(customers, day) == computed(customers, day)
        assert fresh(customers, day) == [True]
    assert overlaps() == 0


def test_days_that_are_not_stored_are_computed(lived: World) -> None:
    customers = [lived.customer]
    rollup(first=ago(5), last=ago(4))
    for day in (ago(6), ago(3), DAY):
        assert fresh(customers, day) == [False]
        assert shown(customers, day) == computed(customers, day)


def test_repeated_rollup_changes_nothing(lived: World) -> None:
    rollup(first=ago(9), last=DAY)
    before = everything()
    assert rollup(first=ago(9), last=DAY) == 10
    assert rollup(first=ago(5), last=ago(5), customers=[lived.customer.pk]) == 1
    assert everything() == before


def test_second_day_with_the_same_figures_adds_no_row(world: World) -> None:
    world.period(world.subscription(), "ann")
    rollup(first=ago(3), last=ago(3))
    before = everything()
    assert len(before) == ROWS_OF_ONE_SKU
    rollup(first=ago(2), last=DAY)
    assert everything() == before
    assert fresh([world.customer], DAY) == [True]


def test_second_day_adds_only_the_rows_that_differ(world: World) -> None:
    world.period(world.subscription(), "ann")
    rollup(first=ago(1), last=ago(1))
    world.activity("ann", "EXO", DAY)
    rollup(first=DAY, last=DAY)
    workloads = {0, world.workload("EXO").pk}
    added = Figure.objects.filter(valid_from=DAY)
    assert (Figure.objects.count(), {row.workload for row in added}) == (ROWS_OF_ONE_SKU + 6, workloads)
    assert {row.valid_to for row in Figure.objects.filter(valid_from=ago(1), workload__in=workloads)} == {DAY}


def test_rows_that_vanish_end_with_the_day_before(world: World) -> None:
    subscription = world.subscription()
    plan = world.sku("EXO", part_number="P1")
    world.version(subscription, plan, effective_on=DAY)
    rollup(first=ago(1), last=DAY)
    assert set(Figure.objects.filter(sku=world.e3.pk).values_list("valid_from", "valid_to")) == {(ago(1), DAY)}
    assert set(Figure.objects.filter(sku=plan.pk).values_list("valid_from", "valid_to")) == {(DAY, None)}


def test_customer_without_rows_is_fresh_and_empty(world: World) -> None:
    assert rollup_day(customers=[world.customer.pk], day=DAY) == 1
    assert (everything(), fresh([world.customer], DAY), shown([world.customer], DAY)) == ([], [True], [])


def test_changed_facts_are_never_shown_stale(lived: World) -> None:
    customers = [lived.customer]
    rollup(first=ago(9), last=DAY)
    old = stored(customers, ago(2))
    lived.activity("ann", "EXO", ago(3))
    lived.changed(ago(3), ago(-24))
    assert [fresh(customers, day)[0] for day in days(5, 0)] == [True, True, False, False, False, False]
    assert stored(customers, ago(2)) == old != computed(customers, ago(2))
    for day in days(5, 0):
        assert shown(customers, day) == computed(customers, day)
    assert rollup(first=ago(3), last=DAY) == 4
    for day in days(9, 0):
        assert (fresh(customers, day), stored(customers, day)) == ([True], computed(customers, day))


def test_changed_facts_of_one_customer_leave_others_fresh(lived: World) -> None:
    other = lived.a_customer()
    lived.subscription(customer=other)
    rollup(first=DAY, last=DAY)
    lived.subscription(quantity=1)
    lived.changed(ago(80))
    customers = [lived.customer, other]
    assert fresh(customers, DAY) == [False, True]
    assert shown(customers, DAY) == computed(customers, DAY)


def test_day_restated_in_the_middle_keeps_its_neighbours(world: World) -> None:
    customers = [world.customer]
    world.period(world.subscription(), "ann")
    rollup(first=ago(6), last=DAY)
    assert len(everything()) == ROWS_OF_ONE_SKU
    before = {day: stored(customers, day) for day in days(6, 0)}
    world.coverage("EXO", ago(3))
    world.changed(ago(3), ago(3))
    rollup(first=ago(3), last=ago(3))
    assert stored(customers, ago(3)) == computed(customers, ago(3)) != before[ago(3)]
    for day in (*days(6, 4), *days(2, 0)):
        assert (stored(customers, day), fresh(customers, day)) == (before[day], [True])
    assert overlaps() == 0


def test_restated_back_and_forth_stays_exact(world: World) -> None:
    customers = [world.customer]
    subscription = world.subscription(quantity=1)
    rollup(first=ago(6), last=DAY)
    for quantity in (2, 1, 3, 1):
        subscription.versions.update(quantity=quantity)
        world.changed(ago(4), ago(2))
        rollup(first=ago(4), last=ago(2))
        assert [stored(customers, day)[0][5] for day in days(6, 0)] == [1, 1, quantity, quantity, quantity, 1, 1]
        assert overlaps() == 0


def test_earlier_days_are_filled_in_later(lived: World) -> None:
    customers = [lived.customer]
    rollup(first=ago(1), last=DAY)
    for day in (ago(9), ago(2), ago(3), ago(8), ago(20)):
        rollup(first=day, last=day)
        for known in (ago(1), DAY, day):
            assert stored(customers, known) == computed(customers, known)
    assert fresh(customers, ago(5)) == [False]
    assert overlaps() == 0


def test_new_epoch_of_the_catalogue_makes_every_day_stale(lived: World) -> None:
    customers = [lived.customer]
    rollup(first=ago(3), last=DAY)
    lived.e3.workloads.remove(lived.workload("SPO"))
    new_epoch()
    assert [fresh(customers, day) for day in days(3, 0)] == [[False]] * 4
    assert shown(customers, ago(1)) == computed(customers, ago(1)) != stored(customers, ago(1))
    rollup(first=ago(1), last=ago(1))
    assert [fresh(customers, day)[0] for day in days(3, 0)] == [False, False, True, False]
    assert shown(customers, DAY) == computed(customers, DAY)
    rollup(first=ago(3), last=DAY)
    assert [stored(customers, day) for day in days(3, 0)] == [computed(customers, day) for day in days(3, 0)]
    assert [fresh(customers, day) for day in days(3, 0)] == [[True]] * 4


def test_last_and_first_day_of_the_calendar_are_stored(world: World) -> None:
    world.subscription(effective_on=date.min)
    for first, last in ((date.min, date.min + timedelta(days=1)), (date.max - timedelta(days=1), date.max)):
        assert rollup(first=first, last=last) == 2
        assert stored([world.customer], last) == computed([world.customer], last)
        assert fresh([world.customer], last) == [True]


def test_stored_days_are_those_of_the_customers_that_were_asked(lived: World) -> None:
    other = lived.a_customer()
    lived.subscription(customer=other)
    assert rollup(first=ago(1), last=DAY, customers=[other.pk]) == 2
    assert FigureDays.objects.count() == 1
    assert fresh([lived.customer, other], DAY) == [False, True]


def test_rollup_tells_its_progress(lived: World) -> None:
    told: list[tuple[date, int]] = []
    rollup(first=ago(1), last=DAY, progress=lambda day, customers: told.append((day, customers)))
    assert told == [(ago(1), 1), (DAY, 1)]
