"""What people are called, to whom (metrics.md, "Whose figures a partner sees")."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from customers.bits.read import people_of_source
from customers.models import EntitlementPeriod, Person
from partners.models import Partner

_PSEUDONYM_DIGITS = 12


def names_for(*, partner: Partner, customer: int, people: Iterable[int]) -> dict[int, str]:
    """By number, what the partner may call these people of a customer (key).

    The user id of those whom it delivered itself, in a licence period or in activity; of others a pseudonym.
    """
    numbers = set(people)
    stated = EntitlementPeriod.objects.filter(customer_id=customer, stated_by=partner).values_list(
        "person_number", flat=True
    )
    delivered = (set(stated) | people_of_source(customer=customer, source=partner.pk)) & numbers
    known = Person.objects.filter(customer_id=customer, number__in=delivered).values_list("number", "user_id")
    return {number: pseudonym(partner=partner, customer=customer, person=number) for number in numbers} | dict(known)


def pseudonym(*, partner: Partner, customer: int, person: int) -> str:
    """A stable name that says nothing: a hash keyed for this partner, so that two partners can't compare theirs."""
    message = f"{customer}/{person}".encode()
    digest = hmac.new(partner.pseudonym_key.bytes, message, hashlib.sha256).hexdigest()
    return f"person-{digest[:_PSEUDONYM_DIGITS]}"
