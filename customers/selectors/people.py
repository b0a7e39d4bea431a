"""What people are called, to whom (metrics.md, "Whose figures a partner sees")."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection
from django.db.models import Q

from customers.bits.read import people_of_source
from customers.columns import Columns, read_columns
from customers.feed.values import fold
from customers.models import Person
from partners.models import Partner

_PSEUDONYM_DIGITS = 12

_WHO_IS_WHO = """
    SELECT customer_id, number, same_as, false
    FROM customers_person
    WHERE customer_id = ANY(%(customers)s) AND same_as IS NOT NULL
    UNION ALL
    SELECT p.customer_id, coalesce(p.same_as, p.number), coalesce(p.same_as, p.number), true
    FROM customers_leftoutperson o
    JOIN customers_person p ON p.customer_id = o.customer_id AND p.key = o.key
    WHERE o.customer_id = ANY(%(customers)s)
"""


def who_is_who(*, customers: Sequence[int]) -> Columns:
    """Of these customers (keys) the numbers for which another stands, and the people who are left out.

    Columns customer, number, same_as (the lowest number of the person) and left_out (then of the person, number and
    same_as being the same). Nothing of those who are one number and count.
    """
    types = {"customer": "int4", "number": "int4", "same_as": "int4", "left_out": "bool"}
    return read_columns(_WHO_IS_WHO, {"customers": list(customers)}, types)


def names_for(*, partner: Partner, customer: int, people: Iterable[int], named: bool) -> dict[int, str]:
    """By number, what the viewer may call these people of a customer (key).

    `named`: the viewer may see names (Action.SEE_NAMES); then the user id of those whom the partner delivered itself, in
    a licence period or in activity. Of others a pseudonym. A page that shows names says so to the audit log
    (`partners.services.names.record_names_seen`).
    """
    numbers = set(people)
    hidden = {number: pseudonym(partner=partner, customer=customer, person=number) for number in numbers}
    return hidden | delivered_names(partner=partner, customer=customer, people=numbers) if named else hidden


def delivered_names(*, partner: Partner, customer: int, people: Iterable[int]) -> dict[int, str]:
    """By number, the user ids of those of these people whom the partner delivered itself; only for who may see names.

    Of a person with several identifiers one that the partner delivered: the principal name that it said last, else the
    first. What others call the person isn't told.
    """
    ranks = _delivered(partner=partner, customer=customer)
    numbers = set(people)
    known = Person.objects.filter(Q(number__in=numbers) | Q(same_as__in=numbers), customer_id=customer)
    found: dict[int, tuple[int, int, str]] = {}
    for number, same_as, user_id in known.values_list("number", "same_as", "user_id"):
        if number in ranks:
            one = number if same_as is None else same_as
            found[one] = min(found.get(one, (1, number, user_id)), (ranks[number], number, user_id))
    return {one: user_id for one, (_rank, _number, user_id) in found.items()}


_NAMED = """
    SELECT number, min(rank) FROM (
        SELECT DISTINCT person_number AS number, 0::bigint AS rank FROM customers_entitlementperiod
        WHERE customer_id = %(customer)s AND stated_by_id = %(partner)s
        UNION ALL
        SELECT DISTINCT person_number, 0::bigint FROM customers_holding
        WHERE customer_id = %(customer)s AND stated_by_id = %(partner)s
        UNION ALL
        SELECT person_number, 0 FROM customers_alias WHERE customer_id = %(customer)s AND stated_by_id = %(partner)s
        UNION ALL
        SELECT name_number, -load_id FROM customers_alias
        WHERE customer_id = %(customer)s AND stated_by_id = %(partner)s AND name_number IS NOT NULL
    ) n GROUP BY number
"""


def _delivered(*, partner: Partner, customer: int) -> dict[int, int]:
    """The numbers of the identifiers that the partner delivered; the lower what stands there, the better it tells who it is."""
    active = people_of_source(customer=customer, source=partner.pk)
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, {"customer": customer, "partner": partner.pk})
        return dict.fromkeys(active, 0) | dict(cursor.fetchall())


def numbers_of(*, customer: int, user_id: str) -> list[int]:
    """The numbers of all identifiers of the person whom a customer (key) knows by this user id, that one first."""
    known = Person.objects.filter(customer_id=customer, key=fold(user_id)).first()
    if known is None:
        return []
    one = known.number if known.same_as is None else known.same_as
    same = Person.objects.filter(Q(number=one) | Q(same_as=one), customer_id=customer).exclude(pk=known.pk)
    return [known.number, *same.order_by("number").values_list("number", flat=True)]


def pseudonym(*, partner: Partner, customer: int, person: int) -> str:
    """A stable name that says nothing: a hash keyed for this partner, so that two partners can't compare theirs."""
    message = f"{customer}/{person}".encode()
    digest = hmac.new(partner.pseudonym_key.bytes, message, hashlib.sha256).hexdigest()
    return f"person-{digest[:_PSEUDONYM_DIGITS]}"


_FIRST_FACT = """
    SELECT least(
        (SELECT min(valid_from) FROM customers_entitlementperiod
         WHERE customer_id = %(customer)s AND person_number = ANY(%(numbers)s)),
        (SELECT min(day) FROM customers_activity a, unnest(%(numbers)s::int[]) n (number)
         WHERE a.customer_id = %(customer)s AND a.block = n.number >> 6 AND a.bits >> (n.number & 63) & 1 = 1)
    )
"""


def first_fact(*, customer: int, user_id: str) -> date | None:
    """The first day of which anything is known of that person of a customer (key); None: nothing is."""
    numbers = numbers_of(customer=customer, user_id=user_id)
    with connection.cursor() as cursor:
        cursor.execute(_FIRST_FACT, {"customer": customer, "numbers": numbers})
        return cursor.fetchone()[0]
