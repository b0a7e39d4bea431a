"""skus.csv: what is sold. The operator's file."""

from __future__ import annotations

from customers.feed import values
from customers.feed.context import FileContext
from customers.feed.kind import FileKind
from customers.feed.spec import Column
from customers.feed.staging import count_changes, make_effective

_FIND = "CREATE TEMP TABLE feed_found ON COMMIT DROP AS SELECT * FROM feed_line WHERE fault IS NULL"

# A new family is not switched on, a new workload can't be used without a licence.
_NEW_FAMILIES = """
    INSERT INTO customers_family (code, key, name, in_insights)
    SELECT family, family_key, family, false
    FROM (SELECT DISTINCT ON (family_key) family, family_key, line FROM feed_effective ORDER BY family_key, line) f
    WHERE NOT EXISTS (SELECT FROM customers_family k WHERE k.key = f.family_key)
    ORDER BY line
"""

_NEW_WORKLOADS = """
    INSERT INTO customers_workload (code, key, name)
    SELECT code, key, code
    FROM (
        SELECT DISTINCT ON (key) w.code, w.key, l.line
        FROM feed_effective l
        CROSS JOIN LATERAL unnest(l.workload_codes, l.workload_keys) w (code, key)
        ORDER BY w.key, l.line
    ) n
    WHERE NOT EXISTS (SELECT FROM customers_workload k WHERE k.key = n.key)
    ORDER BY line
"""

_CHANGE = """
    CREATE TEMP TABLE feed_change ON COMMIT DROP AS
    SELECT q.*,
           CASE WHEN stored_id IS NULL THEN 'new'
                WHEN restates OR (stored_number, stored_name) IS DISTINCT FROM (part_number, name) THEN 'changed'
                ELSE 'unchanged' END AS verdict
    FROM (
        SELECT l.line, l.sku_guid, l.part_number, l.name, f.id AS family_id, w.ids AS workload_ids, s.id AS stored_id,
               s.part_number AS stored_number, s.name AS stored_name,
               s.id IS NOT NULL AND (s.family_id <> f.id OR h.ids <> w.ids) AS restates
        FROM feed_effective l
        JOIN customers_family f ON f.key = l.family_key
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(k.id ORDER BY k.id), '{}') AS ids
            FROM customers_workload k
            WHERE k.key = ANY(l.workload_keys)
        ) w
        LEFT JOIN customers_sku s ON s.sku_id = l.sku_guid
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(h.workload_id ORDER BY h.workload_id), '{}') AS ids
            FROM customers_sku_workload h
            WHERE h.sku_id = s.id
        ) h
    ) q
"""

_UPDATE = """
    UPDATE customers_sku s
    SET part_number = c.part_number, name = c.name, family_id = c.family_id, stated_by_id = %(partner)s,
        load_id = %(load)s
    FROM feed_change c
    WHERE c.stored_id = s.id AND c.verdict = 'changed'
"""

_INSERT = """
    INSERT INTO customers_sku (sku_id, part_number, name, family_id, is_free, is_viral, stated_by_id, load_id)
    SELECT sku_guid, part_number, name, family_id, false, false, %(partner)s, %(load)s
    FROM feed_change
    WHERE verdict = 'new'
    ORDER BY line
"""

_UNLINK = """
    DELETE FROM customers_sku_workload h
    USING feed_change c
    WHERE c.restates AND h.sku_id = c.stored_id AND h.workload_id <> ALL(c.workload_ids)
"""

_LINK = """
    INSERT INTO customers_sku_workload (sku_id, workload_id)
    SELECT s.id, w.id
    FROM feed_change c
    JOIN customers_sku s ON s.sku_id = c.sku_guid
    CROSS JOIN LATERAL unnest(c.workload_ids) w (id)
    WHERE (c.verdict = 'new' OR c.restates) AND NOT EXISTS (
        SELECT FROM customers_sku_workload h WHERE h.sku_id = s.id AND h.workload_id = w.id
    )
"""

_NEXT_EPOCH = """
    UPDATE customers_catalogueepoch SET number = number + 1
    WHERE EXISTS (SELECT FROM feed_change WHERE restates)
"""


def find(context: FileContext) -> None:
    """Every line is its own record."""
    context.run(_FIND)
    make_effective(context, ["sku_guid"])


def merge(context: FileContext) -> None:
    """Write families, workloads and SKUs. A known SKU with another family or other workloads restates every figure."""
    for statement in (_NEW_FAMILIES, _NEW_WORKLOADS, _CHANGE):
        context.cursor.execute(statement)
    count_changes(context)
    for statement in (_UPDATE, _INSERT, _UNLINK, _LINK, _NEXT_EPOCH):
        context.run(statement)


SKUS = FileKind(
    name="skus.csv",
    columns=(
        Column("sku_id", values.guid, (("sku_guid", "uuid"),), key=True),
        Column("part_number", values.text, (("part_number", "text"),)),
        Column("name", values.text, (("name", "text"),)),
        Column("family", values.code, (("family", "text"), ("family_key", "text"))),
        Column(
            "workloads",
            values.workloads,
            (("workload_codes", "text[]"), ("workload_keys", "text[]")),
            may_be_empty=True,
        ),
    ),
    find=find,
    merge=merge,
    held=None,
    retractable=False,
    operator_only=True,
)
