"""Versions as columns: split where ageing turns their status, exactly as one version at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from customers.columns import day_number, day_of
from customers.held import FOR_EVER
from customers.lifecycle import Status, status_as_of
from customers.terms import STATUSES, since_like_this, stages, within

BEGIN = date(2026, 1, 1)
DAYS = [BEGIN + timedelta(days=days) for days in range(-5, 320)]


class Version(NamedTuple):
    """One version of a subscription."""

    subscription: int
    first: date
    status: Status
    term_end: date | None
    renews: bool | None


_DAY = st.integers(0, 150).map(lambda days: BEGIN + timedelta(days=days))
VERSIONS = st.lists(
    st.builds(
        Version,
        subscription=st.integers(1, 3),
        first=_DAY,
        status=st.sampled_from(Status),
        term_end=st.none() | _DAY | st.just(date.max),
        renews=st.none() | st.booleans(),
    ),
    max_size=6,
    unique_by=lambda version: (version.subscription, version.first),
).map(sorted)


def as_columns(versions: list[Version]) -> dict[str, np.ndarray]:
    return {
        "subscription": np.array([each.subscription for each in versions], dtype=np.int64),
        "first": np.array([day_number(each.first) for each in versions], dtype=np.int64),
        "status": np.array([STATUSES.index(each.status) for each in versions], dtype=np.int64),
        "renews": np.array([-1 if each.renews is None else int(each.renews) for each in versions], dtype=np.int64),
        "term_end": np.array(
            [FOR_EVER if each.term_end is None else day_number(each.term_end) for each in versions], dtype=np.int64
        ),
    }


@given(versions=VERSIONS)
def test_stages_say_the_status_of_every_day(versions: list[Version]) -> None:
    found = stages(as_columns(versions))
    for subscription in {each.subscription for each in versions}:
        for day in DAYS:
            holding = [each for each in versions if each.subscription == subscription and each.first <= day]
            rows = [
                (int(version), STATUSES[status])
                for version, first, past, status in zip(*found.values(), strict=True)
                if first <= day_number(day) < past and versions[version].subscription == subscription
            ]
            if not holding:
                assert rows == []
                continue
            last = holding[-1]
            status = status_as_of(stated=last.status, term_end=last.term_end, auto_renew=last.renews, day=day)
            assert rows == [(versions.index(last), status)]


def test_what_is_within_a_customers_days_is_cut_to_them() -> None:
    pieces = {"name": np.array([1, 2, 3]), "first": np.array([0, 5, 0]), "past": np.array([20, FOR_EVER, 9])}
    spans = {
        "customer": np.array([8, 7, 7]),
        "first": np.array([6, 12, 3]),
        "past": np.array([FOR_EVER, FOR_EVER, 10]),
    }
    found = within(pieces, np.array([7, 8, 9]), spans)
    rows = list(zip(*(found[name].tolist() for name in ("name", "first", "past")), strict=True))
    assert rows == [(1, 3, 10), (1, 12, 20), (2, 6, FOR_EVER)]


def test_since_like_this_begins_anew_with_each_change_and_each_subscription() -> None:
    days = [day_number(BEGIN) + number for number in range(6)]
    since = since_like_this(
        np.array([1, 1, 1, 1, 2, 2]), np.array(days), np.array([True, True, False, True, True, True])
    )
    assert [(day_of(int(day)) - BEGIN).days for day in since] == [0, 0, 2, 3, 4, 4]


def test_of_no_versions_there_are_no_stages() -> None:
    assert {name: column.tolist() for name, column in stages(as_columns([])).items()} == {
        "version": [],
        "first": [],
        "past": [],
        "status": [],
    }
