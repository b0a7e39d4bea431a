"""Corrects a partner's own record; only the operator does."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from partners.models import AuditEntry, Partner, Staff
from partners.services.corrections import Cells, Fact, refusal, register

_PLAIN = ("name", "slug", "second_factor_required")


class PartnerFact(Fact):
    """A partner: what it is called, and what it demands of its staff."""

    name = "partner"
    key = ("partner_id",)
    kind = AuditEntry.Kind.SETTINGS
    operator_only = True
    removable = False

    def find(self, cells: Cells) -> Partner | None:
        return Partner.objects.filter(partner_id=cells["partner_id"]).first()

    def cells_of(self, stored: Partner) -> dict[str, Any]:
        return {"partner_id": str(stored.partner_id)} | {name: getattr(stored, name) for name in _PLAIN}

    def partner(self, cells: Cells) -> Partner | None:
        return self.find(cells)

    def write(self, *, actor: Staff, before: Cells | None, after: Cells | None) -> None:  # noqa: ARG002
        """Save it; a new partner where there was none."""
        cells = after or {}
        stored = self.find(cells) or Partner(partner_id=cells["partner_id"])
        for name in _PLAIN:
            setattr(stored, name, cells[name])
        try:
            stored.full_clean()
        except ValidationError as error:
            raise refusal(error, {}) from error
        stored.save()


PARTNER = register(PartnerFact())
