"""Changes what a partner keeps on a customer for itself: owner, tags, segment, contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from customers.models import Account, Contact
from customers.selectors.accounts import AccountState, ContactState, possible_owners, state_of
from customers.selectors.customers import VisibleCustomer
from partners.models import AuditEntry, Staff
from partners.services.audit import record

MOST_TAGS = 20
LONGEST_TAG = 64
MOST_CONTACTS = 50


class ChangedMeanwhileError(Exception):
    """Somebody else has changed the account since it was shown; `present` is what stands there now."""

    def __init__(self, present: AccountState) -> None:
        super().__init__(_("Somebody else has changed this meanwhile."))
        self.present = present


def edit_account(*, actor: Staff, customer: VisibleCustomer, wanted: AccountState, seen: str) -> None:
    """Make `wanted` what the actor's partner keeps on the customer, written to the audit log.

    `seen` is the fingerprint of the state that the actor was shown: if another one stands there, nothing is written and
    ChangedMeanwhileError is raised. Raises ValidationError, by field, for an owner who is none of the partner's active staff
    (nor the present owner), for tags, and for contacts that aren't the account's. What is the same already changes nothing.
    """
    with transaction.atomic():
        account = _locked(actor, customer.id)
        present = state_of(account)
        if present.fingerprint != seen:
            raise ChangedMeanwhileError(present)
        wanted = replace(wanted, segment=wanted.segment.strip(), tags=clean_tags(wanted.tags))
        _check(actor, present, wanted)
        if wanted != present:
            _write(account, present, wanted)
            _record(actor, customer, present, state_of(_locked(actor, customer.id)))


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags without white space around them, each once whatever its case, as first written. Raises ValidationError."""
    cleaned: dict[str, str] = {}
    for tag in tags:
        stripped = " ".join(tag.split())
        if len(stripped) > LONGEST_TAG:
            raise ValidationError({"tags": _tag_too_long(stripped)})
        if stripped:
            cleaned.setdefault(stripped.casefold(), stripped)
    if len(cleaned) > MOST_TAGS:
        message = _("A customer has at most %(most)d tags; these are %(count)d.")
        raise ValidationError({"tags": message % {"most": MOST_TAGS, "count": len(cleaned)}})
    return tuple(cleaned[key] for key in sorted(cleaned))


def _tag_too_long(tag: str) -> str:
    return _("A tag has at most %(most)d characters; “%(tag)s” has %(count)d.") % {
        "most": LONGEST_TAG,
        "tag": tag,
        "count": len(tag),
    }


def _locked(actor: Staff, customer: int) -> Account:
    """The partner's account on the customer, made if need be; nobody else changes it before the transaction ends."""
    Account.objects.get_or_create(partner_id=actor.partner_id, customer_id=customer)
    return Account.objects.select_for_update().get(partner_id=actor.partner_id, customer_id=customer)


def _check(actor: Staff, present: AccountState, wanted: AccountState) -> None:
    if wanted.owner is not None and wanted.owner not in possible_owners(partner=actor.partner, present=present.owner):
        raise ValidationError({"owner": _("Choose one of your colleagues: this one isn't known.")})
    if len(wanted.segment) > Account._meta.get_field("segment").max_length:
        raise ValidationError({"segment": _("A segment has at most 256 characters.")})
    _check_contacts(present.contacts, wanted.contacts)


def _check_contacts(present: Sequence[ContactState], wanted: Sequence[ContactState]) -> None:
    known = {contact.id for contact in present}
    kept = [contact.id for contact in wanted if contact.id is not None]
    if not known.issuperset(kept) or len(set(kept)) != len(kept):
        raise ValidationError({NON_FIELD_ERRORS: _("One of the contacts isn't known here any more.")})
    if len(wanted) > MOST_CONTACTS:
        message = _("A customer has at most %(most)d contacts; these are %(count)d.")
        raise ValidationError({NON_FIELD_ERRORS: message % {"most": MOST_CONTACTS, "count": len(wanted)}})


def _write(account: Account, present: AccountState, wanted: AccountState) -> None:
    account.owner_id, account.segment, account.tags = wanted.owner, wanted.segment, list(wanted.tags)
    account.save(update_fields=["owner", "segment", "tags"])
    kept = {contact.id for contact in wanted.contacts}
    account.contacts.exclude(pk__in=[pk for pk in kept if pk is not None]).delete()
    for contact in wanted.contacts:
        if contact not in present.contacts:
            _write_contact(account, contact)


def _write_contact(account: Account, contact: ContactState) -> None:
    stored = Contact(account=account) if contact.id is None else account.contacts.get(pk=contact.id)
    stored.name, stored.position = contact.name, contact.position
    stored.email, stored.phone = contact.email, contact.phone
    stored.full_clean()
    stored.save()


def _record(actor: Staff, customer: VisibleCustomer, before: AccountState, after: AccountState) -> None:
    changed = {key for key, value in asdict(after).items() if value != asdict(before)[key]}
    owners = Staff.objects.in_bulk({before.owner, after.owner} - {None}) if "owner" in changed else {}
    record(
        actor=actor,
        partner=actor.partner,
        kind=AuditEntry.Kind.CUSTOMER,
        action="account.edit",
        object_type="customer",
        object_id=customer.customer_id,
        before=_part(before, changed, owners),
        after=_part(after, changed, owners),
    )


def _part(state: AccountState, names: set[str], owners: Mapping[int, Staff]) -> dict[str, Any]:
    """The audit log tells an owner by address: a number says nothing to whoever reads it."""
    told = {key: value for key, value in asdict(state).items() if key in names}
    if "owner" in told and state.owner in owners:
        told["owner"] = owners[state.owner].email
    return told
