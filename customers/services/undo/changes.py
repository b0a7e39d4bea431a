"""What an undo changes of what figures depend on: the days of which they have to be computed again."""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper

_STALE = "CREATE TEMP TABLE undo_stale (customer_id int, first date, past date) ON COMMIT DROP"

_PERIODS = """
    SELECT e.customer_id, s.key, coalesce(p.same_as, p.number) AS person, e.state, e.valid_from, e.valid_to
    FROM undo_customer
    JOIN customers_subscription s USING (customer_id)
    JOIN customers_entitlementperiod e ON e.subscription_id = s.id AND e.customer_id = s.customer_id
    JOIN customers_person p ON p.customer_id = e.customer_id AND p.number = e.person_number
    WHERE NOT s.aside
"""

_VERSIONS = """
    SELECT s.customer_id, s.key, v.effective_on, v.seller_id, v.sku_id, v.status, v.quantity, v.is_trial, v.term_end,
           v.auto_renew
    FROM undo_customer
    JOIN customers_subscription s USING (customer_id)
    JOIN customers_subscriptionversion v ON v.subscription_id = s.id
    WHERE NOT s.aside AND NOT v.aside
"""

_STALE_PERIODS = f"""
    INSERT INTO undo_stale (customer_id, first, past)
    SELECT customer_id, valid_from, valid_to + 28
    FROM (
        (SELECT * FROM undo_periods EXCEPT ({_PERIODS}))
        UNION ALL
        (({_PERIODS}) EXCEPT SELECT * FROM undo_periods)
    ) changed
"""  # noqa: S608 - constants

_STALE_VERSIONS = f"""
    INSERT INTO undo_stale (customer_id, first)
    SELECT customer_id, min(effective_on)
    FROM (
        (SELECT * FROM undo_versions EXCEPT ({_VERSIONS}))
        UNION ALL
        (({_VERSIONS}) EXCEPT SELECT * FROM undo_versions)
    ) changed
    GROUP BY customer_id
"""  # noqa: S608 - constants

# Whose activity is read as another's from now on, or not any more.
_SAME = """
    SELECT p.customer_id, p.number, p.same_as FROM undo_customer JOIN customers_person p USING (customer_id)
    WHERE p.same_as IS NOT NULL
"""
_STALE_PEOPLE = f"""
    INSERT INTO undo_stale (customer_id, first)
    SELECT customer_id, (
        SELECT min(a.day) FROM customers_activity a WHERE a.customer_id = changed.customer_id
    )
    FROM (
        (SELECT * FROM undo_same EXCEPT ({_SAME}))
        UNION ALL
        (({_SAME}) EXCEPT SELECT * FROM undo_same)
    ) changed
    GROUP BY customer_id
    HAVING EXISTS (SELECT FROM customers_activity a WHERE a.customer_id = changed.customer_id)
"""  # noqa: S608 - constants


def remember(cursor: CursorWrapper) -> None:
    """Keep in mind what the customers in `undo_customer` have; begins `undo_stale`."""
    cursor.execute(
        "DROP TABLE IF EXISTS pg_temp.undo_stale, pg_temp.undo_periods, pg_temp.undo_versions, pg_temp.undo_same"
    )
    cursor.execute(_STALE)
    cursor.execute(f"CREATE TEMP TABLE undo_periods ON COMMIT DROP AS {_PERIODS}")
    cursor.execute(f"CREATE TEMP TABLE undo_versions ON COMMIT DROP AS {_VERSIONS}")
    cursor.execute(f"CREATE TEMP TABLE undo_same ON COMMIT DROP AS {_SAME}")


def compare(cursor: CursorWrapper) -> None:
    """Add the days to `undo_stale` on which the customers have something else now."""
    cursor.execute(_STALE_PERIODS)
    cursor.execute(_STALE_VERSIONS)
    cursor.execute(_STALE_PEOPLE)
