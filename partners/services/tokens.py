"""API tokens: how they are made, used and revoked. Only a digest is ever stored."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import ApiToken, AuditEntry, Staff, belongs, operates
from partners.permissions import Action
from partners.services.audit import record

PREFIX_BYTES = 6
SECRET_BYTES = 32
_FORM = re.compile(r"sw_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")
_NO_DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made; `plain` is what its user sends, and is nowhere kept."""

    token: ApiToken
    plain: str = field(repr=False)


def create_token(
    *, actor: Staff | None, staff: Staff, name: str, expires_at: datetime | None = None, reason: str = ""
) -> NewToken:
    """A new token that acts for `staff`, written to the audit log.

    `actor` is None for a command; otherwise people make tokens for themselves only (PermissionDenied). Raises
    ValidationError for somebody who is no active staff of a partner, a name that is empty, and an end in the past.
    """
    _must_be_own(actor, staff)
    if not belongs(staff):
        raise ValidationError(_("%(email)s is no active member of a partner's staff.") % {"email": staff.email})
    if expires_at is not None and expires_at <= timezone.now():
        raise ValidationError({"expires_at": _("The token would have expired already: expected a later time.")})
    prefix = secrets.token_hex(PREFIX_BYTES)
    plain = f"sw_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
    token = ApiToken(staff=staff, name=name.strip(), prefix=prefix, digest=_digest(plain), expires_at=expires_at)
    token.full_clean()
    with transaction.atomic():
        token.save()
        _recorded(actor, token, "token.create", reason, after=_described(token))
    return NewToken(token, plain)


def revoke_token(*, actor: Staff | None, token: ApiToken, reason: str = "") -> None:
    """End a token at once and for good; a second time changes nothing.

    People revoke their own only (PermissionDenied); the operator everybody's.
    """
    if actor is None or not operates(actor):
        _must_be_own(actor, token.staff)
    _revoke(actor, token, reason)


def revoke_all_tokens(*, actor: Staff | None, staff: Staff, reason: str = "") -> int:
    """End all tokens of a member of staff, as its deactivation does; who may, the caller has judged. How many it ended."""
    with transaction.atomic():
        tokens = ApiToken.objects.filter(staff=staff, revoked_at=None).select_related("staff").order_by("pk")
        return sum(_revoke(actor, token, reason) for token in tokens)


def use_token(plain: str) -> ApiToken | None:
    """The token that was sent, with its `staff` and their partner; None where it isn't valid (any more).

    A token is valid until it is revoked or expires, and as long as its member of staff is active and of a partner. Takes
    the day of its use down, at most once a day.
    """
    form = _FORM.fullmatch(plain)
    token = ApiToken.objects.select_related("staff__partner").filter(prefix=form[1]).first() if form else None
    same = hmac.compare_digest(_digest(plain), token.digest if token else _NO_DIGEST)
    if token is None or not same or not _holds(token):
        return None
    today = datetime.now(UTC).date()
    if token.last_used_on != today:
        token.last_used_on = today
        token.save(update_fields=["last_used_on"])
    return token


def _holds(token: ApiToken) -> bool:
    ended = token.expires_at is not None and token.expires_at <= timezone.now()
    return token.revoked_at is None and not ended and belongs(token.staff)


def _must_be_own(actor: Staff | None, staff: Staff) -> None:
    if actor is not None and (actor.pk != staff.pk or not actor.may(Action.OWN_TOKENS)):
        raise PermissionDenied(_("API tokens are made and revoked by the person for whom they act."))


def _revoke(actor: Staff | None, token: ApiToken, reason: str) -> bool:
    with transaction.atomic():
        now = timezone.now()
        ended = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
        if not ended:
            return False
        before = _described(token)
        token.revoked_at = now
        _recorded(actor, token, "token.revoke", reason, before=before)
    return True


def _recorded(
    actor: Staff | None,
    token: ApiToken,
    action: str,
    reason: str,
    *,
    before: dict[str, str | None] | None = None,
    after: dict[str, str | None] | None = None,
) -> None:
    record(
        actor=actor,
        partner=token.staff.partner,
        kind=AuditEntry.Kind.STAFF,
        action=action,
        object_type="token",
        object_id=str(token.pk),
        reason=reason,
        before=before,
        after=after,
    )


def _described(token: ApiToken) -> dict[str, str | None]:
    """What the audit log says of a token: nothing that opens a door."""
    return {
        "staff": token.staff.email,
        "name": token.name,
        "prefix": token.prefix,
        "expires_at": token.expires_at.isoformat() if token.expires_at else None,
    }


def _digest(plain: str) -> str:
    return hashlib.sha256(plain.encode()).hexdigest()
