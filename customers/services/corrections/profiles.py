"""Corrects what a source says of a customer: its name and whereabouts."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from django.utils.translation import gettext as _

from customers.feed.faults import SENTENCES, BadValueError, Fault
from customers.feed.files.customers import CUSTOMERS
from customers.feed.report import shortened
from customers.feed.spec import Column
from customers.models import Customer, CustomerProfile
from customers.services.corrections.loading import alone, new_load
from customers.services.corrections.records import source_cell, stated
from partners.models import Staff, operates
from partners.services.corrections import STATED_BY, Cells, CorrectionError, Fact, register

_PLAIN = ("name", "domain", "country", "segment")


class ProfileFact(Fact):
    """A customer's profile, as one source states it. It can't be added here: a line of the feed claims too."""

    name = "customer_profile"
    key = ("customer_id", STATED_BY)
    removable = False

    def alone(self) -> AbstractContextManager[None]:
        """Waits for the load that is running."""
        return alone()

    def find(self, cells: Cells) -> CustomerProfile | None:
        return (
            CustomerProfile.objects.filter(stated(cells), customer__tenant_id=cells["customer_id"])
            .select_related("customer", "stated_by")
            .first()
        )

    def cells_of(self, stored: CustomerProfile) -> dict[str, Any]:
        return {
            "customer_id": str(stored.customer.tenant_id),
            STATED_BY: source_cell(stored.stated_by),
        } | {name: getattr(stored, name) for name in _PLAIN}

    def write(self, *, actor: Staff, before: Cells | None, after: Cells | None) -> None:
        """No figure depends on it."""
        profile = None if before is None else self.find(before)
        if profile is None or after is None or not _reaches(actor, profile):
            raise CorrectionError(_("This customer isn't known; expected one that the partner serves today."))
        for column in CUSTOMERS.columns:
            if column.name in _PLAIN:
                setattr(profile, column.name, _read(column, str(after[column.name]).strip()))
        profile.load = new_load(actor=actor, stated_by=profile.stated_by)
        profile.save()


def _reaches(actor: Staff, profile: CustomerProfile) -> bool:
    return operates(actor) or Customer.objects.visible_to(actor).filter(pk=profile.customer_id).exists()


def _read(column: Column, value: str) -> str:
    if not value and not column.optional:
        raise _refusal(Fault.EMPTY, column, value)
    try:
        return str(column.read(value)[0]) if value else ""
    except BadValueError as error:
        raise _refusal(error.fault, column, value) from error


def _refusal(fault: Fault, column: Column, value: str) -> CorrectionError:
    sentence = str(SENTENCES[fault]) % {"value": shortened(value), "expected": ""}
    return CorrectionError(sentence[0].upper() + sentence[1:], column.name)


PROFILE = register(ProfileFact())
