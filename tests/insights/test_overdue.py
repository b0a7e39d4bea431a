"""When the nightly computation is late."""

from datetime import datetime

import pytest

from insights.selectors.overdue import NIGHT_HOURS, nightly_overdue
from insights.services.rollup import rollup
from partners.tenancy import operating
from tests.insights.world import DAY, World, ago


@pytest.mark.django_db
def test_nothing_is_late_without_customers() -> None:
    assert overdue(ago(-1), hour=23) is False


@pytest.mark.parametrize(("hour", "late"), [(0, False), (NIGHT_HOURS - 1, False), (NIGHT_HOURS, True), (23, True)])
def test_figures_of_yesterday_are_due_in_the_morning(world: World, hour: int, late: bool) -> None:
    world.subscription()
    rollup(first=ago(1), last=ago(1))
    assert overdue(ago(-1), hour=hour) is late
    rollup(first=DAY, last=DAY)
    assert overdue(ago(-1), hour=hour) is False


def test_one_customer_without_figures_is_late(world: World) -> None:
    world.subscription()
    rollup(first=DAY, last=DAY)
    world.subscription(customer=world.a_customer())
    assert overdue(ago(-1), hour=12) is True


def overdue(day: object, *, hour: int) -> bool:
    with operating():
        return nightly_overdue(now=datetime.fromisoformat(f"{day}T{hour:02}:59:00+00:00"))
