"""Leaves SKUs out of what a partner's pages show: with a reason, until a day or for good, and back again."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.clock import today
from customers.models import LeftOutSku, Sku
from partners.models import AuditEntry, Staff
from partners.permissions import Action
from partners.services.audit import record

LONGEST_REASON = 256


def leave_out_sku(*, actor: Staff, sku: Sku, reason: str, until: date | None = None) -> None:
    """Leave the SKU out of the pages of the actor's partner, up to and including `until`; said again, anew.

    Figures of the API and of commands stay as they are (interfaces.md). Raises PermissionDenied, and ValidationError by
    field without a reason, for one that is too long, and for a last day that is over.
    """
    _judge(actor)
    reason = reason.strip()
    _check(reason, until)
    with transaction.atomic():
        stored = LeftOutSku.objects.select_for_update().filter(partner=actor.partner_id, sku=sku).first()
        before = None if stored is None else _told(stored)
        present = stored or LeftOutSku(partner=actor.partner, sku=sku)
        present.reason, present.until = reason, until
        if before != _told(present):
            present.left_out_by, present.left_out_at = actor, timezone.now()
            present.save()
            _record(actor, sku, "settings.leave_out_sku", before, _told(present))


def count_sku_again(*, actor: Staff, sku: Sku) -> None:
    """Count the SKU again; nothing where it isn't left out. Raises PermissionDenied."""
    _judge(actor)
    with transaction.atomic():
        stored = LeftOutSku.objects.select_for_update().filter(partner=actor.partner_id, sku=sku).first()
        if stored is not None:
            before = _told(stored)
            stored.delete()
            _record(actor, sku, "settings.count_sku", before, None)


def _judge(actor: Staff) -> None:
    if not actor.may(Action.PARTNER_SETTINGS):
        raise PermissionDenied(_("Your role doesn't include the partner's settings."))


def _check(reason: str, until: date | None) -> None:
    if not reason:
        raise ValidationError({"reason": _("Expected a few words why.")})
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": _("A reason has at most 256 characters; this one has %d.") % len(reason)})
    if until is not None and until < today():
        raise ValidationError({"until": _("This day is over; expected today or a later one, or nothing.")})


def _told(stored: LeftOutSku) -> dict[str, str | None]:
    return {
        "sku": stored.sku.name,
        "reason": stored.reason,
        "until": stored.until.isoformat() if stored.until else None,
    }


def _record(
    actor: Staff, sku: Sku, action: str, before: dict[str, str | None] | None, after: dict[str, str | None] | None
) -> None:
    record(
        actor=actor,
        partner=actor.partner,
        kind=AuditEntry.Kind.SETTINGS,
        action=action,
        object_type="sku",
        object_id=sku.sku_id,
        reason=(after or {}).get("reason") or "",
        before=before,
        after=after,
    )
