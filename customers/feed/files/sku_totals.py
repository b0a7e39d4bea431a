"""sku_totals.csv: how many licences of each SKU a customer's tenant has on a day, whoever sold them."""

from __future__ import annotations

from psycopg import sql

from customers.feed import values
from customers.feed.context import FileContext
from customers.feed.faults import Fault
from customers.feed.kind import FileKind
from customers.feed.spec import Column
from customers.feed.staging import count_changes, make_effective, mark_bad

_FIND = """
    CREATE TEMP TABLE feed_found ON COMMIT DROP AS
    SELECT l.*, c.id AS customer_id, k.id AS sku_key
    FROM feed_line l
    LEFT JOIN feed_customer c ON c.tenant_id = l.customer_guid
    LEFT JOIN customers_sku k ON k.sku_id = l.sku_guid
    WHERE l.fault IS NULL
"""

_CHANGE = """
    CREATE TEMP TABLE feed_change ON COMMIT DROP AS
    SELECT l.line, l.customer_id, l.sku_key, l.day, l.enabled, l.warning, l.suspended, {locked_out} AS locked_out,
           l.consumed, t.id AS stored_id,
           CASE WHEN t.id IS NULL THEN 'new'
                WHEN (t.enabled, t.warning, t.suspended, t.locked_out, t.consumed)
                     IS DISTINCT FROM (l.enabled, l.warning, l.suspended, {locked_out}, l.consumed) THEN 'changed'
                ELSE 'unchanged' END AS verdict
    FROM feed_effective l
    LEFT JOIN customers_skutotal t
      ON t.customer_id = l.customer_id AND t.sku_id = l.sku_key AND t.day = l.day
     AND t.stated_by_id IS NOT DISTINCT FROM %(partner)s::int
"""

_UPDATE = """
    UPDATE customers_skutotal t
    SET enabled = c.enabled, warning = c.warning, suspended = c.suspended, locked_out = c.locked_out,
        consumed = c.consumed, load_id = %(load)s
    FROM feed_change c
    WHERE c.stored_id = t.id AND c.verdict = 'changed'
"""

_INSERT = """
    INSERT INTO customers_skutotal
        (customer_id, sku_id, day, enabled, warning, suspended, locked_out, consumed, stated_by_id, load_id)
    SELECT customer_id, sku_key, day, enabled, warning, suspended, locked_out, consumed, %(partner)s, %(load)s
    FROM feed_change
    WHERE verdict = 'new'
    ORDER BY line
"""


def find(context: FileContext) -> None:
    """Customers and SKUs are known, and the day is not to come."""
    context.run(_FIND)
    mark_bad(context, "customer_id", Fault.UNKNOWN_CUSTOMER, "SELECT line FROM feed_found WHERE customer_id IS NULL")
    mark_bad(context, "sku_id", Fault.UNKNOWN_SKU, "SELECT line FROM feed_found WHERE sku_key IS NULL")
    mark_bad(context, "day", Fault.FUTURE, "SELECT line FROM feed_found WHERE day > %(today)s::date")
    make_effective(context, ["customer_guid", "day", "sku_guid"])


def merge(context: FileContext) -> None:
    """Write the totals. What they say of external subscriptions, `customers.services.external` finds out afterwards."""
    context.run(sql.SQL(_CHANGE).format(locked_out=context.stated("locked_out", "locked_out", "t.locked_out")))
    count_changes(context)
    for statement in (_UPDATE, _INSERT):
        context.run(statement)


SKU_TOTALS = FileKind(
    name="sku_totals.csv",
    columns=(
        Column("customer_id", values.guid, (("customer_guid", "uuid"),), key=True),
        Column("day", values.day, (("day", "date"),), key=True),
        Column("sku_id", values.guid, (("sku_guid", "uuid"),), key=True),
        Column("part_number", values.text, (("part_number", "text"),), optional=True),
        Column("enabled", values.quantity, (("enabled", "int"),)),
        Column("warning", values.quantity, (("warning", "int"),)),
        Column("suspended", values.quantity, (("suspended", "int"),)),
        Column("locked_out", values.quantity, (("locked_out", "int"),), optional=True),
        Column("consumed", values.quantity, (("consumed", "int"),)),
    ),
    find=find,
    merge=merge,
    retractable=False,
)
