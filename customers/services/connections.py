"""A partner's connections with the vendor: its application, whom it reads, consents that come back, pulls that are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.clock import today
from customers.connections.failures import Problem, PullError
from customers.connections.secrets import can_seal, seal, sealed_anew
from customers.models.connection import Application, Connection
from partners.models import AuditEntry, Partner, Staff
from partners.permissions import Action
from partners.services.audit import record
from partners.tenancy import operating

LINK_DAYS = 14
_SIGNER = signing.Signer(salt="customers.connections.consent")
_SECRET_PROBLEMS = (
    Problem.NO_KEY,
    Problem.NO_APPLICATION,
    Problem.SECRET_UNREADABLE,
    Problem.SECRET_WRONG,
    Problem.SECRET_EXPIRED,
)


@dataclass(frozen=True, slots=True)
class Registration:
    """What a partner says of its application. `secret` empty: the one that is kept already."""

    directory_id: UUID
    client_id: UUID
    secret: str


class Consent(Enum):
    """What came back by a consent's link."""

    RECEIVED = "it is checked now"
    REFUSED = "the administrator said no"
    OTHER_TENANT = "somebody signed in to another organisation"
    GONE = "the link is no link of ours, too old, or used up"


def register_application(*, actor: Staff, registration: Registration) -> None:
    """Keep the application of the actor's partner, its secret sealed; written to the audit log without it.

    What had failed for the secret is tried again; another application needs consents of its own. Raises PermissionDenied,
    and ValidationError without a key of the installation or without a secret.
    """
    partner = _judged(actor)
    if not can_seal():
        raise ValidationError(_("This installation has no key for secrets; its operator has to set SEATWISE_KEYS."))
    with transaction.atomic():
        stored = Application.objects.select_for_update().filter(partner=partner).first()
        if stored is None and not registration.secret:
            raise ValidationError({"secret": _("A secret is needed.")})
        before = None if stored is None else _described(stored)
        application = stored or Application(partner=partner)
        application.directory_id, application.client_id = registration.directory_id, registration.client_id
        if registration.secret:
            application.sealed_secret = seal(registration.secret)
        application.save()
        after = _described(application)
        _try_again(partner, registration, is_another=before is not None and before != after)
        _record(actor, "connection.application", application.client_id, before, after | _replaced(registration))


def remove_application(*, actor: Staff) -> None:
    """Forget the application and its secret; nothing is pulled any more. Raises PermissionDenied."""
    partner = _judged(actor)
    with transaction.atomic():
        stored = Application.objects.select_for_update().filter(partner=partner).first()
        if stored is not None:
            stored.delete()
            _record(actor, "connection.remove_application", stored.client_id, _described(stored), None)


def connect(*, actor: Staff, tenant: UUID) -> Connection:
    """A connection with a customer's tenant, which waits for the consent. Raises PermissionDenied, ValidationError."""
    return _add(_judged(actor), actor, Connection.Kind.GRAPH, tenant)


def connect_partner_center(*, actor: Staff) -> Connection:
    """The connection with the partner's own Partner Center, pulled at once. Raises PermissionDenied, ValidationError."""
    partner = _judged(actor)
    application = Application.objects.filter(partner=partner).first()
    if application is None:
        raise ValidationError(_("Register your application first."))
    return _add(partner, actor, Connection.Kind.PARTNER_CENTER, application.directory_id, asked_at=timezone.now())


def ask_for_pull(*, actor: Staff, connection: Connection) -> None:
    """Pull as soon as a worker is free. What the vendor asked to wait for is waited for. Raises PermissionDenied."""
    partner = _judged(actor)
    asked = Connection.objects.filter(pk=connection.pk, partner=partner)
    asked.filter(asked_at__isnull=True).update(asked_at=timezone.now())
    asked.exclude(problem=Problem.THROTTLED).update(not_before=None)


def renew_link(*, actor: Staff, connection: Connection) -> None:
    """Make links that were given away so far lead nowhere. Raises PermissionDenied."""
    Connection.objects.filter(pk=connection.pk, partner=_judged(actor)).update(nonce=uuid4())


def disconnect(*, actor: Staff, connection: Connection) -> None:
    """Forget a connection and its pulls. What was imported stays, and so does the relationship. Raises PermissionDenied."""
    partner = _judged(actor)
    # Parts of pulls show to no partner: only the operator's machinery can take them along.
    with operating(), transaction.atomic():
        stored = Connection.objects.select_for_update().filter(pk=connection.pk, partner=partner).first()
        if stored is not None:
            _record(actor, "connection.remove", stored.tenant_id, {"kind": stored.kind}, None)
            stored.delete()


def consent_link(*, connection: Connection, redirect: str) -> str:
    """Where an administrator of the tenant consents; it comes back to `redirect`. Empty where no application is registered."""
    application = Application.objects.filter(partner=connection.partner_id).first()
    if application is None:
        return ""
    is_graph = connection.kind == Connection.Kind.GRAPH
    query = {
        "client_id": application.client_id,
        "scope": f"{settings.VENDOR_GRAPH if is_graph else settings.VENDOR_PARTNER_CENTER}/.default",
        "redirect_uri": redirect,
        "state": state_of(connection, today()),
    }
    return f"{settings.VENDOR_LOGIN}/{connection.tenant_id}/v2.0/adminconsent?{urlencode(query)}"


def state_of(connection: Connection, day: date) -> str:
    """What comes back from the vendor with a link that was shown on `day`: which connection is meant, signed."""
    return _SIGNER.sign_object([connection.pk, connection.nonce.hex, day.toordinal()])


def receive_consent(*, state: str, tenant: str, granted: bool) -> Consent:
    """Somebody comes back from the vendor's consent page. Nothing that is said there is believed.

    Only the signed `state` counts: it says which connection is meant, and a worker then asks the vendor itself. A `tenant`
    that is another's, or a refusal, is told to whoever stands there, and changes at most what the state says.
    """
    named = _read_state(state)
    with operating(), transaction.atomic():
        found = Connection.objects.select_for_update().filter(pk=named[0], nonce=named[1]).first() if named else None
        if found is None:
            return Consent.GONE
        if not granted:
            if found.verified_at is None and found.asked_at is None:
                Connection.objects.filter(pk=found.pk).update(problem=Problem.CONSENT_REFUSED, detail="")
            return Consent.REFUSED
        if tenant.casefold() != str(found.tenant_id):
            return Consent.OTHER_TENANT
        Connection.objects.filter(pk=found.pk).update(asked_at=timezone.now(), not_before=None, problem="", detail="")
        return Consent.RECEIVED


def rotate_secrets() -> tuple[int, int]:
    """Seal every secret anew with the first key: how many were, and how many none of the keys opens."""
    sealed = unreadable = 0
    with transaction.atomic():
        for application in Application.objects.select_for_update().order_by("pk"):
            try:
                application.sealed_secret = sealed_anew(application.sealed_secret)
            except PullError as error:
                if error.problem is Problem.NO_KEY:
                    raise
                unreadable += 1
            else:
                application.save(update_fields=["sealed_secret"])
                sealed += 1
    return sealed, unreadable


def _judged(actor: Staff) -> Partner:
    if not actor.may(Action.PARTNER_SETTINGS) or actor.partner is None:
        raise PermissionDenied(_("Your role doesn't include connections."))
    return actor.partner


def _add(partner: Partner, actor: Staff, kind: str, tenant: UUID, **more: Any) -> Connection:
    try:
        with transaction.atomic():
            added = Connection.objects.create(partner=partner, kind=kind, tenant_id=tenant, **more)
            _record(actor, "connection.add", tenant, None, {"kind": kind})
    except IntegrityError:
        raise ValidationError(_("You have a connection with this tenant already.")) from None
    return added


def _try_again(partner: Partner, registration: Registration, *, is_another: bool) -> None:
    own = Connection.objects.filter(partner=partner)
    again = {"asked_at": timezone.now(), "not_before": None, "problem": "", "detail": ""}
    if is_another:
        own.filter(kind=Connection.Kind.PARTNER_CENTER).update(tenant_id=registration.directory_id)
        own.filter(verified_at__isnull=False).update(verified_at=None, **again)
    own.filter(Q(problem__in=_SECRET_PROBLEMS)).update(**again)


def _read_state(state: str) -> tuple[int, UUID] | None:
    try:
        key, nonce, day = _SIGNER.unsign_object(state)
        is_young = today().toordinal() - day <= LINK_DAYS
        return (int(key), UUID(nonce)) if is_young else None
    except (signing.BadSignature, ValueError, TypeError):
        return None


def _described(application: Application) -> dict[str, str]:
    return {"directory_id": str(application.directory_id), "client_id": str(application.client_id)}


def _replaced(registration: Registration) -> dict[str, bool]:
    return {"secret_replaced": True} if registration.secret else {}


def _record(
    actor: Staff, action: str, about: UUID, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    record(
        actor=actor,
        partner=actor.partner,
        kind=AuditEntry.Kind.SETTINGS,
        action=action,
        object_type="connection",
        object_id=about,
        before=before,
        after=after,
    )
