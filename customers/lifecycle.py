"""The states of subscriptions and licences: ageing, and which change of state may follow which. Pure, no ORM."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

GRACE_DAYS = 30
DISABLED_DAYS = 90


class Status(StrEnum):
    """The status of a subscription (metrics.md, "Facts")."""

    ACTIVE = "active"
    GRACE = "grace"
    DISABLED = "disabled"
    DEPROVISIONED = "deprovisioned"


class PeriodState(StrEnum):
    """The state of one licence for one user. In all but the first the licence is blocked."""

    ENTITLED = "entitled"
    SUSPENDED_FRAUD = "suspended_fraud"
    SUSPENDED_NONPAYMENT = "suspended_nonpayment"
    UPGRADED = "upgraded"
    CANCELLED = "cancelled"


BLOCKED_STATES = frozenset(PeriodState) - {PeriodState.ENTITLED}

# The vendor's life cycle: what runs out goes down step by step, or is cancelled at once; until it is deprovisioned it
# can be brought back. What is deprovisioned is gone for good.
_FOLLOWERS: dict[Status, frozenset[Status]] = {
    Status.ACTIVE: frozenset(Status),
    Status.GRACE: frozenset(Status),
    Status.DISABLED: frozenset({Status.ACTIVE, Status.DISABLED, Status.DEPROVISIONED}),
    Status.DEPROVISIONED: frozenset({Status.DEPROVISIONED}),
}


def may_follow(*, before: Status, after: Status) -> bool:
    """Whether a correction by hand may turn `before` into `after`. A feed states facts, and isn't asked."""
    return after in _FOLLOWERS[before]


def status_as_of(*, stated: Status, term_end: date | None, auto_renew: bool | None, day: date) -> Status:
    """The status on `day` of a version that says `stated`, aged (metrics.md, "Ageing")."""
    if stated is not Status.ACTIVE or term_end is None or auto_renew is not False or day <= term_end:
        return stated
    overdue = (day - term_end).days
    if overdue <= GRACE_DAYS:
        return Status.GRACE
    return Status.DISABLED if overdue <= GRACE_DAYS + DISABLED_DAYS else Status.DEPROVISIONED


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of days in one status: from `first` on and before `past` (None: until further notice)."""

    status: Status
    first: date
    past: date | None


def stages(
    *, stated: Status, term_end: date | None, auto_renew: bool | None, first: date, past: date | None
) -> list[Stage]:
    """How a version that holds from `first` on and before `past` ages: the status of every day (`status_as_of`)."""
    turns = {first}
    if term_end is not None:
        # "For ever" is written as the last day there is: nothing follows it.
        left = (date.max - term_end).days
        steps = (1, 1 + GRACE_DAYS, 1 + GRACE_DAYS + DISABLED_DAYS)
        turns |= {term_end + timedelta(days=days) for days in steps if days <= left}
    begins = sorted(day for day in turns if day >= first and (past is None or day < past))
    found: list[Stage] = []
    for begin, end in zip(begins, [*begins[1:], past], strict=True):
        status = status_as_of(stated=stated, term_end=term_end, auto_renew=auto_renew, day=begin)
        same = bool(found) and found[-1].status is status
        found.append(Stage(status, found.pop().first if same else begin, end))
    return found
