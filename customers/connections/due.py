"""Which connection is to be pulled next, and who pulls it: claims in the database, which a dead worker loses after a while."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from customers.connections.failures import ClaimLostError, LaterError, Problem, PullError
from customers.connections.waiting import jittered
from customers.models.connection import Connection

NIGHTLY_AT = time(22, tzinfo=UTC)
"""Two hours before the figures of the day are computed, so that what is held on a day is known by then."""
CLAIM = timedelta(minutes=15)
SHORTEST_DELAY = 60.0
LONGEST_DELAY = 60 * 60.0


def due_day(now: datetime) -> date:
    """The last day whose nightly pull has come."""
    day = now.astimezone(UTC).date()
    return day if now >= datetime.combine(day, NIGHTLY_AT) else day - timedelta(days=1)


def claim_next(*, worker: str) -> Connection | None:
    """A connection that is due and that nobody has, now claimed by `worker` (a name used once); None if there is none.

    Due is one for which somebody waits, and one that answered before and whose nightly pull has come.
    """
    now = timezone.now()
    is_night = Q(verified_at__isnull=False) & (Q(pulled_on__isnull=True) | Q(pulled_on__lt=due_day(now)))
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    may = Q(not_before__isnull=True) | Q(not_before__lte=now)
    with transaction.atomic():
        found = (
            Connection.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(free & may, is_night | Q(asked_at__isnull=False))
            .order_by(F("asked_at").asc(nulls_last=True), F("pulled_on").asc(nulls_first=True), "pk")
            .first()
        )
        if found is not None:
            found.claimed_by, found.claimed_until = worker, now + CLAIM
            found.save(update_fields=["claimed_by", "claimed_until"])
    return found


def keep_claim(claimed: Connection, *, longer: timedelta = CLAIM) -> None:
    """Hold it on. Raises ClaimLostError where another worker has it by now, or it is gone."""
    _write(claimed, claimed_until=timezone.now() + longer)


def record_verified(claimed: Connection) -> None:
    """The tenant itself has answered everything: it is pulled every night from now on, and its link is used up."""
    claimed.verified_at = timezone.now()
    _write(claimed, verified_at=claimed.verified_at, nonce=uuid4())


def record_success(claimed: Connection, *, day: date) -> None:
    """The pull of `day` is imported."""
    _write(
        claimed, claimed_by="", claimed_until=None, asked_at=None, not_before=None, failures=0, problem="", detail="",
        pulled_at=timezone.now(), pulled_on=day,
    )  # fmt: skip


def record_delay(claimed: Connection, later: LaterError) -> None:
    """Go on later: when the vendor says so, else after a time that grows with each failure."""
    grown = min(SHORTEST_DELAY * 2 ** min(claimed.failures, 10), LONGEST_DELAY)
    seconds = jittered(grown, random.random()) if later.seconds is None else later.seconds  # noqa: S311  no secret
    _write(
        claimed, claimed_by="", claimed_until=None, failures=claimed.failures + 1,
        not_before=timezone.now() + timedelta(seconds=seconds), problem=later.problem.value, detail=later.detail,
    )  # fmt: skip


def record_failure(claimed: Connection, error: PullError) -> None:
    """Nothing comes of trying on: the state says what to do, and the next night tries again."""
    now = timezone.now()
    next_night = datetime.combine(due_day(now) + timedelta(days=1), NIGHTLY_AT)
    problem = error.problem
    if problem is Problem.CONSENT_MISSING and claimed.verified_at is not None:
        problem = Problem.CONSENT_WITHDRAWN
    _write(
        claimed, claimed_by="", claimed_until=None, asked_at=None, failures=claimed.failures + 1,
        not_before=next_night, problem=problem.value, detail=error.detail,
    )  # fmt: skip


def _write(claimed: Connection, **values: object) -> None:
    """Only as long as the claim is still ours."""
    changed = Connection.objects.filter(pk=claimed.pk, claimed_by=claimed.claimed_by).update(**values)
    if not changed:
        raise ClaimLostError
