"""Numbers the people whom a file names for the first time, and finds those known by another identifier, too."""

from __future__ import annotations

from psycopg import sql

from customers.feed.context import FileContext
from customers.feed.statistics import PEOPLE, tell_of

_NUMBER = """
    INSERT INTO customers_person (customer_id, number, user_id, key, writer)
    SELECT f.customer_id, c.next_person_number - 1 + row_number() OVER (PARTITION BY f.customer_id ORDER BY f.line),
           f.user_id, f.user_key, %(partner)s
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

# While an undo replays loads: who was there before keeps the number by which activity knows them.
_NUMBER_AGAIN = """
    WITH again AS (
        SELECT DISTINCT ON (f.customer_id, f.user_key) f.customer_id, f.user_key, f.user_id, u.number
        FROM feed_person f
        JOIN undo_person u ON u.customer_id = f.customer_id AND u.key = f.user_key
        ORDER BY f.customer_id, f.user_key, u.number
    ), taken AS (
        DELETE FROM undo_person u USING again a WHERE u.customer_id = a.customer_id AND u.number = a.number
    ), numbered AS (
        DELETE FROM feed_person f USING again a WHERE f.customer_id = a.customer_id AND f.user_key = a.user_key
    )
    INSERT INTO customers_person (customer_id, number, user_id, key, writer)
    SELECT customer_id, number, user_id, user_key, %(partner)s FROM again
"""


def number_people(context: FileContext) -> None:
    """Store the people in `feed_person` (customer_id, user_id, user_key, line), all of them new and each once.

    Numbers are dense within a customer, in the order of first lines, and never reused.
    """
    if context.replays:
        context.run(_NUMBER_AGAIN)
    new = context.run(_NUMBER)
    if new:
        context.run(_RAISE)
        tell_of(context, PEOPLE, rows=new)


_ANY_ALIAS = """
    SELECT EXISTS (SELECT FROM customers_person WHERE same_as IS NOT NULL AND customer_id IN (SELECT id FROM feed_customer))
"""

# What a file says of a person by one identifier is about the record that was stated by another, where there is none of its own.
_PERIODS_BY_ALIAS = """
    UPDATE feed_found f
    SET user_key = q.key, group_b = q.key, person_number = q.number, stored_id = q.id, stored_state = q.state,
        stored_to = q.valid_to, is_foreign = false, valid_to = CASE WHEN {said} THEN q.said_to ELSE q.valid_to END
    FROM (
        SELECT DISTINCT ON (l.line) l.line, l.valid_to AS said_to, o.key, o.number, e.id, e.state, e.valid_to
        FROM feed_found l
        JOIN customers_person p ON p.customer_id = l.customer_id AND p.key = l.user_key
        JOIN customers_person o
          ON o.customer_id = p.customer_id AND o.number <> p.number
         AND coalesce(o.same_as, o.number) = coalesce(p.same_as, p.number)
        JOIN customers_entitlementperiod e
          ON e.customer_id = o.customer_id AND e.subscription_id = l.group_a AND e.person_number = o.number
         AND e.valid_from = l.valid_from AND NOT e.allotted
        WHERE l.stored_id IS NULL AND NOT e.allotted
          AND (%(partner)s::int IS NULL OR e.stated_by_id = %(partner)s::int)
        ORDER BY l.line, o.number
    ) q
    WHERE q.line = f.line
"""

# Lines of one file about the same period by two identifiers of a person are lines of one key.
_PERIODS_IN_FILE = """
    UPDATE feed_found f
    SET user_key = q.key, group_b = q.key, person_number = q.number
    FROM (
        SELECT l.line, min(p.number) OVER same AS number, first_value(p.key) OVER (same ORDER BY p.number) AS key
        FROM feed_found l
        JOIN customers_person p ON p.customer_id = l.customer_id AND p.key = l.user_key
        WHERE l.stored_id IS NULL
        WINDOW same AS (PARTITION BY l.customer_id, l.group_a, coalesce(p.same_as, p.number), l.valid_from)
    ) q
    WHERE q.line = f.line AND f.person_number <> q.number
"""

_ACTIVE_BY_ALIAS = """
    CREATE TEMP TABLE feed_alias ON COMMIT DROP AS
    SELECT l.line, o.key, o.user_id
    FROM feed_line l
    JOIN customers_person p ON p.customer_id = l.customer_id AND p.key = l.user_key
    JOIN customers_person o
      ON o.customer_id = p.customer_id AND o.number <> p.number
     AND coalesce(o.same_as, o.number) = coalesce(p.same_as, p.number)
    WHERE l.retract AND (
        EXISTS (
            SELECT FROM customers_activity a
            WHERE a.customer_id = l.customer_id AND a.workload_id = l.workload_id AND a.block = o.number >> 6
              AND a.day = l.day AND a.bits >> (o.number & 63) & 1 = 1
              AND (%(source)s = 0 OR a.source = %(source)s)
        )
        OR EXISTS (
            SELECT FROM feed_line e
            WHERE e.customer_id = l.customer_id AND e.workload_id = l.workload_id AND e.day = l.day AND e.user_key = o.key
        )
    )
"""

_RETRACT_BY_ALIAS = """
    INSERT INTO feed_line (line, customer_id, workload_id, day, user_key, user_id, retract)
    SELECT l.line, l.customer_id, l.workload_id, l.day, a.key, a.user_id, true
    FROM feed_line l
    JOIN feed_alias a ON a.line = l.line
"""


def find_periods_by_alias(context: FileContext) -> None:
    """Lines of `feed_found` about a person who is known by another identifier, too, meet what was stated by that one."""
    if context.value(_ANY_ALIAS):
        context.run(sql.SQL(_PERIODS_BY_ALIAS).format(said=sql.Literal(context.header.has("to"))))
        context.run(_PERIODS_IN_FILE)


def retract_activity_by_alias(context: FileContext) -> None:
    """Lines of `feed_line` that retract a person's activity retract what was stated by other identifiers, too."""
    if context.value(_ANY_ALIAS):
        context.run(_ACTIVE_BY_ALIAS)
        context.run(_RETRACT_BY_ALIAS)
