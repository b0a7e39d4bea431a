"""Finds out which identifiers are one person's: whatever is joined by aliases, directly or by others between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from customers.feed.context import FileContext

Link = tuple[int, int]

_LINKS = """
    SELECT DISTINCT customer_id, person_number, name_number
    FROM customers_alias
    WHERE customer_id = ANY(%(customers)s) AND name_number IS NOT NULL
    ORDER BY customer_id
"""

_GROUPS = "CREATE TEMP TABLE feed_group (customer_id int, number int, same_as int) ON COMMIT DROP"

_CHANGED = """
    CREATE TEMP TABLE feed_regrouped ON COMMIT DROP AS
    SELECT g.customer_id, g.number, g.same_as
    FROM feed_group g
    JOIN customers_person p ON p.customer_id = g.customer_id AND p.number = g.number
    WHERE p.same_as IS DISTINCT FROM g.same_as
"""

_JOIN = """
    UPDATE customers_person p
    SET same_as = g.same_as
    FROM feed_regrouped g
    WHERE p.customer_id = g.customer_id AND p.number = g.number
"""

# A figure changes only where two of a person's identifiers have facts (to be left out is one, too): from the customer's
# first fact on, which is soon found.
_STALE = """
    INSERT INTO feed_stale (customer_id, first)
    WITH member AS (
        SELECT p.customer_id, coalesce(p.same_as, p.number) AS one, p.number, p.key
        FROM customers_person p
        WHERE (p.customer_id, coalesce(p.same_as, p.number)) IN (SELECT customer_id, same_as FROM feed_regrouped)
    ), active AS (
        SELECT customer_id, block, bit_or(bits) AS bits
        FROM customers_activity
        WHERE customer_id IN (SELECT customer_id FROM feed_regrouped)
        GROUP BY customer_id, block
    ), telling AS (
        SELECT m.customer_id, m.one
        FROM member m
        LEFT JOIN active a ON a.customer_id = m.customer_id AND a.block = m.number >> 6
        WHERE a.bits >> (m.number & 63) & 1 = 1
           OR EXISTS (
               SELECT FROM customers_entitlementperiod e
               WHERE e.customer_id = m.customer_id AND e.person_number = m.number
           )
           OR EXISTS (SELECT FROM customers_leftoutperson o WHERE o.customer_id = m.customer_id AND o.key = m.key)
        GROUP BY m.customer_id, m.one
        HAVING count(*) > 1
    )
    SELECT t.customer_id, least(
        (SELECT min(valid_from) FROM customers_entitlementperiod e WHERE e.customer_id = t.customer_id),
        (SELECT min(day) FROM customers_activity a WHERE a.customer_id = t.customer_id)
    )
    FROM (SELECT DISTINCT customer_id FROM telling) t
"""


def regroup(context: FileContext, customers: Sequence[int]) -> None:
    """Make `same_as` of these customers' people (keys) what their aliases say, and stale what it changes."""
    if not customers:
        return
    context.run(_GROUPS)
    links = context.rows(_LINKS, {"customers": list(customers)})
    with context.cursor.copy("COPY feed_group FROM STDIN") as copy:
        for customer, of_customer in groupby(links, key=lambda link: link[0]):
            for number, lowest in lowest_of_each((one, other) for _customer, one, other in of_customer):
                copy.write_row((customer, number, lowest if lowest < number else None))
    context.run("ANALYZE feed_group")
    context.run(_CHANGED)
    if context.run(_JOIN):
        context.run(_STALE)


def lowest_of_each(links: Iterable[Link]) -> Iterator[Link]:
    """Each number that is linked with another, and the lowest of all those that it is linked with, near or far."""
    above: dict[int, int] = {}

    def lowest(number: int) -> int:
        while above[number] != number:
            above[number] = above[above[number]]
            number = above[number]
        return number

    for one, other in links:
        for number in (one, other):
            above.setdefault(number, number)
        low, high = sorted((lowest(one), lowest(other)))
        above[high] = low
    return ((number, lowest(number)) for number in above)
