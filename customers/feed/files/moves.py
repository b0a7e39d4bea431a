"""Moves periods where a subscription turns out to be another customer's: periods of an id belong to it (feed.md)."""

from __future__ import annotations

from customers.feed.context import FileContext
from customers.feed.people import number_people

# What somebody states whose own version is still there stays with it. Of one file all lines of an id that state
# something name one customer.
_MOVES = """
    CREATE TEMP TABLE feed_move ON COMMIT DROP AS
    SELECT e.id, l.aside, l.id AS from_id, e.customer_id AS from_customer, t.id AS to_id, t.customer_id AS customer_id,
           p.number, CASE WHEN p.writer IS DISTINCT FROM %(partner)s THEN p.key ELSE p.user_id END AS user_id,
           p.key AS user_key, e.valid_from, e.valid_to
    FROM feed_left l
    JOIN (SELECT DISTINCT subscription_key, customer_id FROM feed_change WHERE customer_id IS NOT NULL) c
      ON c.subscription_key = l.key AND c.customer_id <> l.customer_id
    JOIN customers_subscription t ON t.key = l.key AND t.customer_id = c.customer_id
    JOIN customers_entitlementperiod e
      ON e.subscription_id = l.id AND e.customer_id = l.customer_id AND NOT e.allotted
    JOIN customers_person p ON p.customer_id = e.customer_id AND p.number = e.person_number
    WHERE NOT EXISTS (
        SELECT FROM customers_subscriptionversion v
        WHERE v.subscription_id = l.id AND v.stated_by_id IS NOT DISTINCT FROM e.stated_by_id
    )
"""

# Of two that overlap the one that counted until now holds.
_LOSE_TO_EACH_OTHER = """
    DELETE FROM feed_move m
    USING feed_move o
    WHERE o.to_id = m.to_id AND o.user_key = m.user_key AND (o.aside, o.from_id) < (m.aside, m.from_id)
      AND daterange(o.valid_from, o.valid_to) && daterange(m.valid_from, m.valid_to)
"""

_LOSE_TO_THOSE_THERE = """
    DELETE FROM feed_move m
    USING customers_entitlementperiod e
    JOIN customers_person p ON p.customer_id = e.customer_id AND p.number = e.person_number
    WHERE m.aside AND NOT e.allotted AND e.subscription_id = m.to_id AND e.customer_id = m.customer_id AND p.key = m.user_key
      AND daterange(e.valid_from, e.valid_to) && daterange(m.valid_from, m.valid_to)
"""

_WIN_OVER_THOSE_THERE = """
    DELETE FROM customers_entitlementperiod e
    USING customers_person p, feed_move m
    WHERE p.customer_id = e.customer_id AND p.number = e.person_number AND (e.allotted OR NOT m.aside)
      AND e.subscription_id = m.to_id AND e.customer_id = m.customer_id AND p.key = m.user_key
      AND daterange(e.valid_from, e.valid_to) && daterange(m.valid_from, m.valid_to)
"""

_NEW_PEOPLE = """
    CREATE TEMP TABLE feed_person ON COMMIT DROP AS
    SELECT DISTINCT ON (m.customer_id, m.user_key) m.customer_id, m.user_key, m.user_id, m.number AS line
    FROM feed_move m
    LEFT JOIN customers_person p ON p.customer_id = m.customer_id AND p.key = m.user_key
    WHERE p.id IS NULL
    ORDER BY m.customer_id, m.user_key, m.number
"""

_MOVE = """
    UPDATE customers_entitlementperiod e
    SET customer_id = m.customer_id, subscription_id = m.to_id, person_number = p.number
    FROM feed_move m
    JOIN customers_person p ON p.customer_id = m.customer_id AND p.key = m.user_key
    WHERE e.id = m.id
"""

_STALE = """
    INSERT INTO feed_stale (customer_id, first)
    SELECT customer, min(valid_from)
    FROM (
        SELECT from_customer AS customer, valid_from FROM feed_move
        UNION ALL
        SELECT customer_id, valid_from FROM feed_move
    ) moved
    GROUP BY customer
"""


def move_periods(context: FileContext) -> None:
    """Move the periods of the subscriptions in `feed_left` to the customer for whom the file states the id."""
    if not context.run(_MOVES):
        return
    context.run("ANALYZE feed_move")
    for statement in (_LOSE_TO_EACH_OTHER, _LOSE_TO_THOSE_THERE, _WIN_OVER_THOSE_THERE, _NEW_PEOPLE):
        context.run(statement)
    number_people(context)
    context.run(_MOVE)
    context.run(_STALE)
