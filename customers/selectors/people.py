"""What people are called, to whom (metrics.md, "Whose figures a partner sees")."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection
from django.db.models import Q

from customers.bits.read import PEOPLE_OF_SOURCE
from customers.columns import Columns, array_literal, read_columns
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
    found: dict[int, tuple[int, int, str]] = {}
    params = {"customer": customer, "partner": partner.pk, "people": array_literal(list(people))}
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, params)
        for one, rank, number, *written in cursor.fetchall():
            user_id = spelt(*written, partner=partner.pk)
            found[one] = min(found.get(one, (1, number, user_id)), (rank, number, user_id))
    return {one: user_id for one, (_rank, _number, user_id) in found.items()}


def spelt(user_id: str, writer: int | None, *, partner: int | None) -> str:
    """A user id that `writer` (key of a partner; None: the operator) wrote first, as `partner` (likewise) may read it.

    In another partner's capitals it isn't shown, but folded, as it compares.
    """
    return user_id if writer is None or partner in {None, writer} else fold(user_id)


# Identifiers that the partner delivered, in a licence or by what it said of people or in activity; the lower the rank,
# the better one tells who it is.
_NAMED = f"""
    WITH said AS (
        SELECT number, min(rank) AS rank FROM (
            SELECT DISTINCT person_number AS number, 0::bigint AS rank FROM customers_entitlementperiod
            WHERE customer_id = %(customer)s AND stated_by_id = %(partner)s
            UNION ALL
            SELECT DISTINCT person_number, 0::bigint FROM customers_holding
            WHERE customer_id = %(customer)s AND stated_by_id = %(partner)s
            UNION ALL
            SELECT person_number, 0 FROM customers_alias
            WHERE customer_id = %(customer)s AND stated_by_id = %(partner)s
            UNION ALL
            SELECT name_number, -load_id FROM customers_alias
            WHERE customer_id = %(customer)s AND stated_by_id = %(partner)s AND name_number IS NOT NULL
            UNION ALL
            SELECT number, 0 FROM ({PEOPLE_OF_SOURCE}) a (number)
        ) n GROUP BY number
    )
    SELECT coalesce(p.same_as, p.number), s.rank, p.number, p.user_id, p.writer
    FROM customers_person p
    JOIN said s ON s.number = p.number
    WHERE p.customer_id = %(customer)s AND (p.number = ANY(%(people)s::int[]) OR p.same_as = ANY(%(people)s::int[]))
"""  # noqa: S608  our own constant


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
    digest = hmac.digest(partner.pseudonym_key.bytes, message, "sha256").hex()
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
