"""Which mailboxes of a customer are left out of its people, and which might be."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from customers.models import LeftOutPerson
from customers.models.alias import MAILBOXES, AccountKind
from customers.selectors.people import spelt
from partners.models import Partner
from partners.tenancy import counting

_PEOPLE = """
    SELECT count(DISTINCT coalesce(p.same_as, p.number))
    FROM customers_leftoutperson o
    JOIN customers_person p ON p.customer_id = o.customer_id AND p.key = o.key
    WHERE o.customer_id = %(customer)s
"""

# What the partner itself said last of a user, where nobody left the person out by any identifier.
_SUGGESTED = """
    SELECT coalesce(n.user_id, u.user_id), CASE WHEN n.id IS NULL THEN u.writer ELSE n.writer END, a.display_name, a.mailbox
    FROM (
        SELECT DISTINCT ON (person_number) *
        FROM customers_alias
        WHERE customer_id = %(customer)s AND stated_by_id = %(partner)s
        ORDER BY person_number, load_id DESC, id DESC
    ) a
    JOIN customers_person u ON u.customer_id = a.customer_id AND u.number = a.person_number
    LEFT JOIN customers_person n ON n.customer_id = a.customer_id AND n.number = a.name_number
    WHERE a.mailbox = ANY(%(mailboxes)s) AND NOT a.is_deleted AND NOT EXISTS (
        SELECT FROM customers_leftoutperson o
        JOIN customers_person k ON k.customer_id = o.customer_id AND k.key = o.key
        WHERE o.customer_id = a.customer_id AND coalesce(k.same_as, k.number) = coalesce(u.same_as, u.number)
    )
    ORDER BY a.mailbox, lower(coalesce(n.user_id, u.user_id))
    LIMIT %(most)s
"""
MOST_SUGGESTED = 200


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A mailbox that the partner's own lists name, and that still counts as a person."""

    user_id: str
    display_name: str
    mailbox: AccountKind


def left_out_mailboxes(*, partner: Partner, customer: int) -> list[LeftOutPerson]:
    """Those of a customer (key) that the partner itself left out; by user id."""
    own = LeftOutPerson.objects.filter(partner=partner, customer=customer).select_related("left_out_by", "customer")
    return sorted(own, key=lambda each: each.key)


def number_left_out(*, customer: int) -> int:
    """How many people of a customer (key) are left out, whoever did it: who did, and why, shows to whoever did."""
    with counting(), connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"customer": customer})
        return int(cursor.fetchone()[0])


def suggested_mailboxes(*, partner: Partner, customer: int) -> list[Suggestion]:
    """What the partner's own lists call a mailbox or service account; only for who may see names. By kind and name."""
    kinds = [kind.value for kind in MAILBOXES]
    params = {"customer": customer, "partner": partner.pk, "mailboxes": kinds, "most": MOST_SUGGESTED}
    with counting(), connection.cursor() as cursor:
        cursor.execute(_SUGGESTED, params)
        return [
            Suggestion(spelt(user, writer, partner=partner.pk), name, AccountKind(kind))
            for user, writer, name, kind in cursor.fetchall()
        ]
