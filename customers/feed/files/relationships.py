"""relationships.csv: which partner serves which customer, as the operator confirms it."""

from __future__ import annotations

from psycopg import sql

from customers.feed import values
from customers.feed.claims import END_CLAIMS
from customers.feed.context import FileContext
from customers.feed.faults import Fault
from customers.feed.kind import FileKind
from customers.feed.spans import overlapping_lines
from customers.feed.spec import Column
from customers.feed.staging import count_changes, mark_bad, settle_contradictions

_FIND = """
    CREATE TEMP TABLE feed_found ON COMMIT DROP AS
    SELECT l.line, l.retract, l.partner_guid, l.customer_guid, p.id AS group_a, c.id::text AS group_b,
           c.id AS customer_id, l.valid_from, {to} AS valid_to, r.id AS stored_id, r.valid_to AS stored_to, r.status
    FROM feed_line l
    LEFT JOIN partners_partner p ON p.partner_id = l.partner_guid
    LEFT JOIN customers_customer c ON c.tenant_id = l.customer_guid
    LEFT JOIN customers_relationship r
      ON r.partner_id = p.id AND r.customer_id = c.id AND r.valid_from = l.valid_from
    WHERE l.fault IS NULL
"""

_STORED = """
    SELECT partner_id AS group_a, customer_id::text AS group_b, valid_from, valid_to, false AS is_foreign
    FROM customers_relationship
    WHERE status = 'confirmed'
"""

_CHANGE = """
    CREATE TEMP TABLE feed_change ON COMMIT DROP AS
    SELECT l.*,
           CASE WHEN l.retract THEN CASE WHEN l.stored_id IS NULL THEN 'unchanged' ELSE 'retracted' END
                WHEN l.stored_id IS NULL THEN 'new'
                WHEN (l.stored_to, l.status) IS DISTINCT FROM (l.valid_to, 'confirmed') THEN 'changed'
                ELSE 'unchanged' END AS verdict
    FROM feed_effective l
"""

_DELETE = (
    "DELETE FROM customers_relationship r USING feed_change c WHERE c.stored_id = r.id AND c.verdict = 'retracted'"
)

_UPDATE = """
    UPDATE customers_relationship r
    SET valid_to = c.valid_to, status = 'confirmed', stated_by_id = %(partner)s, load_id = %(load)s
    FROM feed_change c
    WHERE c.stored_id = r.id AND c.verdict = 'changed'
"""

_INSERT = """
    INSERT INTO customers_relationship (partner_id, customer_id, valid_from, valid_to, status, stated_by_id, load_id)
    SELECT group_a, customer_id, valid_from, valid_to, 'confirmed', %(partner)s, %(load)s
    FROM feed_change
    WHERE verdict = 'new'
    ORDER BY line
"""


def find(context: FileContext) -> None:
    """Partners and customers are known, the last day follows the first, and nothing overlaps."""
    context.run(sql.SQL(_FIND).format(to=context.stated("to", "valid_to", "r.valid_to")))
    found = "SELECT line FROM feed_found WHERE NOT retract AND "
    mark_bad(context, "partner_id", Fault.UNKNOWN_PARTNER, found + "group_a IS NULL")
    mark_bad(context, "customer_id", Fault.UNKNOWN_CUSTOMER, found + "group_b IS NULL")
    mark_bad(context, "to", Fault.ORDER, found + "valid_to <= valid_from")
    known_as = ("from", Fault.OVERLAP)
    settle_contradictions(
        context,
        ["partner_guid", "customer_guid", "valid_from"],
        lambda: overlapping_lines(context, stored=_STORED, known_as=known_as),
    )


def merge(context: FileContext) -> None:
    """Write the relationships; what is stated here is confirmed, a claim of the same first day included. Others end there."""
    context.run(_CHANGE)
    count_changes(context)
    for statement in (_DELETE, _UPDATE, _INSERT, END_CLAIMS):
        context.run(statement)


RELATIONSHIPS = FileKind(
    name="relationships.csv",
    columns=(
        Column("partner_id", values.guid, (("partner_guid", "uuid"),), key=True),
        Column("customer_id", values.guid, (("customer_guid", "uuid"),), key=True),
        Column("from", values.day, (("valid_from", "date"),), key=True),
        Column("to", values.day, (("valid_to", "date"),), optional=True),
    ),
    find=find,
    merge=merge,
    operator_only=True,
)
