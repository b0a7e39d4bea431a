"""What can go wrong between Seatwise and the vendor, told apart by what somebody has to do about it. Pure."""

from __future__ import annotations

from enum import StrEnum


class Problem(StrEnum):
    """Why a connection doesn't work. customers/connections/advice.py has the words."""

    NO_KEY = "no_key"
    NO_APPLICATION = "no_application"
    SECRET_UNREADABLE = "secret_unreadable"  # noqa: S105  a code
    SECRET_WRONG = "secret_wrong"  # noqa: S105
    SECRET_EXPIRED = "secret_expired"  # noqa: S105
    TENANT_UNKNOWN = "tenant_unknown"
    OTHER_TENANT = "other_tenant"
    CONSENT_MISSING = "consent_missing"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_REFUSED = "consent_refused"
    NEEDS_CLAIM = "needs_claim"
    NOT_SERVED = "not_served"
    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    UNEXPECTED = "unexpected"
    UNSAFE = "unsafe"
    TOO_LARGE = "too_large"
    NOT_IMPORTED = "not_imported"


class PullError(Exception):
    """This pull can't succeed until somebody does something, or the vendor answers otherwise.

    `detail` is shown to people: it names no person, no secret and no address with a query.
    """

    def __init__(self, problem: Problem, detail: str = "") -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.detail = detail


class NotGivenError(PullError):
    """The vendor doesn't give what was asked for (400 to 499): one file among many may be left out."""


class LaterError(Exception):
    """Not now: in `seconds`, or (None) when the back-off of this connection is over."""

    def __init__(self, problem: Problem, seconds: float | None = None, detail: str = "") -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.seconds = seconds
        self.detail = detail


class ClaimLostError(Exception):
    """Another worker has taken this connection over, because this one was too slow: it must write nothing any more."""
