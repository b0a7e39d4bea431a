"""Whether this installation lives and can work, for load balancers and process managers. Says nothing about tenants."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.celery import app  # which makes it current, too: whoever serves pages sends tasks, and no command does
from insights.selectors.overdue import nightly_overdue
from partners.tenancy import operating

LOGGER = logging.getLogger("seatwise.health")
BROKER_SECONDS = 3
# Neither for superusers and owners of the table nor for whoever may pass it by.
_BOUND = "SELECT row_security_active('customers_customer')"
GOOD = "ok"


class HealthMiddleware:
    """Answers both questions before anything else: who asks knows the machine by its number, not by its name, without TLS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        view = {"/healthz": alive, "/readyz": ready}.get(request.path_info)
        return view(request) if view else self.get_response(request)


@never_cache
@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  Django's signature
    """200 as long as the process answers at all; asks neither database nor broker."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  Django's signature
    """200 when requests can be served, else 503; `checks` says of each part "ok" or in a sentence what is wrong.

    `nightly` is information: late figures are no reason to send nobody here any more.
    """
    checks = {"database": database(), "broker": broker()}
    serves = all(answer == GOOD for answer in checks.values())
    nightly = attempt(nightly_answer, "it can't be told") if checks["database"] == GOOD else "it can't be told"
    return JsonResponse({"ready": serves, "checks": checks, "nightly": nightly}, status=200 if serves else 503)


def database() -> str:
    """Whether PostgreSQL lets in the application's role, which row-level security must bind, and is migrated."""
    return attempt(database_answer, "it can't be reached as the application's role")


def broker() -> str:
    """Whether the broker answers."""
    return attempt(broker_answer, "it can't be reached")


def attempt(question: Callable[[], str], failure: str) -> str:
    """The answer, or `failure`: the reason may name hosts and accounts, so that only its class goes to the log."""
    try:
        return question()
    except Exception as error:
        LOGGER.warning("%s failed", question.__name__, exc_info=error)
        return failure


def database_answer() -> str:
    """Asks the database."""
    missing = shipped_migrations() - set(MigrationRecorder(connection).applied_migrations())
    if missing:
        return f"{len(missing)} migrations are missing; run `manage.py migrate`"
    with connection.cursor() as cursor:
        cursor.execute(_BOUND)
        bound = cursor.fetchone() == (True,)
    return GOOD if bound else "row-level security doesn't bind this role; enter as one that owns nothing"


@cache
def shipped_migrations() -> frozenset[tuple[str, str]]:
    """The migrations of this version of the code."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def broker_answer() -> str:
    """Asks the broker, once."""
    with app.connection_for_write(connect_timeout=BROKER_SECONDS) as asked:
        asked.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    return GOOD


def nightly_answer() -> str:
    """Asks whether yesterday's figures are there."""
    with operating():
        return "late" if nightly_overdue(now=datetime.now(UTC)) else GOOD
