"""Leaves mailboxes out of a customer's people, and counts them again: a correction like any other, which can be undone."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.feed.values import fold
from customers.models import Customer, LeftOutPerson
from customers.models.alias import AccountKind
from customers.selectors.people import first_fact, numbers_of
from customers.services.corrections.loading import alone
from customers.services.corrections.records import source_cell
from customers.services.stale import mark_stale
from partners.models import AuditEntry, Staff, operates
from partners.services.corrections import (
    STATED_BY,
    Cells,
    CorrectionError,
    Fact,
    correct,
    register,
    stater,
)


class MailboxFact(Fact):
    """A mailbox that one source leaves out of a customer's people."""

    name = "left_out_mailbox"
    key = ("customer_id", "user_id", STATED_BY)

    def alone(self) -> AbstractContextManager[None]:
        """Waits for the load that is running: it may be just naming the mailbox."""
        return alone()

    def find(self, cells: Cells) -> LeftOutPerson | None:
        return (
            LeftOutPerson.objects.filter(
                customer__tenant_id=cells["customer_id"], key=fold(cells["user_id"]), partner=stater(cells)
            )
            .select_related("customer", "partner")
            .first()
        )

    def cells_of(self, stored: LeftOutPerson) -> dict[str, Any]:
        return {
            "customer_id": str(stored.customer.tenant_id),
            "user_id": stored.user_id,
            "mailbox": stored.mailbox,
            "reason": stored.reason,
            STATED_BY: source_cell(stored.partner),
        }

    def write(self, *, actor: Staff, before: Cells | None, after: Cells | None) -> None:
        """What the mailbox holds and did counts from now on, or no longer: all its days are stale."""
        told = after or before or {}
        customer = _customer(actor, told)
        stored = None if before is None else self.find(before)
        if after is None:
            stored.delete()
        else:
            _save(actor, stored or LeftOutPerson(customer=customer), after)
        first = first_fact(customer=customer.pk, user_id=told["user_id"])
        if first is not None:
            with connection.cursor() as cursor:
                mark_stale(cursor, [(customer.pk, first, None)])


MAILBOX = register(MailboxFact())


def leave_out_mailbox(
    *, actor: Staff, customer: Customer, user_id: str, mailbox: AccountKind, reason: str
) -> AuditEntry:
    """Leave a mailbox out of the customer's people, for whoever looks at the customer's figures.

    Raises CorrectionError for a user id that nobody of the customer has, and as `correct` does.
    """
    after = {
        "customer_id": str(customer.tenant_id),
        "user_id": user_id.strip(),
        "mailbox": AccountKind(mailbox).value,
        "reason": reason.strip(),
        STATED_BY: source_cell(actor.partner),
    }
    if not numbers_of(customer=customer.pk, user_id=after["user_id"]):
        raise CorrectionError(_("This user id isn't known; expected one of the customer's."), "user_id")
    return correct(actor=actor, fact=MAILBOX, before=None, after=after, reason=reason)


def count_mailbox_again(*, actor: Staff, stored: LeftOutPerson, reason: str) -> AuditEntry:
    """Count a mailbox again that the actor's own partner left out. Raises as `correct` does."""
    return correct(actor=actor, fact=MAILBOX, before=MAILBOX.cells_of(stored), after=None, reason=reason)


def _customer(actor: Staff, cells: Cells) -> Customer:
    known = Customer.objects.all() if operates(actor) else Customer.objects.visible_to(actor)
    found = known.filter(tenant_id=cells["customer_id"]).first()
    if found is None:
        raise CorrectionError(_("This customer isn't known; expected one that the partner serves today."))
    return found


def _save(actor: Staff, stored: LeftOutPerson, after: Cells) -> None:
    stored.partner = stater(after)
    stored.user_id, stored.key = after["user_id"], fold(after["user_id"])
    stored.mailbox, stored.reason = after["mailbox"], after["reason"]
    stored.left_out_by, stored.left_out_at = actor, timezone.now()
    stored.save()
