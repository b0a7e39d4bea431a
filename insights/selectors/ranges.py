"""Ranges of customers that are computed at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import connection

PEOPLE_AT_ONCE = 30_000
"""A range of customers is ended by about so many people, so that memory stays flat."""

CUSTOMERS_AT_ONCE = 2_000


def ranges(*, customers: Sequence[int] | None = None) -> Iterator[list[int]]:
    """The customers (keys; all without an argument) in ascending ranges that are worked off one at a time."""
    part: list[int] = []
    people = 0
    for customer, number in _sizes(customers):
        if part and (people + number > PEOPLE_AT_ONCE or len(part) >= CUSTOMERS_AT_ONCE):
            yield part
            part, people = [], 0
        part.append(customer)
        people += number
    if part:
        yield part


def _sizes(customers: Sequence[int] | None) -> list[tuple[int, int]]:
    query = "SELECT id, next_person_number FROM customers_customer"
    if customers is not None:
        query += " WHERE id = ANY(%(customers)s)"
    with connection.cursor() as cursor:
        cursor.execute(query + " ORDER BY id", {"customers": list(customers or ())})
        return cursor.fetchall()
