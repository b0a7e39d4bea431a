"""A partner's own data on a customer: owner, tags, segment, contacts (design.md, "Who may do what")."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from django.db.models.functions import Lower

from customers.models import Account
from partners.models import Partner, Staff


@dataclass(frozen=True, slots=True)
class ContactState:
    """A person at the customer whom the partner talks to; `id` is None for one that isn't stored yet."""

    id: int | None
    name: str
    position: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class AccountState:
    """All that a partner keeps on a customer for itself."""

    owner: int | None = None
    segment: str = ""
    """Empty: as delivered."""
    tags: tuple[str, ...] = ()
    contacts: tuple[ContactState, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Says whether two states are the same: what a form was shown, and what is stored when it comes back."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def account_state(*, partner: Partner, customer: int) -> AccountState:
    """What the partner keeps on the customer (key); nothing where it keeps nothing."""
    account = Account.objects.filter(partner=partner, customer=customer).prefetch_related("contacts").first()
    return AccountState() if account is None else state_of(account)


def state_of(account: Account) -> AccountState:
    """What stands in an account."""
    contacts = sorted(account.contacts.all(), key=lambda contact: (contact.name.casefold(), contact.pk))
    return AccountState(
        owner=account.owner_id,
        segment=account.segment,
        tags=tuple(account.tags),
        contacts=tuple(ContactState(c.pk, c.name, c.position, c.email, c.phone) for c in contacts),
    )


def possible_owners(*, partner: Partner, present: int | None = None) -> dict[int, str]:
    """Who can look after a customer, by key: the partner's active staff, and who does at present."""
    staff = Staff.objects.filter(partner=partner).order_by(Lower("email"))
    return {person.pk: display_name(person) for person in staff if person.is_active or person.pk == present}


def display_name(person: Staff) -> str:
    """What a member of staff is called among colleagues: the name, else the e-mail address."""
    return person.get_full_name() or person.email
