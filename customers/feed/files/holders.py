"""holders.csv: who stood in the lists of lists.csv. Kept for that file, which follows and compares (`lists`)."""

from __future__ import annotations

from customers.feed import values
from customers.feed.context import FileContext
from customers.feed.faults import Fault
from customers.feed.kind import FileKind
from customers.feed.people import number_people
from customers.feed.spec import Column
from customers.feed.staging import mark_bad
from customers.lifecycle import PeriodState

_STATING = "SELECT line FROM feed_line l WHERE fault IS NULL AND "
_NO_CUSTOMER = _STATING + "NOT EXISTS (SELECT FROM feed_customer c WHERE c.tenant_id = l.customer_guid)"
_NO_SKU = _STATING + "NOT EXISTS (SELECT FROM customers_sku k WHERE k.sku_id = l.sku_guid)"
_FUTURE = _STATING + "day > %(today)s::date"

# A file has a million lines, most of them good: what refers to what is looked up once, and nothing is sorted.
_FIND = """
    CREATE TEMP TABLE feed_effective ON COMMIT DROP AS
    SELECT l.line, c.id AS customer_id, p.number AS person_number, k.id AS sku_id, l.day, l.source, l.state,
           CASE WHEN p.id IS NULL THEN l.user_id END AS user_id, CASE WHEN p.id IS NULL THEN l.user_key END AS user_key
    FROM feed_line l
    JOIN feed_customer c ON c.tenant_id = l.customer_guid
    JOIN customers_sku k ON k.sku_id = l.sku_guid
    LEFT JOIN customers_person p ON p.customer_id = c.id AND p.key = l.user_key
    WHERE l.fault IS NULL AND NOT EXISTS (SELECT FROM feed_bad b WHERE b.line = l.line)
"""

_NEW_PEOPLE = """
    CREATE TEMP TABLE feed_person ON COMMIT DROP AS
    SELECT DISTINCT ON (customer_id, user_key) customer_id, user_key, user_id, line
    FROM feed_effective
    WHERE person_number IS NULL
    ORDER BY customer_id, user_key, line
"""

# By load: an undo replays several in one transaction. By step: a load may have several such files.
_ROOM = """
    CREATE TEMP TABLE IF NOT EXISTS list_holder (
        load int, step bigint, customer_id int, day date, source text, person_number int, sku_id int, state text
    ) ON COMMIT DROP
"""

_SAID_TWICE = """
    DELETE FROM list_holder h
    USING list_holder later
    WHERE h.load = %(load)s AND later.load = h.load AND later.step > h.step AND later.customer_id = h.customer_id
      AND later.day = h.day AND later.source = h.source AND later.person_number = h.person_number
      AND later.sku_id = h.sku_id
"""

# Of one key the last line holds.
_KEEP = """
    INSERT INTO list_holder
    SELECT %(load)s, %(step)s, customer_id, day, source, person_number, sku_id,
           (%(states)s::text[])[max(line * 8::bigint + coalesce(array_position(%(states)s::text[], state), 1)) & 7]
    FROM feed_effective
    GROUP BY customer_id, day, source, person_number, sku_id
"""

_STATES = [str(state) for state in PeriodState]


def find(context: FileContext) -> None:
    """Customers and SKUs are known, and the day is not to come."""
    mark_bad(context, "customer_id", Fault.UNKNOWN_CUSTOMER, _NO_CUSTOMER)
    mark_bad(context, "sku_id", Fault.UNKNOWN_SKU, _NO_SKU)
    mark_bad(context, "day", Fault.FUTURE, _FUTURE)


def merge(context: FileContext) -> None:
    """Number the people, and leave what was said to `lists`, in the same transaction."""
    context.run(_FIND)
    if context.run(_NEW_PEOPLE):
        number_people(context)
        context.run("DROP TABLE feed_effective")
        context.run(_FIND)
    make_room(context)
    context.run("DELETE FROM list_holder WHERE load = %(load)s AND step = %(step)s", {"step": context.step})
    context.run(_KEEP, {"states": _STATES, "step": context.step})
    context.run("ANALYZE list_holder")


def make_room(context: FileContext) -> None:
    """`list_holder`, which several files of one load may fill before `lists` looks at it."""
    context.run(_ROOM)


def keep_last(context: FileContext) -> None:
    """Of what several files of the load said of the same holder the last holds."""
    if context.value("SELECT count(DISTINCT step) > 1 FROM list_holder WHERE load = %(load)s"):
        context.run(_SAID_TWICE)


HOLDERS = FileKind(
    name="holders.csv",
    columns=(
        Column("customer_id", values.guid, (("customer_guid", "uuid"),), key=True),
        Column("day", values.day, (("day", "date"),), key=True),
        Column("source", values.list_source, (("source", "text"),), key=True),
        Column("user_id", values.opaque_id, (("user_id", "text"), ("user_key", "text")), key=True),
        Column("sku_id", values.guid, (("sku_guid", "uuid"),), key=True),
        Column("state", values.state, (("state", "text"),), optional=True),
    ),
    find=find,
    merge=merge,
    retractable=False,
)
