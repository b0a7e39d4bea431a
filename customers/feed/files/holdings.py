"""holdings.csv: who holds a licence of which SKU from when to when, whatever the subscription."""

from __future__ import annotations

from psycopg import sql

from customers.feed import values
from customers.feed.context import FileContext
from customers.feed.faults import Fault
from customers.feed.kind import FileKind
from customers.feed.periods import judge_periods
from customers.feed.spans import overlapping_lines
from customers.feed.spec import RETRACT, Column
from customers.feed.staging import mark_bad, settle_contradictions

# Each source has its own: what two of them state counts once (docs/decisions/0013).
_FIND = """
    CREATE TEMP TABLE feed_found ON COMMIT DROP AS
    SELECT l.line, l.retract, l.customer_guid, l.user_key, l.sku_guid, c.id AS customer_id,
           c.id AS group_a, l.user_key || ' ' || l.sku_guid AS group_b, k.id AS sku_id, l.user_id, p.number AS person_number, l.state,
           l.valid_from, {to} AS valid_to, h.id AS stored_id, h.state AS stored_state, h.valid_to AS stored_to
    FROM feed_line l
    LEFT JOIN feed_customer c ON c.tenant_id = l.customer_guid
    LEFT JOIN customers_sku k ON k.sku_id = l.sku_guid
    LEFT JOIN customers_person p ON p.customer_id = c.id AND p.key = l.user_key
    LEFT JOIN customers_holding h
      ON h.customer_id = c.id AND h.person_number = p.number AND h.sku_id = k.id AND h.valid_from = l.valid_from
     AND h.source = 'stated' AND h.stated_by_id IS NOT DISTINCT FROM %(partner)s::int
    WHERE l.fault IS NULL
"""

# The operator retracts what a partner stated too, where it stated nothing of that key itself.
_FIND_RETRACTED = """
    UPDATE feed_found f
    SET stored_id = q.id, stored_state = q.state, stored_to = q.valid_to
    FROM (
        SELECT DISTINCT ON (l.line) l.line, h.*
        FROM feed_found l
        JOIN customers_holding h
          ON h.customer_id = l.group_a AND h.person_number = l.person_number AND h.sku_id = l.sku_id
         AND h.valid_from = l.valid_from AND h.source = 'stated'
        WHERE l.retract AND l.stored_id IS NULL AND %(partner)s::int IS NULL
        ORDER BY l.line, h.stated_by_id
    ) q
    WHERE q.line = f.line
"""

_STORED = """
    SELECT h.customer_id AS group_a, p.key || ' ' || k.sku_id AS group_b, h.valid_from, h.valid_to, false AS is_foreign
    FROM customers_holding h
    JOIN customers_person p ON p.customer_id = h.customer_id AND p.number = h.person_number
    JOIN customers_sku k ON k.id = h.sku_id
    WHERE h.source = 'stated' AND h.stated_by_id IS NOT DISTINCT FROM %(partner)s::int
      AND h.customer_id IN (SELECT group_a FROM feed_effective)
"""

_DELETE = "DELETE FROM customers_holding h USING feed_change c WHERE c.stored_id = h.id AND c.verdict = 'retracted'"

_UPDATE = """
    UPDATE customers_holding h
    SET state = c.state, valid_to = c.valid_to, load_id = %(load)s
    FROM feed_change c
    WHERE c.stored_id = h.id AND c.verdict = 'changed'
"""

_INSERT = """
    INSERT INTO customers_holding
        (customer_id, person_number, sku_id, source, state, valid_from, valid_to, stated_by_id, load_id)
    SELECT c.customer_id, p.number, c.sku_id, 'stated', c.state, c.valid_from, c.valid_to, %(partner)s, %(load)s
    FROM feed_change c
    JOIN customers_person p ON p.customer_id = c.customer_id AND p.key = c.user_key
    WHERE c.verdict = 'new'
    ORDER BY c.customer_id, c.sku_id, p.number, c.valid_from
"""


def find(context: FileContext) -> None:
    """Customers and SKUs are known, the last day follows the first, and nothing of the same source overlaps."""
    context.run(sql.SQL(_FIND).format(to=context.stated("to", "valid_to", "h.valid_to")))
    if context.header.has(RETRACT):
        context.run(_FIND_RETRACTED)
    stating = "SELECT line FROM feed_found WHERE NOT retract AND "
    mark_bad(context, "customer_id", Fault.UNKNOWN_CUSTOMER, stating + "group_a IS NULL")
    mark_bad(context, "sku_id", Fault.UNKNOWN_SKU, stating + "sku_id IS NULL")
    mark_bad(context, "to", Fault.ORDER, stating + "valid_to <= valid_from")
    settle_contradictions(
        context,
        ["customer_guid", "user_key", "sku_guid", "valid_from"],
        lambda: overlapping_lines(context, stored=_STORED, known_as=("from", Fault.OVERLAP)),
    )


def merge(context: FileContext) -> None:
    """Write the holdings and the people in them."""
    judge_periods(context)
    for statement in (_DELETE, _UPDATE, _INSERT):
        context.run(statement)


HOLDINGS = FileKind(
    name="holdings.csv",
    columns=(
        Column("customer_id", values.guid, (("customer_guid", "uuid"),), key=True),
        Column("user_id", values.opaque_id, (("user_id", "text"), ("user_key", "text")), key=True),
        Column("sku_id", values.guid, (("sku_guid", "uuid"),), key=True),
        Column("from", values.day, (("valid_from", "date"),), key=True),
        Column("state", values.state, (("state", "text"),)),
        Column("to", values.day, (("valid_to", "date"),), optional=True),
    ),
    find=find,
    merge=merge,
)
