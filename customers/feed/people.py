"""Numbers the people whom a file names for the first time."""

from __future__ import annotations

from customers.feed.context import FileContext

_NUMBER = """
    INSERT INTO customers_person (customer_id, number, user_id, key)
    SELECT f.customer_id, c.next_person_number - 1 + row_number() OVER (PARTITION BY f.customer_id ORDER BY f.line),
           f.user_id, f.user_key
    FROM feed_person f
    JOIN customers_customer c ON c.id = f.customer_id
    ORDER BY f.customer_id, f.line
"""

_RAISE = """
    UPDATE customers_customer c
    SET next_person_number = c.next_person_number + n.people
    FROM (SELECT customer_id, count(*) AS people FROM feed_person GROUP BY customer_id) n
    WHERE c.id = n.customer_id
"""


def number_people(context: FileContext) -> None:
    """Store the people in `feed_person` (customer_id, user_id, user_key, line), all of them new and each once.

    Numbers are dense within a customer, in the order of first lines, and never reused.
    """
    if context.run(_NUMBER):
        context.run(_RAISE)
