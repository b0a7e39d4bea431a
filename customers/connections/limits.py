"""The vendor's limits per tenant: a request that would break one waits, counted in the database over all workers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from customers.connections.failures import LaterError, Problem
from customers.models.connection import VendorRequest

KEPT = timedelta(hours=1)
REPORTS = "report:"
PARTNER_CENTER = "partner_center"
_ALONE = 7_328_002


@dataclass(frozen=True)
class Limit:
    """At most so many requests within a time: of one kind by one application, or of all kinds that begin so."""

    most: int
    within: timedelta
    of_all: bool = False


# "Microsoft Graph throttling limits", reports: 14 requests per report, application and tenant, 40 per tenant, in 10 minutes.
# Partner Center: 500 requests a minute and tenant for customers and subscriptions; some are left for the partner's other programs.
_REPORT_LIMITS = (Limit(14, timedelta(minutes=10)), Limit(40, timedelta(minutes=10), of_all=True))
_PARTNER_CENTER_LIMITS = (Limit(400, timedelta(minutes=1)),)


def take_turn(*, tenant: UUID, application: UUID, what: str) -> None:
    """Count one request of the kind `what`. Raises LaterError with the time after which there is room again."""
    now = timezone.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_ALONE, str(tenant)])
        VendorRequest.objects.filter(at__lt=now - KEPT).delete()
        waits = [_wait(limit, tenant, application, what, now) for limit in _limits_of(what)]
        if not any(waits):
            VendorRequest.objects.create(tenant_id=tenant, application=application, what=what, at=now)
    if any(waits):
        raise LaterError(Problem.THROTTLED, max(waits))


def _limits_of(what: str) -> tuple[Limit, ...]:
    return _REPORT_LIMITS if what.startswith(REPORTS) else _PARTNER_CENTER_LIMITS


def _wait(limit: Limit, tenant: UUID, application: UUID, what: str, now: datetime) -> float:
    """Seconds until the oldest request that counts has gone out of the time; 0 where there is room."""
    own = {"what__startswith": REPORTS} if limit.of_all else {"application": application, "what": what}
    made = VendorRequest.objects.filter(tenant_id=tenant, at__gt=now - limit.within, **own).order_by("-at")
    times = list(made.values_list("at", flat=True)[: limit.most])
    return (times[-1] + limit.within - now).total_seconds() if len(times) == limit.most else 0.0
