"""Writes the versions of subscriptions, and settles whose statement of a subscription counts.

The seller's own statement of a subscription id holds whenever it arrives; what others state as external is kept aside
(feed.md, "A partner's feed"). So all that is known of the touched ids is looked at again after the merge: the order of
arrival doesn't matter, and a retraction brings the others' versions back.
"""

from __future__ import annotations

from psycopg import sql

from customers.feed.context import FileContext
from customers.feed.files.moves import move_periods
from customers.feed.staging import count_changes

# What a line replaces or retracts: what the stater stated itself, for customers that it reaches. The operator's replaces
# other sales too, and what others state as external of the same customer; it retracts what others stated only where the
# operator stated nothing of that key.
_REPLACED = """
    CREATE TEMP TABLE feed_version ON COMMIT DROP AS
    SELECT e.line, v.id AS version_id,
           row_number() OVER (
               PARTITION BY e.line
               ORDER BY (v.stated_by_id IS NOT DISTINCT FROM %(partner)s::int) DESC,
                        (v.seller_id IS NOT DISTINCT FROM e.seller_id) DESC, (s.customer_id = e.customer_id) DESC,
                        v.aside, v.id
           ) AS place
    FROM feed_effective e
    JOIN customers_subscription s ON s.key = e.subscription_key
    JOIN customers_subscriptionversion v ON v.subscription_id = s.id AND v.effective_on = e.effective_on
    WHERE CASE
        WHEN v.stated_by_id IS NOT DISTINCT FROM %(partner)s::int
            THEN s.customer_id IN (SELECT id FROM feed_customer)
        WHEN %(partner)s::int IS NOT NULL
            THEN false
        WHEN e.retract
            THEN NOT EXISTS (
                SELECT FROM customers_subscription os
                JOIN customers_subscriptionversion ov ON ov.subscription_id = os.id
                WHERE os.key = e.subscription_key AND ov.effective_on = e.effective_on AND ov.stated_by_id IS NULL
            )
        WHEN v.seller_id IS NULL
            THEN e.seller_id IS NULL AND s.customer_id = e.customer_id
        ELSE e.seller_id IS NOT NULL
    END
"""

# What the operator repeats of a partner is unchanged, and stays the partner's; unless that counts nowhere: then the
# operator's word is what makes it count.
_CHANGE = """
    CREATE TEMP TABLE feed_change ON COMMIT DROP AS
    SELECT line, subscription_id, subscription_key, effective_on, customer_id, seller_id, sku_id, status, quantity,
           is_trial, term_end, auto_renew, cancel_until, unit_price, currency,
           CASE WHEN retract THEN CASE WHEN stored_id IS NULL THEN 'unchanged' ELSE 'retracted' END
                WHEN stored_id IS NULL THEN 'new'
                WHEN is_others_aside OR before IS DISTINCT FROM ROW(
                    customer_id, seller_id, sku_id, status, quantity, is_trial, term_end, auto_renew, cancel_until,
                    unit_price, currency
                ) THEN 'changed'
                ELSE 'unchanged' END AS verdict
    FROM (
        SELECT l.line, l.retract, l.subscription_id, l.subscription_key, l.effective_on, l.customer_id, l.seller_id,
               l.sku_id, l.status::varchar AS status, l.quantity, l.is_trial, {term_end} AS term_end,
               {auto_renew} AS auto_renew, {cancel_until} AS cancel_until,
               ({unit_price})::numeric(260, 4) AS unit_price, ({currency})::varchar AS currency, v.id AS stored_id,
               s.aside AND v.stated_by_id IS DISTINCT FROM %(partner)s::int AS is_others_aside,
               ROW(s.customer_id, v.seller_id, v.sku_id, v.status::varchar, v.quantity, v.is_trial, v.term_end,
                   v.auto_renew, v.cancel_until, v.unit_price::numeric(260, 4), v.currency::varchar) AS before
        FROM feed_effective l
        LEFT JOIN feed_version r ON r.line = l.line AND r.place = 1
        LEFT JOIN customers_subscriptionversion v ON v.id = r.version_id
        LEFT JOIN customers_subscription s ON s.id = v.subscription_id
    ) q
"""

_TOUCHED = """
    CREATE TEMP TABLE feed_touched ON COMMIT DROP AS
    SELECT DISTINCT subscription_key AS key FROM feed_change WHERE verdict <> 'unchanged'
"""

_COUNTED = """
    SELECT s.customer_id, v.subscription_id, v.effective_on, v.seller_id, v.sku_id, v.status, v.quantity, v.is_trial,
           v.term_end, v.auto_renew
    FROM feed_touched t
    JOIN customers_subscription s ON s.key = t.key
    JOIN customers_subscriptionversion v ON v.subscription_id = s.id
    WHERE NOT s.aside AND NOT v.aside
"""

_BEFORE = f"CREATE TEMP TABLE feed_before ON COMMIT DROP AS {_COUNTED}"
_AFTER = f"CREATE TEMP TABLE feed_after ON COMMIT DROP AS {_COUNTED}"

_DELETE = """
    DELETE FROM customers_subscriptionversion v
    USING feed_version r
    JOIN feed_change c ON c.line = r.line
    WHERE r.version_id = v.id AND c.verdict <> 'unchanged'
"""

# The subscriptions that lose versions: if the file states the id for another customer, periods go there.
_LEFT = """
    CREATE TEMP TABLE feed_left ON COMMIT DROP AS
    SELECT DISTINCT s.id, s.key, s.customer_id, s.aside
    FROM feed_version r
    JOIN feed_change c ON c.line = r.line
    JOIN customers_subscriptionversion v ON v.id = r.version_id
    JOIN customers_subscription s ON s.id = v.subscription_id
    WHERE c.verdict <> 'unchanged'
"""

_NEW_SUBSCRIPTIONS = """
    INSERT INTO customers_subscription (subscription_id, key, customer_id, aside)
    SELECT subscription_id, subscription_key, customer_id,
           EXISTS (SELECT FROM customers_subscription o WHERE o.key = subscription_key)
    FROM (
        SELECT DISTINCT ON (subscription_key, customer_id) subscription_id, subscription_key, customer_id, line
        FROM feed_change
        WHERE verdict IN ('new', 'changed')
        ORDER BY subscription_key, customer_id, line
    ) c
    WHERE NOT EXISTS (
        SELECT FROM customers_subscription s WHERE s.key = c.subscription_key AND s.customer_id = c.customer_id
    )
    ORDER BY customer_id, line
"""

# Who sells each touched id, now that what is replaced is gone: any version in the database or in the file says it.
_SELLERS = """
    CREATE TEMP TABLE feed_seller ON COMMIT DROP AS
    SELECT s.key, min(v.seller_id) AS seller_id, min(s.customer_id) AS customer_id
    FROM feed_touched t
    JOIN customers_subscription s ON s.key = t.key
    JOIN customers_subscriptionversion v ON v.subscription_id = s.id AND v.seller_id IS NOT NULL
    GROUP BY s.key
    UNION
    SELECT subscription_key, min(seller_id), min(customer_id)
    FROM feed_change
    WHERE verdict IN ('new', 'changed') AND seller_id IS NOT NULL
    GROUP BY subscription_key
"""

_SET_ASIDE = """
    UPDATE customers_subscriptionversion v
    SET aside = true
    FROM feed_seller k
    JOIN customers_subscription s ON s.key = k.key
    WHERE v.subscription_id = s.id AND v.seller_id IS NULL AND NOT v.aside
"""

_INSERT = """
    INSERT INTO customers_subscriptionversion (
        subscription_id, effective_on, seller_id, aside, sku_id, status, quantity, is_trial, term_end, auto_renew,
        cancel_until, unit_price, currency, stated_by_id, load_id
    )
    SELECT s.id, c.effective_on, c.seller_id, c.seller_id IS NULL AND k.key IS NOT NULL, c.sku_id, c.status, c.quantity,
           c.is_trial, c.term_end, c.auto_renew, c.cancel_until, c.unit_price, c.currency, %(partner)s, %(load)s
    FROM feed_change c
    JOIN customers_subscription s ON s.key = c.subscription_key AND s.customer_id = c.customer_id
    LEFT JOIN feed_seller k ON k.key = c.subscription_key
    WHERE c.verdict IN ('new', 'changed')
    ORDER BY s.customer_id, s.id, c.effective_on
"""

_EMPTY = """
    SELECT s.id, s.customer_id
    FROM feed_touched t
    JOIN customers_subscription s ON s.key = t.key
    WHERE NOT EXISTS (SELECT FROM customers_subscriptionversion v WHERE v.subscription_id = s.id)
"""

_DELETE_PERIODS = f"""
    DELETE FROM customers_entitlementperiod e
    USING ({_EMPTY}) s
    WHERE e.subscription_id = s.id AND e.customer_id = s.customer_id
"""  # noqa: S608 - constants

_DELETE_SUBSCRIPTIONS = f"DELETE FROM customers_subscription d USING ({_EMPTY}) s WHERE d.id = s.id"  # noqa: S608 - constants

# The one subscription of each touched id that counts: the seller's, else the operator's, else the oldest.
_PLACES = """
    CREATE TEMP TABLE feed_place ON COMMIT DROP AS
    SELECT s.id, k.seller_id, k.key IS NOT NULL AS is_sold,
           row_number() OVER (
               PARTITION BY s.key
               ORDER BY (s.customer_id = k.customer_id) DESC NULLS LAST,
                        EXISTS (
                            SELECT FROM customers_subscriptionversion v
                            WHERE v.subscription_id = s.id AND v.stated_by_id IS NULL
                        ) DESC,
                        s.id
           ) = 1 AS counts
    FROM feed_touched t
    JOIN customers_subscription s ON s.key = t.key
    LEFT JOIN feed_seller k ON k.key = t.key
"""

_STEP_ASIDE = """
    UPDATE customers_subscription s
    SET aside = true, seller_id = NULL
    FROM feed_place p
    WHERE p.id = s.id AND NOT p.counts AND NOT s.aside
"""

_STEP_FORWARD = """
    UPDATE customers_subscription s
    SET aside = false, seller_id = p.seller_id
    FROM feed_place p
    WHERE p.id = s.id AND p.counts AND (s.aside OR s.seller_id IS DISTINCT FROM p.seller_id)
"""

_VERSIONS_ASIDE = """
    UPDATE customers_subscriptionversion v
    SET aside = true
    FROM feed_place p
    WHERE p.id = v.subscription_id AND NOT v.aside AND v.seller_id IS NULL AND (p.is_sold OR NOT p.counts)
"""

_VERSIONS_COUNT = """
    UPDATE customers_subscriptionversion v
    SET aside = false
    FROM feed_place p
    WHERE p.id = v.subscription_id AND v.aside AND p.counts AND NOT p.is_sold
"""

_STALE = """
    INSERT INTO feed_stale (customer_id, first)
    SELECT customer_id, min(effective_on)
    FROM (
        (SELECT * FROM feed_before EXCEPT SELECT * FROM feed_after)
        UNION ALL
        (SELECT * FROM feed_after EXCEPT SELECT * FROM feed_before)
    ) changed
    GROUP BY customer_id
"""

_OPTIONAL = {"term_end": "NULL", "auto_renew": "NULL", "cancel_until": "NULL", "unit_price": "NULL", "currency": "''"}


def merge(context: FileContext) -> None:
    """Write the versions."""
    context.run(_REPLACED)
    said = {name: context.stated(name, name, f"v.{name}", blank) for name, blank in _OPTIONAL.items()}
    context.run(sql.SQL(_CHANGE).format(**said))
    count_changes(context)
    if context.run(_TOUCHED):
        _write(context)


def _write(context: FileContext) -> None:
    for statement in (
        "ANALYZE feed_touched",
        "ANALYZE feed_change",
        _BEFORE,
        _LEFT,
        _DELETE,
        _NEW_SUBSCRIPTIONS,
        _SELLERS,
        _SET_ASIDE,
        _INSERT,
    ):
        context.run(statement)
    move_periods(context)
    for statement in (
        _DELETE_PERIODS,
        _DELETE_SUBSCRIPTIONS,
        _PLACES,
        _STEP_ASIDE,
        _STEP_FORWARD,
        _VERSIONS_ASIDE,
        _VERSIONS_COUNT,
        _AFTER,
        _STALE,
    ):
        context.run(statement)
