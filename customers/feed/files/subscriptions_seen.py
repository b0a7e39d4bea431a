"""subscriptions_seen.csv: how subscriptions are on a day. Becomes the versions that follow, by subscriptions.csv's rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from psycopg import sql

from customers.feed import values
from customers.feed.context import FileContext
from customers.feed.faults import Fault
from customers.feed.files.subscriptions import SUBSCRIPTIONS
from customers.feed.kind import FileKind
from customers.feed.spec import Column
from customers.feed.staging import mark_bad
from customers.seen import SAME, History, Sight

_SAID = (
    "seller_guid", "sku_guid", "status", "quantity", "is_trial", "term_end", "auto_renew", "cancel_until", "unit_price",
    "currency",
)  # fmt: skip
_OPTIONAL = _SAID[5:]

_FUTURE = "SELECT line FROM feed_line WHERE fault IS NULL AND day > %(today)s::date"

_GOOD = "FROM feed_line l WHERE NOT EXISTS (SELECT FROM feed_bad b WHERE b.line = l.line)"
_LINES = f"""
    CREATE TEMP TABLE seen_line ON COMMIT DROP AS
    SELECT subscription_key, customer_guid, line, day, started_on, subscription_id, {", ".join(_SAID)} {_GOOD}
"""

# What the stater said itself, else what counts. What others ask for their licences never becomes a partner's statement.
_KNOWN = """
    SELECT key, customer_guid, effective_on, any_own, {columns}
    FROM (
        SELECT s.key, c.tenant_id AS customer_guid, v.effective_on, p.partner_id AS seller_guid, k.sku_id AS sku_guid,
               v.status, v.quantity, v.is_trial, v.term_end, v.auto_renew, v.cancel_until,
               CASE WHEN {own} THEN v.unit_price END AS unit_price,
               CASE WHEN {own} THEN nullif(v.currency, '') END AS currency, v.aside,
               v.stated_by_id IS NOT DISTINCT FROM %(partner)s::int AS is_own,
               bool_or(v.stated_by_id IS NOT DISTINCT FROM %(partner)s::int) OVER (PARTITION BY s.id) AS any_own
        FROM customers_subscription s
        JOIN feed_customer c ON c.id = s.customer_id
        JOIN customers_subscriptionversion v ON v.subscription_id = s.id
        JOIN customers_sku k ON k.id = v.sku_id
        LEFT JOIN partners_partner p ON p.id = v.seller_id
        WHERE s.key IN (SELECT subscription_key FROM seen_line)
    ) q
    WHERE CASE WHEN any_own THEN is_own ELSE NOT aside END
"""

_OWN = "%(partner)s::int IS NULL OR %(partner)s::int IN (v.stated_by_id, v.seller_id)"

_SEEN = """
    SELECT e.key, c.tenant_id, e.day
    FROM customers_seensubscription e
    JOIN feed_customer c ON c.id = e.customer_id
    WHERE e.key IN (SELECT subscription_key FROM seen_line) AND e.stated_by_id IS NOT DISTINCT FROM %(partner)s::int
    ORDER BY e.day
"""

_SIGHTS = "SELECT * FROM seen_line ORDER BY subscription_key, customer_guid"

_COPY = sql.SQL(
    "COPY feed_line (line, retract, subscription_id, subscription_key, effective_on, customer_guid, {columns}) FROM STDIN"
).format(columns=sql.SQL(", ").join(map(sql.Identifier, _SAID)))

_REMEMBER = """
    INSERT INTO customers_seensubscription (customer_id, key, day, stated_by_id, load_id)
    SELECT DISTINCT ON (c.id, l.subscription_key, l.day) c.id, l.subscription_key, l.day, %(partner)s, %(load)s
    FROM seen_line l
    JOIN feed_customer c ON c.tenant_id = l.customer_guid
    WHERE NOT EXISTS (SELECT FROM feed_bad b WHERE b.line = l.line)
    ORDER BY c.id, l.subscription_key, l.day
    ON CONFLICT DO NOTHING
"""

_UNCHANGED = """
    SELECT count(*) FROM seen_line l
    WHERE NOT EXISTS (SELECT FROM feed_line f WHERE f.line = l.line)
"""

# What is as it was known says something too, once an earlier load is undone.
_HELD = """
    SELECT l.line, c.id AS customer_id
    FROM seen_line l
    LEFT JOIN feed_customer c ON c.tenant_id = l.customer_guid
    WHERE NOT EXISTS (SELECT FROM feed_bad b WHERE b.line = l.line)
"""

_Key = tuple[str, Any]


def find(context: FileContext) -> None:
    """Make lines of subscriptions.csv of what was seen, and judge them as such."""
    mark_bad(context, "day", Fault.FUTURE, _FUTURE)
    for table in ("seen_line", "seen_staged"):
        context.run(f"DROP TABLE IF EXISTS pg_temp.{table}")
    context.run(_LINES)
    context.run("CREATE TEMP TABLE seen_staged ON COMMIT DROP AS TABLE feed_line")
    made = list(_versions(context))
    context.run("DELETE FROM feed_line WHERE line IN (SELECT line FROM seen_line)")
    with context.cursor.copy(_COPY) as copy:
        for row in made:
            copy.write_row(row)
    context.run("ANALYZE feed_line")
    SUBSCRIPTIONS.find(context)


def _versions(context: FileContext) -> Iterator[tuple[Any, ...]]:
    """The rows of `feed_line` that say the versions which follow."""
    histories = _histories(context)
    lacking = {_SAID.index(name) for name in _OPTIONAL if not context.header.has(name)}
    for key, group in groupby(context.rows(_SIGHTS), key=lambda row: row[:2]):
        rows = list(group)
        history = histories[key]
        history.take(Sight(row[2], row[3], row[4], _said(row[6:], lacking)) for row in rows)
        for first, (line, content) in sorted(history.made.items()):
            yield (line, False, rows[-1][5], key[0], first, key[1], *content)


def _histories(context: FileContext) -> defaultdict[_Key, History]:
    histories: defaultdict[_Key, History] = defaultdict(History)
    known = sql.SQL(_KNOWN).format(columns=sql.SQL(", ").join(map(sql.Identifier, _SAID)), own=sql.SQL(_OWN))
    for key, customer, first, own, *content in context.rows(known):
        history = histories[key, customer]
        history.versions[first] = tuple(content)
        history.own = own
    for key, customer, day in context.rows(_SEEN):
        histories[key, customer].seen.append(day)
    return histories


def _said(content: tuple[Any, ...], lacking: Collection[int]) -> tuple[Any, ...]:
    """What a line says: of a column that the file doesn't have, nothing."""
    return tuple(SAME if place in lacking else value for place, value in enumerate(content))


def _started(value: str) -> values.Cells:
    """The first day, and room for the day on which the version takes effect."""
    return (*values.day(value), None)


def merge(context: FileContext) -> None:
    """Write the versions, and remember on which days the subscriptions were seen."""
    unchanged = context.value(_UNCHANGED)
    places = context.header.places | dict.fromkeys(_OPTIONAL, 0)
    SUBSCRIPTIONS.merge(replace(context, header=replace(context.header, places=places)))
    context.run(_REMEMBER)
    context.run("DELETE FROM feed_line")
    context.run("INSERT INTO feed_line TABLE seen_staged")
    context.counts.unchanged += unchanged


SUBSCRIPTIONS_SEEN = FileKind(
    name="subscriptions_seen.csv",
    columns=(
        *(column for column in SUBSCRIPTIONS.columns if column.name != "effective_on"),
        Column("day", values.day, (("day", "date"),), key=True),
        Column("started_on", _started, (("started_on", "date"), ("effective_on", "date")), optional=True),
    ),
    find=find,
    merge=merge,
    retractable=False,
    held=_HELD,
)
