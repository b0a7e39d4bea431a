"""Movements agree with a naive reading of the versions, day by day, whatever happens to subscriptions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from customers.columns import day_number
from customers.held import FOR_EVER
from customers.lifecycle import Status, status_as_of
from customers.selectors.customers import VisibleCustomer
from customers.terms import STATUSES
from insights.selectors.analysis.movements import (
    What,
    balances,
    customer_changes,
    licence_changes,
    subscription_changes,
)
from insights.selectors.analysis.own import Own, pieces_of
from insights.selectors.analysis.states import states_on
from insights.selectors.insight_rows import Question
from tests.insights.world import DAY, ago

COUNTED = (1, 2)
"""The SKUs that are looked at."""


class Version(NamedTuple):
    """One version of an own subscription; subscriptions 1 and 2 are customer 1's, 3 is customer 2's."""

    subscription: int
    first: date
    status: Status
    sku: int
    quantity: int
    trial: bool
    term_end: date | None
    renews: bool | None

    @property
    def customer(self) -> int:
        return 2 if self.subscription == 3 else 1


class Served(NamedTuple):
    """A relationship."""

    customer: int
    since: date
    until: date | None


_DAYS = st.integers(-10, 160).map(ago)
VERSIONS = st.lists(
    st.builds(
        Version,
        subscription=st.integers(1, 3),
        first=_DAYS,
        status=st.sampled_from([Status.ACTIVE, Status.ACTIVE, *Status]),
        sku=st.sampled_from([1, 1, 2, 3]),
        quantity=st.integers(0, 9),
        trial=st.sampled_from([False, False, True]),
        term_end=st.none() | _DAYS,
        renews=st.none() | st.booleans(),
    ),
    max_size=9,
    unique_by=lambda version: (version.subscription, version.first),
).map(sorted)


@st.composite
def relationships(draw: Any) -> list[Served]:
    found = []
    for customer in (1, 2):
        days = sorted(draw(st.lists(_DAYS, max_size=4, unique=True)))
        ends: list[date | None] = [*days[1::2], None][: len(days[::2])]
        found += [Served(customer, since, until) for since, until in zip(days[::2], ends, strict=True)]
        if found and draw(st.booleans()) and found[-1].until and found[-1].customer == customer:
            found.append(Served(customer, found[-1].until, None))
    return found


@given(versions=VERSIONS, served=relationships(), days=st.sampled_from([1, 30, 90]))
def test_movements_are_those_of_a_naive_reading(versions: list[Version], served: list[Served], days: int) -> None:
    own = own_of(versions, served)
    customers, subscriptions, licences = balances(own, days=days)
    first = ago(days)
    for balance, on in (
        (customers, lambda day: customers_on(served, day)),
        (subscriptions, lambda day: {key for key, _number in counted(versions, served, day)}),
    ):
        before, after = on(first), on(DAY)
        assert balance.what in (What.CUSTOMERS, What.SUBSCRIPTIONS)
        assert (balance.begin, balance.new, balance.gone, balance.end) == (
            len(before),
            len(after - before),
            len(before - after),
            len(after),
        )
    new, gone = steps(versions, served, first)
    sums = [sum(number for _key, number in counted(versions, served, day)) for day in (first, DAY)]
    assert (licences.begin, licences.new, licences.gone, licences.end) == (sums[0], new, gone, sums[1])


@given(versions=VERSIONS, served=relationships(), days=st.sampled_from([1, 30, 90]))
def test_lists_are_as_long_as_their_numbers(versions: list[Version], served: list[Served], days: int) -> None:
    own = own_of(versions, served)
    customers, subscriptions, licences = balances(own, days=days)
    for new, sign in ((True, 1), (False, -1)):
        of = {"days": days, "new": new}
        assert len(customer_changes(own, **of)) == (customers.new if new else customers.gone)
        assert len(subscription_changes(own, **of)) == (subscriptions.new if new else subscriptions.gone)
        changes = licence_changes(own, **of)
        assert sum(sign * change.licences for change in changes) == (licences.new if new else licences.gone)
        assert all(sign * change.licences > 0 for change in changes)
        assert [ago(days) < change.day <= DAY for change in changes] == [True] * len(changes)


@given(versions=VERSIONS, served=relationships())
def test_licences_that_count_are_those_of_the_trend(versions: list[Version], served: list[Served]) -> None:
    own = own_of(versions, served)
    licences = balances(own, days=90)[2]
    assert [point.active for point in states_on(own, [ago(90), DAY])] == [licences.begin, licences.end]


def own_of(versions: list[Version], served: list[Served]) -> Own:
    """As it is read from the tables, of a partner that serves all customers today."""
    names = ("subscription", "customer", "sku", "quantity", "trial")
    columns = {name: np.array([getattr(each, name) for each in versions], dtype=np.int64) for name in names}
    columns["trial"] = columns["trial"].astype(bool)
    columns["first"] = np.array([day_number(each.first) for each in versions], dtype=np.int64)
    columns["status"] = np.array([STATUSES.index(each.status) for each in versions], dtype=np.int64)
    columns["renews"] = np.array([-1 if each.renews is None else int(each.renews) for each in versions], dtype=np.int64)
    ends = [FOR_EVER if each.term_end is None else day_number(each.term_end) for each in versions]
    columns["term_end"] = np.array(ends, dtype=np.int64)
    columns["meant"] = np.isin(columns["sku"], COUNTED)
    known = [a_customer(each) for each in served]
    question = Question(partner=None, day=DAY)  # type: ignore[arg-type]
    return Own(question, known, {}, columns, pieces_of(columns, known))


def a_customer(one: Served) -> VisibleCustomer:
    name = f"Customer {one.customer}"
    return VisibleCustomer(one.customer, UUID(int=one.customer), name, "", "SE", "", one.since, None, "", [], one.until)


def customers_on(served: list[Served], day: date) -> set[int]:
    return {each.customer for each in served if each.since <= day and (each.until is None or day < each.until)}


def counted(versions: list[Version], served: list[Served], day: date) -> Iterator[tuple[int, int]]:
    """The subscriptions that count on the day, and their licences."""
    customers = customers_on(served, day)
    for subscription in (1, 2, 3):
        holding = [each for each in versions if each.subscription == subscription and each.first <= day]
        if not holding or holding[-1].customer not in customers:
            continue
        last = holding[-1]
        status = status_as_of(stated=last.status, term_end=last.term_end, auto_renew=last.renews, day=day)
        if status is Status.ACTIVE and not last.trial and last.sku in COUNTED:
            yield subscription, last.quantity


def steps(versions: list[Version], served: list[Served], first: date) -> tuple[int, int]:
    """Licences that came and that went, from each day to the next."""
    new = gone = 0
    before = dict(counted(versions, served, first))
    for number in range(1, (DAY - first).days + 1):
        after = dict(counted(versions, served, first + timedelta(days=number)))
        for key in before.keys() | after.keys():
            change = after.get(key, 0) - before.get(key, 0)
            new, gone = new + max(change, 0), gone + max(-change, 0)
        before = after
    return new, gone
