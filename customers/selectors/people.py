"""What people are called, to whom (metrics.md, "Whose figures a partner sees")."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from customers.bits.read import people_of_source
from customers.models import EntitlementPeriod, Person
from partners.models import Partner

_PSEUDONYM_DIGITS = 12


def names_for(*, partner: Partner, customer: int, people: Iterable[int], named: bool) -> dict[int, str]:
    """By number, what the viewer may call these people of a customer (key).

    `named`: the viewer may see names (Action.SEE_NAMES); then the user id of those whom the partner delivered itself, in
    a licence period or in activity. Of others a pseudonym. A page that shows names says so to the audit log
    (`customers.services.people.record_names_seen`).
    """
    numbers = set(people)
    hidden = {number: pseudonym(partner=partner, customer=customer, person=number) for number in numbers}
    return hidden | delivered_names(partner=partner, customer=customer, people=numbers) if named else hidden


def delivered_names(*, partner: Partner, customer: int, people: Iterable[int]) -> dict[int, str]:
    """By number, the user ids of those of these people whom the partner delivered itself; only for who may see names."""
    stated = EntitlementPeriod.objects.filter(customer_id=customer, stated_by=partner).values_list(
        "person_number", flat=True
    )
    delivered = (set(stated) | people_of_source(customer=customer, source=partner.pk)) & set(people)
    known = Person.objects.filter(customer_id=customer, number__in=delivered).values_list("number", "user_id")
    return dict(known)


def pseudonym(*, partner: Partner, customer: int, person: int) -> str:
    """A stable name that says nothing: a hash keyed for this partner, so that two partners can't compare theirs."""
    message = f"{customer}/{person}".encode()
    digest = hmac.new(partner.pseudonym_key.bytes, message, hashlib.sha256).hexdigest()
    return f"person-{digest[:_PSEUDONYM_DIGITS]}"
