"""Corrects relationships, and settles claims: only the operator does (metrics.md, "Whose figures a partner sees")."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Min
from django.utils.translation import gettext as _

from customers.models import Customer, Relationship
from customers.services.corrections.loading import alone, new_load
from customers.services.corrections.records import cell, source_cell
from partners.models import AuditEntry, Partner, Staff
from partners.services.corrections import (
    STATED_BY,
    Cells,
    CorrectionError,
    Fact,
    correct,
    refusal,
    register,
    stater,
)

_CELLS = {"partner": "partner_id", "customer": "customer_id", "valid_from": "from", "valid_to": "to"}


class RelationshipFact(Fact):
    """A relationship of a partner with a customer, claimed or confirmed."""

    name = "relationship"
    key = ("partner_id", "customer_id", "from")
    operator_only = True

    def alone(self) -> AbstractContextManager[None]:
        """Waits for the load that is running."""
        return alone()

    def find(self, cells: Cells) -> Relationship | None:
        return (
            Relationship.objects.filter(
                partner__partner_id=cells["partner_id"],
                customer__tenant_id=cells["customer_id"],
                valid_from=cells["from"],
            )
            .select_related("partner", "customer", "stated_by")
            .first()
        )

    def cells_of(self, stored: Relationship) -> dict[str, Any]:
        return {
            "partner_id": str(stored.partner.partner_id),
            "customer_id": str(stored.customer.tenant_id),
            "from": cell(stored.valid_from),
            "to": cell(stored.valid_to),
            "status": stored.status,
            STATED_BY: source_cell(stored.stated_by),
        }

    def partner(self, cells: Cells) -> Partner:
        return Partner.objects.get(partner_id=cells["partner_id"])

    def write(self, *, actor: Staff, before: Cells | None, after: Cells | None) -> None:
        """Figures follow from facts of customers alone, so none becomes stale."""
        stored = None if before is None else self.find(before)
        if after is None:
            stored.delete()
        else:
            self._save(actor, stored or Relationship(), after)
        for cells in (before, after):
            if cells is not None:
                _settle(cells)

    def _save(self, actor: Staff, relationship: Relationship, cells: Cells) -> None:
        relationship.partner = self.partner(cells)
        relationship.customer = Customer.objects.get(tenant_id=cells["customer_id"])
        relationship.valid_from = date.fromisoformat(cells["from"])
        relationship.valid_to = date.fromisoformat(cells["to"]) if cells["to"] else None
        relationship.status = cells["status"]
        relationship.stated_by = stater(cells)
        relationship.load = new_load(actor=actor, stated_by=relationship.stated_by)
        try:
            relationship.full_clean(exclude=["stated_by", "load"])
        except ValidationError as error:
            raise refusal(error, _CELLS) from error
        relationship.save()
        _check_overlaps()


RELATIONSHIP = register(RelationshipFact())


def confirm(*, actor: Staff, claim: Relationship, reason: str) -> AuditEntry:
    """Confirm what a partner claims: from then on the operator states it. Raises CorrectionError."""
    before = RELATIONSHIP.cells_of(claim)
    _must_be_claim(claim)
    after = before | {"status": Relationship.Status.CONFIRMED.value, STATED_BY: None}
    return correct(actor=actor, fact=RELATIONSHIP, before=before, after=after, reason=reason)


def refuse(*, actor: Staff, claim: Relationship, reason: str) -> AuditEntry:
    """Refuse what a partner claims: the claim is gone. Raises CorrectionError."""
    _must_be_claim(claim)
    return correct(actor=actor, fact=RELATIONSHIP, before=RELATIONSHIP.cells_of(claim), after=None, reason=reason)


def _must_be_claim(claim: Relationship) -> None:
    if claim.status != Relationship.Status.CLAIMED:
        raise CorrectionError(_("This relationship is confirmed already; expected a claim."))


def _settle(cells: Cells) -> None:
    """A claim ends where the next confirmed relationship begins (feed.md, "A partner's feed")."""
    of_both = Relationship.objects.filter(
        partner__partner_id=cells["partner_id"], customer__tenant_id=cells["customer_id"]
    )
    for claim in of_both.filter(status=Relationship.Status.CLAIMED):
        later = of_both.filter(status=Relationship.Status.CONFIRMED, valid_from__gt=claim.valid_from)
        ends = later.aggregate(first=Min("valid_from"))["first"]
        if ends != claim.valid_to:
            Relationship.objects.filter(pk=claim.pk).update(valid_to=ends)


def _check_overlaps() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
