"""Stages lines that a step kept, as far as they concern the customers in `undo_customer` and what those share."""

from __future__ import annotations

from psycopg import sql

from customers.feed.context import FileContext
from customers.feed.faults import SENTENCES, Fault
from customers.feed.kind import FileKind
from customers.feed.report import shortened
from customers.models import LoadStep

_LINES = """
    SELECT t::pg_temp.feed_line AS row
    FROM customers_loadlines k
    CROSS JOIN LATERAL unnest(k.lines) t
    WHERE k.step_id = %(step)s AND {whose}
    OFFSET 0
"""
_OF_CUSTOMERS = "INSERT INTO feed_line SELECT (l.row).* FROM ({lines}) l"

# Lines whose customer wasn't known retract what wasn't there: it may be there now.
_OF_NOBODY = """
    INSERT INTO feed_line
    SELECT (l.row).*
    FROM ({lines}) l
    WHERE {identity} IN (SELECT identity FROM undo_shared WHERE relation = {relation})
"""
_SUBSCRIPTION = "(l.row).subscription_key"
_RECORD = """
    concat_ws(
        ':',
        (SELECT p.id FROM partners_partner p WHERE p.partner_id = coalesce((l.row).partner_guid, %(partner_guid)s::uuid)),
        (l.row).record_key
    )
"""
_SHARED = {
    "subscriptions.csv": ("customers_subscription", _SUBSCRIPTION),
    "entitlements.csv": ("customers_subscription", _SUBSCRIPTION),
    "support_cases.csv": ("customers_supportcase", _RECORD),
    "satisfaction.csv": ("customers_satisfactionresponse", _RECORD),
}


def stage_kept(context: FileContext, kind: FileKind, step: LoadStep) -> bool:
    """Make `feed_line` of the lines of the step; whether there are any."""
    columns = sql.SQL(", ").join(sql.SQL(column) for column in step.staged)
    context.run(sql.SQL("CREATE TEMP TABLE feed_line ({}) ON COMMIT DROP").format(columns))
    facts = {"step": step.pk}
    known = _lines("k.customer_id IN (SELECT customer_id FROM undo_customer)")
    staged = context.run(sql.SQL(_OF_CUSTOMERS).format(lines=known), facts)
    if kind.name in _SHARED:
        relation, identity = _SHARED[kind.name]
        of_nobody = sql.SQL(_OF_NOBODY).format(
            lines=_lines("k.customer_id IS NULL"), identity=sql.SQL(identity), relation=sql.Literal(relation)
        )
        staged += context.run(of_nobody, facts)
    context.run("ANALYZE feed_line")
    return staged > 0


def _lines(whose: str) -> sql.Composable:
    return sql.SQL(_LINES).format(whose=sql.SQL(whose))


def first_fault(context: FileContext, kind: FileKind) -> str | None:
    """What is wrong with the first of these lines that can't be taken, if any."""
    bad = context.rows("SELECT line, bad_column, fault FROM feed_bad ORDER BY line LIMIT 1")
    if not bad:
        return None
    line, column, fault = bad[0]
    value = shortened(_value(context, kind, line, column))
    sentence = str(SENTENCES[Fault(fault)]) % {"value": value, "expected": ""}
    return f"{kind.name}, {column}: {sentence}"


def _value(context: FileContext, kind: FileKind, line: int, name: str) -> str:
    """The value of a column in a line, as far as it was kept."""
    staged = [column.staged[0][0] for column in kind.columns if column.name == name and column.staged]
    if not staged:
        return ""
    query = sql.SQL("SELECT {}::text FROM feed_line WHERE line = %(line)s").format(sql.Identifier(staged[0]))
    return context.value(query, {"line": line}) or ""
