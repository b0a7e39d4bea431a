"""Versions that follow from how a subscription was seen on single days."""

from __future__ import annotations

from datetime import date
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from customers.seen import SAME, History, Sight


def day(number: int) -> date:
    return date(2026, 3, number)


def sight(number: int, *content: object, began: date | None = None, line: int = 0) -> Sight:
    return Sight(line or number, day(number), began, content)


def version_on(history: History, when: date) -> object:
    since = max((first for first in history.versions if first <= when), default=None)
    return None if since is None else history.versions[since]


def test_never_stored_before_holds_since_it_began_and_never_from_after_the_day() -> None:
    history = History()
    history.take([sight(5, 10, began=day(1))])
    assert history.made == {day(1): (5, (10,))}
    late = History()
    late.take([sight(5, 10, began=day(9))])
    assert late.made == {day(5): (5, (10,))}


def test_same_is_nothing_and_different_is_a_version_of_the_day() -> None:
    history = History(versions={day(1): (10,)})
    history.take([sight(5, 10), sight(6, 12)])
    assert history.made == {day(6): (6, (12,))}


def test_what_is_not_said_is_as_before() -> None:
    history = History(versions={day(1): (10, "EUR")})
    history.take([sight(5, 10, SAME), sight(6, 12, SAME)])
    assert history.made == {day(6): (6, (12, "EUR"))}


def test_late_sight_holds_until_the_next_one_only() -> None:
    history = History(versions={day(1): (10,)}, seen=[day(1), day(9)])
    history.take([sight(5, 12)])
    assert history.made == {day(5): (5, (12,)), day(9): (5, (10,))}


def test_version_stated_in_between_stays() -> None:
    history = History(versions={day(1): (10,), day(7): (11,)}, seen=[day(1), day(9)])
    history.take([sight(5, 12)])
    assert history.made == {day(5): (5, (12,))}


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 3)), min_size=1, max_size=4, unique_by=lambda pair: pair[0])
)
def test_order_of_arrival_doesnt_matter(seen: list[tuple[int, int]]) -> None:
    results = set()
    for order in permutations(seen):
        history = History()
        for number, content in order:
            history.take([sight(number + 10, content, began=day(1))])
        results.add(tuple(version_on(history, day(number)) for number in range(1, 22)))
    assert len(results) == 1
