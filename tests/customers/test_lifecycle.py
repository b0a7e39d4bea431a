"""Ageing and the allowed changes of state, at their boundaries (metrics.md, "Facts")."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from customers.lifecycle import BLOCKED_STATES, PeriodState, Stage, Status, may_follow, stages, status_as_of

TERM_END = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("overdue", "status"),
    [
        (-1, Status.ACTIVE),
        (0, Status.ACTIVE),
        (1, Status.GRACE),
        (30, Status.GRACE),
        (31, Status.DISABLED),
        (120, Status.DISABLED),
        (121, Status.DEPROVISIONED),
        (5000, Status.DEPROVISIONED),
    ],
)
def test_ageing_by_days_after_the_end_of_the_term(overdue: int, status: Status) -> None:
    day = TERM_END + timedelta(days=overdue)
    assert status_as_of(stated=Status.ACTIVE, term_end=TERM_END, auto_renew=False, day=day) is status


@pytest.mark.parametrize("overdue", [0, 1, 31, 121])
@pytest.mark.parametrize(("term_end", "auto_renew"), [(TERM_END, True), (TERM_END, None), (None, False), (None, None)])
def test_no_ageing_of_what_renews_or_has_no_end(term_end: date | None, auto_renew: bool | None, overdue: int) -> None:
    day = TERM_END + timedelta(days=overdue)
    assert status_as_of(stated=Status.ACTIVE, term_end=term_end, auto_renew=auto_renew, day=day) is Status.ACTIVE


@pytest.mark.parametrize("stated", [Status.GRACE, Status.DISABLED, Status.DEPROVISIONED])
@pytest.mark.parametrize("overdue", [-1, 0, 1, 31, 121])
def test_no_ageing_of_other_statuses(stated: Status, overdue: int) -> None:
    day = TERM_END + timedelta(days=overdue)
    assert status_as_of(stated=stated, term_end=TERM_END, auto_renew=False, day=day) is stated


def test_ageing_at_the_ends_of_the_calendar() -> None:
    assert status_as_of(stated=Status.ACTIVE, term_end=date.min, auto_renew=False, day=date.max) is Status.DEPROVISIONED
    assert status_as_of(stated=Status.ACTIVE, term_end=date.max, auto_renew=False, day=date.max) is Status.ACTIVE


def test_every_state_but_entitled_blocks() -> None:
    assert {state.value for state in BLOCKED_STATES} == {
        "suspended_fraud",
        "suspended_nonpayment",
        "upgraded",
        "cancelled",
    }
    assert PeriodState.ENTITLED not in BLOCKED_STATES


def test_allowed_changes_of_state() -> None:
    allowed = {
        before.value: {after.value for after in Status if may_follow(before=before, after=after)} for before in Status
    }
    assert allowed == {
        "active": {"active", "grace", "disabled", "deprovisioned"},
        "grace": {"active", "grace", "disabled", "deprovisioned"},
        "disabled": {"active", "disabled", "deprovisioned"},
        "deprovisioned": {"deprovisioned"},
    }


@pytest.mark.parametrize("stated", Status)
@pytest.mark.parametrize("term_end", [None, date(2025, 6, 1), date(2026, 1, 10), date(2026, 3, 31), date.max])
@pytest.mark.parametrize("auto_renew", [True, False, None])
@pytest.mark.parametrize("past", [None, date(2026, 1, 2), date(2026, 2, 15)])
def test_stages_are_the_status_of_every_day(
    stated: Status, term_end: date | None, auto_renew: bool | None, past: date | None
) -> None:
    first = date(2026, 1, 1)
    version = {"stated": stated, "term_end": term_end, "auto_renew": auto_renew}
    found = stages(**version, first=first, past=past)
    for days in range(((past or date(2026, 12, 31)) - first).days):
        day = first + timedelta(days=days)
        on_day = [stage.status for stage in found if stage.first <= day and (stage.past is None or day < stage.past)]
        assert on_day == [status_as_of(**version, day=day)]
    assert (found[0].first, found[-1].past) == (first, past)
    assert all(one.past == then.first and one.status is not then.status for one, then in pairwise(found))


def test_stages_of_what_runs_out() -> None:
    found = stages(stated=Status.ACTIVE, term_end=TERM_END, auto_renew=False, first=date(2026, 1, 1), past=None)
    assert found == [
        Stage(Status.ACTIVE, date(2026, 1, 1), date(2026, 4, 1)),
        Stage(Status.GRACE, date(2026, 4, 1), date(2026, 5, 1)),
        Stage(Status.DISABLED, date(2026, 5, 1), date(2026, 7, 30)),
        Stage(Status.DEPROVISIONED, date(2026, 7, 30), None),
    ]
