"""customers.csv: who buys. From a partner, each line claims a relationship too."""

from __future__ import annotations

from psycopg import sql

from customers.feed import values
from customers.feed.claims import WAITS
from customers.feed.context import FileContext
from customers.feed.kind import FileKind
from customers.feed.spec import Column
from customers.feed.staging import count_changes, make_effective

_FIND = "CREATE TEMP TABLE feed_found ON COMMIT DROP AS SELECT * FROM feed_line WHERE fault IS NULL"

_NEW_CUSTOMERS = """
    INSERT INTO customers_customer (tenant_id, next_person_number, created_at)
    SELECT l.customer_guid, 0, now()
    FROM feed_effective l
    WHERE NOT EXISTS (SELECT FROM customers_customer c WHERE c.tenant_id = l.customer_guid)
    ORDER BY l.line
"""

_NEW_STALE_DAYS = """
    INSERT INTO customers_staledays (customer_id, seq, days)
    SELECT c.id, 0, '{}'::datemultirange
    FROM feed_effective l
    JOIN customers_customer c ON c.tenant_id = l.customer_guid
    ON CONFLICT DO NOTHING
"""

_CHANGE = """
    CREATE TEMP TABLE feed_change ON COMMIT DROP AS
    SELECT l.line, c.id AS customer_id, p.id AS stored_id, l.name, l.domain, l.country, {segment} AS segment,
           CASE WHEN p.id IS NULL THEN 'new'
                WHEN (p.name, p.domain, p.country, p.segment)
                     IS DISTINCT FROM (l.name, l.domain, l.country, {segment}) THEN 'changed'
                ELSE 'unchanged' END AS verdict
    FROM feed_effective l
    JOIN customers_customer c ON c.tenant_id = l.customer_guid
    LEFT JOIN customers_customerprofile p
      ON p.customer_id = c.id AND p.stated_by_id IS NOT DISTINCT FROM %(partner)s::int
"""

_UPDATE = """
    UPDATE customers_customerprofile p
    SET name = c.name, domain = c.domain, country = c.country, segment = c.segment, load_id = %(load)s
    FROM feed_change c
    WHERE c.stored_id = p.id AND c.verdict = 'changed'
"""

_INSERT = """
    INSERT INTO customers_customerprofile (customer_id, name, domain, country, segment, stated_by_id, load_id)
    SELECT customer_id, name, domain, country, segment, %(partner)s, %(load)s
    FROM feed_change
    WHERE verdict = 'new'
    ORDER BY line
"""

# A claim ends where the next confirmed relationship begins; a partner alone in the installation needs nobody's
# confirmation.
_CLAIM = f"""
    INSERT INTO customers_relationship (partner_id, customer_id, valid_from, valid_to, status, stated_by_id, load_id)
    SELECT %(partner)s, c.customer_id, %(today)s,
           (SELECT min(k.valid_from) FROM customers_relationship k
            WHERE k.partner_id = %(partner)s AND k.customer_id = c.customer_id AND k.status = 'confirmed'
              AND k.valid_from > %(today)s),
           CASE WHEN %(alone)s THEN 'confirmed' ELSE 'claimed' END, %(partner)s, %(load)s
    FROM feed_change c
    WHERE NOT EXISTS (
        SELECT FROM customers_relationship r
        WHERE r.partner_id = %(partner)s AND r.customer_id = c.customer_id AND (
            r.status = 'confirmed' AND daterange(r.valid_from, r.valid_to) @> %(today)s::date
            OR {WAITS}
        )
    )
    ORDER BY c.line
"""  # noqa: S608 - constants

_CLAIMED_COUNTS = """
    UPDATE feed_change c SET verdict = 'changed'
    FROM customers_relationship r
    WHERE c.verdict = 'unchanged' AND r.customer_id = c.customer_id AND r.partner_id = %(partner)s
      AND r.load_id = %(load)s
"""


def find(context: FileContext) -> None:
    """Every line is its own record."""
    context.run(_FIND)
    make_effective(context, ["customer_guid"])


def merge(context: FileContext) -> None:
    """Write the customers, what the stater says of them, and a partner's claims."""
    context.run(_NEW_CUSTOMERS)
    context.run(_NEW_STALE_DAYS)
    segment = context.stated("segment", "segment", "p.segment", "''")
    context.run(sql.SQL(_CHANGE).format(segment=segment))
    if context.partner is not None:
        _claim(context)
    count_changes(context)
    context.run(_UPDATE)
    context.run(_INSERT)


def _claim(context: FileContext) -> None:
    alone = context.alone
    if alone is None:
        alone = context.value("SELECT count(*) = 1 FROM partners_partner")
    claims = context.run(_CLAIM, {"alone": alone})
    context.run(_CLAIMED_COUNTS)
    context.claims_waiting = 0 if alone else claims


CUSTOMERS = FileKind(
    name="customers.csv",
    columns=(
        Column("customer_id", values.guid, (("customer_guid", "uuid"),), key=True),
        Column("name", values.text, (("name", "text"),)),
        Column("domain", values.text, (("domain", "text"),)),
        Column("country", values.country, (("country", "text"),)),
        Column("segment", values.text, (("segment", "text"),), optional=True),
    ),
    find=find,
    merge=merge,
    held="SELECT line, customer_id FROM feed_change",
    retractable=False,
)
