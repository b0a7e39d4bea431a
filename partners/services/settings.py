"""What a partner decides for all of its staff."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from partners.models import AuditEntry, Partner, Staff
from partners.permissions import Action
from partners.services.audit import record


def demand_second_factor(*, actor: Staff, required: bool) -> None:
    """Demand a second factor of the staff of the actor's partner, or no longer.

    From the next request on nobody works without one, API tokens included. Raises PermissionDenied.
    """
    if not actor.may(Action.PARTNER_SETTINGS):
        raise PermissionDenied(_("Your role doesn't include the partner's settings."))
    with transaction.atomic():
        partner = Partner.objects.select_for_update(no_key=True).get(pk=actor.partner_id)
        before = partner.second_factor_required
        if before == required:
            return
        partner.second_factor_required = required
        partner.save(update_fields=["second_factor_required"])
        record(
            actor=actor,
            partner=partner,
            kind=AuditEntry.Kind.SETTINGS,
            action="settings.second_factor",
            object_type="partner",
            object_id=partner.partner_id,
            before={"second_factor_required": before},
            after={"second_factor_required": required},
        )
