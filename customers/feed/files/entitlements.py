"""entitlements.csv: the periods in which a licence of a subscription is in a state for a user."""

from __future__ import annotations

from psycopg import sql

from customers.feed import values
from customers.feed.context import FileContext
from customers.feed.faults import Fault
from customers.feed.kind import FileKind
from customers.feed.people import find_periods_by_alias
from customers.feed.periods import judge_periods
from customers.feed.spans import overlapping_lines
from customers.feed.spec import RETRACT, Column
from customers.feed.staging import mark_bad, settle_contradictions

_SUBSCRIPTIONS_OF_OPERATOR = """
    CREATE TEMP TABLE feed_touched ON COMMIT DROP AS
    SELECT s.key, s.id, s.customer_id
    FROM customers_subscription s
    WHERE NOT s.aside AND s.key IN (SELECT subscription_key FROM feed_line)
"""

# Not another partner's subscription, unless the stater reported it itself; what is kept aside only for want of better.
_SUBSCRIPTIONS_OF_PARTNER = """
    CREATE TEMP TABLE feed_touched ON COMMIT DROP AS
    WITH own AS (
        SELECT DISTINCT s.key
        FROM customers_subscriptionversion v
        JOIN customers_subscription s ON s.id = v.subscription_id
        WHERE v.stated_by_id = %(partner)s AND s.key IN (SELECT subscription_key FROM feed_line)
    )
    SELECT DISTINCT ON (s.key) s.key, s.id, s.customer_id
    FROM customers_subscription s
    JOIN feed_customer c ON c.id = s.customer_id
    WHERE s.key IN (SELECT subscription_key FROM feed_line)
      AND (s.aside OR s.seller_id IS NULL OR s.seller_id = %(partner)s OR s.key IN (SELECT key FROM own))
    ORDER BY s.key, s.aside,
             EXISTS (
                 SELECT FROM customers_subscriptionversion v
                 WHERE v.subscription_id = s.id AND v.stated_by_id = %(partner)s
             ) DESC,
             s.id
"""

_FIND = """
    CREATE TEMP TABLE feed_found ON COMMIT DROP AS
    SELECT l.line, l.retract, l.subscription_key, l.user_key, s.id AS group_a, l.user_key AS group_b,
           s.customer_id, l.user_id, p.number AS person_number, l.state, l.valid_from, {to} AS valid_to,
           e.id AS stored_id, e.state AS stored_state, e.valid_to AS stored_to,
           e.id IS NOT NULL AND %(partner)s::int IS NOT NULL
               AND e.stated_by_id IS DISTINCT FROM %(partner)s::int AS is_foreign
    FROM feed_line l
    LEFT JOIN feed_touched s ON s.key = l.subscription_key
    LEFT JOIN customers_person p ON p.customer_id = s.customer_id AND p.key = l.user_key
    LEFT JOIN customers_entitlementperiod e
      ON e.customer_id = s.customer_id AND e.subscription_id = s.id AND e.person_number = p.number
     AND e.valid_from = l.valid_from AND NOT e.allotted
    WHERE l.fault IS NULL
"""

# Whatever subscription of that id the period has been stated for: one's own first, then what counts.
_FIND_RETRACTED = """
    UPDATE feed_found f
    SET group_a = q.subscription_id, customer_id = q.customer_id, person_number = q.person_number, stored_id = q.id,
        stored_state = q.state, stored_to = q.valid_to, is_foreign = false
    FROM (
        SELECT DISTINCT ON (l.line) l.line, e.*
        FROM feed_found l
        JOIN customers_subscription s ON s.key = l.subscription_key
        JOIN feed_customer c ON c.id = s.customer_id
        JOIN customers_person p ON p.customer_id = s.customer_id AND p.key = l.user_key
        JOIN customers_entitlementperiod e
          ON e.customer_id = s.customer_id AND e.subscription_id = s.id AND e.person_number = p.number
         AND e.valid_from = l.valid_from AND NOT e.allotted
        WHERE l.retract
          AND (%(partner)s::int IS NULL OR e.stated_by_id = %(partner)s::int)
        ORDER BY l.line, e.stated_by_id IS NOT DISTINCT FROM %(partner)s::int DESC, s.aside, s.id
    ) q
    WHERE q.line = f.line
"""

# To a partner, what somebody else stated is not known: so it is nothing to remove.
_NOTHING_TO_RETRACT = "UPDATE feed_found SET group_a = NULL, stored_id = NULL WHERE retract AND is_foreign"

_STORED = """
    SELECT e.subscription_id AS group_a, p.key AS group_b, e.valid_from, e.valid_to,
           %(partner)s::int IS NOT NULL AND e.stated_by_id IS DISTINCT FROM %(partner)s::int
               AND s.seller_id IS DISTINCT FROM %(partner)s::int AS is_foreign
    FROM feed_touched t
    JOIN customers_subscription s ON s.id = t.id
    JOIN customers_entitlementperiod e
      ON e.subscription_id = t.id AND e.customer_id = t.customer_id AND NOT e.allotted
    JOIN customers_person p ON p.customer_id = e.customer_id AND p.number = e.person_number
"""

_DELETE = """
    DELETE FROM customers_entitlementperiod e USING feed_change c WHERE c.stored_id = e.id AND c.verdict = 'retracted'
"""

_UPDATE = """
    UPDATE customers_entitlementperiod e
    SET state = c.state, valid_to = c.valid_to, stated_by_id = %(partner)s, load_id = %(load)s
    FROM feed_change c
    WHERE c.stored_id = e.id AND c.verdict = 'changed'
"""

_INSERT = """
    INSERT INTO customers_entitlementperiod
        (customer_id, subscription_id, person_number, state, valid_from, valid_to, stated_by_id, load_id)
    SELECT c.customer_id, c.group_a, p.number, c.state, c.valid_from, c.valid_to, %(partner)s, %(load)s
    FROM feed_change c
    JOIN customers_person p ON p.customer_id = c.customer_id AND p.key = c.user_key
    WHERE c.verdict = 'new'
    ORDER BY c.customer_id, c.group_a, p.number, c.valid_from
"""

# What was allotted there makes way: where else the holding belongs is found out at the end of the load.
_MAKE_WAY = """
    WITH gone AS (
        DELETE FROM customers_entitlementperiod e
        USING feed_change c
        JOIN customers_person p ON p.customer_id = c.customer_id AND p.key = c.user_key
        WHERE e.allotted AND e.customer_id = c.customer_id AND e.subscription_id = c.group_a
          AND e.person_number = p.number AND c.verdict IN ('new', 'changed')
          AND daterange(e.valid_from, e.valid_to) && daterange(c.valid_from, c.valid_to)
        RETURNING e.customer_id, e.valid_from, e.valid_to
    )
    INSERT INTO feed_stale (customer_id, first, past) SELECT customer_id, valid_from, valid_to + 28 FROM gone
"""

_STALE = """
    INSERT INTO feed_stale (customer_id, first, past)
    SELECT DISTINCT customer_id, valid_from,
           CASE verdict
               WHEN 'new' THEN valid_to
               WHEN 'retracted' THEN stored_to
               ELSE CASE WHEN valid_to IS NOT NULL AND stored_to IS NOT NULL
                         THEN greatest(valid_to, stored_to) END
           END + 28
    FROM feed_change
    WHERE verdict <> 'unchanged'
"""


def find(context: FileContext) -> None:
    """Subscriptions are known, the last day follows the first, and nothing overlaps."""
    context.run(_SUBSCRIPTIONS_OF_OPERATOR if context.partner is None else _SUBSCRIPTIONS_OF_PARTNER)
    context.run("ANALYZE feed_touched")
    context.run(sql.SQL(_FIND).format(to=context.stated("to", "valid_to", "e.valid_to")))
    find_periods_by_alias(context)
    if context.header.has(RETRACT):
        context.run(_FIND_RETRACTED)
    if context.partner is not None:
        context.run(_NOTHING_TO_RETRACT)
    stating = "SELECT line FROM feed_found WHERE NOT retract AND "
    mark_bad(context, "subscription_id", Fault.UNKNOWN_SUBSCRIPTION, stating + "(group_a IS NULL OR is_foreign)")
    mark_bad(context, "to", Fault.ORDER, stating + "valid_to <= valid_from")
    known_as = ("subscription_id", Fault.UNKNOWN_SUBSCRIPTION)
    settle_contradictions(
        context,
        ["subscription_key", "user_key", "valid_from"],
        lambda: overlapping_lines(context, stored=_STORED, known_as=known_as),
    )


def merge(context: FileContext) -> None:
    """Write the periods and the people in them."""
    judge_periods(context)
    for statement in (_MAKE_WAY, _DELETE, _UPDATE, _INSERT, _STALE):
        context.run(statement)


ENTITLEMENTS = FileKind(
    name="entitlements.csv",
    columns=(
        Column(
            "subscription_id",
            values.subscription_id,
            (("subscription_id", "text"), ("subscription_key", "text")),
            key=True,
        ),
        Column("user_id", values.opaque_id, (("user_id", "text"), ("user_key", "text")), key=True),
        Column("from", values.day, (("valid_from", "date"),), key=True),
        Column("state", values.state, (("state", "text"),)),
        Column("to", values.day, (("valid_to", "date"),), optional=True),
    ),
    find=find,
    merge=merge,
)
