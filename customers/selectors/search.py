"""Finds a partner's customers by what it may see of them: nothing that somebody else alone knows is searched."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from customers.feed.values import canonical_guid
from customers.models import Contact
from customers.selectors.customers import VisibleCustomer
from partners.models import Partner

_OF_AN_ID = re.compile(r"[0-9a-f-]+")


def matching(customers: Sequence[VisibleCustomer], *, partner: Partner, text: str) -> list[VisibleCustomer]:
    """Those of the partner's customers in which each word of `text` stands somewhere, whatever its case.

    In name, domain, customer id, tags, or the names and e-mail addresses of the partner's own contacts. As the partner
    sees them: its own name for a customer is searched, not another one's. One query.
    """
    words = [canonical_guid(word) or word for word in text.casefold().split()]
    if not words:
        return list(customers)
    contacts = _contacts(partner)
    return [customer for customer in customers if _has(customer, contacts.get(customer.id, ()), words)]


def _contacts(partner: Partner) -> dict[int, list[str]]:
    """Names and addresses by customer (key)."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Contact.objects.filter(account__partner=partner).values_list("account__customer", "name", "email")
    for customer, name, email in rows:
        found[customer] += [name, email]
    return found


def _has(customer: VisibleCustomer, contacts: Iterable[str], words: Iterable[str]) -> bool:
    text = "\n".join((customer.name, customer.domain, *customer.tags, *contacts)).casefold()
    return all(word in text or _in_id(word, customer) for word in words)


def _in_id(word: str, customer: VisibleCustomer) -> bool:
    """Whether the word is a part of the customer's id; writing the id out takes longer than all the rest."""
    return _OF_AN_ID.fullmatch(word) is not None and word in str(customer.customer_id)
