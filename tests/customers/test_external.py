"""What a tenant's totals leave to external sellers."""

from __future__ import annotations

from customers.external import Rest, Total, rest, versions
from customers.lifecycle import Status

ACTIVE, GRACE, DISABLED, GONE = Status.ACTIVE, Status.GRACE, Status.DISABLED, Status.DEPROVISIONED


def test_what_others_state_in_the_same_status_is_taken_off() -> None:
    assert rest(Total(1, 25, 3, 2), {ACTIVE: 20, GRACE: 9}) == Rest(1, ACTIVE, 5)


def test_next_status_counts_where_nothing_is_left_of_a_better_one() -> None:
    assert rest(Total(1, 20, 3, 2), {ACTIVE: 20}) == Rest(1, GRACE, 3)
    assert rest(Total(1, 0, 3, 2), {GRACE: 3}) == Rest(1, DISABLED, 2)


def test_nothing_left_is_deprovisioned_and_never_below_0() -> None:
    assert rest(Total(1, 10, 0, 0), {ACTIVE: 11}) == Rest(1, GONE, 0)


def test_versions_are_where_something_changes_from_the_first_that_has_anything() -> None:
    rests = [Rest(1, GONE, 0), Rest(2, ACTIVE, 5), Rest(3, ACTIVE, 5), Rest(4, GONE, 0), Rest(5, GRACE, 5)]
    assert versions(rests) == [Rest(2, ACTIVE, 5), Rest(4, GONE, 0), Rest(5, GRACE, 5)]
