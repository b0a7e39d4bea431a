"""One connection's pull from end to end, and the loop that works off all that are due."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from django.conf import settings

from customers.connections import graph, partner_center
from customers.connections.client import Sender, VendorClient
from customers.connections.due import claim_next, record_delay, record_failure, record_success, record_verified
from customers.connections.failures import ClaimLostError, LaterError, NotGivenError, Problem, PullError
from customers.connections.fetching import Service, Wanted, fetch
from customers.connections.hand_over import Handed, HandOver, hand_to_imports
from customers.connections.secrets import opened
from customers.connections.storage import Round, give_up
from customers.connections.tokens import ApplicationTokens
from customers.connections.waiting import Patience
from customers.models.connection import Application, Connection
from customers.services.consents import Standing, confirm_by_consent, standing_of

LOGGER = logging.getLogger("seatwise.connections")
IMPORTING = timedelta(hours=2)


def _today() -> date:
    return datetime.now(UTC).date()


def work_off(
    *,
    host: str,
    hand_over: HandOver = hand_to_imports,
    patience: Patience | None = None,
    until: Callable[[], bool] = lambda: False,
) -> int:
    """Pull every connection that is due, one after the other, until none is or `until` says so; how many were taken on.

    Any number of workers at once. One that fails stops no other: its state says why.
    """
    taken = 0
    while not until():
        claimed = claim_next(worker=f"{host}:{uuid4().hex}"[-128:])
        if claimed is None:
            break
        taken += 1
        pull(claimed, hand_over=hand_over, patience=patience or Patience())
    return taken


def pull(claimed: Connection, *, hand_over: HandOver, patience: Patience) -> None:
    """Pull one claimed connection; whatever comes of it stands in its row."""
    today = _today()
    try:
        try:
            _pull(claimed, today, hand_over, patience)
        except LaterError as later:
            record_delay(claimed, later)
        except PullError as error:
            give_up(claimed)
            record_failure(claimed, error)
        else:
            record_success(claimed, day=today)
    except ClaimLostError:
        return
    except Exception:
        # Whatever it is, the other connections go on.
        LOGGER.exception("a pull broke off", extra={"fields": {"connection": claimed.pk}})
        _record_breakdown(claimed)


def _record_breakdown(claimed: Connection) -> None:
    try:
        record_delay(claimed, LaterError(Problem.UNEXPECTED))
    except ClaimLostError:
        return


def _pull(claimed: Connection, today: date, hand_over: HandOver, patience: Patience) -> None:
    application = Application.objects.filter(partner=claimed.partner_id).first()
    if application is None:
        raise PullError(Problem.NO_APPLICATION)
    with _service(claimed, application, patience) as service:
        verified = _verified(claimed, service)
        part = Round.go_on(claimed, today)
        wanted = [partner_center.completed(part, file) for file in list(_fetched(claimed, service, part))]
    part.hold(IMPORTING)
    if verified is not None:
        # Only now: it has answered all that it is asked for, so all of that was consented to.
        confirm_by_consent(claimed=claimed, organisation=verified)
    if claimed.verified_at is None:
        record_verified(claimed)
    part.end(left_out=hand_over(Handed(part, tuple(wanted))))


@contextmanager
def _service(claimed: Connection, application: Application, patience: Patience) -> Iterator[Service]:
    """The service that the connection is with, with a token for its tenant."""
    is_graph = claimed.kind == Connection.Kind.GRAPH
    base = settings.VENDOR_GRAPH if is_graph else settings.VENDOR_PARTNER_CENTER
    sender = Sender(patience)
    tokens = ApplicationTokens(
        login=settings.VENDOR_LOGIN,
        tenant=str(claimed.tenant_id),
        client_id=str(application.client_id),
        secret=opened(application.sealed_secret),
        scope=f"{base}/.default",
        sender=sender,
    )
    module = graph if is_graph else partner_center
    count = module.counter(tenant=claimed.tenant_id, application=application.client_id)
    with VendorClient(base, tokens, sender) as client:
        yield Service(client, module.following, count)


def _verified(claimed: Connection, service: Service) -> graph.Organisation | None:
    """Who answers, where that has still to confirm the relationship. Nothing is fetched of a customer that isn't served."""
    if claimed.kind != Connection.Kind.GRAPH:
        return None
    found = graph.organisation(service, claimed.tenant_id)
    standing = standing_of(partner=claimed.partner_id, tenant=claimed.tenant_id)
    if standing is Standing.SERVED:
        return None
    if standing is Standing.ENDED or claimed.verified_at is not None:
        raise PullError(Problem.NOT_SERVED)
    return found


def _fetched(claimed: Connection, service: Service, part: Round) -> Iterator[Wanted]:
    """The files of this pull, all of which are here when it is through; those that the vendor doesn't give are left out."""
    is_graph = claimed.kind == Connection.Kind.GRAPH
    for file in graph.plan(part) if is_graph else partner_center.plan(part):
        try:
            fetch(service, part, file)
        except NotGivenError as error:
            if not file.may_lack:
                raise
            part.leave_out(file.name, error.detail)
        if part.is_here(file.name):
            yield file
